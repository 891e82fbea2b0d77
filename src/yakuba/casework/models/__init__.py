"""Tables of the desk, one module per thing they tell of."""

from yakuba.casework.models.case import Case, CaseAttachment, CaseDocument
from yakuba.casework.models.counter import CardReading, CounterVisit
from yakuba.casework.models.decision import Correction, Proposal, Step
from yakuba.casework.models.evidence import CaseEvidence, EvidencePart
from yakuba.casework.models.mandates import MandateRevocation
from yakuba.casework.models.municipal import (
    Disaster,
    MunicipalValue,
    PrefillAnswer,
    ProcedureSetting,
    SettingChange,
)
from yakuba.casework.models.survey import (
    SurveyCheckout,
    SurveyHouse,
    SurveyHouseCase,
    SurveyResult,
    SurveyTeam,
    SurveyVisit,
)
from yakuba.casework.models.trail import Identification, TrailEntry, UnreadableMessage

__all__ = [
    "CardReading",
    "Case",
    "CaseAttachment",
    "CaseDocument",
    "CaseEvidence",
    "Correction",
    "CounterVisit",
    "Disaster",
    "EvidencePart",
    "Identification",
    "MandateRevocation",
    "MunicipalValue",
    "PrefillAnswer",
    "ProcedureSetting",
    "Proposal",
    "SettingChange",
    "Step",
    "SurveyCheckout",
    "SurveyHouse",
    "SurveyHouseCase",
    "SurveyResult",
    "SurveyTeam",
    "SurveyVisit",
    "TrailEntry",
    "UnreadableMessage",
]
