"""Whom an application is for, as the application itself says. Functions of values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yakuba.procedures.definition import Field, Procedure

NAME, KANA, BIRTH, ADDRESS = "juki.name", "juki.kana", "juki.birth_date", "juki.address"


@dataclass(frozen=True, slots=True)
class Claimant:
    """The person as written in the application; empty where it does not say. ``birth`` is ``YYYY-MM-DD``."""

    name: str = ""
    kana: str = ""
    birth: str = ""
    address: str = ""


def claimant_of(procedure: Procedure | None, application: Mapping[str, Any]) -> Claimant:
    """Who the application is about: the person it names it is for, completed from the answers about that person.

    Answers count where their field is mapped to the resident register (``juki.…``) outside repeating groups: those
    groups are about children or other members of the household.
    """
    stated = _as_texts((application.get("applicant") or {}).get("for"))
    answered = dict(_answered(procedure, application.get("answers") or {})) if procedure else {}

    def first(*found: str | None) -> str:
        return next((text for text in found if text), "")

    return Claimant(
        first(stated.get("name"), answered.get(NAME)),
        first(stated.get("kana"), stated.get("name_kana"), answered.get(KANA)),
        first(stated.get("birth_date"), stated.get("birth"), answered.get(BIRTH)),
        first(stated.get("address"), answered.get(ADDRESS)),
    )


def _answered(procedure: Procedure, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for _, field in procedure.fields():
        if field.is_group or field.register_of == "signer" or field.id not in answers:
            continue
        for item, value in mapped_values(field, answers[field.id]):
            if item not in seen and isinstance(value, str):
                seen.add(item)
                yield item, value


def mapped_values(field: Field, answer: object) -> Iterator[tuple[str, object]]:
    """The register items a field's answer speaks about, each with the part of the answer that says it."""
    for part, item in field.register.items():
        if part == "":
            yield item, answer
        elif isinstance(answer, Mapping) and part in answer:
            yield item, answer[part]


def _as_texts(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {str(key): text for key, text in value.items() if isinstance(text, str)}
