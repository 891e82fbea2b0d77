"""Statutory representation (法定代理) as far as the registers of a town tell it: whom somebody acts for by law, and what is not to be told.

A guardian of an adult or of a minor represents the ward in all matters of property (民法859条1項). A curator (保佐人) or assistant
(補助人) only in what the family court gave them (民法876条の4第1項・876条の9第1項). Parental authority (親権, 民法818条) stands in the
family register (戸籍), which a town's resident register does not hold: living in one household as the head's child suggests it
and proves nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yakuba.casework.checked import Check
from yakuba.procedures.rules.ages import age_on
from yakuba.registers import people
from yakuba.registers.models import Guardianship, Resident

MAJORITY = 18  # 民法4条 (since 1 April 2022)
FULL = (Guardianship.Kind.GUARDIAN, Guardianship.Kind.MINOR)
PARENT = "parent"
_HEAD, _CHILD = "世帯主", "子"


@dataclass(frozen=True, slots=True)
class Tie:
    """Somebody the signer may act for by law: ``kind`` of guardianship, or ``parent`` where only the household suggests it."""

    ward: Resident
    kind: str

    @property
    def in_full(self) -> bool:
        """Whether the register alone shows the power to represent."""
        return self.kind in FULL


def ties(signer: str, as_of: date) -> list[Tie]:
    """Whom the resident ``signer`` (宛名番号) acts for, or seems to, on that day: guardianships first, then children."""
    found = [
        Tie(ward, one.kind)
        for one in people.wards(signer, as_of)
        if (ward := _resident(one.ward_number)) and not _outgrown(one.kind, ward, as_of)
    ]
    known = {one.ward.atena_number for one in found}
    return found + [Tie(one, PARENT) for one in _children(signer, as_of) if one.atena_number not in known]


def in_full(signer: str, as_of: date) -> frozenset[str]:
    """The 宛名番号 of those for whom the register alone shows the power to represent."""
    return frozenset(one.ward.atena_number for one in ties(signer, as_of) if one.in_full)


def judge(signers: Iterable[Resident], ward: Resident | None, as_of: date) -> tuple[Check, ...]:
    """What the registers say on ``signers`` (whom the certificate is recorded for) acting for ``ward`` by law."""
    acting = list(signers)
    if len(acting) != 1:
        return (
            _unknown(
                "申請した人が台帳の1人に結びつきません(町外の人など)。登記事項証明書や戸籍で確かめてください。"
            ),
        )
    if ward is None:
        return (_unknown("代理された本人が台帳の1人に結びつきません。本人を特定してから確かめてください。"),)
    records = Guardianship.objects.filter(
        ward_number=ward.atena_number, guardian_number=acting[0].atena_number
    ).order_by("-valid_from")
    if newest := records.first():
        return (_by_record(newest, ward, as_of),)
    return (_without_record(acting[0], ward, as_of),)


def _by_record(record: Guardianship, ward: Resident, as_of: date) -> Check:
    name = Guardianship.Kind(record.kind).label
    if record.valid_to and record.valid_to < as_of:
        return _bad(f"{name}の登録は{_day(record.valid_to)}に終わっています。")
    if record.valid_from > as_of:
        return _bad(f"{name}の登録は{_day(record.valid_from)}からです。")
    if _outgrown(record.kind, ward, as_of):
        return _bad("本人は成年(18歳、民法4条)に達しており、未成年後見は終わっています。")
    if record.kind in FULL:
        return Check("power", "good", f"{name}として{_day(record.valid_from)}から登録があります(民法859条)。")
    return _unknown(
        f"{name}として登録があります。代理できるのは家庭裁判所が代理権を与えた行為だけです(民法876条の4・876条の9)。"
        "登記事項証明書で代理権の範囲を確かめてください。"
    )


def _without_record(signer: Resident, ward: Resident, as_of: date) -> Check:
    if not _is_minor(ward, as_of):
        return _unknown(
            "二人のあいだに後見などの登録はありません。登記事項証明書(後見登記等に関する法律10条)で確かめてください。"
        )
    if ward.atena_number in {one.atena_number for one in _children(signer.atena_number, as_of)}:
        return _unknown(
            "本人は未成年で、申請した世帯主の子として同じ世帯にいます。親権(民法818条)は住民記録からは分かりません。"
            "戸籍謄本で確かめてください。"
        )
    return _unknown(
        "本人は未成年です。申請した人が親権者か未成年後見人か、戸籍謄本で確かめてください(民法818条・838条)。"
    )


def _children(signer: str, as_of: date) -> list[Resident]:
    """The minors who live with ``signer`` as the children of the household's head, if that is ``signer``."""
    members = people.household(signer)
    heads = {one.atena_number for one in members if one.relationship == _HEAD}
    return [
        one for one in members if signer in heads and one.relationship == _CHILD and _is_minor(one, as_of)
    ]


def _is_minor(person: Resident, as_of: date) -> bool:
    """Somebody whose day of birth is not known whole is no minor by register: a clerk looks."""
    birth = person.birth.exact
    return birth is not None and birth <= as_of and age_on(birth, as_of) < MAJORITY


def _outgrown(kind: str, ward: Resident, as_of: date) -> bool:
    birth = ward.birth.exact
    of_age = birth is not None and birth <= as_of and age_on(birth, as_of) >= MAJORITY
    return kind == Guardianship.Kind.MINOR and of_age


def _resident(number: str) -> Resident | None:
    try:
        found = people.person(number)
    except people.NoSuchPerson:
        return None
    return found if found.status == "resident" else None


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _bad(words: str) -> Check:
    return Check("power", "bad", words)


def _unknown(words: str) -> Check:
    return Check("power", "unknown", words)
