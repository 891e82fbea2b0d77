"""Who is insured, in which class, and which diseases open certification to the second (介護保険法9条,
施行令2条).
"""

from datetime import date
from typing import Literal

from yakuba.procedures.rules.ages import attains
from yakuba.procedures.rules.parameters import Parameters

InsuredClass = Literal["1", "2"]


def insured_class(birth: date, on: date, parameters: Parameters) -> InsuredClass | None:
    """The class by age on ``on``; None below both. Who turns 65 tomorrow is in the first class today."""
    if attains(birth, parameters.number("kaigo.first_insured_from_age", on)) <= on:
        return "1"
    return "2" if attains(birth, parameters.number("kaigo.second_insured_from_age", on)) <= on else None


def is_specified_disease(code: str, on: date, parameters: Parameters) -> bool:
    """Whether ``code`` is one of the sixteen specified diseases (特定疾病)."""
    return any(row["code"] == code for row in parameters.value("kaigo.specified_diseases", on))
