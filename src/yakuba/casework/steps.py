"""What clerks record besides the answers (survey results, findings): reading a posted form."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from yakuba.audit.log import append
from yakuba.base.wareki import wareki
from yakuba.casework.errors import Incomplete, NotNow
from yakuba.casework.models import Case, Step
from yakuba.casework.moves import audit_event, record, set_due
from yakuba.casework.procedure_desk import StepField, StepKind, common_steps, desk_of
from yakuba.casework.staff.models import Staff
from yakuba.casework.workflow import Status

POSTPONEMENT = "postponement"
_YES_NO = {"yes": True, "no": False}
_OPEN_FOR_STEPS = (Status.RECEIVED, Status.IN_REVIEW, Status.CORRECTION)


def kinds_for(procedure: str, role: str) -> tuple[StepKind, ...]:
    """The steps that may be recorded for a case of ``procedure`` applied for in ``role``."""
    common = tuple(one for one in common_steps() if role in one.roles)
    return common + desk_of(procedure).steps


def newest(case: Case) -> dict[str, Step]:
    """The newest step of each kind."""
    found: dict[str, Step] = {}
    for step in case.steps.select_related("by").order_by("at", "id"):
        found[step.kind] = step
    return found


def record_step(
    case: Case, kind: StepKind, posted: Mapping[str, str], actor: Staff, at: datetime, today: date
) -> Step:
    """Keep a step of the locked ``case``.

    Raises:
        NotNow: the case waits for identification or a decision, or is closed.
        Incomplete: something is missing or impossible.
    """
    if case.status not in _OPEN_FOR_STEPS:
        raise NotNow("受付済・審査中・補正待ちの申請にだけ記録できます。")
    done_on, results = read_posted(kind, posted, today)
    if kind.kind == POSTPONEMENT:
        _postpone(case, results, at)
    step = Step.objects.create(
        municipality=case.municipality, case=case, kind=kind.kind, done_on=done_on, results=results, by=actor, at=at
    )  # fmt: skip
    case.row_version += 1
    case.save()
    record(case, f"step.{kind.kind}", f"{kind.label}を記録した({wareki(done_on)})", actor, at)
    append(audit_event(case, "case.step_recorded", actor, kind=kind.kind, done_on=done_on.isoformat()))
    return step


def _postpone(case: Case, results: Mapping[str, Any], at: datetime) -> None:
    """A notice of postponement moves the limit, if it went out in time and gains something."""
    until = date.fromisoformat(results["until"])
    if case.due is None or until <= case.due:
        raise Incomplete({"until": "いまの期限より後の日にしてください。"})
    case.due = until
    set_due(case, at)


def read_posted(kind: StepKind, posted: Mapping[str, str], today: date) -> tuple[date, dict[str, Any]]:
    """The day and results a form says.

    Raises:
        Incomplete: with what is wrong, field by field.
    """
    problems: dict[str, str] = {}
    done_on = _date(posted.get("done_on", ""))
    if done_on is None or done_on > today:
        problems["done_on"] = f"{kind.date_label}を書いてください。今日までの日です。例: {today.isoformat()}"
    results: dict[str, Any] = {}
    for field in kind.fields:
        text = posted.get(field.name, "").strip()
        value = _value(field, text)
        if value is not None:
            results[field.name] = value
        elif text or field.required:
            problems[field.name] = _what_is_right(field)
    if problems or done_on is None:
        raise Incomplete(problems)
    return done_on, results


def _value(field: StepField, text: str) -> Any:
    if field.type == "yes_no":
        return _YES_NO.get(text)
    if field.type == "choice":
        return text if text in (field.options or {}) else None
    if field.type == "date":
        found = _date(text)
        return found.isoformat() if found else None
    if field.type == "number":
        return _number(field, text)
    return text[:500] or None


def _number(field: StepField, text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    if number is None or number < (field.minimum or 0) or number > (field.maximum or number):
        return None
    return number


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _what_is_right(field: StepField) -> str:
    if field.type == "number":
        return f"「{field.label}」は{field.minimum}から{field.maximum}までの整数で書いてください。"
    if field.type == "date":
        return f"「{field.label}」は日付で書いてください。例: 2026-12-01"
    return f"「{field.label}」を{'選んで' if field.type in ('yes_no', 'choice') else '書いて'}ください。"


def in_words(kind: StepKind, results: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was recorded, as label and words."""
    return [
        (field.label, _shown(field, results[field.name])) for field in kind.fields if field.name in results
    ]


def _shown(field: StepField, value: Any) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return (field.options or {}).get(str(value), str(value))
