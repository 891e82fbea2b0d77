"""高額介護(予防)サービス費: what is paid back of a month's copayments (介護保険法51条, 61条; 施行令22条の2の2, 29条の2の2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from yakuba.procedures.rules.kaigo_futan.household import Household
from yakuba.procedures.rules.parameters import Parameters

CapClass = Literal["welfare", "low_income", "untaxed", "taxed", "taxed_middle", "taxed_high"]


@dataclass(frozen=True, slots=True)
class Caps:
    """The caps of one month in yen. ``person`` is None where only the household's cap counts."""

    name: CapClass
    household: int
    person: int | None


def caps(
    household: Household, welfare: bool | None, welfare_pension: bool | None, on: date, parameters: Parameters
) -> Caps | None:
    """The caps that hold for services on ``on``; None when the registers do not say enough.

    ``welfare``: 生活保護. ``welfare_pension``: 老齢福祉年金. None of either counts as no: who receives one says so.
    """
    person = parameters.number("kaigo_futan.cap.person", on)
    if welfare:
        return Caps("welfare", person, person)
    taxed = household.taxed
    if taxed is None:
        return None
    if taxed:
        return _taxed(household, on, parameters)
    cap = parameters.number("kaigo_futan.cap.untaxed", on)
    if welfare_pension:
        return Caps("low_income", cap, person)
    receipts = household.own.receipts
    if receipts is None:
        return None
    low = receipts <= parameters.number("kaigo_futan.low_income", on)
    return Caps("low_income", cap, person) if low else Caps("untaxed", cap, None)


def _taxed(household: Household, on: date, parameters: Parameters) -> Caps | None:
    """By the highest taxable income of a first-class insured of the household.

    A householder deducts from it for each member under 19 without income. The registers do not say for whom: where that
    could make the cap a lower one it is left to people (None).
    """
    counted = [one for one in household.everybody if one.first_class is not False and one.taxed is not False]
    if any(one.taxable is None or one.first_class is None for one in counted):
        return None
    highest = max((one.taxable for one in counted if one.taxable is not None), default=0)
    deducted = sum(one.minor for one in household.everybody) * parameters.number(
        "kaigo_futan.cap.per_minor", on
    )
    name = _step(highest, on, parameters)
    if name != _step(highest - deducted, on, parameters):
        return None
    return Caps(name, parameters.number(f"kaigo_futan.cap.{name}", on), None)


def _step(highest: int, on: date, parameters: Parameters) -> CapClass:
    name: CapClass = "taxed"
    for step in ("taxed_middle", "taxed_high"):
        if highest >= parameters.number(f"kaigo_futan.cap.{step}_from", on):
            name = step
    return name


def refund(own: int, others: Sequence[int], of: Caps) -> int:
    """What one insured person gets back, in yen, never more than they paid.

    ``own``: the month's copayments of this person (without meals, room, equipment, works); ``others``: those of
    the other insured of the household. The household's excess over its cap is divided by what each paid (施行令22条の
    2の2第2項); who has a cap of their own gets their excess over that where it is more. A fraction of a yen in the
    division is dropped. Raises ValueError for a negative amount.
    """
    if own < 0 or any(one < 0 for one in others):
        raise ValueError("a copayment is an amount of yen, for example 30000, never below 0")
    total = own + sum(others)
    excess = max(0, total - of.household)
    by_household = excess * own // total if total else 0
    by_person = max(0, own - of.person) if of.person is not None else 0
    return max(by_household, by_person)
