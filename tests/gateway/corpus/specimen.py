"""One file of the corpus and what is demanded of the sanitiser."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from yakuba.gateway.sanitise.limits import RASTER, Limits
from yakuba.gateway.sanitise.policy import Policy
from yakuba.procedures.file_kinds import KNOWN

Demand = Literal["pass", "disarm", "refuse", "bounded"]
EVERYTHING = Policy(frozenset(KNOWN))
DISARM = Policy(frozenset(KNOWN), "disarm")


@dataclass(frozen=True)
class Specimen:
    """
    Attributes:
        group: heading on the page.
        name: what it is.
        demand: *pass* (comes through readable), *disarm* (comes through without ``gone``), *refuse* (with ``reason``),
            *bounded* (either, but within the caps, and the next file is served).
        seen: what the evidence must list as removed.
        gone: bytes that must not be in the new file.
        method: how it must have been made (of what comes through).
        office: LibreOffice and bubblewrap are needed.
        sample: tried in every ``make test``; the others, which cost a second or two each, in ``make corpus``.
    """

    group: str
    name: str
    make: Callable[[], bytes]
    demand: Demand
    filename: str
    seen: frozenset[str] = frozenset()
    gone: tuple[bytes, ...] = ()
    reason: str = ""
    method: str = ""
    policy: Policy = EVERYTHING
    limits: Limits = RASTER
    office: bool = False
    sample: bool = True
    text: tuple[str, ...] = field(default=())  # words that must be found in a new file that is text

    @property
    def title(self) -> str:
        return f"{self.group}: {self.name}"
