"""Answering what the town knows (``prefill.requested``): to the person whose card asks, and no more than the form needs.

The values leave this zone for one draft. Kept here is who asked for which items when, never the values again.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yakuba.audit.events import AuditEvent
from yakuba.casework import outward
from yakuba.casework.models import PrefillAnswer
from yakuba.procedures import registry
from yakuba.procedures.definition import Procedure
from yakuba.procedures.faults import UnknownProcedure
from yakuba.procedures.known import BIRTH, asks_about_household, known_items
from yakuba.procedures.prefill import prefill_items
from yakuba.registers import people, prefill

_MOST_ITEMS = 200
_MOST_PROCEDURES = 50


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, read from the message."""

    request_id: uuid.UUID
    draft_id: str
    procedures: tuple[str, ...]
    items: tuple[str, ...]
    issuer_key_id: str
    serial: str
    for_household: bool = False  # asked before a form is chosen, about all of a life event's

    @property
    def named(self) -> str:
        """What was asked about, as the record of who asked keeps it."""
        return ",".join(self.procedures)[:64]


def read_request(body: Mapping[str, Any]) -> Request:
    """The request in a message's body.

    Raises:
        ValueError: it is none.
    """
    certificate, items = body.get("certificate"), body.get("items")
    if not isinstance(certificate, Mapping) or not isinstance(items, list):
        raise ValueError("a prefill request names a certificate and items")
    return Request(
        uuid.UUID(str(body.get("request_id"))), str(body.get("draft_id", ""))[:64], _procedures(body),
        tuple(str(one)[:80] for one in items[:_MOST_ITEMS]),
        str(certificate.get("issuer_key_id", ""))[:64], str(certificate.get("serial", ""))[:64],
        isinstance(body.get("procedures"), list),
    )  # fmt: skip


def _procedures(body: Mapping[str, Any]) -> tuple[str, ...]:
    """One form asks, or the page that says which of several are for this household."""
    several = body.get("procedures")
    named = several if isinstance(several, list) else [body.get("procedure", "")]
    return tuple(str(one)[:64] for one in named[:_MOST_PROCEDURES])


def answer(municipality: str, asked: Request, at: datetime, today: date) -> bool:
    """Answer once; asked again with the same number, nothing more is said. Returns whether a person was found."""
    if PrefillAnswer.objects.filter(pk=asked.request_id).exists():
        return False
    person = _person(asked)
    procedures = [one for name in asked.procedures if (one := _procedure(name, today))]
    allowed = sorted(set(asked.items) & {item for one in procedures for item in _items_of(one, asked)})
    values: dict[str, object] = {}
    household: list[dict[str, object]] = []
    if person and procedures:
        values = prefill.values(person, allowed, today)
        household = prefill.household(
            person,
            sorted(set(allowed) & {item for one in procedures for item in _household_items(one, asked)}),
            today,
        )
    _keep(municipality, asked, person, allowed, at)
    body = {
        "request_id": str(asked.request_id),
        "draft_id": asked.draft_id,
        "found": bool(person and procedures),
        "values": plain(values),
        "household": [plain(one) for one in household],
    }
    facts = {"procedure": asked.named, "items": str(len(allowed)), "found": str(bool(person))}
    actor = f"resident:{asked.issuer_key_id}/{asked.serial}"
    subject = f"person:{person}" if person else f"prefill:{asked.request_id}"
    outward.post(
        municipality,
        "prefill.answered",
        body,
        at,
        AuditEvent(actor, "prefill.answered", subject, municipality, facts),
    )
    return bool(person)


def _person(asked: Request) -> str:
    """The one resident whose certificate in force this is; empty where there is any doubt."""
    matches = people.by_certificate(asked.issuer_key_id, asked.serial)
    if len(matches) != 1:
        return ""
    found = matches[0]
    good = found.certificate.state == "active" and found.person.status == "resident"
    return found.person.atena_number if good else ""


def _procedure(procedure: str, today: date) -> Procedure | None:
    try:
        return registry.procedure(procedure, as_of=today)
    except UnknownProcedure:
        return None


def _items_of(procedure: Procedure, asked: Request) -> tuple[str, ...]:
    """What the form itself is filled in with; of several asked about together, also what tells whether they apply."""
    return (*prefill_items(procedure), *(known_items(procedure) if asked.for_household else ()))


def _household_items(procedure: Procedure, asked: Request) -> Iterator[str]:
    """The items that groups filled from the household need; a form without such a group learns nothing of others."""
    if asked.for_household and asks_about_household(procedure):
        yield BIRTH
    for _, field in procedure.fields():
        if field.is_group and field.household:
            for inner in field.fields:
                yield from inner.register.values()


def _keep(municipality: str, asked: Request, person: str, items: list[str], at: datetime) -> None:
    PrefillAnswer.objects.create(
        municipality=municipality, request_id=asked.request_id, procedure=asked.named,
        issuer_key_id=asked.issuer_key_id, serial=asked.serial, atena_number=person, found=bool(person), items=items,
        at=at,
    )  # fmt: skip


def plain(values: Mapping[str, object]) -> dict[str, Any]:
    """Values canonical JSON carries; a date becomes its text."""
    return {
        key: value if isinstance(value, bool | int | str | list | dict) else str(value)
        for key, value in values.items()
    }
