"""Corrected applications (補正): linking one to the application it takes the place of."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yakuba.base.clock import japan_day
from yakuba.casework import clock_rules
from yakuba.casework.models import Case, Correction
from yakuba.casework.moves import make_move
from yakuba.casework.workflow import Status


@dataclass(frozen=True, slots=True)
class Earlier:
    """The application a newer one says it corrects, locked."""

    case: Case

    def due_now(self, at: datetime) -> date | None:
        """The limit that goes on for the newer one: correcting does not begin a new clock, a pause ends."""
        if self.case.clock_paused_on is None:
            return self.case.due
        return clock_rules.resumed(self.case.due, self.case.clock_paused_on, japan_day(at))


def earlier_case(previous: UUID | None) -> Earlier | None:
    """The case ``previous`` names, locked; None if there is none here (then the newer one stands alone)."""
    if previous is None:
        return None
    found = Case.objects.select_for_update(of=("self",)).filter(pk=previous).first()
    return Earlier(found) if found else None


def link_to_earlier(case: Case, earlier: Earlier | None, at: datetime) -> None:
    """Put the newer ``case`` in the earlier one's place, if the desk waits for a correction and it is safe to say
    that both come from the same person; otherwise both stay open for a clerk."""
    if earlier is None or earlier.case.status != Status.CORRECTION or not same_applicant(case, earlier.case):
        return
    before = earlier.case
    before.replaced_by = case.id
    Correction.objects.filter(case=before, state="open").update(state="answered", answered_by=case.id)
    make_move(before, "replace", None, at, facts={"by": str(case.id)})


def same_applicant(case: Case, before: Case) -> bool:
    """The same identified person, or while the earlier one is not identified, the same certificate and a good
    verdict on the newer."""
    if case.verdict_outcome != "good":
        return False
    if before.identified:
        return case.atena_number == before.atena_number
    return bool(before.serial) and (case.issuer_key_id, case.serial) == (before.issuer_key_id, before.serial)
