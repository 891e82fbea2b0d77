"""My page: drafts, applications with their history and clock, withdrawal, correction."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.base.clock import now, today
from yakuba.base.texts import Text
from yakuba.portal import languages
from yakuba.portal.forms import typed
from yakuba.portal.models import Application, Bundle, Draft, Notice, SignIn
from yakuba.portal.pages import page, show
from yakuba.portal.services import copying, drafting, following, renewals
from yakuba.portal.services.offers import UnknownProcedure, offer
from yakuba.portal.towns import Town
from yakuba.portal.views.drafts import in_languages
from yakuba.portal.visitors import visitor
from yakuba.procedures.life_events import life_events


def own_application(
    request: HttpRequest, town: Town, application_id: UUID, *, lock: bool = False
) -> Application:
    """The application, if the resident signed in sent it.

    Raises:
        Http404: it is not, or there is none.
    """
    found = Application.objects.filter(id=application_id, owner=visitor(request, town).owner or "nobody")
    application = (found.select_for_update() if lock else found).first()
    if application is None:
        raise Http404
    return application


def title_of(procedure: str, version: str) -> Text:
    """The procedure's title; its id where the procedure has ended and left nothing behind."""
    try:
        return offer(procedure, today(), version).procedure.title
    except UnknownProcedure:
        return Text(procedure, procedure, procedure)


@require_safe
@page("visitor")
def mine(request: HttpRequest, town: Town) -> HttpResponse:
    """Drafts of this browser or this certificate; after sign-in also what was sent and what came back."""
    who = visitor(request, town)
    drafts = [
        (one, title_of(one.procedure, one.version))
        for one in drafting.belonging_to(who).order_by("-updated_at")
    ]
    sent = Application.objects.filter(owner=who.owner).order_by("-submitted_at") if who.owner else ()
    applications = [
        (one, title_of(one.procedure, one.version), following.standing(one), following.runs(one))
        for one in sent
    ]
    bundles = Bundle.objects.filter(owner=who.owner).order_by("-updated_at") if who.owner else ()
    events = {one.id: one.title for one in life_events()}
    notices = Notice.objects.filter(application__owner=who.owner) if who.owner else ()
    looking = bool(who.owner) and renewals.is_waiting(str(who.owner), now())
    return show(request, town, "portal/mine.html", drafts=drafts, applications=applications,
                bundles=[(one, events[one.event], one.drafts.count()) for one in bundles], notices=notices,
                looking=looking, section="mine")  # fmt: skip


@require_safe
@page("resident")
def application(request: HttpRequest, town: Town, application_id: UUID) -> HttpResponse:
    """One application: where it stands, until when, what has happened, what can be done."""
    found = own_application(request, town, application_id)
    return show(request, town, "portal/application.html", **_facts(found), section="mine")


def _facts(found: Application) -> dict[str, Any]:
    steps = [
        (step, following.status_text(step.status), in_languages(step.message) if step.message else None)
        for step in found.history.all()
    ]
    return {
        "application": found,
        "procedure_title": title_of(found.procedure, found.version),
        "status_words": following.standing(found),
        "steps": steps,
        "runs": following.runs(found),
        "days_left": (found.due - today()).days if found.due and following.runs(found) else None,
        "asked_message": in_languages(found.asked_message) if found.asked_message else None,
        "asked": [in_languages(one["message"]) for one in found.asked],
        "can_withdraw": following.can_withdraw(found),
        "can_correct": following.can_correct(found),
        "can_copy": can_copy(found),
        "companions": _companions(found),
        "notices": found.notices.all(),
    }


def _companions(found: Application) -> list[tuple[Application, Text]]:
    """What was sent under the same signature."""
    if found.bundle is None:
        return []
    others = Application.objects.filter(bundle=found.bundle, owner=found.owner).exclude(id=found.id)
    return [(one, title_of(one.procedure, one.version)) for one in others.order_by("submitted_at", "id")]


@require_safe
@page("resident")
def received(request: HttpRequest, town: Town, application_id: UUID) -> HttpResponse:
    """The receipt number, right after sending."""
    found = own_application(request, town, application_id)
    return show(request, town, "portal/received.html", **_facts(found), section="mine")


@require_http_methods(["GET", "HEAD", "POST"])
@page("resident")
def withdraw(request: HttpRequest, town: Town, application_id: UUID) -> HttpResponse:
    """Take an application back, after asking."""
    found = own_application(request, town, application_id, lock=True)
    problem = None
    if request.method == "POST":
        try:
            following.withdraw(found, typed(request.POST.dict(), "reason"), now())
            return redirect("portal:application", town, found.id)
        except following.NotAllowed as refused:
            problem = refused.message
    elif not following.can_withdraw(found):
        return redirect("portal:application", town, found.id)
    return show(request, town, "portal/withdraw.html", **_facts(found), problem=problem, section="mine",
                status=409 if problem else 200)  # fmt: skip


@require_POST
@page("resident")
def correct(request: HttpRequest, town: Town, application_id: UUID) -> HttpResponse:
    """Begin (or go on with) the correction that is asked for."""
    found = own_application(request, town, application_id, lock=True)
    try:
        draft: Draft = following.correct(found, visitor(request, town), languages.chosen(request), now())
    except following.NotAllowed as refused:
        return show(request, town, "portal/application.html", **_facts(found), problem=refused.message,
                    section="mine", status=409)  # fmt: skip
    return redirect("portal:draft", town, draft.id)


def can_copy(found: Application) -> bool:
    """Whether one may apply again with its answers: once it has arrived, while the procedure is open."""
    if found.delivered_at is None or found.replaced_by or found.status == "correction_requested":
        return False
    try:
        return offer(found.procedure, today()).opening.open
    except UnknownProcedure:
        return False


@require_POST
@page("resident")
def again(request: HttpRequest, town: Town, application_id: UUID) -> HttpResponse:
    """Begin a new application with the answers of this one."""
    found, who = own_application(request, town, application_id), visitor(request, town)
    record = SignIn.objects.filter(id=who.sign_in).first() if who.sign_in else None
    if record is None or not can_copy(found):
        return redirect("portal:application", town, found.id)
    chosen = offer(found.procedure, today())
    draft = drafting.begin(
        town.code,
        who,
        chosen,
        drafting.role_of(found.role),
        found.applicant_for,
        languages.chosen(request),
        now(),
    )
    copying.ask(draft, found, record, now())
    return redirect("portal:draft", town, draft.id)
