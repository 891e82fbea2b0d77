"""Who lives here: finding people and reading their state on a day. Everything runs inside ``under(municipality)``.

Conditions on names are ranges, not ``LIKE``: under row-level security PostgreSQL lets only leak-proof operators use
an index before the policy, and ``LIKE`` is none. A range is, so a search stays an index scan at a million people.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from yakuba.base.rows import fetch
from yakuba.base.tenancy import current_municipality
from yakuba.registers.keys import alphabet_key, is_kana, is_latin, kana_key, name_key
from yakuba.registers.models import CardCertificate, Guardianship, Resident
from yakuba.registers.variants import national_variants

_HIGHEST = "\U0010ffff"
_NUMBER = re.compile(r"[0-9]{1,15}")
_MY_NUMBER_LENGTH = 12
_ATENA_LENGTH = 10


class NotASearchTerm(ValueError):
    """What was typed cannot be searched for; the message says what can. It never repeats what was typed."""


class NoSuchPerson(LookupError):
    """No person with this 宛名番号 on that day; ``atena_number`` carries it."""

    def __init__(self, atena_number: str) -> None:
        self.atena_number = atena_number
        super().__init__(f"宛名番号{atena_number}の人は台帳にありません。")


@dataclass(frozen=True, slots=True)
class CertificateMatch:
    """A certificate that is recorded here, and the person it is recorded for (as of today's state)."""

    certificate: CardCertificate
    person: Resident


def prefix(field: str, beginning: str) -> Q:
    """Rows whose ``field`` (in the C collation) begins with ``beginning``."""
    return Q(**{f"{field}__gte": beginning, f"{field}__lt": beginning + _HIGHEST})


def search(text: str, *, limit: int = 50) -> list[Resident]:
    """People whose name, common name, former name, reading, Latin name or 宛名番号 begins with ``text``, in their
    present state, in the order of readings; of more than ``limit``, the first ones of each kind of name.

    Variant characters, widths, kana kinds and long vowels are folded as in :mod:`yakuba.registers.keys`.

    Raises:
        NotASearchTerm: nothing to search for, or twelve digits (個人番号 are looked up by purpose, elsewhere).
    """
    typed = text.strip()
    digits = typed.replace("-", "").replace(" ", "")
    if digits.isascii() and digits.isdigit():
        return list(current().filter(atena_number=_atena_number(digits)))
    found = {person.atena_number: person for query in queries(typed) for person in query[:limit]}
    return sorted(found.values(), key=lambda person: (person.kana_key, person.atena_number))[:limit]


def queries(text: str) -> list[QuerySet[Resident]]:
    """The searches for a name, each in the order of the index it reads, so that the first few cost the same in a
    village and in a city (an order of another column would read and sort every 佐藤 of the city)."""
    if is_kana(text) and (key := kana_key(text)):
        return [_ordered("kana_key", key)]
    if is_latin(text):
        return [_ordered("alphabet_key", alphabet_key(text)).exclude(alphabet_key="")]
    if key := name_key(text, national_variants()):
        return [_ordered("name_key", key), _ordered("other_key", key).exclude(other_key="")]
    raise NotASearchTerm("氏名、フリガナ、または宛名番号を入力してください。例: 髙橋、タカハシ、0000000123")


def _ordered(field: str, key: str) -> QuerySet[Resident]:
    return current().filter(prefix(field, key)).order_by(field)


def _atena_number(digits: str) -> str:
    if len(digits) == _MY_NUMBER_LENGTH or not _NUMBER.fullmatch(digits):
        raise NotASearchTerm(
            "12桁の番号では検索できません。個人番号は、目的を選ぶ専用の画面で照会してください。宛名番号の例: 0000000123"
        )
    return digits.zfill(_ATENA_LENGTH)


def current() -> QuerySet[Resident]:
    """Everybody's present state, including those who moved out or died."""
    return Resident.objects.filter(valid_to=None)


def in_force(as_of: date) -> Q:
    """States that hold on ``as_of``."""
    return Q(valid_from__lte=as_of) & (Q(valid_to=None) | Q(valid_to__gte=as_of))


def person(atena_number: str, as_of: date | None = None) -> Resident:
    """The person's state on ``as_of``, or the present one.

    Raises:
        NoSuchPerson: no state that day.
    """
    states = Resident.objects.filter(atena_number=atena_number)
    states = states.filter(valid_to=None) if as_of is None else states.filter(in_force(as_of))
    found = states.order_by("-history_number").first()
    if found is None:
        raise NoSuchPerson(atena_number)
    return found


def history(atena_number: str) -> list[Resident]:
    """Every state the person's record has been in, the newest first."""
    return list(Resident.objects.filter(atena_number=atena_number).order_by("-history_number"))


def household(atena_number: str, as_of: date | None = None) -> list[Resident]:
    """The people who live in the person's household that day, the head (世帯主) first, then by age.

    Empty for somebody who does not live here.
    """
    member = person(atena_number, as_of)
    if member.status != "resident":
        return []
    states = Resident.objects.filter(household_number=member.household_number, status="resident")
    states = states.filter(valid_to=None) if as_of is None else states.filter(in_force(as_of))
    return sorted(
        states, key=lambda state: (state.relationship != "世帯主", str(state.birth), state.atena_number)
    )


def by_certificate(issuer_key_id: str, serial: str) -> list[CertificateMatch]:
    """For whom a card's certificate is recorded: nobody, one person, or several (each is for a clerk to see).

    A lapsed, renewed or revoked certificate is found too: its ``state`` says so.
    """
    certificates = fetch(
        CardCertificate,
        "WHERE municipality = %s AND serial = %s AND issuer_key_id = %s AND recorded_to IS NULL ORDER BY atena_number",
        [current_municipality(), serial, issuer_key_id],
    )
    return [CertificateMatch(found, _present(found.atena_number)) for found in certificates]


def _present(atena_number: str) -> Resident:
    found = fetch(
        Resident,
        "WHERE municipality = %s AND atena_number = %s AND valid_to IS NULL ORDER BY history_number DESC LIMIT 1",
        [current_municipality(), atena_number],
    )
    if not found:
        raise NoSuchPerson(atena_number)
    return found[0]


def certificates(atena_number: str) -> list[CardCertificate]:
    """Every recorded state of the person's certificates, the newest first."""
    found = CardCertificate.objects.filter(atena_number=atena_number)
    return list(found.order_by("-recorded_from", "kind", "-history_number"))


def guardians(ward_number: str, as_of: date) -> list[Guardianship]:
    """Who acts for the person on that day (成年後見人・保佐人・補助人)."""
    return list(Guardianship.objects.filter(in_force(as_of), ward_number=ward_number))


def wards(guardian_number: str, as_of: date) -> list[Guardianship]:
    """For whom the resident acts on that day."""
    return list(Guardianship.objects.filter(in_force(as_of), guardian_number=guardian_number))


def by_attributes(name: str, birth: str, address_beginning: str = "", *, limit: int = 20) -> list[Resident]:
    """People whose folded name is exactly this one and who were born that day: help for a clerk whose certificate
    match failed. Never enough to identify somebody by itself.

    Args:
        birth: ``YYYY-MM-DD``, zeros where unknown.
    """
    found = current().filter(name_key=name_key(name, national_variants()), birth=birth)
    if address_beginning:
        found = found.filter(prefix("address", address_beginning))
    return list(found.order_by("atena_number")[:limit])
