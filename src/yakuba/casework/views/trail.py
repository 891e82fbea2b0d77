"""The audit log as auditors read it: this municipality's records, newest first."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yakuba.audit.log import head
from yakuba.audit.models import AuditRecord
from yakuba.base import cells
from yakuba.casework.audit_words import ACTIONS, FACTS, actor_in_words
from yakuba.casework.desk import desk
from yakuba.casework.roles import Permission
from yakuba.casework.staff.models import Staff
from yakuba.casework.staff.sessions import StaffRequest

PAGE = 100


@desk(Permission.SEE_TRAIL)
@require_GET
def audit(request: StaffRequest) -> HttpResponse:
    """Who did what: searched by subject, page by page. The chain itself is checked by ``yakuba audit verify``.

    In cells each has a chain of its own, and what was recorded before a municipality was moved stays in the one it was
    written in: the page shows the present one, and offers the others.
    """
    subject, before = request.GET.get("subject", "").strip()[:100], request.GET.get("before", "")
    asked = Asked(request.staff.municipality, subject, int(before) if _is_number(before) else None)
    chains = sorted(cells.aside(lambda: _chain(asked)), key=lambda one: one.cell)
    shown = next((one for one in chains if one.cell == request.GET.get("cell", cells.here())), None) or next(
        one for one in chains if one.cell == cells.here()
    )
    names = {one.actor: one.display_name for one in Staff.objects.all()}
    context = {
        "section": "audit",
        "rows": [_shown(row, names) for row in shown.rows[:PAGE]],
        "next": shown.rows[PAGE - 1].sequence if len(shown.rows) > PAGE else None,
        "subject": subject,
        "chain": shown,
        "chains": chains if len(chains) > 1 else (),
    }
    return render(request, "casework/audit.html", context)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the auditor wants to see: whose records, on what, before which number."""

    municipality: str
    subject: str
    before: int | None


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain: its last link, how many of its records are the municipality's, and those asked for."""

    cell: str
    name: str
    sequence: int
    digest: str
    count: int
    rows: list[AuditRecord]


def _chain(asked: Asked) -> Chain:
    # the chain is the zone's: what belongs to another municipality is left out here
    own = AuditRecord.objects.filter(municipality=asked.municipality)
    rows = own.filter(subject=asked.subject) if asked.subject else own
    if asked.before is not None:
        rows = rows.filter(sequence__lt=asked.before)
    sequence, digest = head()
    count = own.count() if cells.spread() else 0
    return Chain(
        cells.here(), cells.chain(), sequence, digest, count, list(rows.order_by("-sequence")[: PAGE + 1])
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _shown(row: AuditRecord, names: dict[str, str]) -> dict[str, Any]:
    return {
        "record": row,
        "who": names.get(row.actor) or actor_in_words(row.actor),
        "what": ACTIONS.get(row.action, row.action),
        # pairs, not the dictionary: a fact may be called like one of a dictionary's own methods
        "facts": [(FACTS.get(name, name), value) for name, value in row.facts.items()],
    }
