"""要介護・要支援認定の申請: certification of care need (介護保険法27条, 32条), first applications."""

from yakuba.procedures.rules.kaigo.decide import decide
from yakuba.procedures.rules.kaigo.facts import Facts, Judgement
from yakuba.procedures.rules.kaigo.from_answers import facts_from
from yakuba.procedures.rules.kaigo.insured import (
    BirthUncertainError,
    InsuredClass,
    insured_class,
    is_specified_disease,
)
from yakuba.procedures.rules.kaigo.validity import Validity, validity

__all__ = [
    "BirthUncertainError",
    "Facts",
    "InsuredClass",
    "Judgement",
    "Validity",
    "decide",
    "facts_from",
    "insured_class",
    "is_specified_disease",
    "validity",
]
