"""Whether a guardian's situation is a reason for childcare, and the length it certifies (施行規則1条の5,
4条).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from yakuba.base.texts import Text
from yakuba.procedures.rules.hoiku.facts import Guardian, Hours
from yakuba.procedures.rules.parameters import Parameters

Finding = Literal["needed", "not_needed", "reason_unknown", "hours_unknown", "hours_too_few"]


@dataclass(frozen=True, slots=True)
class NeedReason:
    """A reason of 施行規則1条の5: its item number, its name, and how the length of care follows from it."""

    code: str
    number: int
    name: Text
    hours: Literal["by_hours", "standard", "municipal"]


@dataclass(frozen=True, slots=True)
class Need:
    """What one guardian's situation comes to: a finding, and the length of care when needed and known."""

    guardian: Guardian
    finding: Finding
    hours: Hours | None = None


def need_reasons(on: date, parameters: Parameters) -> Mapping[str, NeedReason]:
    """The reasons in force on ``on``, by code."""
    rows = parameters.value("hoiku.reasons", on)
    return {
        row["code"]: NeedReason(
            row["code"], row["number"], Text(row["ja"], row["en"], row["easy"]), row["hours"]
        )
        for row in rows
    }


def need(guardian: Guardian, on: date, parameters: Parameters) -> Need:
    """What ``guardian``'s situation comes to on ``on``.

    Raises KeyError for a reason the ordinance does not know.
    """
    if guardian.reason is None:
        return Need(guardian, "reason_unknown")
    if guardian.reason == "none":
        return Need(guardian, "not_needed")
    reason = need_reasons(on, parameters)[guardian.reason]
    if reason.hours == "standard":
        return Need(guardian, "needed", "standard")
    if reason.hours == "municipal":
        return Need(guardian, "needed", parameters.value(f"hoiku.hours.{reason.code}", on))
    return _by_hours(guardian, reason, on, parameters)


def _by_hours(guardian: Guardian, reason: NeedReason, on: date, parameters: Parameters) -> Need:
    """Work has a lower limit in the ordinance.

    Study and nursing are measured by the hours where they are given.
    """
    if guardian.hours is None:
        return Need(guardian, "hours_unknown")
    if reason.code == "work" and guardian.hours < parameters.number("hoiku.minimum_work_hours", on):
        return Need(guardian, "hours_too_few")
    standard = guardian.hours >= parameters.number("hoiku.standard_hours_from", on)
    return Need(guardian, "needed", "standard" if standard else "short")


def shorter(lengths: tuple[Hours, ...]) -> Hours:
    """The length for a family: the standard one only when every guardian's situation asks for it."""
    return "short" if "short" in lengths else "standard"
