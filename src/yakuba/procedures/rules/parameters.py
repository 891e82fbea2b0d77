"""What is law is dated data: amounts, ages, limits and periods with unit, source and how sure we are.

Rules receive a :class:`Parameters` value; only :func:`load_parameters` reads files, and it is called at the
edge. A value is asked for *as of a day*, and a day outside its history is an error, never a guess.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from yakuba.procedures.folders import parts

UNITS = {
    "yen": "円",
    "yen_per_month": "円/月",
    "yen_per_day": "円/日",
    "years_of_age": "歳",
    "years": "年",
    "rank": "順位",
    "calendar_days": "日 (暦日)",
    "office_days": "日 (開庁日)",
    "weeks": "週",
    "months": "月",
    "hours_per_month": "時間/月",
    "hours_per_day": "時間/日",
    "percent": "%",
    "per_ten_million": "1千万分の1",
    "rate_per_10000": "1万分の1",
    "metres": "m",
    "month_of_year": "月 (1〜12)",
    "date": "年月日",
    "points": "点",
    "list": "一覧",
    "yes_no": "可否",
}
_DAY_UNITS = ("calendar_days", "office_days")


class ParameterError(LookupError):
    """A parameter cannot be given."""


class UnknownParameterError(ParameterError):
    """No parameter has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no parameter {name!r}; see docs/law.md for all names")
        self.name = name


class NotInForceError(ParameterError):
    """The data hold no value of the parameter for this day."""

    def __init__(self, name: str, on: date) -> None:
        super().__init__(f"no value of {name!r} is in force on {on}; add a dated value with its source")
        self.name = name
        self.on = on


class MunicipalSettingError(ValueError):
    """A municipality set a value that the law does not leave to it, or outside the range the law leaves."""


