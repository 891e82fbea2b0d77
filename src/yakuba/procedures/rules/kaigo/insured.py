"""Who is insured, in which class, and which diseases open certification to the second (介護保険法9条,
施行令2条).
"""

from datetime import date
from typing import Literal

from yakuba.base.dates import UncertainDate
from yakuba.procedures.rules.ages import attains
from yakuba.procedures.rules.parameters import Parameters

InsuredClass = Literal["1", "2"]
_OLDEST_YEAR = 1850


class BirthUncertainError(ValueError):
    """The days that an uncertain birth (不詳) may mean lie in different classes."""


def insured_class(birth: date | UncertainDate, on: date, parameters: Parameters) -> InsuredClass | None:
    """The class by age on ``on``; None below both. Who turns 65 tomorrow is in the first class today.

    Raises BirthUncertainError when an uncertain birth leaves the class open.
    """
    if isinstance(birth, date):
        return _class_of(birth, on, parameters)
    if birth.year < _OLDEST_YEAR:
        raise BirthUncertainError(f"the year of birth is not known: {birth}")
    earliest = _class_of(birth.earliest, on, parameters)
    if earliest != _class_of(birth.latest, on, parameters):
        raise BirthUncertainError(f"born {birth}, the class on {on} is not certain")
    return earliest


def _class_of(birth: date, on: date, parameters: Parameters) -> InsuredClass | None:
    if attains(birth, parameters.number("kaigo.first_insured_from_age", on)) <= on:
        return "1"
    return "2" if attains(birth, parameters.number("kaigo.second_insured_from_age", on)) <= on else None


def is_specified_disease(code: str, on: date, parameters: Parameters) -> bool:
    """Whether ``code`` is one of the sixteen specified diseases (特定疾病)."""
    return any(row["code"] == code for row in parameters.value("kaigo.specified_diseases", on))
