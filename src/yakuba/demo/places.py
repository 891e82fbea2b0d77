"""Where the synthetic people live: real place names, made-up numbers and buildings."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random
from typing import Any, NamedTuple

import yaml

from yakuba.base.municipality import prefecture_of


class Address(NamedTuple):
    """An address as the resident register keeps it."""

    town_code: str
    postcode: str
    text: str
    building: str = ""
    facility: str = ""


@dataclass(frozen=True, slots=True)
class CareHome:
    """A (made-up) care home and its address."""

    code: str
    name: str
    address: Address


@dataclass(frozen=True, slots=True)
class Place:
    """One municipality of the demo. ``areas`` holds each 大字 as often as its share of the people."""

    index: int
    code: str
    name: str
    name_en: str
    address: str
    serves: int
    areas: tuple[tuple[str, str, str], ...]
    care_homes: tuple[CareHome, ...]
    elsewhere: tuple[str, ...]
    buildings: tuple[str, ...]

    def home(self, rng: Random) -> Address:
        """Somewhere in the municipality; every fifth in a building with rooms."""
        code, postcode, area = self.areas[int(rng.random() * len(self.areas))]
        lot = int(rng.random() * 2500) + 1
        text = f"{self.address}{area}{lot}番地"
        if rng.random() < 0.6:
            text += str(int(rng.random() * 40) + 1)
        if rng.random() < 0.2:
            building = self.buildings[int(rng.random() * len(self.buildings))]
            return Address(
                code, postcode, text, f"{building}{int(rng.random() * 4 + 1)}0{int(rng.random() * 6 + 1)}号"
            )
        return Address(code, postcode, text)

    def away(self, rng: Random) -> str:
        """An address in another municipality."""
        town = self.elsewhere[int(rng.random() * len(self.elsewhere))]
        return f"{town}架空町{int(rng.random() * 9) + 1}丁目{int(rng.random() * 30) + 1}番"

    def area(self, name: str) -> tuple[str, str, str]:
        """Code, postcode and name of a 大字.

        Raises:
            KeyError: no such place here.
        """
        for area in self.areas:
            if area[2] == name:
                return area
        raise KeyError(f"{self.name}に{name}という大字はありません。")


class UnknownPlace(LookupError):
    """No demo town is known under this code; the message lists those that are."""


def place(code: str) -> Place:
    """The demo's municipality with this code.

    Raises:
        UnknownPlace.
    """
    for known in places():
        if known.code == code:
            return known
    names = "、".join(f"{known.name} {known.code}" for known in places())
    raise UnknownPlace(f"団体コード{code}の実演用の町はありません。あるのは: {names}")


@cache
def places() -> tuple[Place, ...]:
    """All municipalities of the demo."""
    text = resources.files("yakuba.demo").joinpath("data/towns.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    shared = (tuple(data["elsewhere"]), tuple(data["buildings"]))
    return tuple(_place(index, entry, *shared) for index, entry in enumerate(data["towns"], start=1))


def _place(index: int, data: dict[str, Any], elsewhere: tuple[str, ...], buildings: tuple[str, ...]) -> Place:
    areas = {area["name"]: (area["code"], area["postcode"], area["name"]) for area in data["areas"]}
    weighted = tuple(areas[area["name"]] for area in data["areas"] for _ in range(area["share"]))
    homes = tuple(_care_home(data["address"], areas[home["area"]], home) for home in data["care_homes"])
    return Place(
        index, data["code"], data["name"], data["name_en"], data["address"], data["serves"], weighted, homes,
        elsewhere, buildings,
    )  # fmt: skip


def _care_home(town: str, area: tuple[str, str, str], data: dict[str, Any]) -> CareHome:
    text = f"{town}{area[2]}{data['lot']}"
    return CareHome(data["code"], data["name"], Address(area[0], area[1], text, data["name"], data["code"]))


def bodies() -> list[str]:
    """The codes of every body with a desk in the demo: the towns, and the prefecture they lie in."""
    codes = [town.code for town in places()]
    return [*codes, *sorted({prefecture_of(code) for code in codes})]
