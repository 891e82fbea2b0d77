"""Asking the resident to correct (補正の求め, 行政手続法第7条): field by field, until a day."""

from datetime import date, datetime, timedelta
from typing import Any

from yakuba.casework import outward
from yakuba.casework.errors import Incomplete
from yakuba.casework.models import Case, Correction
from yakuba.casework.moves import audit_event, make_move
from yakuba.casework.policies import check_unchanged
from yakuba.casework.staff.models import Staff

USUAL_DAYS = 14
_LONGEST = timedelta(days=180)
_LONGEST_MESSAGE = 500


def ask(
    case: Case,
    items: list[dict[str, Any]],
    due: date | None,
    message: str,
    actor: Staff,
    at: datetime,
    today: date,
    seen_version: int | None,
) -> Correction:
    """Ask for a correction of the locked ``case``: the clock pauses where the law says so, the resident is told.

    Args:
        items: ``{"path", "label", "message"}`` for each answer or file to correct.

    Raises:
        ChangedMeanwhile, NotNow, NotAllowed, Incomplete.
    """
    check_unchanged(case, seen_version)
    due = _checked(items, due, message, today)
    make_move(case, "ask_correction", actor, at, note=_in_words(items, message))
    correction = Correction.objects.create(
        municipality=case.municipality, case=case, asked_at=at, asked_by=actor, items=items,
        message=message.strip(), due=due,
    )  # fmt: skip
    event = audit_event(case, "correction.sent", actor, items=str(len(items)), due=due.isoformat())
    outward.ask_correction(case, items, due, message.strip(), at, event)
    return correction


def stop_waiting(case: Case, actor: Staff, at: datetime, seen_version: int | None, note: str) -> None:
    """Go on without the correction (it was settled otherwise, or its day has passed)."""
    check_unchanged(case, seen_version)
    Correction.objects.filter(case=case, state="open").update(state="closed")
    make_move(case, "stop_waiting", actor, at, note=note.strip())


def _checked(items: list[dict[str, Any]], due: date | None, message: str, today: date) -> date:
    problems: dict[str, str] = {}
    if not items and not message.strip():
        problems["points"] = "直してほしい項目を一つ以上選び、何を直すかを書いてください。"
    if any(not item["message"].strip() or len(item["message"]) > _LONGEST_MESSAGE for item in items):
        problems["points"] = (
            "選んだ項目ごとに、何をどう直すかを500字以内で書いてください。例: 口座名義をカタカナで書いてください"
        )
    if due is None or not today < due <= today + _LONGEST:
        problems["due"] = f"期限は明日以降の日付にしてください。例: {today + timedelta(days=USUAL_DAYS)}"
    if problems or due is None:
        raise Incomplete(problems)
    return due


def _in_words(items: list[dict[str, Any]], message: str) -> str:
    lines = [f"{item['label']}: {item['message']}" for item in items]
    return "\n".join([*lines, message.strip()] if message.strip() else lines)
