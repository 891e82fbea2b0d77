"""Whose income counts for what the insured pay (介護保険法施行令22条の2, 22条の2の2; 施行規則83条の5).

``None`` always means: not known. A household of which something that counts is unknown makes the answer unknown,
never a guess.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from yakuba.procedures.rules.ages import age_on
from yakuba.procedures.rules.answers import Known, day, first_known, number, uncertain_day
from yakuba.procedures.rules.kaigo.insured import BirthUncertainError, insured_class
from yakuba.procedures.rules.parameters import Parameters

_MINOR_UNTIL = (
    19  # years: under 19 at the end of the tax year before, so 19 at most in the months that it decides
)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the household. All amounts in yen, of the year that counts.

    ``first_class``: 65 or older (第1号被保険者). ``taxed``: whether resident tax is levied (市町村民税課税).
    ``total_income``: 合計所得金額. ``pensions``: receipts of taxed public pensions (公的年金等収入金額).
    ``pension_income``: the part of ``total_income`` that comes from them. ``untaxed_pensions``: survivors' and
    disability pensions, which count for the limit of meals and room only. ``taxable``: 課税所得. ``minor``: perhaps
    under 19 in the year that counts, whom 施行令22条の2の2 lets lower a householder's ``taxable``.
    """

    first_class: bool | None = None
    taxed: bool | None = None
    total_income: int | None = None
    pensions: int | None = None
    pension_income: int | None = None
    untaxed_pensions: int | None = None
    taxable: int | None = None
    minor: bool = False

    @classmethod
    def from_known(cls, known: Known, on: date, parameters: Parameters) -> Self:
        """A member from what the registers know: ``birth``, and the entry of the tax register (``juminzei``)."""
        tax: Known = known.get("juminzei") or {}
        return cls(
            _first_class(known.get("birth"), on, parameters),
            {"exempt": False, "per_capita_only": True, "taxed": True}.get(str(tax.get("taxation"))),
            number(tax.get("total_income")),
            number(tax.get("pension_income")),
            number(tax.get("pension_gain")),
            number(tax.get("untaxed_pensions")),
            number(tax.get("taxable_income")),
            _minor(known.get("birth"), on),
        )

    @property
    def receipts(self) -> int | None:
        """Pensions and other income together (年金収入＋その他の合計所得金額)."""
        if self.total_income is None or self.pensions is None:
            return None
        if self.pension_income is None and self.pensions > 0:
            return None
        return self.pensions + max(0, self.total_income - (self.pension_income or 0))


@dataclass(frozen=True, slots=True)
class Household:
    """The insured person and who lives in one household with them (世帯)."""

    own: Member
    others: tuple[Member, ...] = ()

    @classmethod
    def from_known(cls, members: Iterable[Known], on: date, parameters: Parameters) -> Self | None:
        """A household from the registers, the insured person first; None when nobody is known."""
        found = [Member.from_known(one, on, parameters) for one in members]
        return cls(found[0], tuple(found[1:])) if found else None

    @property
    def everybody(self) -> tuple[Member, ...]:
        """All members, the insured person first."""
        return (self.own, *self.others)

    @property
    def first_class(self) -> tuple[Member, ...]:
        """The members known to be insured in the first class."""
        return tuple(one for one in self.everybody if one.first_class)

    @property
    def taxed(self) -> bool | None:
        """Whether anybody pays resident tax (課税世帯); None when that is not known of somebody who could tip it."""
        said = [one.taxed for one in self.everybody]
        if True in said:
            return True
        return None if None in said else False

    def receipts_of_first_class(self) -> int | None:
        """The sum of the first-class members' receipts; None when one's class or receipts are not known."""
        if any(one.first_class is None for one in self.everybody):
            return None
        each = [one.receipts for one in self.first_class]
        return None if None in each else sum(one for one in each if one is not None)


def _minor(birth: object, on: date) -> bool:
    known = day(birth)
    return known is not None and known <= on and age_on(known, on) <= _MINOR_UNTIL


def _first_class(birth: object, on: date, parameters: Parameters) -> bool | None:
    known = first_known(day(birth), uncertain_day(birth))
    try:
        return None if known is None else insured_class(known, on, parameters) == "1"
    except BirthUncertainError:
        return None
