"""From what a notice says to what is printed: labels, dates and amounts in words, one dictionary for the template.

A function of values. The template only lays out; it decides nothing and composes no sentence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.base.texts import Language, Text
from yakuba.base.wareki import wareki
from yakuba.casework.notices.data import Json, NoticeData, content_digest
from yakuba.casework.notices.kinds import FactField, Kind
from yakuba.casework.notices.letterheads import Letterhead, Office
from yakuba.casework.notices.segments import Segments, segments
from yakuba.casework.notices.words import COVER, in_words

Printed = dict[str, Any]


class IncompleteNotice(ValueError):
    """The notice lacks what its kind must say; ``missing`` lists the labels."""

    def __init__(self, kind: str, missing: tuple[str, ...]) -> None:
        self.kind, self.missing = kind, missing
        super().__init__(f"{kind}: 通知書に書くべき項目がありません: {'、'.join(missing)}")


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one notice from another: its number (葉福第123号) and the page where its file is checked."""

    number: str
    verify_url: str
    qr_svg: str


def check_complete(kind: Kind, data: NoticeData) -> None:
    """See that every required field is there, and reasons where an application is refused (行政手続法第8条).

    Raises:
        IncompleteNotice: naming each that is missing.
    """
    missing = [
        field.label.ja
        for field in kind.facts
        if field.required and data.facts.get(field.key) in (None, "", [])
    ]
    if kind.needs_reasons and not data.reasons:
        missing.append("理由(行政手続法第8条)")
    if kind.needs_corrections and not data.corrections:
        missing.append("補正する点")
    if kind.needs_corrections and data.due is None:
        missing.append("補正の期限")
    if missing:
        raise IncompleteNotice(kind.title.ja, tuple(missing))


def printed(kind: Kind, data: NoticeData, sender: Letterhead, identity: Identity) -> Printed:
    """The dictionary the template prints.

    Raises:
        IncompleteNotice: a required field is missing.
        ValueError: a fact is not of its declared type.
    """
    check_complete(kind, data)
    office = office_in_charge(kind, data, sender)
    digest = content_digest(identity.number, kind.id, data)
    return {
        "demo": sender.demo,
        "number": identity.number,
        "date": wareki(data.decided_on),
        "addressee": {
            "name": data.addressee.name,
            "honorific": data.addressee.honorific,
            "address": list(data.addressee.address),
            "postal_code": data.addressee.postal_code,
        },
        "head": {"title": sender.head_title, "name": sender.head_name},
        "office": {
            "name": f"{sender.town.ja} {office.name}",
            "phone": office.phone,
            "postal_code": sender.postal_code,
            "address": sender.address,
        },
        "title": kind.title.ja,
        "law": kind.law,
        "receipt_number": data.receipt_number,
        "teaching": [_fill(line, sender) for line in kind.teaching.lines],
        "notes": list(kind.notes),
        "qr": identity.qr_svg,
        "url": identity.verify_url,
        "digest": " ".join(digest[at : at + 4] for at in range(0, 16, 4)),
        "body": _body(kind, data, "ja"),
        "cover": None if data.language == "ja" else _cover(kind, data, sender),
    }


def office_in_charge(kind: Kind, data: NoticeData, sender: Letterhead) -> Office:
    """担当課: the one ``data`` names, else the kind's own.

    Raises:
        KeyError: the letterhead has no such office.
    """
    return sender.offices[data.office or kind.office]


def _body(kind: Kind, data: NoticeData, language: Language) -> Printed:
    """The part said in each language: opening, facts, reasons, amounts, corrections, due day."""
    total = sum(one.yen for one in data.amounts)
    return {
        "opening": _say(_opening(kind, data), language),
        "rows": [_row(field, data.facts.get(field.key), language) for field in _given(kind, data)],
        "reasons": [
            {"text": _say(one.text, language), "clause": one.clause if language == "ja" else ""}
            for one in data.reasons
        ],
        "amounts": [
            {"label": _say(one.label, language), "yen": _words(one.yen, "yen", language), "note": one.note}
            for one in data.amounts
        ],
        "total": _words(total, "yen", language) if data.amounts else None,
        "corrections": [
            {"label": _say(one.label, language), "message": _say(one.message, language)}
            for one in data.corrections
        ],
        "due": _words(data.due.isoformat(), "date", language) if data.due else None,
    }


def _cover(kind: Kind, data: NoticeData, sender: Letterhead) -> Printed:
    language = data.language
    office = office_in_charge(kind, data, sender)
    office_name = office.english if language == "en" else office.name
    return {
        "language": language,
        "title": _say(kind.title, language),
        "words": {key: _say(text, language) for key, text in COVER.items()},
        "body": _body(kind, data, language),
        "teaching": _say(kind.teaching.short, language),
        "office": segments(f"{sender.town.in_language(language)} {office_name}"),
    }


def _given(kind: Kind, data: NoticeData) -> Iterator[FactField]:
    return (field for field in kind.facts if data.facts.get(field.key) not in (None, "", []))


def _row(field: FactField, value: Json, language: Language) -> Printed:
    printed_row: Printed = {"label": _say(field.label, language), "emphasis": field.emphasis, "table": None}
    if field.type == "table":
        return printed_row | {"table": _table(field, value, language)}
    return printed_row | {"value": _words(value, field.type, language)}


def _table(field: FactField, rows: Json, language: Language) -> Printed:
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ValueError(f"{field.key}: a list of rows")
    columns = [
        column
        for column in field.columns
        if column.required or any(row.get(column.key) for row in rows if isinstance(row, Mapping))
    ]
    return {
        "columns": [_say(column.label, language) for column in columns],
        "rows": [
            [_words(row.get(column.key), column.type, language) for column in columns]
            for row in rows
            if isinstance(row, Mapping)
        ],
    }


def _words(value: Json, kind: str, language: Language) -> Segments:
    return segments(in_words(value, kind).in_language(language))


def _say(text: Text, language: Language) -> Segments:
    return segments(text.in_language(language))


def _opening(kind: Kind, data: NoticeData) -> Text:
    applied = in_words(data.applied_on.isoformat(), "date")
    procedure = data.facts.get("procedure") or kind.title.ja
    name = procedure if isinstance(procedure, str) else str(in_words(procedure, "text").ja)

    def fill(language: Language) -> str:
        words = kind.opening.in_language(language)
        return words.replace("<applied_on>", applied.in_language(language)).replace("<procedure>", name)

    return Text(fill("ja"), fill("en"), fill("easy"))


def _fill(line: str, sender: Letterhead) -> str:
    return (
        line.replace("<prefecture>", sender.prefecture)
        .replace("<town>", sender.town.ja)
        .replace("<head>", sender.head_title)
    )


def fiscal_year(day: date) -> int:
    """会計年度 (地方自治法第208条): 1 April to 31 March, named by the year it begins in."""
    return day.year if day.month >= 4 else day.year - 1
