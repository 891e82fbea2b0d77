"""One page of a form: shown, saved whatever is in it, checked, and on to the next."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.base.clock import now
from yakuba.base.texts import without_readings
from yakuba.portal import languages
from yakuba.portal.models import Draft
from yakuba.portal.pages import page, show
from yakuba.portal.services import copying, drafting, mandates, prefilling, uploading
from yakuba.portal.services import together as joining
from yakuba.portal.services.offers import Offer
from yakuba.portal.towns import Town
from yakuba.portal.views.drafts import ask_for_prefill, asked_words, locked_draft
from yakuba.portal.visitors import take_unsaved, visitor
from yakuba.procedures.answers import clean, visible_pages
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Page
from yakuba.procedures.fieldviews import UploadedFile
from yakuba.procedures.forms import form_action, parse_form, revealed
from yakuba.procedures.rendering import render_page
from yakuba.procedures.slots import Slot, page_slots
from yakuba.procedures.validation import Problem, validate_page


@require_http_methods(["GET", "HEAD", "POST"])
@page("visitor")
def form_page(request: HttpRequest, town: Town, draft_id: UUID, page_id: str) -> HttpResponse:
    """Show a page of the draft, or take what was filled in."""
    draft = locked_draft(request, town, draft_id)
    if isinstance(draft, HttpResponse):
        return draft
    chosen = drafting.offer_of(draft, now())
    found = _page(draft, chosen, page_id)
    if request.method == "POST":
        return _take(request, town, draft, chosen, found)
    who = visitor(request, town)
    if typed := take_unsaved(request, who.owner):
        draft.answers = parse_form(chosen.procedure, found.id, typed, draft.answers)
        drafting.keep(draft, who, now())
    ask_for_prefill(draft, chosen, who)
    copying.apply(draft, chosen, now())
    prefilling.apply(draft, chosen, now())
    return _shown(request, town, draft, chosen, found, ())


def _page(draft: Draft, chosen: Offer, page_id: str) -> Page:
    context = drafting.context_of(draft, now())
    for one in visible_pages(chosen.procedure, draft.answers, context):
        if one.id == page_id:
            return one
    raise Http404


def _take(request: HttpRequest, town: Town, draft: Draft, chosen: Offer, found: Page) -> HttpResponse:
    """Save first, look at it afterwards: what was typed is kept even if it is wrong."""
    data = {name: request.POST.getlist(name) for name in request.POST}
    draft.language = languages.chosen(request)
    draft.answers = parse_form(chosen.procedure, found.id, data, draft.answers)
    context = drafting.context_of(draft, now())
    problems = _take_files(request, draft, chosen, found, context)
    here = reverse("portal:draft-page", args=[town, draft.id, found.id])
    if action := form_action(found, data):
        drafting.keep(draft, visitor(request, town), now())
        last = len(draft.answers.get(action.group, ())) - 1
        return redirect(f"{here}#{action.group}-{last}" if action.kind == "add" else f"{here}#{action.group}")
    if request.POST.get("remove-file"):
        _remove_file(request, draft)
        drafting.keep(draft, visitor(request, town), now())
        return redirect(here)
    left_out = joining.left_out_of(draft, now())
    appeared = [
        one
        for one in revealed(chosen.procedure, found.id, data, draft.answers, context)
        if one not in left_out
    ]
    leaving = request.POST.get("save") or request.POST.get("language") or request.POST.get("refresh")
    if not appeared and not leaving and found.id not in draft.seen_pages:
        draft.seen_pages = [*draft.seen_pages, found.id]
    drafting.keep(draft, visitor(request, town), now())
    joining.took(draft, now())
    if leaving and not problems:
        return _leave(request, town, draft, here)
    if appeared and not problems:
        return _shown(request, town, draft, chosen, found, (), appeared=True)
    wrong = validate_page(chosen.procedure, found.id, draft.answers, context, drafting.filled_slots(draft))
    refused = {one.path for one in problems}
    wrong = [one for one in wrong if one.path not in refused and one.path.split("-")[0] not in left_out]
    wrong = [*problems, *wrong]
    return (
        _shown(request, town, draft, chosen, found, wrong) if wrong else _onward(town, draft, chosen, found)
    )


def _leave(request: HttpRequest, town: Town, draft: Draft, here: str) -> HttpResponse:
    """Saved: go to the list of pages, or stay here in another language or with what the town has answered."""
    if request.POST.get("refresh"):
        return redirect(here)
    if not (wanted := request.POST.get("language")):
        return redirect("portal:draft", town, draft.id)
    response = redirect(here)
    languages.remember(response, languages.as_language(wanted))
    return response


def _onward(town: Town, draft: Draft, chosen: Offer, found: Page) -> HttpResponse:
    """The next page; after the last one, the review."""
    left_out = joining.left_out_of(draft, now())
    ids = [one.id for one in joining.pages_of(draft, chosen.procedure, left_out, now())]
    after = ids[ids.index(found.id) + 1 :] if found.id in ids else []
    return (
        redirect("portal:draft-page", town, draft.id, after[0])
        if after
        else redirect("portal:bundle", town, draft.bundle_id)
        if draft.bundle_id
        else redirect("portal:review", town, draft.id)
    )


def slots_of(draft: Draft, chosen: Offer, found: Page, context: Context) -> dict[str, Slot]:
    """The places for files on one page, by key."""
    cleaned = clean(chosen.procedure, draft.answers, context)
    return {slot.key: slot for slot in page_slots(found, cleaned, context)}


def _take_files(
    request: HttpRequest, draft: Draft, chosen: Offer, found: Page, context: Context
) -> list[Problem]:
    """Files that came with the form itself (no script needed)."""
    problems: list[Problem] = []
    for key, slot in slots_of(draft, chosen, found, context).items():
        for file in request.FILES.getlist(f"file:{key}"):
            try:
                uploading.keep_whole(draft, slot, file.name or "", file.read(), now())
            except uploading.Refused as refused:
                problems.append(Problem(key, refused.message, found.id))
    return problems


def _remove_file(request: HttpRequest, draft: Draft) -> None:
    _, _, file = request.POST["remove-file"].rpartition(":")
    draft.carried = [one for one in draft.carried if one["sha256"] != file]
    for upload in draft.uploads.all():
        if str(upload.id) == file:
            uploading.remove(upload)


def _files(draft: Draft) -> dict[str, list[UploadedFile]]:
    """What lies in each slot: carried over from the corrected application, and uploaded now."""
    found: dict[str, list[UploadedFile]] = {}
    own = list(drafting.kept_files(draft))
    replaced = {one.slot for one in own}
    for carried in draft.carried:
        if carried["slot"] not in replaced:
            file = UploadedFile(carried["sha256"], carried["filename"], _in_words(carried["size"]))
            found.setdefault(carried["slot"], []).append(file)
    for one in own:
        file = UploadedFile(str(one.id), one.filename, _in_words(one.size))
        found.setdefault(one.slot, []).append(file)
    return found


def _in_words(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, size // 1024)} KB"


def _shown(
    request: HttpRequest, town: Town, draft: Draft, chosen: Offer, found: Page, problems: Sequence[Problem],
    *, appeared: bool = False,
) -> HttpResponse:  # fmt: skip
    language, context = languages.chosen(request), drafting.context_of(draft, now())
    left_out = joining.left_out_of(draft, now())
    form = render_page(
        chosen.procedure, found.id, draft.answers, context, language, problems=problems,
        known=prefilling.marked(draft, chosen), uploaded=_files(draft), left_out=left_out,
    )  # fmt: skip
    pages = joining.pages_of(draft, chosen.procedure, left_out, now())
    number = [one.id for one in pages].index(found.id) + 1
    return show(
        request, town, "portal/form.html", draft=draft, procedure=chosen.procedure, page=found, form=form,
        problems=problems, number=number, count=len(pages), before=pages[number - 2] if number > 1 else None,
        ended=mandates.trouble(draft, now()), waiting=prefilling.is_waiting(draft, now()), appeared=appeared, asked=_asked(draft, found),
        title=without_readings(found.title.in_language(language)), status=422 if problems else 200, section="mine",
    )  # fmt: skip


def _asked(draft: Draft, found: Page) -> list[dict[str, object]]:
    """What a correction asks about fields of this page."""
    own = {found.id, *(field.id for field in found.fields)}
    return asked_words(one for one in draft.asked if str(one["path"]).split("-")[0] in own)
