"""What must be known to certify care need. ``None`` always means: not known (or not there yet)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from yakuba.base.dates import UncertainDate

CareLevel = Literal[
    "not_applicable", "support_1", "support_2", "care_1", "care_2", "care_3", "care_4", "care_5"
]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the review board (介護認定審査会) judged.

    ``months``: the validity it asked for, None for the usual. ``disease_confirmed``: for the second class,
    whether the specified disease is the cause.
    """

    level: CareLevel
    on: date
    months: int | None = None
    disease_confirmed: bool | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """A first application for certification and what the town knows about it.

    ``insured_here``: whether this town is the insurer (a resident, or by 住所地特例, 介護保険法13条).
    ``disease``: code of a specified disease, "other" for another one. ``agent_designated``: for an
    application handed in by a care manager's office or a community care centre, whether it is one that
    27条1項 names. ``certified_until``: the end of a certification that still runs.
    """

    insured: str
    birth: date | UncertainDate
    applied_on: date
    insured_here: bool | None = True
    has_medical_insurance: bool | None = True
    disease: str | None = None
    certified_until: date | None = None
    identity_settled: bool = True
    agent_designated: bool | None = None
    proof_shown: bool | None = None
    surveyed_on: date | None = None
    opinion_on: date | None = None
    judgement: Judgement | None = None
    postponed_until: date | None = None
