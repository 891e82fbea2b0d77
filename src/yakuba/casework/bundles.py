"""Which applications came in one bundle with a case: by the manifest that was signed, whether they have arrived or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yakuba.base.ids import receipt_number
from yakuba.card.bundle import is_manifest
from yakuba.casework.models import Case, CaseDocument
from yakuba.procedures import registry
from yakuba.procedures.faults import UnknownProcedure


@dataclass(frozen=True, slots=True)
class Companion:
    """Another application of the bundle. ``case`` is None while it has not arrived."""

    id: UUID
    receipt_number: str
    title: str
    case: Case | None


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the desk is told of a bundle: how many applications it has, and the others. ``readable``: the manifest is one."""

    readable: bool
    count: int
    others: tuple[Companion, ...]


def bundle_of(case: Case, document: CaseDocument) -> Bundle | None:
    """The bundle ``case`` came in; None for an application by itself."""
    found = document.bundle
    if found is None:
        return None
    if not is_manifest(found):
        return Bundle(False, 0, ())
    lines = [one for one in found["applications"] if one["application_id"] != str(case.id)]
    here = {str(one.id): one for one in Case.objects.filter(pk__in=[one["application_id"] for one in lines])}
    others = tuple(_companion(line, here.get(line["application_id"])) for line in lines)
    return Bundle(True, len(found["applications"]), others)


def _companion(line: Mapping[str, Any], case: Case | None) -> Companion:
    number = UUID(line["application_id"])
    return Companion(number, receipt_number(number), _title(line["procedure"]), case)


def _title(procedure: str) -> str:
    try:
        return registry.procedure(procedure).title.ja
    except UnknownProcedure:
        return procedure
