"""What may come through in one place for files, and how: decided in the zone that sanitises, never by the one outside.

The national definition says it (``accepts``, ``sanitise`` of the field); a town may say otherwise by a message its own
My Number zone has sealed (see :mod:`yakuba.gateway.town_choices`). A zone outside that has been taken over can change
neither. Whatever cannot be told is the safest: pictures and PDF, drawn anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from yakuba.gateway.sanitise.kinds import ACCEPTED
from yakuba.procedures.definition import Field, Procedure
from yakuba.procedures.file_kinds import GROUPS, KNOWN, METHODS, expanded

Method = Literal["raster", "disarm"]
Choices = Mapping[str, Mapping[str, Any]]
"""A town's choices for one procedure: field → ``{"accepts": [...], "sanitise": "raster" | "disarm"}``."""


@dataclass(frozen=True, slots=True)
class Policy:
    """For one file: the kinds that may come through, and how a PDF does."""

    kinds: frozenset[str] = frozenset(ACCEPTED)
    pdf: Method = "raster"


USUAL = Policy()


def policy(slot: str, procedure: Procedure | None, choices: Choices) -> Policy:
    """For the place ``slot`` (``photo`` or ``children-i1a2-custody_statement``) of ``procedure``."""
    name = slot.rsplit("-", 1)[-1]
    field = _field(procedure, name) if procedure else None
    chosen = choices.get(name, {})
    named = _names(chosen.get("accepts")) or (field.accepts if field else ())
    method = chosen.get("sanitise") or (field.sanitise if field else "raster")
    # pictures and PDF always come through, drawn anew: which of them a form offers is the portal's business
    kinds = frozenset((*ACCEPTED, *expanded(named))) if named else USUAL.kinds
    return Policy(kinds, "disarm" if method == "disarm" else "raster")


def choices_of(overrides: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The part of a town's settings for one procedure that is about files; what makes no sense is left out."""
    found: dict[str, dict[str, Any]] = {}
    for name, kinds in _pairs(overrides.get("accepts")):
        if names := _names(kinds):
            found.setdefault(name, {})["accepts"] = list(names)
    for name, method in _pairs(overrides.get("sanitise")):
        if method in METHODS:
            found.setdefault(name, {})["sanitise"] = method
    attachments = overrides.get("attachments")
    for extra in attachments if isinstance(attachments, list) else ():
        node = extra.get("field") if isinstance(extra, Mapping) else None
        if isinstance(node, Mapping) and node.get("type") == "file":
            own = {key: node[key] for key in ("accepts", "sanitise") if key in node}
            one = choices_of({key: {str(node.get("id")): value} for key, value in own.items()})
            found.update({name: {**value, **found.get(name, {})} for name, value in one.items()})
    return found


def _field(procedure: Procedure, name: str) -> Field | None:
    fields = (one for _page, top in procedure.fields() for one in (top, *top.fields))
    return next((one for one in fields if one.id == name and one.type == "file"), None)


def _pairs(node: object) -> Iterator[tuple[str, Any]]:
    if isinstance(node, Mapping):
        yield from ((str(name), value) for name, value in node.items())


def _names(node: object) -> tuple[str, ...]:
    known = (*KNOWN, *GROUPS)
    return tuple(name for name in node if name in known) if isinstance(node, list | tuple) else ()
