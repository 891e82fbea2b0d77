"""Which children count, and for which one is paid (児童手当法3条, 4条)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from yakuba.base.texts import Text
from yakuba.procedures.rules.ages import anniversary, school_year_end
from yakuba.procedures.rules.jidou_teate.facts import Child, Facts
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters
from yakuba.procedures.rules.words import together

_WORDS = {
    "birth": Text("生年月日", "the day of birth", "{生|う}まれた{日|ひ}"),
    "care": Text("監護の状況", "who cares for the child", "{世話|せわ}"),
    "livelihood": Text("生計の状況", "who pays for living", "{生活費|せいかつひ}"),
    "residence": Text("児童の住所", "where the child lives", "{住所|じゅうしょ}"),
    "home": Text("同居・別居の別", "whether the child lives with you", "いっしょに{住|す}んでいるか"),
    "facility": Text("施設への入所", "whether the child lives in an institution", "{施設|しせつ}にいるか"),
    "study": Text("留学の状況", "the stay abroad", "{留学|りゅうがく}"),
}

Standing = Literal["payable", "counted", "outside", "unclear"]


@dataclass(frozen=True, slots=True)
class ChildStanding:
    """How one child stands in one month. ``code`` is the reason's code; ``missing`` what is not known."""

    child: Child
    standing: Standing
    code: str
    missing: Text | None = None


def standing(child: Child, facts: Facts, month: Month, parameters: Parameters) -> ChildStanding:
    """How ``child`` stands in ``month``: paid for, only counted, neither, or not to be told.

    Age is looked at first: what is not known about a grown-up child does not matter.
    """
    if child.birth is None:
        return ChildStanding(child, "unclear", "child_unclear", _WORDS["birth"])
    counted = parameters.number("jidou_teate.counted_until_school_year_of", month.first)
    if Month.of(school_year_end(child.birth, counted)) < month:
        return ChildStanding(child, "outside", "child_too_old")
    if Month.of(child.birth) >= month:
        return ChildStanding(child, "outside", "child_not_yet")
    return _outside(child, child.birth, facts, month, parameters) or _paid_or_counted(
        child, child.birth, month, parameters
    )


def _outside(
    child: Child, birth: date, facts: Facts, month: Month, parameters: Parameters
) -> ChildStanding | None:
    code = _obstacle(child, birth, facts, month, parameters)
    if code:
        return ChildStanding(child, "outside", code)
    missing = _missing(child)
    return ChildStanding(child, "unclear", "child_unclear", missing) if missing else None


def _obstacle(child: Child, birth: date, facts: Facts, month: Month, parameters: Parameters) -> str:
    if child.in_facility:
        return "child_in_facility"
    if _is_abroad(child, birth, month, parameters):
        return "child_abroad"
    if facts.separated and child.with_other_parent:
        return "child_with_other_parent"
    return "child_not_cared_for" if False in (child.cared_for, child.shares_livelihood) else ""


def _is_abroad(child: Child, birth: date, month: Month, parameters: Parameters) -> bool:
    """Children past 18 are not 児童: 3条's residence rule does not reach them, cost of living does."""
    until = parameters.number("jidou_teate.is_child_until_school_year_of", month.first)
    if school_year_end(birth, until) < month.first:
        return False
    if child.residence == "studying_abroad" and child.left_japan_on:
        years = parameters.number("jidou_teate.study_abroad_years", month.first)
        return child.lived_in_japan_before is False or anniversary(child.left_japan_on, years) <= month.first
    return child.residence == "abroad"


def _missing(child: Child) -> Text | None:
    unknown = {
        "care": child.cared_for,
        "livelihood": child.shares_livelihood,
        "residence": child.residence,
        "home": child.lives_with_claimant,
        "facility": child.in_facility,
        "study": _study_known(child),
    }
    return together(_WORDS[name] for name, known in unknown.items() if known is None)


def _study_known(child: Child) -> bool | None:
    if child.residence != "studying_abroad":
        return False
    return None if child.left_japan_on is None or child.lived_in_japan_before is None else True


def _paid_or_counted(child: Child, birth: date, month: Month, parameters: Parameters) -> ChildStanding:
    payable = parameters.number("jidou_teate.payable_until_school_year_of", month.first)
    if Month.of(school_year_end(birth, payable)) < month:
        return ChildStanding(child, "counted", "child_counted_only")
    apart = child.lives_with_claimant is False
    return ChildStanding(child, "payable", "child_apart" if apart else "child_payable")
