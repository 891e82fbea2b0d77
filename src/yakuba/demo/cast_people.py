"""The cast and their families as people of the town: households, names, entries, certificates, guardians."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml

from yakuba.demo import business, names
from yakuba.demo.cards_history import FORMER_ISSUERS
from yakuba.demo.names import FullName
from yakuba.demo.persons import Certificate, Person, Ward
from yakuba.demo.places import Address, Place, place
from yakuba.registers.keys import kana_key, name_key
from yakuba.registers.mynumber_digits import check_digit
from yakuba.registers.variants import national_variants


@dataclass(frozen=True, slots=True)
class RegisteredCertificate:
    """What the register notes of a card that was made: see :mod:`yakuba.demo.cards`."""

    kind: str
    issuer_key_id: str
    serial: str
    not_before: date
    not_after: date


def people(
    municipality: str, as_of: date, cards: Mapping[str, tuple[RegisteredCertificate, ...]]
) -> list[Person]:
    """The cast and their families in one municipality, as the town generator's people.

    Args:
        cards: certificates by cast id; who has none there has no card in the register either.
    """
    found: list[Person] = []
    by_role: dict[str, Person] = {}
    for household, members in households(as_of):
        if household["municipality"] != municipality:
            continue
        for role in household["cast"]:
            holder = members[role["member"]]
            by_role[role["id"]] = holder
            state = (role["card"] or {}).get("state", "")
            holder.certificates = _certificates(state, cards.get(role["id"], ()), as_of.toordinal())
        found += members
    _appoint_guardians(by_role, as_of)
    return found


@cache
def _data() -> dict[str, Any]:
    text = resources.files("yakuba.demo").joinpath("data/cast.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def households(as_of: date) -> list[tuple[dict[str, Any], list[Person]]]:
    """Every household's data and its members, numbered from 1 in each municipality."""
    next_number: dict[str, int] = {}
    found = []
    for household in _data()["households"]:
        code = household["municipality"]
        first = next_number.get(code, 1)
        next_number[code] = first + len(household["members"])
        found.append((household, _members(household, first, as_of)))
    return found


def _members(household: dict[str, Any], first: int, as_of: date) -> list[Person]:
    town = place(household["municipality"])
    address = _address(town, household)
    moved_in = _days_back(household["moved_in"], as_of)
    made = []
    for offset, data in enumerate(household["members"]):
        birth, text = _birth(data["born"], as_of)
        born_here = birth > moved_in
        since = birth if born_here else moved_in
        number = first + offset
        made.append(
            Person(
                number, data["sex"], birth, data["relationship"], first, _name(data), address, since,
                "birth" if born_here else "move_in", since,
                "" if born_here else household.get("former_address", ""),
                foreign=data.get("foreign", False), birth_text=text, child=data.get("child", False),
                my_number=_my_number(town, number),
            )
        )  # fmt: skip
    _add_entries(household, made, as_of)
    return made


def _add_entries(household: dict[str, Any], made: list[Person], as_of: date) -> None:
    fiscal_year, tax_from = business.fiscal(as_of)
    today = as_of.toordinal()
    incomes = {
        person.number: data["income"]
        for person, data in zip(made, household["members"], strict=True)
        if "income" in data
    }
    for person, data in zip(made, household["members"], strict=True):
        if "income" in data and person.valid_from < tax_from - 150:
            old = person.birth <= today - 65 * 366
            person.entries.append(
                business.tax(data["income"], sum(p.child for p in made), fiscal_year, tax_from, pensioner=old)
            )
        care = data.get("care")
        if care and "care_level" in care:
            applied = today - 300
            person.entries.append(
                business.certified(person, care["premium_bracket"], care["care_level"], applied, applied + 29)
            )
        elif care:
            person.entries.append(business.insured(person, care["premium_bracket"]))
    business.allowance(made, incomes, today, fiscal_year)


def _name(data: dict[str, Any]) -> FullName:
    if data.get("foreign"):
        name = names.foreign_name(data["name"], data["kana"])
        return (
            names.with_common_name(name, data["common_name"], data["common_name_kana"])
            if "common_name" in data
            else name
        )
    key = name_key(data["name"], national_variants())
    return FullName(data["name"], data["kana"], "", key, kana_key(data["kana"]))


def _address(town: Place, household: dict[str, Any]) -> Address:
    if "facility" in household:
        return next(home.address for home in town.care_homes if home.code == household["facility"])
    code, postcode, area = town.area(household["area"])
    return Address(code, postcode, f"{town.address}{area}{household['lot']}", household.get("building", ""))


def _birth(born: dict[str, Any], as_of: date) -> tuple[int, str]:
    """The birthday's ordinal, and its text where a part of it is unknown."""
    if "year_only" in born:
        year = as_of.year - int(born["year_only"])
        return date(year, 7, 1).toordinal(), f"{year}-00-00"
    if "days_ago" in born:
        return (as_of - timedelta(days=born["days_ago"])).toordinal(), ""
    later_this_year = (born["month"], born["day"]) > (as_of.month, as_of.day)
    return date(as_of.year - born["age"] - later_this_year, born["month"], born["day"]).toordinal(), ""


def _days_back(when: dict[str, int], as_of: date) -> int:
    return as_of.toordinal() - when.get("days_ago", when.get("years_ago", 0) * 365 + 40)


def _my_number(town: Place, number: int) -> str:
    body = f"99{town.index:02d}{number:07d}"
    return body + check_digit(body)


# -- certificates and guardians ----------------------------------------------------------------------


def _certificates(state: str, made: tuple[RegisteredCertificate, ...], as_of: int) -> list[Certificate]:
    found: list[Certificate] = []
    for certificate in made:
        now = _active(certificate.issuer_key_id, certificate)
        if state == "expired":
            found += _ended(now, "lapsed", "有効期間の満了", now.not_after + 1)
        elif state == "revoked":
            found += _ended(now, "revoked", "カードの紛失", max(now.not_before + 1, as_of - 12))
        elif state == "renewed":
            found += [*_before_renewal(now), now]
        else:
            found.append(now)
    return found


def _active(issuer_key_id: str, made: RegisteredCertificate) -> Certificate:
    begins, ends = made.not_before.toordinal(), made.not_after.toordinal()
    return Certificate(issuer_key_id, made.serial, 1, made.kind, begins, ends, "active", "", begins, None)


def _ended(active: Certificate, state: str, reason: str, since: int) -> list[Certificate]:
    """The state before, closed, and the one in force."""
    after = active._replace(history_number=2, state=state, state_reason=reason, recorded_from=since)
    return [active._replace(recorded_to=since - 1), after]


def _before_renewal(now: Certificate) -> list[Certificate]:
    """The certificate before this one, from an authority that is no more."""
    begins = now.not_before - 1795
    before = now._replace(
        issuer_key_id=FORMER_ISSUERS[now.kind], serial=f"{int(now.serial, 16) ^ 0x5A5A:x}", not_before=begins,
        not_after=now.not_before + 31, recorded_from=begins,
    )  # fmt: skip
    return _ended(before, "renewed", "更新", now.not_before)


def _appoint_guardians(by_role: Mapping[str, Person], as_of: date) -> None:
    for household in _data()["households"]:
        for role in household["cast"]:
            if "guardian" in role and role["id"] in by_role:
                guardian = by_role[role["guardian"]]
                by_role[role["id"]].ward = Ward(
                    "guardian", guardian.atena_number, guardian.name.written, guardian.address.text,
                    as_of.toordinal() - 400,
                )  # fmt: skip
