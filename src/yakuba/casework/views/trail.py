"""The audit log as auditors read it: this municipality's records, newest first."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yakuba.audit.log import head
from yakuba.audit.models import AuditRecord
from yakuba.casework.audit_words import ACTIONS, FACTS, actor_in_words
from yakuba.casework.desk import desk
from yakuba.casework.roles import Permission
from yakuba.casework.staff.models import Staff
from yakuba.casework.staff.sessions import StaffRequest

PAGE = 100


@desk(Permission.SEE_TRAIL)
@require_GET
def audit(request: StaffRequest) -> HttpResponse:
    """Who did what: searched by subject, page by page. The chain itself is checked by ``yakuba audit verify``."""
    subject, before = request.GET.get("subject", "").strip()[:100], request.GET.get("before", "")
    # the chain is the zone's: what belongs to another municipality is left out here
    rows = AuditRecord.objects.filter(municipality=request.staff.municipality).order_by("-sequence")
    if subject:
        rows = rows.filter(subject=subject)
    if before.isascii() and before.isdigit():
        rows = rows.filter(sequence__lt=int(before))
    found = list(rows[: PAGE + 1])
    sequence, digest = head()
    names = {one.actor: one.display_name for one in Staff.objects.all()}
    context = {
        "section": "audit",
        "rows": [_shown(row, names) for row in found[:PAGE]],
        "next": found[PAGE - 1].sequence if len(found) > PAGE else None,
        "subject": subject,
        "sequence": sequence,
        "digest": digest,
    }
    return render(request, "casework/audit.html", context)


def _shown(row: AuditRecord, names: dict[str, str]) -> dict[str, Any]:
    return {
        "record": row,
        "who": names.get(row.actor) or actor_in_words(row.actor),
        "what": ACTIONS.get(row.action, row.action),
        # pairs, not the dictionary: a fact may be called like one of a dictionary's own methods
        "facts": [(FACTS.get(name, name), value) for name, value in row.facts.items()],
    }
