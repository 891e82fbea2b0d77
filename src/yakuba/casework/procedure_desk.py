"""What the desk knows of each procedure, as data: ``desk.yaml`` in the procedure's folder.

``steps``: what clerks record; ``knows``: what the town looks up for the rule; ``notices``: which notice follows; ``results``: the
rule's results in words; ``pauses``: whether a correction stops the clock. A procedure without the file has none of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from yakuba.procedures.folders import parts

_PARTS = frozenset({"steps", "knows", "notices", "results", "pauses"})


class InvalidDesk(ValueError):
    """A ``desk.yaml`` that cannot be used; ``procedure`` says whose, ``says`` what is wrong and what is right."""

    def __init__(self, procedure: str, says: str) -> None:
        self.procedure, self.says = procedure, says
        super().__init__(f"{procedure}/desk.yaml: {says}")


@dataclass(frozen=True, slots=True)
class StepField:
    """One thing to record. ``gives``: the fact of the rule it becomes."""

    name: str
    label: str
    type: str
    required: bool = True
    options: Mapping[str, str] | None = None
    minimum: int | None = None
    maximum: int | None = None
    gives: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class StepKind:
    """A kind of step with the law it rests on. ``gives``: the fact that the day of it becomes."""

    kind: str
    label: str
    law: str
    date_label: str
    fields: tuple[StepField, ...]
    roles: tuple[str, ...] = ()
    gives: str = ""


@dataclass(frozen=True, slots=True)
class Lookup:
    """One fact the town looks up for the rule: how (see :mod:`~yakuba.casework.lookups`), and with what."""

    fact: str
    look: str
    of: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Follows:
    """The kinds of notice that follow a decision. ``refused_with_effect``: for a refusal that changes a register (非該当).

    ``office``: the office (担当課) of the letterhead that writes, where a kind for all procedures is used.
    """

    granted: str = "decision"
    refused: str = "refusal"
    refused_with_effect: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class PauseRule:
    """Whether waiting for a correction stops the clock, since when, and which law says so."""

    since: date
    pauses: bool
    source: str
    sure: bool


@dataclass(frozen=True, slots=True)
class ProcedureDesk:
    """All the desk knows of one procedure. ``labels``, ``values``: names of results and of their values."""

    steps: tuple[StepKind, ...] = ()
    knows: tuple[Lookup, ...] = ()
    notices: Follows = Follows()
    labels: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    pauses: tuple[PauseRule, ...] = ()


_NOTHING = ProcedureDesk()


def desk_of(procedure: str) -> ProcedureDesk:
    """What the desk knows of ``procedure``; nothing particular where it has no ``desk.yaml``."""
    return desks().get(procedure, _NOTHING)


@cache
def desks() -> Mapping[str, ProcedureDesk]:
    """Every procedure's ``desk.yaml``.

    Raises:
        InvalidDesk: one of them is wrong.
    """
    return {procedure: desk_from(procedure, file) for procedure, file in parts("desk.yaml")}


@cache
def common_steps() -> tuple[StepKind, ...]:
    """The steps of every procedure, by the role in which was applied."""
    file = resources.files("yakuba.casework") / "data" / "steps.yaml"
    return tuple(_step(row) for row in yaml.safe_load(file.read_text(encoding="utf-8")))


def desk_from(procedure: str, file: Traversable) -> ProcedureDesk:
    """The value the ``desk.yaml`` of ``procedure`` describes.

    Raises:
        InvalidDesk: it has a part that does not exist, or lacks one.
    """
    raw = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    if strange := set(raw) - _PARTS:
        raise InvalidDesk(
            procedure, f"{', '.join(sorted(strange))}: unknown; there are {', '.join(sorted(_PARTS))}"
        )
    try:
        return read_desk(raw)
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidDesk(procedure, f"a part is missing or unknown: {error}") from error


def read_desk(raw: Mapping[str, Any]) -> ProcedureDesk:
    """The value a ``desk.yaml`` describes.

    Raises:
        KeyError, TypeError, AttributeError: a part is missing or unknown.
    """
    results = raw.get("results", {})
    return ProcedureDesk(
        steps=tuple(_step(row) for row in raw.get("steps", ())),
        knows=tuple(_lookup(row) for row in raw.get("knows", ())),
        notices=Follows(**raw.get("notices", {})),
        labels=results.get("labels", {}),
        values=results.get("values", {}),
        pauses=tuple(
            PauseRule(row["from"], row["pauses"], row["source"], row["sure"]) for row in raw.get("pauses", ())
        ),
    )


def _step(row: Mapping[str, Any]) -> StepKind:
    fields = tuple(StepField(**one) for one in row["fields"])
    return StepKind(
        row["kind"], row["label"], row["law"], row["date_label"], fields, tuple(row.get("roles", ())),
        row.get("gives", ""),
    )  # fmt: skip


def _lookup(row: Mapping[str, Any]) -> Lookup:
    settings = {key: value for key, value in row.items() if key not in ("fact", "look", "of")}
    return Lookup(row["fact"], row["look"], row.get("of", {}), settings)
