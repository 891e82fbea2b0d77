"""The municipality's own procedures, as the registry asks for them."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.tenancy import current_municipality
from yakuba.definitions.models import PublishedDefinition
from yakuba.procedures.authoring.documents import checked
from yakuba.procedures.definition import Procedure
from yakuba.procedures.faults import InvalidDefinition

_log = logging.getLogger(__name__)
Own = Mapping[str, tuple[Procedure, ...]]


@dataclass(frozen=True, slots=True)
class Revision:
    """What is to be kept of a published revision."""

    procedure: str
    revision: int
    document: Mapping[str, Any]
    author: str
    approver: str
    published_at: datetime
    statements: tuple[Mapping[str, Any], ...] = ()


def keep(municipality: str, made: Revision) -> bool:
    """Keep a revision, inside ``under(municipality)``; ``False`` if it is here already."""
    _, fresh = PublishedDefinition.objects.get_or_create(
        procedure=made.procedure,
        revision=made.revision,
        defaults={
            "municipality": municipality,
            "document": dict(made.document),
            "sha256": sha256_hex(canonical_bytes(dict(made.document))),
            "author": made.author,
            "approver": made.approver,
            "published_at": made.published_at,
            "statements": [dict(one) for one in made.statements],
        },
    )
    return fresh


def own_procedures() -> Own:
    """The own procedures of the municipality the transaction is under, all revisions, oldest first.

    One small question to the database; the documents are read only when one was published since.
    """
    municipality = current_municipality()
    if not municipality:
        return {}
    rows = PublishedDefinition.objects.order_by("procedure", "revision")
    return _read(municipality, tuple(rows.values_list("procedure", "revision", "sha256")))


@lru_cache(maxsize=256)
def _read(municipality: str, stamp: tuple[tuple[str, int, str], ...]) -> Own:
    """``stamp`` names what is kept, so that a new revision, and it alone, is read anew."""
    found: dict[str, list[Procedure]] = {}
    for row in PublishedDefinition.objects.order_by("procedure", "revision") if stamp else ():
        found.setdefault(row.procedure, []).extend(_versions(row))
    return {key: _one_after_another(versions) for key, versions in found.items() if versions}


def _versions(row: PublishedDefinition) -> tuple[Procedure, ...]:
    try:
        return checked(row.document, row.procedure)
    except InvalidDefinition as error:  # made by a newer office than this zone: the others are still offered
        _log.error("revision %s of %s cannot be used here: %s", row.revision, row.procedure, error)
        return ()


def _one_after_another(versions: list[Procedure]) -> tuple[Procedure, ...]:
    """Each version ends at the latest the day before the next begins."""
    ended = [
        replace(one, valid_until=min(filter(None, (one.valid_until, after.valid_from - timedelta(days=1)))))
        for one, after in pairwise(versions)
    ]
    return (*ended, versions[-1])
