"""Values a form works out from its answers and shows: a child's age, the last day of a deadline, the first month paid.

They inform the person who fills in the form; decisions are made by the rules. Ids may stand as ``<id>`` in texts.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from yakuba.procedures import datetext
from yakuba.procedures.answers import clean
from yakuba.procedures.conditions import items
from yakuba.procedures.context import Answers, Context, age_attained, moment, school_year_age
from yakuba.procedures.definition import Computed, Procedure

PLACE = re.compile(r"<([a-z][a-z0-9_]*)>")  # where a worked-out value stands in a text
Inputs = Mapping[str, str | int]
Worker = Callable[[Answers, Inputs, Context], str | int | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of value is worked out, and the inputs it needs."""

    work: Worker
    inputs: tuple[str, ...]


def _day(answers: Answers, name: object) -> date | None:
    value = answers.get(str(name))
    return datetext.day_meant(value) if isinstance(value, str) and datetext.is_date(value) else None


def _age(answers: Answers, inputs: Inputs, context: Context) -> int | None:
    birth = _day(answers, inputs["of"])
    on = moment(str(inputs.get("at", "today")), context.today)
    return None if birth is None else max(0, age_attained(birth, on))


def _school_year_age(answers: Answers, inputs: Inputs, context: Context) -> int | None:
    """The class age in the fiscal year of ``of_date`` if that is given and answered, else of today."""
    birth = _day(answers, inputs["of"])
    on = _day(answers, inputs.get("of_date")) or context.today
    return None if birth is None else max(0, school_year_age(birth, on))


def _deadline(answers: Answers, inputs: Inputs, _context: Context) -> str | None:
    """The last day of a period of ``days`` days counted from the day after the event (民法第140条)."""
    event = _day(answers, inputs["of"])
    return None if event is None else (event + timedelta(days=int(inputs["days"]))).isoformat()


def _start_month(answers: Answers, inputs: Inputs, context: Context) -> str | None:
    """The month payment begins (``YYYY-MM``): the month after the application's, or after the event's if the
    application comes within ``days`` days of it (児童手当法第8条第2項・第3項)."""
    event = _day(answers, inputs["of"])
    if event is None:
        return None
    in_time = event <= context.today <= event + timedelta(days=int(inputs["days"]))
    counted_from = event if in_time else context.today
    following = date(counted_from.year + counted_from.month // 12, counted_from.month % 12 + 1, 1)
    return f"{following:%Y-%m}"


def _count(answers: Answers, inputs: Inputs, _context: Context) -> int:
    return len(items(answers, str(inputs["of"])))


KINDS: Mapping[str, Kind] = {
    "age": Kind(_age, ("of",)),
    "school_year_age": Kind(_school_year_age, ("of",)),
    "deadline": Kind(_deadline, ("of", "days")),
    "start_month": Kind(_start_month, ("of", "days")),
    "count": Kind(_count, ("of",)),
}


def computed(procedure: Procedure, answers: Answers, context: Context) -> dict[str, str | int]:
    """Every value that can be worked out: ``{"start_month": "2026-12", "children-0-age": 3}``."""
    cleaned = clean(procedure, answers, context)
    found: dict[str, str | int] = {}
    for one in procedure.computed:
        for name, source in _places(one, cleaned):
            if (value := KINDS[one.kind].work(source, one.inputs, context)) is not None:
                found[name] = value
    return found


def _places(one: Computed, cleaned: Answers) -> list[tuple[str, Answers]]:
    if one.group is None:
        return [(one.id, cleaned)]
    return [
        (f"{one.group}-{index}-{one.id}", {**cleaned, **item})
        for index, item in enumerate(items(cleaned, one.group))
    ]
