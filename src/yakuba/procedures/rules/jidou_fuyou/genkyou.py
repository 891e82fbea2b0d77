"""児童扶養手当の現況届の事前送信: the yearly report sent before the interview (児童扶養手当法28条1項; 施行規則4条).

Sending it does not finish it: the town must see the person (面談) to learn whether the entitlement stands. So the rule cannot
tell before an interview is recorded, and only then says what the allowance is from November.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.procedures.rules.answers import Known, answers_of, day, items, number, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.jidou_fuyou.amounts import Household, Monthly, band_of, counted_income, monthly
from yakuba.procedures.rules.jidou_fuyou.reasons import BANDS, REASON
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import NotInForceError, Parameters

PROCEDURE = "jidou-fuyou-genkyou"
REGISTER = "jidou_fuyou_teate"
_AUGUST, _NOVEMBER = 8, 11


@dataclass(frozen=True, slots=True)
class Facts:
    """A report. ``entry``: what the register holds (empty: nothing; None: nobody looked).

    ``total_income`` is the register's; ``deductions``, ``dependants`` and the ``family`` incomes are what a clerk found.
    """

    applicant: str
    received_on: date
    year: int
    entry: Mapping[str, Json] | None
    children: int
    child_support: int
    interviewed_on: date | None = None
    still_entitled: bool | None = None
    total_income: int | None = None
    wages: bool = True
    deductions: int | None = None
    dependants: int | None = None
    elderly: int = 0
    students: int = 0
    family_over: bool | None = None
    five_years: bool | None = None


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts of a report.

    ``register``, every key optional: ``applicant``, ``allowance`` (the entry), ``income`` (合計所得金額), ``wages`` (給与収入), and what a clerk
    found: ``interviewed_on``, ``still_entitled``, ``deductions``, ``dependants``, ``elderly``, ``students``, ``family_over``
    (whether the income of family obliged to support reaches their limit), ``five_years`` (whether 13条の3 applies).
    """
    answers = answers_of(application)
    entry = register.get("allowance")
    wages = number(register.get("wages"))
    return Facts(
        applicant=str(register.get("applicant", "applicant")),
        received_on=received_on,
        year=number(answers.get("year")) or received_on.year,
        entry=dict(entry) if isinstance(entry, Mapping) else None,
        children=len(items(answers.get("children"))),
        child_support=number(answers.get("support_yen")) or 0,
        interviewed_on=day(register.get("interviewed_on")),
        still_entitled=yes_no(register.get("still_entitled")),
        total_income=number(register.get("income")),
        wages=wages is None or wages > 0,
        deductions=number(register.get("deductions")),
        dependants=number(register.get("dependants")),
        elderly=number(register.get("elderly")) or 0,
        students=number(register.get("students")) or 0,
        family_over=yes_no(register.get("family_over")),
        five_years=yes_no(register.get("five_years")),
    )


def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """What the allowance is from November of the year, once the interview is over. ``as_of`` plays no part."""
    del as_of
    due = due_date(PROCEDURE, facts.received_on, parameters)
    unsure = parameters.unsure((f"clock.{PROCEDURE}",), facts.received_on)
    against = tuple(_standing(application, facts))
    if concluded(against) != "eligible" or facts.dependants is None or facts.total_income is None:
        return Decision(concluded(against), against, due=due, unsure=unsure)
    november = Month(facts.year, _NOVEMBER)
    household = _household(facts, november, parameters)
    unsure = (*unsure, *parameters.unsure(_USED, november.first))
    try:
        found = monthly(household, november, parameters)
    except NotInForceError as missing:
        band = band_of(household, november, parameters)
        unknown = REASON("amount_not_in_data", band=BANDS[band], name=missing.name)
        return Decision("cannot_tell", (*against, unknown), {"band": band}, due=due, unsure=unsure)
    reasons = (REASON(f"goes_on_{found.band}", month=november, amount=f"{found.yen:,}"), *against)
    results: dict[str, Json] = {
        "band": found.band,
        "monthly_amount": found.yen,
        "from_month": str(november),
        "counted_income_yen": household.income,
        "decision": reasons[0].text.ja,
    }
    return Decision("eligible", reasons, results, (_effect(facts, found),), due, unsure)


_USED = (
    "jidou_fuyou.rate.first",
    "jidou_fuyou.rate.second",
    "jidou_fuyou.rate.third",
    "jidou_fuyou.wage_deduction",
)


def _standing(application: Mapping[str, Any], facts: Facts) -> Iterator[Reason]:
    if str((application.get("applicant") or {}).get("role", "self")) != "self":
        yield REASON("only_in_person")
    if facts.entry is None:
        yield REASON("recipient_unknown")
    elif not facts.entry:
        yield REASON("not_a_recipient")
    if facts.received_on < date(facts.year, _AUGUST, 1):
        yield REASON("too_early", day=date(facts.year, _AUGUST, 1))
    if not facts.children:
        yield REASON("no_child")
    yield from _interview(facts)


def _interview(facts: Facts) -> Iterator[Reason]:
    if facts.interviewed_on is None:
        yield REASON("interview_needed")
        return
    if facts.still_entitled is not True:
        yield REASON("entitlement_unclear" if facts.still_entitled is None else "no_longer_entitled")
    if facts.total_income is None or facts.deductions is None or facts.dependants is None:
        yield REASON("income_unknown")
    if facts.family_over is None:
        yield REASON("family_income_unknown")
    if facts.five_years is not False:
        yield REASON("five_years_unknown" if facts.five_years is None else "five_years_reduction")


def _household(facts: Facts, november: Month, parameters: Parameters) -> Household:
    income = counted_income(
        facts.total_income or 0, facts.child_support, facts.deductions or 0, wages=facts.wages, month=november,
        parameters=parameters,
    )  # fmt: skip
    limit = parameters.number("jidou_fuyou.family_limit", november.first)
    family = ((limit, 0),) if facts.family_over else ()
    return Household(facts.children, income, facts.dependants or 0, facts.elderly, facts.students, family)


def _effect(facts: Facts, found: Monthly) -> RegisterEffect:
    kept = {
        key: value for key, value in (facts.entry or {}).items() if key not in ("valid_from", "valid_until")
    }
    entry: dict[str, Json] = {
        **kept,
        "band": found.band,
        "monthly_amount": found.yen,
        "children": facts.children,
        "from_month": str(found.month),
        "confirmed_year": str(facts.year),
        "interviewed_on": facts.interviewed_on.isoformat() if facts.interviewed_on else None,
    }
    known = {key: value for key, value in entry.items() if value is not None}
    return RegisterEffect(REGISTER, known, found.month.first, subject=facts.applicant)
