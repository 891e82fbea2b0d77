"""A decided case goes to the outside core system of its business, if there is a mapping table for its procedure."""

from datetime import datetime

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import japan_day
from yakuba.casework.handover.mapping import tables
from yakuba.casework.handover.record import DecidedCase
from yakuba.casework.handover.service import hand_over
from yakuba.casework.models import Case, Proposal


def hand_over_decision(case: Case, proposal: Proposal, at: datetime, audit: AuditEvent) -> None:
    """Hand over what was decided, in the decision's transaction; a clerk or the outside system fetches it later."""
    if (
        not case.identified or case.procedure not in tables()
    ):  # a rejection of nobody known concerns no core system
        return
    decided = DecidedCase(
        case_id=case.id,
        application_id=case.id,
        receipt_number=case.receipt_number,
        procedure=case.procedure,
        version=case.version,
        outcome=proposal.outcome,
        applied_on=japan_day(case.claimed_at),
        decided_on=japan_day(at),
        atena_number=case.atena_number,
        history_number=case.history_number,
        answers=case.document.answers,
        results=proposal.results,
        effects=tuple(proposal.effects),
    )
    hand_over(decided, at, audit)
