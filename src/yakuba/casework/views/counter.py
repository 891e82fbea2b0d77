"""The counter at which nobody has to write, on the clerk's side: who is there, which procedure, what is still asked."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yakuba.base.clock import now, today, utc_text
from yakuba.base.ids import receipt_number
from yakuba.casework.counter import filling, offers, preparing, readings, visits
from yakuba.casework.counter.holder import DOCUMENTS, TROUBLES
from yakuba.casework.counter.offers import Offer
from yakuba.casework.desk import desk
from yakuba.casework.errors import Incomplete, NotNow
from yakuba.casework.models import CounterVisit
from yakuba.casework.roles import Permission
from yakuba.casework.staff.sessions import StaffRequest, say
from yakuba.casework.views.counter_agent import agent_form, lets_agent_see_origin, origin
from yakuba.procedures import somebody
from yakuba.procedures.context import Context, Role
from yakuba.procedures.definition import Page
from yakuba.procedures.faults import UnknownProcedure
from yakuba.procedures.forms import form_action, parse_form, revealed
from yakuba.procedures.life_events import life_events
from yakuba.procedures.rendering import render_page
from yakuba.procedures.validation import Problem, validate_page
from yakuba.registers import people


def own_visit(request: StaffRequest, visit_id: UUID, *, lock: bool = True) -> CounterVisit:
    """The open visit this clerk has in hand.

    Raises:
        Http404: none here. NotNow: a colleague has it, or it was taken in.
    """
    visit = visits.find(visit_id, lock=lock)
    if visit is None:
        raise Http404
    visits.check_in_hand(visit, request.staff)
    return visit


@desk(Permission.TAKE_IN)
@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """Read a card, begin without one, or go on with what is in hand."""
    if not request.has_residents:
        raise NotNow(
            "書かない窓口は、住民の台帳を持つ市区町村の窓口で使います。都道府県の窓口では使えません。"
        )
    listed = [(one, _person_name(one), _title(one)) for one in visits.in_hand()]
    form = None
    if readings.agent_here():
        content = readings.challenge(request.staff.municipality, origin(request), "read", now())
        secret = readings.order(request.staff, "authenticate", content, now())
        form = agent_form(request, "authenticate", content, secret, f"{request.town}の窓口で本人確認をします")
    shown = render(
        request, "casework/counter/home.html", {"section": "counter", "visits": listed, "form": form}
    )
    return lets_agent_see_origin(shown)


def _person_name(visit: CounterVisit) -> str:
    try:
        return people.person(visit.atena_number).name
    except people.NoSuchPerson:
        return visit.atena_number


def _title(visit: CounterVisit) -> str:
    if not visit.procedure:
        return "(手続はまだ選んでいません)"
    try:
        return visits.offer_of(visit, now()).procedure.title.ja
    except UnknownProcedure:
        return "(いまは無い手続)"


@desk(Permission.TAKE_IN)
@require_http_methods(["GET", "POST"])
def by_document(request: StaffRequest) -> HttpResponse:
    """Find the person by another identity document, which is recorded."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _begin_by_document(request)
        except Incomplete as incomplete:
            problems = incomplete.problems
    return _document_page(request, problems)


def _begin_by_document(request: StaffRequest) -> HttpResponse:
    number, document = request.POST.get("atena_number", ""), request.POST.get("document", "")
    problems = {}
    try:
        people.person(number)
    except people.NoSuchPerson:
        problems["atena_number"] = "見つかった人の中から、本人を選んでください。"
    if document not in DOCUMENTS:
        problems["document"] = "見せてもらった書類を選んでください。例: 運転免許証"
    if problems:
        raise Incomplete(problems)
    trouble = request.POST.get("trouble", "")
    found = visits.Found(
        number, "document", document, request.POST.get("note", "").strip()[:200],
        trouble if trouble in TROUBLES else "no_card",
    )  # fmt: skip
    visit = visits.begin(request.staff, found, now())
    return HttpResponseRedirect(reverse("casework:counter_choose", args=[visit.id]))


def _document_page(request: StaffRequest, problems: dict[str, str]) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    text, trouble = asked.get("q", "").strip(), asked.get("trouble", "")
    found, not_a_term = [], ""
    try:
        found = people.search(text, limit=20) if text else []
    except people.NotASearchTerm as error:
        not_a_term = str(error)
    told = next((words for code, words in TROUBLES.items() if code == trouble), TROUBLES["no_card"])
    context = {
        "section": "counter", "q": text, "found": found, "not_a_term": not_a_term, "trouble": trouble or "no_card",
        "told": told, "documents": DOCUMENTS.items(), "problems": problems, "typed": request.POST,
    }  # fmt: skip
    return render(request, "casework/counter/document.html", context, status=422 if problems else 200)


