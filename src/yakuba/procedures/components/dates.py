"""Dates, entered by era (和暦) or Western year, with 不詳 where the field allows it.

An answer is ``YYYY-MM-DD`` (``00`` for an unknown part). What does not make a date is kept as the four typed parts.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yakuba.base.dates import UncertainDate
from yakuba.base.texts import Language, Text, without_readings
from yakuba.base.wareki import ERAS, NoSuchDate, era_named, era_of, from_wareki, wareki
from yakuba.procedures import datetext, normalise
from yakuba.procedures.components.base import Component, Fault, Post, Schema, message, part
from yakuba.procedures.context import Context, moment
from yakuba.procedures.definition import Field

WESTERN = "western"
_PARTS = ("era", "year", "month", "day")
_UNKNOWN = {"不詳", "不明", "わからない", "unknown", "?", "？"}


class DateComponent(Component):
    """A day: era, year, month, day as four controls."""

    template = "date"
    grouped = True

    def parse(self, field: Field, post: Post, name: str) -> object:
        typed = {key: normalise.line(post.one(f"{name}-{key}")) for key in _PARTS}
        if not any(typed[key] for key in _PARTS[1:]):
            return None
        return as_date_text(typed) or {key: value for key, value in typed.items() if value}

    def faults(self, field: Field, value: object, context: Context) -> Iterator[Fault]:
        if not datetext.is_date(value):
            yield Fault("", self._not_a_date(field, value))
        elif not field.uncertain and not datetext.is_exact(value):
            yield Fault("", message("date_unknown_part", label=field.label, example=self.example(field)))
        else:
            yield from _out_of_range(field, datetext.last_day_meant(str(value)), context)

    def _not_a_date(self, field: Field, value: object) -> Text:
        typed = value if isinstance(value, Mapping) else {}
        era = str(typed.get("era", ""))
        given = written(typed) if typed else str(value)
        kind = "not_date_uncertain" if field.uncertain else "not_date"
        if era and era != WESTERN and _is_western_date(typed):
            kind = "not_in_era"
        if not era and len(str(typed.get("year", ""))) < 4 and typed.get("year"):
            kind = "era_missing"
        return message(kind, label=field.label, given=given, example=self.example(field))

    def schema(self, field: Field, context: Context) -> Schema:
        form = datetext.ANY if field.uncertain else datetext.EXACT
        rules: list[Schema] = [{"type": "string", "pattern": f"^(?:{form})$"}]
        if field.latest:
            until = moment(field.latest, context.today).isoformat()
            rules.append({"pattern": f"^(?:{datetext.pattern_until(until)})$"})
        if field.earliest:
            before = moment(field.earliest, context.today).toordinal() - 1
            until = date.fromordinal(before).isoformat()
            rules.append({"not": {"pattern": f"^(?:{datetext.pattern_until(until)})$"}})
        return rules[0] if len(rules) == 1 else {"allOf": rules}

    def show(self, field: Field, value: object, language: Language) -> str:
        if not datetext.is_date(value):
            return written(value) if isinstance(value, Mapping) else str(value)
        return show_date(str(value), language)

    def controls(self, field: Field, value: object, language: Language) -> dict[str, Any]:
        typed = typed_parts(value, language)
        return {"typed": typed, "eras": _eras(language), "uncertain": field.uncertain}

    def example(self, field: Field) -> str:
        return field.example or "令和5年4月1日"

    def first_part(self, field: Field) -> str:
        return "year"


def _eras(language: Language) -> list[tuple[str, str]]:
    """What the era's list offers: in English the Western calendar first, in Japanese nothing chosen beforehand."""
    western = (WESTERN, without_readings(part(WESTERN).in_language(language)))
    eras = [(era.name, era.roman if language == "en" else era.name) for era in reversed(ERAS)]
    if language == "en":
        return [western, *eras]
    return [("", without_readings(part("choose").in_language(language))), *eras, western]


