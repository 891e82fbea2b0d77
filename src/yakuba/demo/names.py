"""Names for synthetic people, with their search keys worked out once: combined by seed, never taken from anybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from random import Random
from typing import Any, NamedTuple

import yaml

from yakuba.registers.keys import alphabet_key, kana_key, name_key
from yakuba.registers.variants import national_variants

SPACE = "\u3000"


class Part(NamedTuple):
    """One part of a name: as written, its reading, in Latin letters, and the keys of the first two."""

    written: str
    kana: str
    latin: str
    key: str
    kana_key: str


class FullName(NamedTuple):
    """A whole name as the resident register keeps it."""

    written: str
    kana: str
    latin: str
    key: str
    kana_key: str
    alphabet_key: str = ""
    common: str = ""
    common_kana: str = ""
    former: str = ""
    former_kana: str = ""
    other_key: str = ""


def japanese(family: Part, given: Part) -> FullName:
    """氏 and 名. A long vowel may reach across the two (サイトウ・ウメ), so the key is not always the two keys."""
    reading = family.kana_key + given.kana_key
    if given.kana[0] in "ウイ":
        reading = kana_key(family.kana + given.kana)
    return FullName(
        family.written + SPACE + given.written,
        family.kana + SPACE + given.kana,
        "",
        family.key + given.key,
        reading,
    )


def with_former_name(name: FullName, former: Part, given: Part) -> FullName:
    """The name with 旧氏 noted on the record."""
    return name._replace(former=former.written, former_kana=former.kana, other_key=former.key + given.key)


@cache
def surnames() -> tuple[Part, ...]:
    """Family names, each as often as it weighs: pick one uniformly."""
    return tuple(
        _part(written, kana, latin)
        for written, kana, latin, weight in _lines("surnames.txt")
        for _ in range(int(weight))
    )


@lru_cache(maxsize=512)
def given_names(sex: str, birth_year: int) -> tuple[Part, ...]:
    """Given names that were usual for that sex (``1`` male, ``2`` female) in that year."""
    letter = "m" if sex == "1" else "f"
    found = tuple(
        part for of_sex, first, last, part in _all_given() if of_sex == letter and first <= birth_year <= last
    )
    return found or given_names(sex, 1900 if birth_year < 1900 else 2030)


@cache
def _all_given() -> tuple[tuple[str, int, int, Part], ...]:
    return tuple(
        (sex, int(first), int(last), _part(written, kana, latin))
        for sex, first, last, written, kana, latin in _lines("given_names.txt")
    )


def _part(written: str, kana: str, latin: str) -> Part:
    return Part(written, kana, latin, name_key(written, national_variants()), kana_key(kana))


def _lines(file: str) -> Iterator[list[str]]:
    text = resources.files("yakuba.demo").joinpath(f"data/{file}").read_text("utf-8")
    return (line.split() for line in text.splitlines() if line and not line.startswith("#"))


@dataclass(frozen=True, slots=True)
class Abroad:
    """The names of one country."""

    country: str
    family: tuple[tuple[str, str], ...]
    female: tuple[tuple[str, str], ...]
    male: tuple[tuple[str, str], ...]


@cache
def _foreign_data() -> dict[str, Any]:
    text = resources.files("yakuba.demo").joinpath("data/foreign_names.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


@cache
def countries() -> tuple[Abroad, ...]:
    """Countries people come from, each as often as it weighs."""
    return tuple(
        Abroad(entry["country"], *(tuple(map(tuple, entry[part])) for part in ("family", "female", "male")))
        for entry in _foreign_data()["countries"]
        for _ in range(entry["weight"])
    )


def foreign(country: Abroad, family: tuple[str, str], sex: str, rng: Random) -> FullName:
    """A foreign resident's name in Latin capitals with its reading; every fifth uses a Japanese common name (通称)."""
    given = rng.choice(country.male if sex == "1" else country.female)
    name = foreign_name(f"{family[0]} {given[0]}", f"{family[1]} {given[1]}")
    if rng.random() < 0.2:
        common, kana = rng.choice(_foreign_data()["common_name_families"])
        part = rng.choice(given_names(sex, 1980))
        return with_common_name(name, common + SPACE + part.written, kana + SPACE + part.kana)
    return name


def foreign_name(latin: str, kana: str) -> FullName:
    """A name in Latin letters, as 住民票 states it, with its reading."""
    return FullName(
        latin, kana, latin, name_key(latin, national_variants()), kana_key(kana), alphabet_key(latin)
    )


def with_common_name(name: FullName, common: str, kana: str) -> FullName:
    """The name with 通称."""
    return name._replace(common=common, common_kana=kana, other_key=name_key(common, national_variants()))
