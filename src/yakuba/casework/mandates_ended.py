"""A mandate (委任) whose end is heard of late: cases that rest on it, though it had ended when they were applied for, go back to a clerk.

What a mandatary did before the mandate ended stays done (民法111条・651条; 112条 for third parties who did not know): such a case is left as it is,
and its page shows the moment of the revocation. Decided cases are only shown it too.
"""

from datetime import datetime

from yakuba.casework.checked import Check
from yakuba.casework.identified import keep_conclusion
from yakuba.casework.mandates import kept
from yakuba.casework.matching import Conclusion
from yakuba.casework.models import Case, CaseDocument, MandateRevocation
from yakuba.casework.moves import lock_case, make_move
from yakuba.casework.people_found import mandate_attached
from yakuba.casework.workflow import Status

_UNDECIDED = (Status.RECEIVED, Status.IN_REVIEW)


def reconsider(found: MandateRevocation, at: datetime) -> int:
    """Send back every undecided case that was taken by rule on the mandate ``found`` ended; returns how many."""
    rest_on_it = CaseDocument.objects.filter(
        mandate__document__mandate_id=str(found.mandate),
        case__status__in=[one.value for one in _UNDECIDED],
        case__submitted_at__gte=found.revoked_at,
    )
    numbers = sorted(rest_on_it.values_list("case_id", flat=True))
    return sum(_send_back(lock_case(number), at) for number in numbers)


def _send_back(case: Case, at: datetime) -> bool:
    if case.status not in _UNDECIDED:  # somebody decided it while we waited for the lock
        return False
    document = case.document
    document.mandate = kept(document.mandate or {}, _checks(document))
    document.save(update_fields=["mandate"])
    letters = case.attachments.filter(state="ok").values_list("slot", flat=True)
    if case.role == "proxy_by_mandate" and mandate_attached(letters):
        return False  # a letter (委任状) stands beside it: its page shows the revocation, a clerk judges
    make_move(case, "mandate_ended", None, at)
    keep_conclusion(case, Conclusion("proxy_without_mandate"), at=at)
    case.save()
    return True


def _checks(document: CaseDocument) -> tuple[Check, ...]:
    ended = Check("revoked", "bad", "申請より前に取り消されています(あとから届いた知らせ)。")
    before = [Check(**one) for one in (document.mandate or {}).get("checks", ())]
    return tuple(ended if one.name == "revoked" else one for one in before)
