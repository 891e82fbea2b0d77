"""利用者負担: the most that parents may be asked to pay for certified childcare (子ども・子育て支援法施行令4条・13条・14条).

A ceiling of the state. What a town really asks is its own by-law and never more.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from yakuba.procedures.rules.hoiku.facts import Hours
from yakuba.procedures.rules.parameters import Parameters

Why = Literal["public_assistance", "free_from_three", "exempt_household", "needy", "by_levy"]


@dataclass(frozen=True, slots=True)
class Family:
    """A child in care and the family it belongs to.

    ``levy``: 市町村民税所得割 of the guardians together, yen a year (税額控除前); ``exempt``: no resident tax at all.
    ``rank``: the place among the siblings that count; ``needy``: lone parent, disability (要保護者等).
    """

    classification: Literal["1", "2", "3"]
    hours: Hours | None
    levy: int
    exempt: bool = False
    rank: int = 1
    needy: bool = False
    public_assistance: bool = False


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The ceiling in yen a month, and by which rule."""

    yen: int
    why: Why


def ceiling(family: Family, on: date, parameters: Parameters) -> Ceiling:
    """The most the family can be asked to pay for the child on ``on``.

    Raises ParameterError outside the data (class 1 before October 2019 among it).
    """
    if family.public_assistance:
        return Ceiling(0, "public_assistance")
    if family.classification in ("1", "2") and parameters.value("hoiku_futan.free_from_three", on):
        return Ceiling(0, "free_from_three")
    if family.exempt:
        base = parameters.number(f"hoiku_futan.exempt_household.{family.classification}", on)
        return Ceiling(_for_rank(base, family.rank, on, parameters), "exempt_household")
    if family.needy and family.levy < parameters.number("hoiku_futan.needy_below", on):
        first = parameters.number(f"hoiku_futan.needy_first.{family.classification}", on)
        return Ceiling(min(first, _by_levy(family, on, parameters)) if family.rank == 1 else 0, "needy")
    return Ceiling(_for_rank(_by_levy(family, on, parameters), family.rank, on, parameters), "by_levy")


def _by_levy(family: Family, on: date, parameters: Parameters) -> int:
    rows = parameters.value(f"hoiku_futan.ceilings.{family.classification}", on)
    row = next(row for row in rows if row["under"] is None or family.levy < row["under"])
    return int(row[family.hours or "standard"])


def _for_rank(base: int, rank: int, on: date, parameters: Parameters) -> int:
    if rank == 1:
        return base
    name = "second_child_percent" if rank == 2 else "third_child_percent"
    return base * parameters.number(f"hoiku_futan.{name}", on) // 100
