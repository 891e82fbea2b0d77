"""A desk that knows the person: everything the desk has on one resident, and finding residents."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import today
from yakuba.casework.desk import desk
from yakuba.casework.models import Case
from yakuba.casework.noticing import procedure_title
from yakuba.casework.roles import Permission
from yakuba.casework.staff.sessions import StaffRequest
from yakuba.procedures.components.dates import show_date
from yakuba.procedures.datetext import is_date
from yakuba.registers import catalogue, entries, people
from yakuba.registers.definition import Item
from yakuba.registers.models import RegisterEntry


@desk(Permission.SEE_CASES)
@require_GET
def search(request: StaffRequest) -> HttpResponse:
    """Find a resident by name, reading or 宛名番号."""
    text = request.GET.get("q", "").strip()
    found, trouble = [], ""
    try:
        found = people.search(text, limit=50) if text else []
    except people.NotASearchTerm as error:
        trouble = str(error)
    context = {"section": "people", "q": text, "found": found, "trouble": trouble}
    return render(request, "casework/people.html", context)


@desk(Permission.SEE_CASES)
@require_GET
def person(request: StaffRequest, atena_number: str) -> HttpResponse:
    """One resident: present state, household, register entries, cases. Looking is audited."""
    try:
        found = people.person(atena_number)
    except people.NoSuchPerson:
        raise Http404 from None
    cases = Case.objects.filter(atena_number=atena_number).order_by("-submitted_at")[:50]
    context = {
        "section": "people",
        "person": found,
        "history": people.history(atena_number),
        "household": people.household(atena_number),
        "guardians": people.guardians(atena_number, today()),
        "entries": [_entry(one) for one in entries.all_current(atena_number, today())],
        "cases": [(one, procedure_title(one)) for one in cases],
    }
    response = render(request, "casework/person.html", context)
    staff = request.staff
    append(AuditEvent(staff.actor, "person.viewed", f"person:{atena_number}", staff.municipality))
    return response


def _entry(entry: RegisterEntry) -> dict[str, object]:
    register = catalogue.register(entry.register)
    known = {item.id: item for item in register.items}
    shown = [
        (known[key].name, _in_words(known[key], value)) if key in known else (key, str(value))
        for key, value in entry.items.items()
        if value not in (None, "", [])
    ]
    return {
        "entry": entry,
        "name": register.name_ja,
        "items": shown,
    }


def _in_words(item: Item, value: object) -> str:
    """A register item's value as people read it; a day as 令和8年4月1日（2026年）."""
    if item.type in ("date", "uncertain_date") and isinstance(value, str) and is_date(value):
        return show_date(value, "ja")
    return item.label(value)
