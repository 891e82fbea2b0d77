"""The holder's four attributes (基本4情報) in a signing certificate, as JPKI writes them.

Six otherName UTF8Strings under 1.2.392.200149.8.5.5: name (.1), which of its characters are substitutes (.2),
sex (.3), birth (.4: era digit and YYYYMMDD of the western calendar, 00 where unknown), address (.5), and
which of its characters are substitutes (.6). Substitute flags are one "0" or "1" a character.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from yakuba.card import der, oids
from yakuba.card import derwrite as w

_FIELDS: Final = {
    "name": oids.ATTRIBUTE_NAME,
    "name_substitutes": oids.ATTRIBUTE_NAME_SUBSTITUTES,
    "sex": oids.ATTRIBUTE_SEX,
    "birth": oids.ATTRIBUTE_BIRTH,
    "address": oids.ATTRIBUTE_ADDRESS,
    "address_substitutes": oids.ATTRIBUTE_ADDRESS_SUBSTITUTES,
}
_NAMES: Final[Mapping[bytes, str]] = {w.oid_content(dotted): field for field, dotted in _FIELDS.items()}
_OTHER_NAME: Final = der.CONTEXT | der.CONSTRUCTED | 0
_BIRTH_DIGITS: Final = 9
# First day of each era and its digit in JPKI's birth attribute (1 明治 … 5 令和); newest first.
_ERAS: Final = (
    (date(2019, 5, 1), "5"), (date(1989, 1, 8), "4"), (date(1926, 12, 25), "3"), (date(1912, 7, 30), "2"),
    (date(1868, 1, 25), "1"),
)  # fmt: skip


class IncompleteAttributes(der.NotDer):
    """An attribute is missing, doubled or of wrong form."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """The attributes as written. Names are personal data: never log, never put into facts or errors."""

    name: str
    name_substitutes: str
    sex: str
    birth: str
    address: str
    address_substitutes: str

    @property
    def birth_date(self) -> date | None:
        """The birth date; None where month or day is unknown (不詳) or no such day exists."""
        try:
            return date(int(self.birth[1:5]), int(self.birth[5:7]), int(self.birth[7:9]))
        except ValueError:
            return None


def birth_text(day: date) -> str:
    """``day`` as era digit and YYYYMMDD.

    Raises:
        ValueError: before 1868-01-25 (明治).
    """
    for first_day, digit in _ERAS:
        if day >= first_day:
            return f"{digit}{day:%Y%m%d}"
    raise ValueError(f"{day} is before the Meiji era (1868-01-25)")


def read_attributes(subject_alt_name: bytes) -> Attributes:
    """The attributes in a subjectAltName's DER; other kinds of name in it are passed over.

    Raises:
        NotDer: one is missing, doubled, or the birth is not nine digits.
    """
    found: dict[str, str] = {}
    names = der.Reader(subject_alt_name).enter(der.SEQUENCE)
    while names.more():
        if not names.next_is(_OTHER_NAME):
            names.raw()
            continue
        one = names.enter(_OTHER_NAME)
        field = _NAMES.get(one.content(der.OID))
        wrapped = one.enter(der.CONTEXT | der.CONSTRUCTED | 0)
        one.done()
        if field in found:
            raise IncompleteAttributes(f"the attribute {field} stands twice", names.position)
        if field:
            found[field] = wrapped.content(der.UTF8_STRING).decode("utf-8")
            wrapped.done()
    if len(found) != len(_FIELDS):
        raise IncompleteAttributes("an attribute of the holder is missing")
    if len(found["birth"]) != _BIRTH_DIGITS or not (found["birth"].isascii() and found["birth"].isdigit()):
        raise IncompleteAttributes("the birth attribute is not an era digit and YYYYMMDD")
    return Attributes(**found)


def write_attributes(attributes: Attributes) -> bytes:
    """The subjectAltName DER that holds ``attributes``."""
    return w.sequence(
        *(
            w.explicit(0, w.oid(dotted), w.explicit(0, w.utf8(getattr(attributes, field))))
            for field, dotted in _FIELDS.items()
        )
    )
