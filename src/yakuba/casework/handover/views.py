"""Pages of the hand-over for staff: what waits, batches and their files, outside systems, reconciliation."""

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.canonical import sha256_hex
from yakuba.base.clock import now, today
from yakuba.base.municipality import body_of
from yakuba.base.tenancy import current_municipality
from yakuba.casework.desk import desk
from yakuba.casework.errors import DeskTrouble
from yakuba.casework.handover import reconcile, service, standings
from yakuba.casework.handover import systems as outside
from yakuba.casework.handover.errors import HandoverTrouble
from yakuba.casework.handover.formats import FORMATS
from yakuba.casework.handover.inbound import last_statement
from yakuba.casework.handover.mapping import tables
from yakuba.casework.handover.models import Batch, Item, OutsideSystem, State
from yakuba.casework.handover.words import DIFFERENCES, PARTS, reason_in_words
from yakuba.casework.roles import Permission
from yakuba.casework.staff.models import Staff
from yakuba.casework.staff.sessions import StaffRequest, say
from yakuba.procedures import registry


@desk(Permission.SEE_CASES)
@require_GET
def overview(request: StaffRequest) -> HttpResponse:
    """What waits per procedure, the held cases with their reasons, and the newest batches."""
    context = {
        "section": "handover",
        "procedures": sorted((_waiting(one) for one in received_here()), key=lambda one: one["ready"] == 0),
        "held": [_held(item) for item in Item.objects.filter(state=State.HELD).order_by("state_at")[:200]],
        "rejected": Item.objects.filter(state=State.REJECTED).order_by("state_at")[:200],
        "batches": [_shown(batch) for batch in Batch.objects.select_related("system")[:30]],
        "formats": FORMATS.values(),
    }
    return render(request, "handover/overview.html", context)


def received_here() -> list[str]:
    """The procedures with a mapping table that this kind of body (municipality, prefecture) receives."""
    here = body_of(current_municipality())
    elsewhere = {one.id for one in registry.all_procedures(today()) if one.receiver != here}
    return [one for one in tables() if one not in elsewhere]


def _waiting(procedure: str) -> dict[str, object]:
    ready = Item.objects.filter(procedure=procedure, state=State.READY).count()
    return {"table": tables()[procedure], "ready": ready}


def _shown(batch: Batch) -> dict[str, object]:
    return {
        "batch": batch,
        "title": tables()[batch.procedure].title,
        "format": FORMATS[batch.format].title,
        "by": batch.system.name if batch.system else _name_of(batch.made_by),
    }


def _name_of(actor: str) -> str:
    """The name of the member of staff behind ``staff:<uuid>``."""
    found = Staff.objects.filter(pk=actor.removeprefix("staff:")).first() if "staff:" in actor else None
    return found.display_name if found else actor


def _held(item: Item) -> dict[str, object]:
    problems = [one | {"words": reason_in_words(one["reason"])} for one in item.problem if one["blocking"]]
    return {"item": item, "problems": problems}


@desk(Permission.APPROVE)
@require_POST
def make(request: StaffRequest) -> HttpResponse:
    """Make a batch of all that is ready."""
    staff = request.staff
    try:
        made = service.make_batch(
            request.POST.get("procedure", ""), request.POST.get("format", ""), now(), staff.actor
        )
    except (HandoverTrouble, LookupError) as problem:
        raise DeskTrouble(str(problem)) from problem
    return HttpResponseRedirect(reverse("casework:handover:batch", args=[made.id]))