@desk(Permission.TAKE_IN)
@require_POST
def take_over(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """Go on with what a colleague has begun."""
    visit = visits.find(visit_id, lock=True)
    if visit is None or visit.state != "open":
        raise Http404
    visits.take_over(visit, request.staff, now())
    say(request, "引き継ぎました。続きから進めてください。")
    return HttpResponseRedirect(reverse("casework:counter_visit", args=[visit.id]))


@desk(Permission.TAKE_IN)
@require_http_methods(["GET", "POST"])
def discard(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """Throw the visit away, after asking."""
    visit = own_visit(request, visit_id)
    if request.method == "POST":
        visits.discard(visit, request.staff)
        say(request, "書きかけを捨てました。申請は出ていません。")
        return HttpResponseRedirect(reverse("casework:counter"))
    context = {"section": "counter", "visit": visit, "name": _person_name(visit), "title": _title(visit)}
    return render(request, "casework/counter/discard.html", context)


@desk(Permission.TAKE_IN)
@require_GET
def choose(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """Search, or pick by life event."""
    visit = own_visit(request, visit_id)
    if visit.procedure:
        return HttpResponseRedirect(reverse("casework:counter_visit", args=[visit.id]))
    words, event = request.GET.get("q", "").strip()[:100], request.GET.get("event", "")
    known = [one for one in life_events() if one.id == event]
    context = {
        "section": "counter", "visit": visit, "person": people.person(visit.atena_number), "q": words, "event": event,
        "events": life_events(), "chosen": known[0] if known else None, "documents": DOCUMENTS,
        "found": offers.found(words, known[0].id if known else "", today()), "document": DOCUMENTS.get(visit.document, ""),
    }  # fmt: skip
    return render(request, "casework/counter/choose.html", context)


@desk(Permission.TAKE_IN)
@require_http_methods(["GET", "POST"])
def begin(request: StaffRequest, visit_id: UUID, procedure_id: str) -> HttpResponse:
    """For whom the application is; then the form is filled from the registers."""
    visit = own_visit(request, visit_id)
    try:
        chosen = offers.offer(procedure_id, today())
    except UnknownProcedure:
        raise Http404 from None
    if request.method == "POST" and chosen.opening.open:
        return _take_role(request, visit, chosen)
    return _role_page(request, visit, chosen)


def _take_role(request: StaffRequest, visit: CounterVisit, chosen: Offer) -> HttpResponse:
    wanted = request.POST.get("role")
    role: Role | None = next((one.role for one in chosen.procedure.applicants if one.role == wanted), None)
    if role is None:
        return _role_page(request, visit, chosen, missing="申請する人の立場を選んでください。例: 本人")
    about = None
    if role != "self":
        asking, context = somebody.asking(chosen.procedure), Context(today(), role)
        data = {name: request.POST.getlist(name) for name in request.POST}
        answers = parse_form(asking, somebody.PAGE, data, {})
        if wrong := validate_page(asking, somebody.PAGE, answers, context):
            return _role_page(request, visit, chosen, role=role, answers=answers, wrong=wrong)
        about = somebody.applicant_for(answers)
    visits.choose(visit, chosen, role, about, request.staff, now())
    return _onward(visit, chosen, "")


def _role_page(
    request: StaffRequest, visit: CounterVisit, chosen: Offer, *, missing: str = "", role: str = "",
    answers: dict[str, object] | None = None, wrong: list[Problem] | None = None,
) -> HttpResponse:  # fmt: skip
    asking = somebody.asking(chosen.procedure)
    fields = render_page(asking, somebody.PAGE, answers or {}, Context(today()), "ja", problems=wrong or ())
    context = {
        "section": "counter", "visit": visit, "offer": chosen, "procedure": chosen.procedure, "fields": fields,
        "about": asking.eligibility, "role": role or "self", "problems": {"role": missing} if missing else {},
    }  # fmt: skip
    return render(request, "casework/counter/begin.html", context, status=422 if missing or wrong else 200)


@desk(Permission.TAKE_IN)
@require_GET
def visit_page(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """Where the form stands: what the registers filled, what is still asked, and on to the resident's screen."""
    visit = visits.find(visit_id, lock=True)
    if visit is None:
        raise Http404
    if visit.state != "open":
        return HttpResponseRedirect(reverse("casework:counter_slip", args=[visit.id]))
    visits.check_in_hand(visit, request.staff)
    if not visit.procedure:
        return HttpResponseRedirect(reverse("casework:counter_choose", args=[visit.id]))
    chosen = visits.offer_of(visit, now())
    prepared = preparing.prepare(visit, chosen, now())
    context = {
        "section": "counter", "visit": visit, "person": people.person(visit.atena_number), "offer": chosen,
        "procedure": chosen.procedure, "pages": filling.states(visit, chosen, now()),
        "next": filling.next_to_ask(visit, chosen, now()), "problems_left": len(prepared.problems),
        "from_registers": len(visits.marked(visit, chosen)), "document": DOCUMENTS.get(visit.document, ""),
    }  # fmt: skip
    return render(request, "casework/counter/visit.html", context)


@desk(Permission.TAKE_IN)
@require_http_methods(["GET", "POST"])
def form_page(request: StaffRequest, visit_id: UUID, page_id: str) -> HttpResponse:
    """One page of the form, as the portal asks it; what was typed is kept even if it is wrong."""
    visit = own_visit(request, visit_id)
    if not visit.procedure:
        raise Http404
    chosen = visits.offer_of(visit, now())
    if page_id not in visits.page_ids(visit, chosen, now()):
        raise Http404
    page = chosen.procedure.page(page_id)
    if request.method == "POST":
        return _take_page(request, visit, chosen, page)
    return _form(request, visit, chosen, page, ())


def _take_page(request: StaffRequest, visit: CounterVisit, chosen: Offer, page: Page) -> HttpResponse:
    data = {name: request.POST.getlist(name) for name in request.POST}
    laid_out = filling.without_files(chosen.procedure)
    visit.answers = parse_form(laid_out, page.id, data, visit.answers)
    slots = filling.slots_of(visit, chosen, page, now())
    filling.mark_originals(visit, slots, request.POST.dict(), request.staff.display_name, utc_text(now()))
    here = reverse("casework:counter_page", args=[visit.id, page.id])
    if action := form_action(page, data):
        visits.keep(visit, now())
        return HttpResponseRedirect(f"{here}#{action.group}")
    context = visits.context_of(visit, now())
    appeared = revealed(laid_out, page.id, data, visit.answers, context)
    if not appeared and page.id not in visit.seen_pages:
        visit.seen_pages = [*visit.seen_pages, page.id]
    visits.keep(visit, now())
    if request.POST.get("save"):
        return HttpResponseRedirect(reverse("casework:counter_visit", args=[visit.id]))
    if appeared:
        return _form(request, visit, chosen, page, (), appeared=True)
    wrong = filling.problems_on(visit, chosen, page.id, now())
    return _form(request, visit, chosen, page, wrong) if wrong else _onward(visit, chosen, page.id)


def _onward(visit: CounterVisit, chosen: Offer, after: str) -> HttpResponse:
    """To the next page on which something is left to ask; to the overview when nothing is."""
    following = filling.next_to_ask(visit, chosen, now(), after)
    if following:
        return HttpResponseRedirect(reverse("casework:counter_page", args=[visit.id, following]))
    return HttpResponseRedirect(reverse("casework:counter_visit", args=[visit.id]))


def _form(
    request: StaffRequest, visit: CounterVisit, chosen: Offer, page: Page, problems: list[Problem] | tuple[()], *,
    appeared: bool = False,
) -> HttpResponse:  # fmt: skip
    slots, at = filling.slots_of(visit, chosen, page, now()), now()
    wrong = {one.path: one.message.ja for one in problems}
    form = render_page(
        filling.without_files(chosen.procedure), page.id, visit.answers, visits.context_of(visit, at), "ja",
        problems=problems, known=visits.marked(visit, chosen),
    )  # fmt: skip
    ids = visits.page_ids(visit, chosen, at)
    originals = [(slot, visit.originals.get(slot.key), wrong.get(slot.key, "")) for slot in slots]
    context = {
        "section": "counter", "visit": visit, "procedure": chosen.procedure, "page": page, "form": form,
        "originals": originals, "appeared": appeared, "number": ids.index(page.id) + 1, "count": len(ids),
        "person": people.person(visit.atena_number), "problems": problems,
    }  # fmt: skip
    return render(request, "casework/counter/form.html", context, status=422 if problems else 200)


@desk(Permission.TAKE_IN)
@require_GET
def slip(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """The receipt slip (受付票) to print and hand over."""
    visit = visits.find(visit_id)
    if visit is None or visit.state != "taken_in":
        raise Http404
    chosen = offers.offer(visit.procedure, today(), visit.version)
    context = {
        "section": "counter", "visit": visit, "title": chosen.procedure.title, "name": _person_name(visit),
        "number": receipt_number(visit.id), "originals": visit.originals.values(),
        "processing": chosen.procedure.processing,
    }  # fmt: skip
    return render(request, "casework/counter/slip.html", context)


@desk(Permission.TAKE_IN)
@require_POST
def again(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """Another procedure for the same person, who is still here."""
    visit = visits.find(visit_id)
    if visit is None or visit.state != "taken_in" or visit.clerk_id != request.staff.id:
        raise Http404
    following = visits.again(visit, request.staff, now())
    return HttpResponseRedirect(reverse("casework:counter_choose", args=[following.id]))
