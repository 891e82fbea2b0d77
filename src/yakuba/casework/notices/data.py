"""What a notice says: one frozen value, handed in by casework, stored with the notice, never looked up again.

A notice must say tomorrow what it said today, so nothing in it is read from a register at printing time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.texts import LANGUAGES, Language, Text

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Addressee:
    """宛名: to whom the notice goes. ``name`` as the register writes it, variation selectors included."""

    name: str
    address: tuple[str, ...] = ()
    postal_code: str = ""
    honorific: str = "様"


@dataclass(frozen=True, slots=True)
class Reason:
    """理由 (行政手続法第8条, 第14条): the words and the clause they rest on."""

    text: Text
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of the table of amounts; yen, whole numbers."""

    label: Text
    yen: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing to put right (補正): which answer, and what is asked for."""

    label: Text
    message: Text


@dataclass(frozen=True, slots=True)
class NoticeData:
    """All that is particular to one notice.

    Attributes:
        application_id: the application it answers.
        receipt_number: 受付番号 of that application.
        applied_on: day the application arrived.
        decided_on: the notice's date; the fiscal year of its number is counted from it.
        language: the application's language; ``en`` and ``easy`` get a page of their own in front.
        facts: values of the fields the kind of notice declares, by their key, as JSON: dates ``YYYY-MM-DD``,
            months ``YYYY-MM``, words that differ by language as ``{"ja": …, "en": …, "easy": …}``.
        reasons: why; needed where an application is refused.
        due: last day to answer (補正).
        office: the letterhead's office in charge, where it is not the one the kind of notice names.
    """

    application_id: UUID
    receipt_number: str
    applied_on: date
    decided_on: date
    addressee: Addressee
    language: Language = "ja"
    facts: Mapping[str, Json] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    amounts: tuple[Amount, ...] = ()
    corrections: tuple[Correction, ...] = ()
    due: date | None = None
    office: str = ""


def to_json(data: NoticeData) -> dict[str, Any]:
    """``data`` as JSON values: what is stored, and what its digest is taken over."""
    return {
        "application_id": str(data.application_id),
        "receipt_number": data.receipt_number,
        "applied_on": data.applied_on.isoformat(),
        "decided_on": data.decided_on.isoformat(),
        "addressee": {
            "name": data.addressee.name,
            "address": list(data.addressee.address),
            "postal_code": data.addressee.postal_code,
            "honorific": data.addressee.honorific,
        },
        "language": data.language,
        "facts": dict(data.facts),
        "reasons": [{"text": _text_to_json(one.text), "clause": one.clause} for one in data.reasons],
        "amounts": [
            {"label": _text_to_json(one.label), "yen": one.yen, "note": one.note} for one in data.amounts
        ],
        "corrections": [
            {"label": _text_to_json(one.label), "message": _text_to_json(one.message)}
            for one in data.corrections
        ],
        "due": data.due.isoformat() if data.due else None,
        "office": data.office,
    }


def from_json(stored: Mapping[str, Any]) -> NoticeData:
    """The value :func:`to_json` wrote.

    Raises:
        KeyError, ValueError: it is not one.
    """
    language = stored["language"]
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: ja, en or easy")
    addressee = stored["addressee"]
    return NoticeData(
        application_id=UUID(stored["application_id"]),
        receipt_number=stored["receipt_number"],
        applied_on=date.fromisoformat(stored["applied_on"]),
        decided_on=date.fromisoformat(stored["decided_on"]),
        addressee=Addressee(
            addressee["name"],
            tuple(addressee["address"]),
            addressee["postal_code"],
            addressee["honorific"],
        ),
        language=language,
        facts=stored["facts"],
        reasons=tuple(Reason(Text(**one["text"]), one["clause"]) for one in stored["reasons"]),
        amounts=tuple(Amount(Text(**one["label"]), one["yen"], one["note"]) for one in stored["amounts"]),
        corrections=tuple(
            Correction(Text(**one["label"]), Text(**one["message"])) for one in stored["corrections"]
        ),
        due=date.fromisoformat(stored["due"]) if stored["due"] else None,
        office=stored["office"],
    )


def content_digest(number: str, kind: str, data: NoticeData) -> str:
    """SHA-256 over all the notice says: printed on it in part (照合番号), so that paper can be compared."""
    return sha256_hex(canonical_bytes({"number": number, "kind": kind, "data": to_json(data)}))


def _text_to_json(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en, "easy": text.easy}
