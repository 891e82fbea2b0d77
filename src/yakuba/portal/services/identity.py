"""Whether the card that signed is the card of the person who is applying.

The internet zone has no register. It compares what the signing certificate says of its holder with what the
application says of the applicant, and with what the town answered for the certificate signed in with. Only a plain
contradiction stops the application here; everything doubtful goes on to the case office, which matches by
certificate serial.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from yakuba.card.attributes import Attributes
from yakuba.procedures.definition import Procedure

_BIRTH, _NAME = "juki.birth_date", "juki.name"


def contradicts(
    procedure: Procedure, answers: Mapping[str, Any], known: Mapping[str, Any], holder: Attributes | None
) -> bool:
    """``True`` if the holder's birth date or name is plainly not the applicant's.

    ``known`` are the register's values for the person signed in. Names are compared only where the certificate marks
    no character as substituted (代替文字), width and blanks aside.
    """
    if holder is None:
        return False
    births = {str(value) for value in _values(procedure, answers, known, _BIRTH)}
    if holder.birth_date and births and holder.birth_date.isoformat() not in births:
        return True
    names = {_folded(str(value)) for value in _values(procedure, answers, known, _NAME)}
    exact = "1" not in holder.name_substitutes
    return exact and bool(names) and not births and _folded(holder.name) not in names


def _values(
    procedure: Procedure, answers: Mapping[str, Any], known: Mapping[str, Any], item: str
) -> Iterator[object]:
    """What the register (first) or the answers say about ``item`` of the applicant."""
    if known.get(item):
        yield known[item]
        return
    for _, field in procedure.fields():
        for part, source in field.register.items():
            if (
                source == item
                and field.register_of == "subject"
                and not field.is_group
                and (value := answers.get(field.id))
            ):
                yield value.get(part) if part and isinstance(value, Mapping) else value


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
