"""A life event for this household: what applies, what is wanted, the shared page, and the drafts filled in together."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.base.clock import now
from yakuba.base.texts import Text, without_readings
from yakuba.portal import languages
from yakuba.portal.models import Bundle, SignIn
from yakuba.portal.pages import page, show
from yakuba.portal.ratelimits import START
from yakuba.portal.services import asking_before, bundle_sending, bundling
from yakuba.portal.services import together as joining
from yakuba.portal.services.together import Together
from yakuba.portal.texts import say
from yakuba.portal.towns import Town
from yakuba.portal.views.drafts import page_states
from yakuba.portal.views.mine import title_of
from yakuba.portal.visitors import take_unsaved, visitor
from yakuba.procedures import before_typing
from yakuba.procedures.forms import form_action, parse_form
from yakuba.procedures.life_events import LifeEvent, life_events
from yakuba.procedures.registry import shared_words
from yakuba.procedures.rendering import render_page
from yakuba.procedures.shared import PAGE, shared_questions
from yakuba.procedures.validation import Problem, validate_page
from yakuba.procedures.workload import documents, workload


def event_of(name: str) -> LifeEvent:
    """The life event called so.

    Raises:
        Http404: there is none.
    """
    for one in life_events():
        if one.id == name:
            return one
    raise Http404


def own_bundle(request: HttpRequest, town: Town, bundle_id: UUID) -> Bundle | HttpResponse:
    """The visitor's bundle, locked; or where to go instead: to sign in, or to what it became when it was sent.

    Raises:
        Http404: there is none, or it is somebody else's.
    """
    who = visitor(request, town)
    if who.owner is None:
        return redirect(f"{reverse('portal:sign-in', args=[town])}?next={quote(request.path)}")
    found = bundling.find(who, bundle_id, lock=True)
    if found is not None:
        return found
    if bundle_sending.sent(bundle_id, who.owner):
        return redirect("portal:bundle-sent", town, bundle_id)
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@page("resident", limit=START)
def for_you(request: HttpRequest, town: Town, event: str) -> HttpResponse:
    """What happens on the next pages, and the button that asks the town; or on with what was begun before."""
    chosen, who = event_of(event), visitor(request, town)
    if begun := bundling.begun(who, event):
        return redirect("portal:bundle", town, begun.id)
    if not bundling.offers_of(event, now()):
        raise Http404
    if request.method == "POST" and (record := SignIn.objects.filter(id=who.sign_in or UUID(int=0)).first()):
        return redirect("portal:bundle-choose", town, bundling.begin(town.code, record, event, now()).id)
    return show(request, town, "portal/for_you.html", event=chosen, title=_plain(request, chosen.title))


@require_http_methods(["GET", "HEAD", "POST"])
@page("visitor")
def choose(request: HttpRequest, town: Town, bundle_id: UUID) -> HttpResponse:
    """Each procedure with the reason why it applies, does not, or cannot be told yet; which ones are wanted."""
    bundle = own_bundle(request, town, bundle_id)
    if isinstance(bundle, HttpResponse):
        return bundle
    if request.method != "POST":
        if typed := take_unsaved(request, visitor(request, town).owner):
            _answers_taken(bundle, typed)
            bundling.keep(bundle, now())
        return _choosing(request, town, bundle, ())
    problems = _answers_taken(bundle, {name: request.POST.getlist(name) for name in request.POST})
    bundling.keep(bundle, now())
    if request.POST.get("choose") and not problems and bundle.chosen:
        who, language = visitor(request, town), languages.chosen(request)
        bundling.choose(bundle, who, bundle.chosen, language, now())
        return redirect("portal:bundle", town, bundle.id)
    none = bool(request.POST.get("choose")) and not bundle.chosen
    return _choosing(request, town, bundle, problems, none=none)


def _answers_taken(bundle: Bundle, data: Mapping[str, Sequence[str]]) -> list[Problem]:
    """Keep what was ticked and answered; what is wrong with an answer that is there (none is ever missing)."""
    it = asking_before.asking(bundle, now())
    possible = {one.offer.procedure.id for one in bundling.candidates(bundle, now()) if one.can_be_chosen}
    bundle.chosen = [one for one in data.get("procedure", ()) if one in possible]
    if not it.questions:
        return []
    before = _applying(bundle)
    given = parse_form(
        it.form, before_typing.PAGE, {name: list(values) for name, values in data.items()}, it.answers
    )
    asking_before.take(bundle, it, given)
    if not data.get(
        "choose"
    ):  # an answer can show that one more applies; what is chosen now is as it was ticked
        bundle.chosen += [one for one in _applying(bundle) if one not in (*before, *bundle.chosen)]
    wrong = validate_page(it.form, before_typing.PAGE, given, it.context)
    return [one for one in wrong if one.path.split("-")[0] in given]


def _applying(bundle: Bundle) -> list[str]:
    found = bundling.candidates(bundle, now())
    return [
        one.offer.procedure.id for one in found if one.can_be_chosen and one.standing.standing == "applies"
    ]


def _choosing(
    request: HttpRequest, town: Town, bundle: Bundle, problems: Sequence[Problem], *, none: bool = False
) -> HttpResponse:
    event, found = event_of(bundle.event), bundling.candidates(bundle, now())
    offers = [one.offer for one in found]
    alone = [(workload([form], ()), documents(form)) for form in bundling.forms_of(offers, now())]
    ticked = bundling.forms_of([one.offer for one in found if one.ticked], now())
    return show(
        request, town, "portal/bundle_choose.html", bundle=bundle, event=event, none=none,
        rows=[(one, *facts) for one, facts in zip(found, alone, strict=True)],
        questions=_questions(request, bundle, problems), load=workload(ticked, shared_questions(ticked, shared_words())),
        waiting=bundling.is_waiting(bundle, now()), begun=bundling.drafts_of(bundle).exists(),
        title=_plain(request, event.title), section="mine", mistakes=len(problems) + none,
        status=422 if problems or none else 200,
    )  # fmt: skip


def _questions(request: HttpRequest, bundle: Bundle, problems: Sequence[Problem]) -> str:
    it = asking_before.asking(bundle, now())
    if not it.questions:
        return ""
    return render_page(
        it.form,
        before_typing.PAGE,
        it.answers,
        it.context,
        languages.chosen(request),
        problems=problems,
        known=it.known,
    )


@require_safe
@page("visitor")
def overview(request: HttpRequest, town: Town, bundle_id: UUID) -> HttpResponse:
    """The bundle: the shared page, then what each application still asks, then the review."""
    bundle = own_bundle(request, town, bundle_id)
    if isinstance(bundle, HttpResponse):
        return bundle
    it = joining.together(bundle, now(), lock=True)
    if not it.members:
        return redirect("portal:bundle-choose", town, bundle.id)
    joining.refresh(it)
    forms = [one.form(now()) for one in it.members]
    parts = [(one, page_states(one.draft, one.offer)) for one in it.members]
    event = event_of(bundle.event)
    return show(
        request, town, "portal/bundle.html", bundle=bundle, event=event, parts=parts, shared=it.shared,
        shared_state=_shared_state(it), load=workload(forms, it.shared), waiting=bundling.is_waiting(bundle, now()),
        title=_plain(request, event.title), section="mine",
    )  # fmt: skip


def _shared_state(it: Together) -> str:
    if not it.bundle.shared_seen:
        return "todo"
    return "wrong" if joining.problems(it) else "done"


@require_http_methods(["GET", "HEAD", "POST"])
@page("visitor")
def shared(request: HttpRequest, town: Town, bundle_id: UUID) -> HttpResponse:
    """The questions asked once. Saved first and looked at afterwards, as every page of a form."""
    bundle = own_bundle(request, town, bundle_id)
    if isinstance(bundle, HttpResponse):
        return bundle
    it = joining.together(bundle, now(), lock=True)
    if not it.shared:
        return redirect("portal:bundle", town, bundle.id)
    if request.method == "POST":
        response = _take(request, town, it, {name: request.POST.getlist(name) for name in request.POST})
        bundling.remember_helper(bundle, visitor(request, town))
        return response
    joining.refresh(it)
    if typed := take_unsaved(request, visitor(request, town).owner):
        _write(it, typed)
    return _shared(request, town, it, joining.problems(it) if bundle.shared_seen else ())


def _take(request: HttpRequest, town: Town, it: Together, data: Mapping[str, Sequence[str]]) -> HttpResponse:
    here = reverse("portal:bundle-shared", args=[town, it.bundle.id])
    action = form_action(it.asking.pages[0], {name: list(values) for name, values in data.items()})
    it.bundle.shared_seen = it.bundle.shared_seen or not (action or request.POST.get("save"))
    _write(it, data)
    if action:
        return redirect(f"{here}#{action.group}")
    if wanted := request.POST.get("language"):
        response = redirect(here)
        languages.remember(response, languages.as_language(wanted))
        return response
    if request.POST.get("refresh"):
        return redirect(here)
    if request.POST.get("save"):
        return redirect("portal:bundle", town, it.bundle.id)
    problems = joining.problems(it)
    return _shared(request, town, it, problems) if problems else redirect("portal:bundle", town, it.bundle.id)


def _write(it: Together, data: Mapping[str, Sequence[str]]) -> None:
    before = dict(it.bundle.answers)
    typed = {name: list(values) for name, values in data.items()}
    it.bundle.answers = parse_form(it.asking, PAGE, typed, before)
    joining.copy(it, before)
    bundling.keep(it.bundle, now())


def _shared(request: HttpRequest, town: Town, it: Together, problems: Sequence[Problem]) -> HttpResponse:
    language, bundle = languages.chosen(request), it.bundle
    form = render_page(
        it.asking, PAGE, bundle.answers, it.context, language, problems=problems, known=it.known()
    )
    return show(
        request, town, "portal/bundle_shared.html", bundle=bundle, event=event_of(bundle.event), form=form,
        problems=problems, members=it.members, waiting=bundling.is_waiting(bundle, now()),
        title=_plain(request, say("bundle.shared_title")), section="mine", status=422 if problems else 200,
    )  # fmt: skip


@require_POST
@page("resident")
def leave(request: HttpRequest, town: Town, bundle_id: UUID) -> HttpResponse:
    """Go on without one of the applications: it stays a draft of its own."""
    bundle = own_bundle(request, town, bundle_id)
    if isinstance(bundle, HttpResponse):
        return bundle
    for one in bundling.drafts_of(bundle):
        if str(one.id) == request.POST.get("draft"):
            bundling.leave(one)
            bundle.chosen = [name for name in bundle.chosen or [] if name != one.procedure]
    bundling.keep(bundle, now())
    left = bundling.drafts_of(bundle).exists()
    return redirect("portal:bundle-review" if left else "portal:bundle-choose", town, bundle.id)


@require_safe
@page("resident")
def sent(request: HttpRequest, town: Town, bundle_id: UUID) -> HttpResponse:
    """The applications that were sent together, each with its own receipt number and where it stands."""
    found = bundle_sending.sent(bundle_id, visitor(request, town).owner)
    if not found:
        raise Http404
    rows = [(one, title_of(one.procedure, one.version)) for one in found]
    return show(request, town, "portal/bundle_sent.html", rows=rows, section="mine")


def _plain(request: HttpRequest, text: Text) -> str:
    return without_readings(text.in_language(languages.chosen(request)))
