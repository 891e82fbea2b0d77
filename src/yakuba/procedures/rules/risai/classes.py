"""The classes of damage (被害の程度), as they stood when the disaster happened."""

from dataclasses import dataclass
from datetime import date

from yakuba.base.texts import Text
from yakuba.procedures.rules.parameters import Parameters


@dataclass(frozen=True, slots=True)
class DamageClass:
    """One class: its code in the register, the lowest share of damage in percent, its name."""

    code: str
    at_least: int
    name: Text


def classes(disaster_day: date, parameters: Parameters) -> tuple[DamageClass, ...]:
    """The classes for a disaster of ``disaster_day``, heaviest first.

    Raises NotInForceError before June 2013.
    """
    rows = parameters.value("risai.classes", disaster_day)
    found = (DamageClass(row["code"], row["from"], Text(row["ja"], row["en"], row["easy"])) for row in rows)
    return tuple(sorted(found, key=lambda each: -each.at_least))


def class_of(percent: int, disaster_day: date, parameters: Parameters) -> DamageClass:
    """The class of a dwelling with ``percent`` damage. Raises ValueError outside 0 to 100."""
    if not 0 <= percent <= 100:
        raise ValueError(f"a share of damage lies between 0 and 100 percent (for example 35), not {percent}")
    return next(each for each in classes(disaster_day, parameters) if percent >= each.at_least)
