"""Finding a procedure: towns, a town's home, search, life events, and what a procedure is about."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.base.clock import today
from yakuba.base.texts import without_readings
from yakuba.base.web import audience
from yakuba.portal import languages
from yakuba.portal.pages import page, show
from yakuba.portal.services.offers import Offer, UnknownProcedure, offer, offers, received_by, those
from yakuba.portal.services.settings import in_force, published
from yakuba.portal.towns import Town, prefecture
from yakuba.portal.towns import towns as served
from yakuba.procedures.answers import clean_page
from yakuba.procedures.conditions import ALWAYS, View
from yakuba.procedures.context import Answers, Context
from yakuba.procedures.definition import Field, Hint, Procedure
from yakuba.procedures.forms import parse_form
from yakuba.procedures.life_events import life_events
from yakuba.procedures.meta import CATEGORIES
from yakuba.procedures.registry import all_procedures
from yakuba.procedures.rendering import render_page
from yakuba.procedures.search import by_life_event
from yakuba.procedures.search import search as find_procedures


@audience("visitor")
@require_safe
def towns(request: HttpRequest) -> HttpResponse:
    """The municipalities this portal serves, and apart from them the prefectures."""
    bodies = served().values()
    return show(request, None, "portal/towns.html", section="towns",
                towns=[one for one in bodies if not one.is_prefecture],
                prefectures=[one for one in bodies if one.is_prefecture])  # fmt: skip


@require_safe
@page("visitor")
def home(request: HttpRequest, town: Town) -> HttpResponse:
    """A town's first page: what is urgent, search, life events, all procedures."""
    disasters = in_force(published().disasters, today())
    found = offers(today())
    bound = [one for one in found if one.procedure.availability == "declared_disaster"]
    return show(request, town, "portal/home.html", section="home", disasters=disasters, disaster_procedures=bound,
                events=[one for one in life_events() if _fits(town, one.id)], groups=_by_category(found),
                **_elsewhere(town, all_procedures(today())))  # fmt: skip


def _by_category(found: list[Offer]) -> list[tuple[str, list[Offer]]]:
    """The procedures by what they are about, with the key of each heading; what comes first in life stands first."""
    ordered = sorted(found, key=lambda one: (bool(one.procedure.follows), one.procedure.id))
    groups = ((name, [one for one in ordered if one.procedure.category == name]) for name in CATEGORIES)
    return [(f"home.category_{name}", members) for name, members in groups if members]


@require_safe
@page("visitor")
def search(request: HttpRequest, town: Town) -> HttpResponse:
    """Procedures by the resident's own words."""
    query, language = request.GET.get("q", "")[:100], languages.chosen(request)
    fitting = [one.procedure for one in find_procedures(query, language, today())]
    return show(request, town, "portal/found.html", query=query, procedures=those(fitting, today()),
                **_elsewhere(town, fitting))  # fmt: skip


@require_safe
@page("visitor")
def life_event(request: HttpRequest, town: Town, event: str) -> HttpResponse:
    """Procedures that belong to an occasion of life."""
    chosen = next((one for one in life_events() if one.id == event), None)
    if chosen is None:
        raise Http404
    fitting = by_life_event(event, today())
    return show(request, town, "portal/found.html", event=chosen, procedures=those(fitting, today()),
                **_elsewhere(town, fitting))  # fmt: skip


def _fits(town: Town, event: str) -> bool:
    """Whether an occasion of life has a procedure here, or one of the prefecture's that can be pointed to."""
    fitting = by_life_event(event, today())
    return bool(those(fitting, today())) or bool(_elsewhere(town, fitting)["elsewhere_procedures"])


def _elsewhere(town: Town, fitting: Iterable[Procedure]) -> dict[str, Any]:
    """What of ``fitting`` the town's prefecture receives, with where that is."""
    body = prefecture(town)
    return {"elsewhere": body, "elsewhere_procedures": received_by("prefecture", fitting) if body else []}


@require_http_methods(["GET", "HEAD", "POST"])
@page("visitor")
def procedure(request: HttpRequest, town: Town, procedure_id: str) -> HttpResponse:
    """What it is, who may apply, what is needed, until when, by which law; and whether it is likely for you.

    The answers to the questions are used for this one reply and kept nowhere.
    """
    try:
        chosen = offer(procedure_id, today())
    except UnknownProcedure as error:
        raise Http404 from error
    one, language, context = chosen.procedure, languages.chosen(request), Context(today())
    answers = parse_form(one, one.eligibility.id, _lists(request), {}) if request.method == "POST" else {}
    hints = _hints(one, answers, context) if answers else ()
    questions = render_page(one, one.eligibility.id, answers, context, language)
    return show(request, town, "portal/procedure.html", offer=chosen, procedure=one, hints=hints,
                questions=questions, asked=request.method == "POST", documents=_documents(one),
                title=without_readings(one.title.in_language(language)))  # fmt: skip


def _hints(one: Procedure, answers: Answers, context: Context) -> list[Hint]:
    """What the answers to the questions suggest. It informs; it never decides."""
    view = View(clean_page(one.eligibility, answers, context), context)
    return [hint for hint in one.hints if hint.when.holds(view)]


def _documents(one: Procedure) -> list[tuple[Field, bool]]:
    """Every place for a document, and whether everybody is asked for it (else only in some cases)."""
    found: list[tuple[Field, bool]] = []
    for at, field in one.fields():
        inner = [each for each in field.fields if each.type == "file"]
        certain = at.when == ALWAYS and field.when == ALWAYS
        if field.type == "file":
            found.append((field, certain and field.required))
        found.extend((each, certain and each.when == ALWAYS and each.required) for each in inner)
    return found


def _lists(request: HttpRequest) -> dict[str, list[str]]:
    return {name: request.POST.getlist(name) for name in request.POST}


@audience("visitor")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language and stay where one is."""
    wanted = request.POST.get("next", "/")
    back = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"
    response = redirect(back)
    languages.remember(response, languages.as_language(request.POST.get("language")))
    return response
