"""A mandate (委任) as data: what the principal signs, and what it covers. Functions of values.

民法99条・103条: whoever acts for another acts within what was given to them. A mandate ends when it is revoked, and with
the death of either (民法111条); it names procedures, a period and the mandatary, and nobody's name: who gave it is
whoever signed it.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from yakuba.base.clock import utc_text
from yakuba.procedures.context import Role

FORMAT = "mandate/1"
ROLE: Final[Role] = "proxy_by_mandate"
ROLES: Final[tuple[Role, ...]] = (ROLE, "care_manager")
"""In which somebody applies with a mandate: 民法99条; 介護保険法27条1項 lets a care manager's office do the insured's application."""
SLOT = "mandate"  # the place of the paper letter (委任状) in the forms, which a mandate as data fills
ALL = "all"
USUAL = timedelta(days=365)  # proposed by the form
LONGEST = timedelta(days=3 * 365)  # a choice of this house: no law sets a limit; longer is made anew


def mandate_document(
    *, mandate_id: uuid.UUID, municipality: str, mandatary: str, procedures: Sequence[str], first: date,
    until: date, created_at: datetime,
) -> dict[str, Any]:  # fmt: skip
    """The mandate as plain values for :func:`~yakuba.base.canonical.canonical_bytes`.

    Args:
        mandatary: ``<issuer key id>/<serial>`` of the certificate the mandatary signs in with.
        procedures: ids of procedures; empty for all that take a mandate.
        first, until: first and last day in Japan on which the mandatary may apply.
    """
    return {
        "yakuba": FORMAT,
        "mandate_id": str(mandate_id),
        "municipality": municipality,
        "mandatary": mandatary,
        "procedures": sorted(procedures) or ALL,
        "from": first.isoformat(),
        "until": until.isoformat(),
        "created_at": utc_text(created_at),
    }


def covers(document: Mapping[str, Any], procedure: str) -> bool:
    """Whether the mandate is for ``procedure``."""
    named = document.get("procedures")
    return named == ALL or (isinstance(named, list) and procedure in named)


def in_period(document: Mapping[str, Any], day: date) -> bool:
    """Whether ``day`` (in Japan) lies in the mandate's period, which is no longer than :data:`LONGEST`.

    What is no period covers no day.
    """
    try:
        first, until = (date.fromisoformat(str(document.get(key))) for key in ("from", "until"))
    except ValueError:
        return False
    return first <= day <= until and until - first <= LONGEST


def mandate_id(document: Mapping[str, Any]) -> uuid.UUID | None:
    """Its number; None where it has none."""
    try:
        return uuid.UUID(str(document.get("mandate_id")))
    except ValueError:
        return None