@desk(Permission.SEE_CASES)
@require_GET
def batch(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """One batch: its files with digests, its cases and where they are."""
    found = get_object_or_404(Batch.objects.select_related("system"), pk=batch_id)
    files = [
        (one["name"], one["sha256"], sha256_hex(service.file_of(found, one["name"]))) for one in found.files
    ]
    differing = reconcile.batch_differences(str(found.id), found.cases, found.passages.count(), files)
    context = _shown(found) | {
        "section": "handover",
        "items": Item.objects.filter(passages__batch=found).order_by("receipt_number")[:1000],
        "differences": _in_words(differing),
    }
    return render(request, "handover/batch.html", context)


@desk(Permission.APPROVE)
@require_GET
def download(request: StaffRequest, batch_id: UUID, name: str) -> HttpResponse:
    """One file of a batch; that it was taken is written down."""
    found, staff = get_object_or_404(Batch, pk=batch_id), request.staff
    try:
        data = service.file_of(found, name)
    except KeyError as error:
        raise Http404 from error
    facts = {"file": name}
    append(AuditEvent(staff.actor, "handover.downloaded", f"batch:{found.id}", staff.municipality, facts))
    response = HttpResponse(data, content_type=service.media_type(name))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@desk(Permission.APPROVE)
@require_POST
def again(request: StaffRequest, item_id: UUID) -> HttpResponse:
    """Put a held or rejected case back among the ready ones."""
    item, staff = get_object_or_404(Item.objects.select_for_update(), pk=item_id), request.staff
    event = AuditEvent(staff.actor, "handover.again", f"case:{item.case_id}", staff.municipality)
    try:
        service.send_again(item, now(), event)
    except HandoverTrouble as problem:
        raise DeskTrouble(str(problem)) from problem
    say(request, f"{item.receipt_number} を未送信に戻しました。")
    return HttpResponseRedirect(reverse("casework:handover:overview"))


@desk(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def systems(request: StaffRequest) -> HttpResponse:
    """Outside systems: the list, and a new one. Its token is shown on this one answer only."""
    context: dict[str, object] = {}
    if request.method == "POST":
        context = _register(request)
    context |= {
        "section": "handover_systems",
        "systems": _systems(),
        "procedures": [tables()[one] for one in received_here()],
        "formats": FORMATS.values(),
    }
    return render(request, "handover/systems.html", context)


def _systems() -> list[dict[str, object]]:
    return [
        {
            "system": system,
            "procedures": [tables()[one].title for one in system.procedures if one in tables()],
            "format": FORMATS[system.format].title,
        }
        for system in OutsideSystem.objects.all()
    ]


def _register(request: StaffRequest) -> dict[str, object]:
    staff, name = request.staff, request.POST.get("name", "").strip()
    procedures = [one for one in request.POST.getlist("procedures") if one in tables()]
    form = request.POST.get("format", "")
    if not name or not procedures or form not in FORMATS:
        return {
            "problem": "名前、手続(1つ以上)、形式を選んでください。例: 介護保険システム、要介護認定、JSON Lines",
            "typed": name,
        }
    event = AuditEvent(staff.actor, "handover.system_registered", f"system:{name}", staff.municipality)
    system, shown_once = outside.register(name, procedures, form, event)
    return {"token": shown_once, "token_of": system.name}


@desk(Permission.MANAGE_SETTINGS)
@require_POST
def token(request: StaffRequest, system_id: UUID) -> HttpResponse:
    """A new token in place of the old one."""
    system, staff = get_object_or_404(OutsideSystem, pk=system_id, closed_at=None), request.staff
    event = AuditEvent(staff.actor, "handover.token_changed", f"system:{system.id}", staff.municipality)
    context = {
        "section": "handover_systems",
        "token": outside.new_token(system, event),
        "token_of": system.name,
        "systems": _systems(),
        "procedures": [tables()[one] for one in received_here()],
        "formats": FORMATS.values(),
    }
    return render(request, "handover/systems.html", context)


@desk(Permission.MANAGE_SETTINGS)
@require_POST
def close(request: StaffRequest, system_id: UUID) -> HttpResponse:
    """End a system's access."""
    system, staff = get_object_or_404(OutsideSystem, pk=system_id, closed_at=None), request.staff
    event = AuditEvent(staff.actor, "handover.system_closed", f"system:{system.id}", staff.municipality)
    outside.close(system, now(), event)
    say(request, f"{system.name} の連携を終えました。")
    return HttpResponseRedirect(reverse("casework:handover:systems"))


@desk(Permission.SEE_CASES)
@require_GET
def reconciliation(request: StaffRequest) -> HttpResponse:
    """突合: per procedure the counts, whether they add up, and every difference."""
    context = {
        "section": "reconciliation",
        "parts": [PARTS[part] for part in reconcile.PARTS],
        "rows": [_reconciled(procedure) for procedure in received_here()],
        "systems": [_stated(system) for system in OutsideSystem.objects.filter(closed_at=None)],
        "shown": standings.SHOWN,
    }
    return render(request, "handover/reconciliation.html", context)


def _reconciled(procedure: str) -> dict[str, object]:
    at = now()
    counted = standings.counts_of(procedure, at)
    return {
        "title": tables()[procedure].title,
        "counts": [counted.by_part[part] for part in reconcile.PARTS],
        "total": counted.total,
        "adds_up": counted.adds_up,
        "differences": _in_words(standings.troubles_of(procedure, at)),
    }


def _stated(system: OutsideSystem) -> dict[str, object]:
    found = standings.differences_with(system)
    return {
        "system": system,
        "said": last_statement(system),
        "differences": _in_words(found or ()),
    }


def _in_words(found: Iterable[reconcile.Difference]) -> list[tuple[str, reconcile.Difference]]:
    return [(DIFFERENCES[one.kind], one) for one in found]
