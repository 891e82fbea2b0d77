"""Making a move: the only code that changes a case's status. It does all that the table's row says, at once."""

from datetime import datetime
from uuid import UUID

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import japan_day
from yakuba.base.texts import Text
from yakuba.casework import clock_rules, outward
from yakuba.casework.errors import NotNow
from yakuba.casework.models import Case, Proposal, TrailEntry
from yakuba.casework.models.case import NO_DUE
from yakuba.casework.permissions import check_may
from yakuba.casework.policies import Situation, check_move
from yakuba.casework.procedure_desk import desk_of
from yakuba.casework.roles import Permission
from yakuba.casework.staff.models import Staff
from yakuba.casework.workflow import OPEN, SYSTEM, Move, Status

ZONE_ACTOR = "zone:mynumber"


def lock_case(case_id: UUID | str) -> Case:
    """The case, locked until the transaction ends: whoever else acts on it waits here, then sees the new state.

    Raises:
        Case.DoesNotExist: none in this municipality.
    """
    return Case.objects.select_for_update(of=("self",)).get(pk=case_id)


def open_proposal(case: Case) -> Proposal | None:
    """The proposal waiting for a decision."""
    return Proposal.objects.filter(case=case, state="open").select_related("proposed_by", "case").first()


def audit_event(case: Case, action: str, actor: Staff | None, **facts: str) -> AuditEvent:
    """An audit record about ``case``."""
    return AuditEvent(actor.actor if actor else ZONE_ACTOR, action, case.subject, case.municipality, facts)


def make_move(
    case: Case,
    name: str,
    actor: Staff | None,
    at: datetime,
    *,
    note: str = "",
    words: Text | None = None,
    proposal: Proposal | None = None,
    facts: dict[str, str] | None = None,
) -> Move:
    """Move the locked ``case`` as the table says: status, clock, history, word to the resident, audit record.

    Args:
        actor: who makes it; None for arriving messages and tasks, which alone may make the system's moves.
        note: kept in the history; words: told to the resident in place of the standard ones.

    Raises:
        NotNow: the table has no such move from here, or its condition does not hold.
        NotAllowed: the actor lacks the permission.
    """
    move = check_move(name, Situation(case, proposal or open_proposal(case), actor))
    _check_actor(move, actor)
    _enter(case, move.to, at)
    _turn_clock(case, move, at)
    case.row_version += 1
    case.save()
    record(case, move.name, move.label, actor, at, note)
    event = audit_event(case, move.audit, actor, **{"to": move.to.value, **(facts or {})})
    if move.told:
        outward.tell_status(case, move.told, at, event, words)  # writes the audit record with the message
    else:
        append(event)
    return move


def record(
    case: Case, kind: str, label: str, actor: Staff | None, at: datetime, note: str = ""
) -> TrailEntry:
    """Add a line to the case's history."""
    line = trail_line(case, kind, label, actor, at, note)
    line.save(force_insert=True)
    return line


def trail_line(
    case: Case, kind: str, label: str, actor: Staff | None, at: datetime, note: str = ""
) -> TrailEntry:
    """A line of the case's history, not yet written."""
    return TrailEntry(
        municipality=case.municipality, case=case, at=at, by=actor, kind=kind, label=label,
        status=case.status, text=note,
    )  # fmt: skip


def set_due(case: Case, at: datetime) -> None:
    """Derive the columns the queue sorts and filters by from the limit."""
    today = japan_day(at)
    running = case.is_open
    case.due_sort = case.due or NO_DUE
    case.clock_flag = clock_rules.flag(case.due, case.clock_paused_on, today) if running else ""


def _check_actor(move: Move, actor: Staff | None) -> None:
    if actor is None and move.who != SYSTEM:
        raise NotNow("この操作は職員だけができます。")
    if actor is not None:
        if not isinstance(move.who, Permission):
            raise NotNow("この操作は届いた申請や自動処理だけができます。")
        check_may(actor, move.who)


def _enter(case: Case, status: Status, at: datetime) -> None:
    case.status, case.status_at, case.is_open = status.value, at, status in OPEN


def _turn_clock(case: Case, move: Move, at: datetime) -> None:
    today = japan_day(at)
    if move.clock == "pause":
        rules = desk_of(case.procedure).pauses
        if clock_rules.pause_rule(rules, today).pauses:
            case.clock_paused_on = today
    elif move.clock in ("resume", "stop") and case.clock_paused_on:
        case.due = clock_rules.resumed(case.due, case.clock_paused_on, today)
        case.clock_paused_on = None
    set_due(case, at)
