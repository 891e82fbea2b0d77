"""What must be known to issue a certificate of disaster damage. ``None`` always means: not known."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Relation = Literal["owner", "tenant", "resident", "other"]


@dataclass(frozen=True, slots=True)
class Disaster:
    """A disaster that the municipality has declared open for applications.

    ``occurred_from``/``occurred_until``: when it happened, None where not set; ``accepts_until``: the last
    day for applications.
    """

    key: str
    name: str
    accepts_from: date
    occurred_from: date | None = None
    occurred_until: date | None = None
    accepts_until: date | None = None
    self_assessment: bool = True


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey of the dwelling (住家の被害認定調査): share of damage in percent, or no figure yet."""

    percent: int | None
    on: date
    method: Literal["first", "second"] = "first"


@dataclass(frozen=True, slots=True)
class SelfAssessment:
    """The resident's own statement that the damage is below 準半壊 (自己判定方式).

    ``agreed``: agrees to that class and to no survey. ``photos``: how many were sent. ``confirmed``: whether
    a clerk saw on them that the damage is below 準半壊; None while unseen.
    """

    agreed: bool
    photos: int
    confirmed: bool | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """An application for a certificate and what the town knows about it."""

    applicant: str
    applied_on: date
    disaster: Disaster | None
    damaged_on: date | None
    address: str = ""
    in_town: bool | None = True
    is_dwelling: bool | None = True
    relation: Relation | None = None
    survey: Survey | None = None
    self_assessment: SelfAssessment | None = None
    proof_shown: bool | None = None
