"""What can be wrong with a definition or an override; collected, so that its author sees all at once."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DefinitionFault:
    """One mistake: where in the file (``pages/children/fields/lives_apart/when``) and what to write instead."""

    where: str
    says: str

    def __str__(self) -> str:
        return f"{self.where}: {self.says}"


class InvalidDefinition(ValueError):
    """A definition that cannot be used; ``faults`` are all its mistakes."""

    def __init__(self, source: str, faults: Sequence[DefinitionFault]) -> None:
        self.source = source
        self.faults = tuple(faults)
        listed = "\n".join(f"  - {fault}" for fault in self.faults)
        super().__init__(f"{source} has {len(self.faults)} mistake(s):\n{listed}")


class InvalidOverrides(InvalidDefinition):
    """Municipal settings that do not fit the national definition."""


class UnknownProcedure(KeyError):
    """No definition has this id, version, or is valid on this day."""
