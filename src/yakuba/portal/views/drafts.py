"""Beginning an application, its list of pages, and one page at a time."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.base.clock import now, today
from yakuba.base.texts import Text, without_readings
from yakuba.portal import languages
from yakuba.portal.forms import Missing, required
from yakuba.portal.models import Application, Draft, SignIn
from yakuba.portal.pages import page, show
from yakuba.portal.ratelimits import START
from yakuba.portal.services import copying, drafting, mandates, prefilling, wards
from yakuba.portal.services import together as joining
from yakuba.portal.services.offers import Offer, UnknownProcedure, offer
from yakuba.portal.texts import say
from yakuba.portal.towns import Town
from yakuba.portal.visitors import Visitor, visitor
from yakuba.procedures import somebody
from yakuba.procedures.answers import visible_pages
from yakuba.procedures.components.dates import show_date
from yakuba.procedures.context import Context, Role
from yakuba.procedures.forms import parse_form
from yakuba.procedures.rendering import render_page
from yakuba.procedures.validation import Problem, validate_page


def own_draft(request: HttpRequest, town: Town, draft_id: UUID, *, lock: bool = False) -> Draft:
    """The draft, if it is the visitor's.

    Raises:
        Http404: it is not, or there is none (nobody learns which).
    """
    draft = drafting.find(visitor(request, town), draft_id, lock=lock)
    if draft is None:
        raise Http404
    return draft


def sent_already(request: HttpRequest, town: Town, draft_id: UUID) -> HttpResponse | None:
    """Whoever goes back to a draft that was sent is shown the application it became."""
    owner = visitor(request, town).owner
    if owner and Application.objects.filter(id=draft_id, owner=owner).exists():
        return redirect("portal:application", town, draft_id)
    return None


def locked_draft(request: HttpRequest, town: Town, draft_id: UUID) -> Draft | HttpResponse:
    """The draft, locked; or, if another tab has sent it while we waited for the lock, the way to the application.

    Raises:
        Http404: neither is the visitor's.
    """
    draft = drafting.find(visitor(request, town), draft_id, lock=True)
    if draft is not None:
        return draft
    if sent := sent_already(request, town, draft_id):
        return sent
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@page("visitor", limit=START, waits=True)
def start(request: HttpRequest, town: Town, procedure_id: str) -> HttpResponse:
    """For whom the application is; then a draft is begun."""
    try:
        chosen = offer(procedure_id, today())
    except UnknownProcedure as error:
        raise Http404 from error
    if not chosen.opening.open:
        return redirect("portal:procedure", town, procedure_id)
    if request.method != "POST":
        return _who(request, town, chosen, None, {}, (), ())
    return _take_start(request, town, chosen)


def _take_start(request: HttpRequest, town: Town, chosen: Offer) -> HttpResponse:
    role = next(
        (one.role for one in chosen.procedure.applicants if one.role == request.POST.get("role")), None
    )
    if role is None:
        return _who(request, town, chosen, None, {}, (), required({}, "role", room="start"))
    if role == "self":
        return _begin(request, town, chosen, role, None)
    if role == wards.ROLE and "ward" in request.POST:
        owner = visitor(request, town).owner
        about = wards.chosen(owner, request.POST.get("ward", ""), now()) if owner else None
        if about is None:
            return _who(request, town, chosen, role, {}, (), (), gone=True)
        return _begin(request, town, chosen, role, about)
    data = {name: request.POST.getlist(name) for name in request.POST}
    asking, context = somebody.asking(chosen.procedure), Context(today(), role)
    answers = parse_form(asking, somebody.PAGE, data, {})
    problems = validate_page(asking, somebody.PAGE, answers, context)
    if problems:
        return _who(request, town, chosen, role, answers, problems, ())
    return _begin(request, town, chosen, role, somebody.applicant_for(answers))


def _who(
    request: HttpRequest, town: Town, chosen: Offer, role: Role | None, answers: Mapping[str, Any],
    wrong: Sequence[Problem], problems: Sequence[Missing], gone: bool = False,
) -> HttpResponse:  # fmt: skip
    language = languages.chosen(request)
    asking, context = somebody.asking(chosen.procedure), Context(today())
    fields = render_page(asking, somebody.PAGE, answers, context, language, problems=wrong)
    return show(request, town, "portal/start.html", offer=chosen, procedure=chosen.procedure, problems=problems,
                fields=fields, about=asking.eligibility, role=role, mistakes=len(wrong) + len(problems),
                title=without_readings(chosen.procedure.title.in_language(language)),
                wards=_wards(request, town, chosen, gone=gone),
                status=422 if wrong or problems else 409 if gone else 200)  # fmt: skip


def _wards(request: HttpRequest, town: Town, chosen: Offer, *, gone: bool) -> dict[str, Any] | None:
    """Whom one acts for by law, as the page offers it; None where nobody may apply so, or nobody is signed in."""
    owner = visitor(request, town).owner
    if not owner or not any(one.role == wards.ROLE for one in chosen.procedure.applicants):
        return None
    standing, people = wards.standing(owner, now())
    language = languages.chosen(request)
    shown = [
        {**one, "kind": say(f"wards.kind.{one['kind']}"), "birth": show_date(one["birth_date"], language)}
        for one in people
    ]
    return {"standing": standing, "people": shown, "gone": gone}


@require_POST
@page("resident", limit=START)
def ask_for_wards(request: HttpRequest, town: Town, procedure_id: str) -> HttpResponse:
    """Ask the town whom one acts for by law; the answer is shown where an application is begun."""
    record = SignIn.objects.filter(id=visitor(request, town).sign_in or UUID(int=0)).first()
    if record is not None:
        wards.ask(record, now())
    return redirect(f"{reverse('portal:start', args=[town, procedure_id])}#wards")


def _begin(
    request: HttpRequest, town: Town, chosen: Offer, role: Role, about: Mapping[str, str] | None
) -> HttpResponse:
    who = visitor(request, town)
    draft = drafting.begin(town.code, who, chosen, role, about, languages.chosen(request), now())
    ask_for_prefill(draft, chosen, who)
    first = visible_pages(chosen.procedure, {}, drafting.context_of(draft, now()))[0]
    return redirect("portal:draft-page", town, draft.id, first.id)


def ask_for_prefill(draft: Draft, chosen: Offer, who: Visitor) -> None:
    """Ask what the town knows, once the resident has signed in. The engine fills in only fields about the person
    who signed in."""
    record = SignIn.objects.filter(id=who.sign_in).first() if who.sign_in else None
    if draft.bundle_id:
        return  # asked once for all its drafts
    if record and draft.owner == who.owner:
        prefilling.ask(draft, chosen, record, now())


@require_safe
@page("visitor")
def draft(request: HttpRequest, town: Town, draft_id: UUID) -> HttpResponse:
    """The pages of a draft: which are done, which have something to correct, which are still to come."""
    if sent := sent_already(request, town, draft_id):
        return sent
    found = own_draft(request, town, draft_id)
    chosen, who = drafting.offer_of(found, now()), visitor(request, town)
    ask_for_prefill(found, chosen, who)
    copying.apply(found, chosen, now())
    prefilling.apply(found, chosen, now())
    return show(request, town, "portal/draft.html", draft=found, offer=chosen, procedure=chosen.procedure,
                ended=mandates.trouble(found, now()),
                pages=page_states(found, chosen), waiting=prefilling.is_waiting(found, now()),
                copy_waiting=copying.is_waiting(found, now()), moved=moved_words(found),
                section="mine")  # fmt: skip


def page_states(found: Draft, chosen: Offer) -> list[dict[str, object]]:
    """Each visible page with its state: ``done``, ``wrong``, ``todo``; and whether a correction asks about it."""
    context, slots = drafting.context_of(found, now()), drafting.filled_slots(found)
    asked = {str(one["path"]).split("-")[0] for one in found.asked}
    states: list[dict[str, object]] = []
    left_out = joining.left_out_of(found, now())
    for one in joining.pages_of(found, chosen.procedure, left_out, now()):
        seen = one.id in found.seen_pages
        problems = validate_page(chosen.procedure, one.id, found.answers, context, slots)
        wrong = seen and any(each.path.split("-")[0] not in left_out for each in problems)
        state = "wrong" if wrong else "done" if seen else "todo"
        is_asked = one.id in asked or any(field.id in asked for field in one.fields)
        states.append({"page": one, "state": state, "asked": is_asked})
    return states


def moved_words(found: Draft) -> dict[str, object] | None:
    """What a new version of the form did to the answers, its questions as texts."""
    if not found.moved:
        return None
    lost = [{"label": Text(**one["label"]), "value": one["value"]} for one in found.moved["lost"]]
    return {"lost": lost, "fresh": [Text(**one) for one in found.moved["fresh"]]}


def asked_words(items: Iterable[Mapping[str, Any]]) -> list[dict[str, object]]:
    """What a correction asks for, its messages as texts (clerks may write them in one language only)."""
    return [{"path": one["path"], "message": in_languages(one["message"])} for one in items]


def in_languages(message: object) -> Text:
    """A message from the case office: ``{ja, en, easy}``, or Japanese alone shown in every language."""
    said = message if isinstance(message, Mapping) else {"ja": message}
    ja = str(said.get("ja") or "–")
    return Text(ja, str(said.get("en") or ja), str(said.get("easy") or ja))


@require_http_methods(["GET", "HEAD", "POST"])
@page("visitor")
def delete(request: HttpRequest, town: Town, draft_id: UUID) -> HttpResponse:
    """Delete a draft, after asking."""
    found = own_draft(request, town, draft_id, lock=True)
    if request.method == "POST":
        drafting.remove(found)
        return redirect("portal:mine", town)
    chosen = drafting.offer_of(found, now())
    return show(request, town, "portal/draft_delete.html", draft=found, procedure=chosen.procedure)


@require_safe
@page("visitor")
def prefill(request: HttpRequest, town: Town, draft_id: UUID) -> HttpResponse:
    """The state of the prefill, alone: a page with script asks for it every few seconds; others reload."""
    found = own_draft(request, town, draft_id)
    return show(request, town, "portal/_prefill.html", draft=found, waiting=prefilling.is_waiting(found, now()),
                page_url=request.GET.get("page", "") if _inside(request, town) else "")  # fmt: skip


def _inside(request: HttpRequest, town: Town) -> bool:
    return request.GET.get("page", "").startswith(reverse("portal:home", args=[town]))


@require_POST
@page("visitor")
def keep_session(request: HttpRequest, town: Town) -> HttpResponse:
    """The resident is still there (the gate has noted it)."""
    return HttpResponse(status=204)
