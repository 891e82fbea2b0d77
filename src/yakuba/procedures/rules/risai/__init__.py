"""罹災証明書の発行申請: certificate of disaster damage (災害対策基本法90条の2)."""

from yakuba.procedures.rules.risai.classes import DamageClass, class_of, classes
from yakuba.procedures.rules.risai.decide import decide
from yakuba.procedures.rules.risai.facts import Disaster, Facts, SelfAssessment, Survey
from yakuba.procedures.rules.risai.from_answers import facts_from

__all__ = [
    "DamageClass",
    "Disaster",
    "Facts",
    "SelfAssessment",
    "Survey",
    "class_of",
    "classes",
    "decide",
    "facts_from",
]
