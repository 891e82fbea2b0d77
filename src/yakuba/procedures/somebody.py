"""The person an application is for, when somebody else fills it in: asked before the form, with the engine's own fields.

The case office identifies that person by these in the register (name, reading, birth date, address); the form itself asks
for what the procedure needs.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from yakuba.base.catalog import text
from yakuba.base.texts import Text
from yakuba.procedures.definition import Field, Page, Procedure

PAGE = "for_whom"
_NAME, _BIRTH, _ADDRESS = "for_name", "for_birth_date", "for_address"


def _say(key: str) -> Text:
    return text("yakuba.procedures", f"somebody.{key}")


def asking(procedure: Procedure) -> Procedure:
    """``procedure`` with the questions about the other person in the place of its stand-alone page."""
    fields = (
        Field(_NAME, "person_name", _say("for_name"), kana="optional"),
        Field(_BIRTH, "date", _say("for_birth_date"), latest="today", uncertain=True),
        Field(_ADDRESS, "address", _say("for_address")),
    )
    return replace(procedure, eligibility=Page(PAGE, _say("for_title"), fields))


def applicant_for(answers: Mapping[str, Any]) -> dict[str, str]:
    """The answers as the canonical application carries them: ``name``, ``kana``, ``birth_date``, ``address``."""
    address = answers[_ADDRESS]
    whole = f"{address['address']} {address.get('building', '')}".strip()
    found = {**answers[_NAME], "birth_date": answers[_BIRTH], "address": whole}
    return {key: str(value) for key, value in found.items() if value}
