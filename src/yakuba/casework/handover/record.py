"""What is handed over of one decided case: a value casework hands in, and the document mapping tables read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
OUTCOMES = ("granted", "refused", "rejected")


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """A case that has been decided.

    Attributes:
        outcome: ``granted`` (認定・交付), ``refused`` (却下), ``rejected`` (要件を欠き却下).
        answers: the canonical application's answers.
        results: the rule's results as confirmed.
        effects: what was written to the registers.
    """

    case_id: UUID
    application_id: UUID
    receipt_number: str
    procedure: str
    version: str
    outcome: str
    applied_on: date
    decided_on: date
    atena_number: str
    history_number: int | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    results: Mapping[str, Any] = field(default_factory=dict)
    effects: tuple[Mapping[str, Any], ...] = ()

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise ValueError(f"outcome {self.outcome!r}: one of {', '.join(OUTCOMES)}")


def document(case: DecidedCase, municipality: str) -> dict[str, Any]:
    """``case`` as JSON values: what is stored, and what the paths of a mapping table start from."""
    return {
        "municipality": municipality,
        "case_id": str(case.case_id),
        "application_id": str(case.application_id),
        "receipt_number": case.receipt_number,
        "procedure": case.procedure,
        "version": case.version,
        "outcome": case.outcome,
        "applied_on": case.applied_on.isoformat(),
        "decided_on": case.decided_on.isoformat(),
        "atena_number": case.atena_number,
        "history_number": case.history_number,
        "answers": dict(case.answers),
        "results": dict(case.results),
        "effects": [dict(effect) for effect in case.effects],
    }