def as_date_text(typed: Mapping[str, str]) -> str | None:
    """The date text of typed parts (``{"era": "令和", "year": "元", …}``), ``None`` if they make no date."""
    year, month, day = (_number(typed.get(key, "")) for key in _PARTS[1:])
    era = typed.get("era", "") or WESTERN
    if year is None or not year or month is None or day is None:
        return None
    try:
        if era == WESTERN:
            return _checked(str(UncertainDate(year, month, day)))
        if month and day:
            return _checked(from_wareki(era, year, month, day).isoformat())
        first = era_named(era).first_day.year
        return _checked(str(UncertainDate(first + year - 1, month, day))) if _in_era(era, year) else None
    except ValueError:
        return None


def _in_era(name: str, year: int) -> bool:
    era = era_named(name)
    following = [other.first_day.year for other in ERAS if other.first_day > era.first_day]
    return 1 <= year <= (min(following) if following else 9999) - era.first_day.year + 1


def _checked(text: str) -> str | None:
    return text if datetext.is_date(text) else None


def _number(text: str) -> int | None:
    plain = normalise.ascii_text(text).rstrip("年月日")
    if plain == "元":
        return 1
    if plain.lower() in _UNKNOWN:
        return 0
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 4 else None


def _is_western_date(typed: Mapping[str, object]) -> bool:
    year = _number(str(typed.get("year", "")))
    if year is None:
        return False
    try:
        first = era_named(str(typed.get("era"))).first_day.year
    except NoSuchDate:
        return False
    parts = {"year": str(first + year - 1), **{key: str(typed.get(key, "")) for key in ("month", "day")}}
    return as_date_text(parts) is not None


def written(typed: Mapping[str, object]) -> str:
    """Typed parts as one would write them: 令和7年2月30日."""
    era = str(typed.get("era", ""))
    year = f"{typed.get('year', '')}年" if typed.get("year") else "（年なし）"
    month = f"{typed.get('month', '')}月" if typed.get("month") else "（月なし）"
    day = f"{typed.get('day', '')}日" if typed.get("day") else "（日なし）"
    return f"{'' if era == WESTERN else era}{year}{month}{day}"


def typed_parts(value: object, language: Language) -> dict[str, str]:
    """What to put into the four controls for an answer: the era's year in Japanese, the Western year in English."""
    if isinstance(value, Mapping):
        return {key: str(value.get(key, "")) for key in _PARTS}
    if not datetext.is_date(value):
        empty = WESTERN if language == "en" else ""
        return {"era": empty, "year": str(value) if isinstance(value, str) else "", "month": "", "day": ""}
    found = UncertainDate.parse(str(value))
    unknown = part("unknown_part").ja
    month, day = (str(number) if number else unknown for number in (found.month, found.day))
    if language == "en" or found.latest < ERAS[0].first_day:
        return {"era": WESTERN, "year": str(found.year), "month": month, "day": day}
    era = era_of(found.latest)
    return {"era": era.name, "year": str(found.year - era.first_day.year + 1), "month": month, "day": day}


def show_date(value: str, language: Language) -> str:
    """``2026-11-23`` → 令和8年11月23日(2026年) or 23 November 2026; unknown parts said so."""
    found = UncertainDate.parse(value)
    if language == "en":
        exact = found.exact
        return f"{exact.day} {exact:%B %Y}" if exact else value.replace("-00", "-??")
    if found.exact and found.exact < ERAS[0].first_day:
        return f"{found.year}年{found.month}月{found.day}日"
    return f"{wareki(found.exact) if found.exact else found.in_japanese()}（{found.year}年）"


def _out_of_range(field: Field, meant: str, context: Context) -> Iterator[Fault]:
    if field.earliest and meant < (limit := moment(field.earliest, context.today).isoformat()):
        yield Fault("", message("date_too_early", label=field.label, limit=_shown(limit)))
    elif field.latest and meant > (limit := moment(field.latest, context.today).isoformat()):
        yield Fault("", message("date_too_late", label=field.label, limit=_shown(limit)))


def _shown(limit: str) -> Text:
    return Text(show_date(limit, "ja"), show_date(limit, "en"), show_date(limit, "easy"))


DATE = DateComponent()
