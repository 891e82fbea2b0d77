"""要介護・要支援認定: certification of care need (介護保険法27条–29条, 32条–33条の2, 36条)."""

from yakuba.procedures.rules.kaigo.decide import decide
from yakuba.procedures.rules.kaigo.facts import Facts, Judgement
from yakuba.procedures.rules.kaigo.following import FollowingFacts, Running
from yakuba.procedures.rules.kaigo.from_answers import facts_from
from yakuba.procedures.rules.kaigo.insured import (
    BirthUncertainError,
    InsuredClass,
    insured_class,
    is_specified_disease,
)
from yakuba.procedures.rules.kaigo.validity import Validity, renewed, validity

__all__ = [
    "BirthUncertainError",
    "Facts",
    "FollowingFacts",
    "InsuredClass",
    "Judgement",
    "Running",
    "Validity",
    "decide",
    "facts_from",
    "insured_class",
    "is_specified_disease",
    "renewed",
    "validity",
]
