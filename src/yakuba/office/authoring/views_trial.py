"""Looking at a draft as a resident will: every page in each language, filled in, checked, summed up (試し記入)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from yakuba.base.clock import now, today
from yakuba.base.texts import LANGUAGES, Language
from yakuba.office.authoring import drafts, trial
from yakuba.office.authoring.room import in_town, own_draft, page, refused, say, who
from yakuba.office.models import DefinitionDraft
from yakuba.procedures.faults import InvalidDefinition
from yakuba.procedures.forms import form_action, parse_form, revealed
from yakuba.procedures.rendering import render_page, render_summary
from yakuba.procedures.roles import role_label
from yakuba.procedures.summary import summary

_NAMES = {"ja": "日本語", "en": "English", "easy": "やさしい日本語"}


def _trial(request: HttpRequest, draft: DefinitionDraft) -> trial.Trial | None:
    try:
        return trial.trial_of(request, draft, today())
    except InvalidDefinition:
        return None


def _not_yet(request: HttpRequest, town: str, draft: DefinitionDraft) -> HttpResponse:
    say(request, "まだ試せません。下の「直すところ」を先に直してください。")
    return redirect("office:draft", town, draft.id)


def _language(request: HttpRequest) -> Language:
    wanted = request.POST.get("language", request.GET.get("language", ""))
    return next((one for one in LANGUAGES if one == wanted), "ja")


@require_http_methods(["GET", "HEAD", "POST"])
@in_town
def begin(request: HttpRequest, town: str, draft_id: UUID) -> HttpResponse:
    """In whose place to try it."""
    found = own_draft(town, draft_id)
    tried = _trial(request, found)
    if tried is None:
        return _not_yet(request, town, found)
    if request.method != "POST":
        roles = [(one.role, one.label.ja) for one in tried.procedure.applicants]
        return page(request, town, "trial_begin.html", draft=found, roles=roles, chosen=tried.role)
    trial.begin(request, found, request.POST.get("role", ""))
    fresh = _trial(request, found)
    pages = fresh.pages() if fresh else ()
    return redirect("office:trial", town, found.id, pages[0].id) if pages else _not_yet(request, town, found)


@require_http_methods(["GET", "HEAD", "POST"])
@in_town
def form(request: HttpRequest, town: str, draft_id: UUID, page_id: str) -> HttpResponse:
    """One page, filled in and checked as the portal does."""
    found = own_draft(town, draft_id)
    tried = _trial(request, found)
    if tried is None:
        return _not_yet(request, town, found)
    if page_id not in [one.id for one in tried.procedure.pages]:
        raise Http404
    if request.method != "POST":
        return _shown(request, town, found, tried, page_id)
    data = {name: request.POST.getlist(name) for name in request.POST}
    tried.answers = parse_form(tried.procedure, page_id, data, tried.answers)
    trial.remember(request, found, tried)
    target = tried.procedure.page(page_id)
    stays = form_action(target, data) or revealed(
        tried.procedure, page_id, data, tried.answers, tried.context
    )
    if stays or "language" in request.POST:
        return _shown(request, town, found, tried, page_id)
    if tried.problems(page_id):
        return _shown(request, town, found, tried, page_id, checked=True)
    after = tried.after(page_id)
    if after is None:
        return redirect("office:trial-end", town, found.id)
    return redirect("office:trial", town, found.id, after.id)


def _shown(
    request: HttpRequest, town: str, found: DefinitionDraft, tried: trial.Trial, page_id: str,
    *, checked: bool = False,
) -> HttpResponse:  # fmt: skip
    language = _language(request)
    problems = tried.problems(page_id) if checked else []
    html = render_page(tried.procedure, page_id, tried.answers, tried.context, language, problems=problems)
    return page(request, town, "trial.html", draft=found, form=html, shown=tried.procedure.page(page_id),
                pages=tried.pages(), language=language, languages=_NAMES.items(),
                status=422 if problems else 200)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@in_town
def end(request: HttpRequest, town: str, draft_id: UUID) -> HttpResponse:
    """The answers as the resident would review them; they can be kept as an example of the definition."""
    found = own_draft(town, draft_id)
    tried = _trial(request, found)
    if tried is None:
        return _not_yet(request, town, found)
    wrong = [one for one in tried.pages() if tried.problems(one.id)]
    if request.method == "POST" and not wrong:
        example = trial.example_of(tried, found.document, request.POST.get("title", ""))
        kept = [*found.document["examples"].get("sets", []), example]
        document = {**found.document, "examples": {**found.document["examples"], "sets": kept}}
        try:
            drafts.save(found, document, found.row_version, who(request), now())
        except drafts.Refused as error:
            return refused(request, town, found, error)
        say(request, "記入例として保存しました。これからの変更も、この例で確かめます。")
        return redirect("office:draft", town, found.id)
    language = _language(request)
    sections = summary(tried.procedure, tried.answers, (), language, tried.context)
    return page(request, town, "trial_end.html", draft=found, summary=render_summary(sections, language),
                wrong=wrong, role=role_label(tried.role).ja, language=language)  # fmt: skip