@dataclass(frozen=True, slots=True)
class Dated:
    """One value with the days it is in force on, both inclusive; ``valid_until`` None is open."""

    value: Any
    valid_from: date
    valid_until: date | None
    source: str
    sure: bool
    note: str

    def in_force(self, on: date) -> bool:
        """Whether this is the value on ``on``."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named quantity of law.

    ``municipal`` ones a municipality may set, within ``limits`` or ``choices`` if given.
    """

    name: str
    ja: str
    en: str
    unit: str
    municipal: bool
    limits: tuple[int, int] | None
    history: tuple[Dated, ...]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters, by name."""

    by_name: Mapping[str, Parameter]

    def dated(self, name: str, on: date) -> Dated:
        """The value of ``name`` on ``on`` with its source. Raises UnknownParameterError, NotInForceError."""
        if name not in self.by_name:
            raise UnknownParameterError(name)
        for dated in self.by_name[name].history:
            if dated.in_force(on):
                return dated
        raise NotInForceError(name, on)

    def has(self, name: str, on: date) -> bool:
        """Whether ``name`` is in force on ``on``. Raises UnknownParameterError."""
        if name not in self.by_name:
            raise UnknownParameterError(name)
        return any(dated.in_force(on) for dated in self.by_name[name].history)

    def number(self, name: str, on: date) -> int:
        """A whole number (yen, days, hours …). Raises TypeError when the parameter is not one."""
        value = self.dated(name, on).value
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"parameter {name!r} is {value!r}, not a whole number")
        return value

    def value(self, name: str, on: date) -> Any:
        """The value as it stands in the data (lists as tuples, tables as read-only mappings)."""
        return self.dated(name, on).value

    def unsure(self, names: Iterable[str], on: date) -> tuple[str, ...]:
        """Those of ``names`` whose value on ``on`` is marked as not certain."""
        return tuple(name for name in names if self.has(name, on) and not self.dated(name, on).sure)

    def with_municipal(self, settings: Mapping[str, Any]) -> "Parameters":
        """These parameters with a municipality's own values in place of the starting ones.

        Raises MunicipalSettingError for a parameter that law fixes or a number outside the law's range.
        """
        changed = {name: _set(self._settable(name), value) for name, value in settings.items()}
        return replace(self, by_name=MappingProxyType({**self.by_name, **changed}))

    def _settable(self, name: str) -> Parameter:
        if name not in self.by_name:
            raise UnknownParameterError(name)
        if not self.by_name[name].municipal:
            raise MunicipalSettingError(f"{name!r} is fixed by law and cannot be set by a municipality")
        return self.by_name[name]


def _set(parameter: Parameter, value: Any) -> Parameter:
    if isinstance(value, Mapping) and parameter.unit in _DAY_UNITS:
        parameter, value = _in_unit(parameter, value["unit"]), value["value"]
    _check_limits(parameter, value)
    own = {"value": _frozen(value), "sure": True, "note": "set by the municipality (市町村の設定)"}
    return replace(parameter, history=tuple(replace(dated, **own) for dated in parameter.history))


def _in_unit(parameter: Parameter, unit: str) -> Parameter:
    if unit not in _DAY_UNITS:
        raise MunicipalSettingError(f"{parameter.name!r} counts {' or '.join(_DAY_UNITS)}, not {unit!r}")
    return replace(parameter, unit=unit)


def _check_limits(parameter: Parameter, value: Any) -> None:
    limits = parameter.limits
    if value is None and parameter.unit in _DAY_UNITS:
        return  # a municipality may have published no period
    if limits and not (isinstance(value, int) and limits[0] <= value <= limits[1]):
        raise MunicipalSettingError(
            f"{parameter.name!r} must be a whole number from {limits[0]} to {limits[1]}"
            f" (for example {limits[0]}), not {value!r}"
        )
    if parameter.choices and value not in parameter.choices:
        raise MunicipalSettingError(
            f"{parameter.name!r} must be {' or '.join(parameter.choices)}, not {value!r}"
        )


@cache
def load_parameters() -> Parameters:
    """The parameters of law (``rules/data/``) and of each procedure (``definitions/<id>/parameters.yaml``).

    Raises ValueError when a file is not well formed.
    """
    folder = files("yakuba.procedures.rules") / "data"
    shared = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda e: e.name
    )
    documents = [*shared, *(file for _, file in parts("parameters.yaml"))]
    return parse_parameters(
        row for document in documents for row in yaml.safe_load(document.read_text(encoding="utf-8"))
    )


def parse_parameters(rows: Iterable[Mapping[str, Any]]) -> Parameters:
    """Parameters from rows of the data files. Raises ValueError saying which is wrong and why."""
    by_name: dict[str, Parameter] = {}
    for row in rows:
        parameter = _parameter(row)
        if parameter.name in by_name:
            raise ValueError(f"parameter {parameter.name!r} is written twice")
        by_name[parameter.name] = parameter
    return Parameters(MappingProxyType(by_name))


def _parameter(row: Mapping[str, Any]) -> Parameter:
    name = row["name"]
    if row["unit"] not in UNITS:
        raise ValueError(f"parameter {name!r} has the unit {row['unit']!r}; use one of {', '.join(UNITS)}")
    limits = row.get("limits")
    history = tuple(_dated(name, entry) for entry in row["history"])
    _check_history(name, history)
    return Parameter(
        name,
        row["ja"],
        row["en"],
        row["unit"],
        row.get("municipal", False),
        tuple(limits) if limits else None,
        history,
        tuple(row.get("choices", ())),
    )


def _dated(name: str, entry: Mapping[str, Any]) -> Dated:
    sure, note = entry.get("sure", True), entry.get("note", "")
    if not sure and not note:
        raise ValueError(f"parameter {name!r} is marked unsure without a note that says what is unsure")
    return Dated(_frozen(entry["value"]), entry["from"], entry.get("until"), entry["source"], sure, note)


def _check_history(name: str, history: tuple[Dated, ...]) -> None:
    for earlier, later in itertools.pairwise(history):
        if earlier.valid_until is None or earlier.valid_until >= later.valid_from:
            raise ValueError(
                f"parameter {name!r}: the value from {earlier.valid_from} overlaps {later.valid_from}"
            )


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(item) for key, item in value.items()})
    return value
