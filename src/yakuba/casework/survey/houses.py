"""Which houses a disaster's applications name: one house for all households in it, grouped by district."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from yakuba.casework.addresses import plain
from yakuba.casework.models import Case, Disaster, SurveyHouse, SurveyHouseCase
from yakuba.casework.roles import AID_PROCEDURE
from yakuba.casework.towns import town_name

UNKNOWN = "所在地の記入なし"
_BEFORE_NUMBER = re.compile(r"^[^0-9]+")
_ROOM = re.compile(r"\s*\d{1,4}\s*号室\s*$")
_LARGE_SECTION = re.compile(r"^大字")  # 大字堀内 and 堀内 are one place
_BATCH = 2000


def damaged_address(answers: Mapping[str, Any]) -> str:
    """Where the damaged building stands, without the room: a building is surveyed as one (運用指針: 住棟全体)."""
    place = answers.get("applicant_address" if answers.get("same_address") is True else "damaged_address")
    return str(place.get("address", "")).strip() if isinstance(place, Mapping) else ""


def district_of(address: str, town: str) -> str:
    """The town name in an address: 神奈川県三浦郡葉山町堀内1234番地5 → 堀内."""
    inside = _inside(address, town)
    found = _BEFORE_NUMBER.match(inside)
    return found[0].rstrip("-")[:60] if found and found[0].strip("-") else UNKNOWN


def house_key(address: str, town: str) -> str:
    """One key for all spellings of a house's address; empty where there is none.

    Without the room (only where it says 号室: a bare number may be part of the lot), with the town whether written or not.
    """
    inside = _inside(_ROOM.sub("", unicodedata.normalize("NFKC", address)), town)
    return plain(town) + inside if inside else ""


def _inside(address: str, town: str) -> str:
    return _LARGE_SECTION.sub("", plain(address).removeprefix(plain(town)))


def family_name(name: str) -> str:
    """What a surveyor asks for at the door: the part before the space, or the whole where there is none."""
    return name.replace("　", " ").strip().split(" ")[0]


def ungathered(disaster: Disaster) -> QuerySet[Case]:
    """Open applications of the disaster that are on no list of houses yet."""
    open_cases = Case.objects.filter(
        municipality=disaster.municipality, procedure=AID_PROCEDURE, is_open=True
    )
    return open_cases.filter(document__answers__disaster=str(disaster.id), survey_house__isnull=True)


def gather(disaster: Disaster) -> int:
    """Put every open application of the disaster under its house; how many were new."""
    new = 0
    while found := list(ungathered(disaster).select_related("document").order_by("id")[:_BATCH]):
        _place(disaster, found)
        new += len(found)
    return new


def _place(disaster: Disaster, cases: Iterable[Case]) -> None:
    town = town_name(disaster.municipality)
    named = {case: damaged_address(case.document.answers) for case in cases}
    # without an address each application stands for itself: nobody's result may become somebody else's
    keys = {case: (house_key(said, town) or f"?{case.id}")[:200] for case, said in named.items()}
    houses = [
        SurveyHouse(
            municipality=disaster.municipality, disaster=disaster, key=keys[case], address=said[:200],
            district=district_of(said, town),
        )
        for case, said in named.items()
    ]  # fmt: skip
    SurveyHouse.objects.bulk_create(houses, ignore_conflicts=True)
    by_key = {
        one.key: one for one in SurveyHouse.objects.filter(disaster=disaster, key__in=set(keys.values()))
    }
    links = [
        SurveyHouseCase(municipality=disaster.municipality, case=case, house=by_key[key])
        for case, key in keys.items()
    ]
    SurveyHouseCase.objects.bulk_create(links, ignore_conflicts=True)
