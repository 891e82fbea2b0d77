"""What happens to a case when its notice is issued, or cannot be printed: listeners in the notice's transaction."""

from typing import Any

from yakuba.audit.log import append
from yakuba.base.clock import now
from yakuba.casework.models import Case
from yakuba.casework.moves import audit_event, lock_case, make_move, record
from yakuba.casework.notices.models import Notice
from yakuba.casework.notices.signals import notice_issued, notice_needs_a_person
from yakuba.casework.policies import Situation, can_move

_ASKS_FOR_CORRECTION = "correction_request"


def connect() -> None:
    """Listen (called once, when every application is loaded)."""
    notice_issued.connect(on_issued, sender=Notice, dispatch_uid="casework.issued")
    notice_needs_a_person.connect(on_needs_a_person, sender=Notice, dispatch_uid="casework.needs_a_person")


def on_issued(sender: type[Notice], notice: Notice, **_: Any) -> None:
    """The notice of a decision is on its way: the case is done."""
    case = _case(notice)
    if case is not None and can_move("issue_notice", Situation(case)):
        make_move(
            case, "issue_notice", None, now(), note=notice.full_number, facts={"notice": str(notice.id)}
        )


def on_needs_a_person(sender: type[Notice], notice: Notice, **_: Any) -> None:
    """A character cannot be printed: the case says so until somebody has written the notice by hand."""
    case = _case(notice)
    if case is None:
        return
    case.flags = [*case.flags, "notice_by_hand"] if "notice_by_hand" not in case.flags else case.flags
    case.row_version += 1
    case.save(update_fields=["flags", "row_version"])
    record(
        case,
        "notice_by_hand",
        f"通知書 {notice.full_number} は印刷できない文字があり、手作業が必要",
        None,
        now(),
    )
    append(audit_event(case, "case.notice_by_hand", None, notice=str(notice.id)))


def _case(notice: Notice) -> Case | None:
    if notice.kind == _ASKS_FOR_CORRECTION:
        return None
    try:
        return lock_case(notice.case_id)
    except Case.DoesNotExist:
        return None
