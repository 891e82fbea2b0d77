"""Every page of the desk that names something by a number, asked for by another town's staff: the answer for what
exists and for what does not must be the same, or the difference would tell."""

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver
from pytest_django.fixtures import Settings

from tests.casework.cast import HAYAMA, KENTA, NINOMIYA, Draft, Receive, World, member
from tests.casework.conftest import authority, receive, world  # noqa: F401 - fixtures
from tests.casework.test_desk import signed_in
from tests.house.test_house import routes
from yakuba.base.clock import now, today
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.base.web import audience_of
from yakuba.casework.handover.models import Batch, Item, OutsideSystem
from yakuba.casework.models import (
    CardReading,
    Case,
    CounterVisit,
    Disaster,
    SurveyCheckout,
    SurveyHouse,
    SurveyResult,
    SurveyTeam,
    SurveyVisit,
    UnreadableMessage,
)  # fmt: skip
from yakuba.casework.notices.models import Notice
from yakuba.casework.roles import Role
from yakuba.casework.staff.models import AidSeat, Staff

pytestmark = pytest.mark.django_db
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
# Parts of an address that name nothing of a municipality.
_COMMON = {
    "kind": "identified",
    "name": "manifest.json",
    "position": "0",
    "number": "0",
    "procedure_id": "jidou-teate-nintei",
    "page_id": "event",
    "pk": "1",
}


@dataclass(frozen=True)
class Towns:
    """Hayama with one of everything, and who works there and elsewhere, with every role."""

    existing: dict[str, str]
    own: Staff
    other: Staff


def paths() -> list[str]:
    """Every route of the My Number zone for staff that names something of a municipality."""
    found = routes(get_resolver("yakuba.zones.urls.mynumber").url_patterns)
    named = [path for path, view in found if audience_of(view) == "staff"]
    return [path for path in named if set(_PART.findall(path)) - set(_COMMON)]


@pytest.fixture
def towns(world: World, receive: Receive, settings: Settings) -> Towns:  # noqa: F811
    settings.ZONE, settings.ROOT_URLCONF = "mynumber", "yakuba.zones.urls.mynumber"
    roles = tuple(Role)
    own, other = member("own", *roles), member("other", *roles, municipality=NINOMIYA)
    case: Case = receive(Draft(world).envelope())
    with under(HAYAMA):
        system = OutsideSystem.objects.create(
            municipality=HAYAMA, name="基幹", procedures=["jidou-teate-nintei"], token_sha256="0" * 64
        )
        batch = Batch.objects.create(
            municipality=HAYAMA, procedure="jidou-teate-nintei", format="jsonl", made_by="own", made_at=now(), cases=0,
            files=[],
        )  # fmt: skip
        item = Item.objects.create(
            municipality=HAYAMA, case_id=case.pk, procedure="jidou-teate-nintei", receipt_number="x", state_at=now(),
            document={},
        )  # fmt: skip
        notice = Notice.objects.create(
            municipality=HAYAMA, case_id=case.pk, application_id=case.pk, kind="decision", title="通知", series="子",
            fiscal_year=2026, number=1, data={}, content_sha256="0" * 64,
        )  # fmt: skip
        disaster = Disaster.objects.create(
            municipality=HAYAMA, id=uuid7(), name="台風", declared_on=today(), until=today()
        )
        unreadable = UnreadableMessage.objects.create(
            municipality=HAYAMA,
            id=uuid7(),
            kind="application.submitted",
            received_at=now(),
            problem="x",
            body={},
        )
        visit = CounterVisit.objects.create(
            municipality=HAYAMA,
            clerk=own,
            atena_number=KENTA,
            found_by="card",
            created_at=now(),
            updated_at=now(),
        )
        reading = CardReading.objects.create(
            municipality=HAYAMA, clerk=own, operation="sign", content=b"x", secret_sha256="0" * 64, created_at=now(),
            expires_at=now(),
        )  # fmt: skip
        seat = AidSeat.objects.create(
            municipality=HAYAMA, name="x", login="x.y.z", home=NINOMIYA, home_name="二宮町", begins_at=now(),
            ends_at=now() + timedelta(days=1), proposed_by=own, proposed_at=now(),
        )  # fmt: skip
        house = SurveyHouse.objects.create(
            municipality=HAYAMA, disaster=disaster, key="x", address="x", district="x"
        )
        team = SurveyTeam.objects.create(municipality=HAYAMA, disaster=disaster, name="x")
        survey_visit = SurveyVisit.objects.create(
            municipality=HAYAMA,
            house=house,
            team=team,
            day=today(),
            method="first",
            planned_by=own,
            planned_at=now(),
        )
        result = SurveyResult.objects.create(
            municipality=HAYAMA, id=uuid7(), visit=survey_visit, percent=1, surveyed_on=today(), by=own, at=now(),
            state="waiting",
        )  # fmt: skip
        checkout = SurveyCheckout.objects.create(
            municipality=HAYAMA, team=team, day=today(), staff=own, taken_at=now(), expires_at=now()
        )
    existing = {
        "visit_id": visit.pk, "reading_id": reading.pk, "case_id": case.pk, "system_id": system.pk, "batch_id": batch.pk, "item_id": item.pk, "notice_id": notice.pk,
        "disaster_id": disaster.pk, "message_id": unreadable.pk, "staff_id": own.pk, "seat_id": seat.pk, "house_id": house.pk, "team_id": team.pk, "result_id": result.pk, "checkout_id": checkout.pk,
        "survey_visit_id": survey_visit.pk, "atena_number": KENTA,
    }  # fmt: skip
    return Towns({name: str(value) for name, value in existing.items()}, own, other)


def ask(client: Client, method: str, path: str, names: dict[str, str]) -> tuple[int, str]:
    """Status and page, without what is different in every answer."""
    address = "/" + _PART.sub(lambda part: {**_COMMON, **names}[part[1]], path)
    answer = getattr(client, method)(
        address, {"version": "0", "text": "x", "reason": "x"} if method == "post" else {}
    )
    body = (
        answer.getvalue().decode(errors="replace")
        if answer.streaming
        else answer.content.decode(errors="replace")
    )
    for value in names.values():
        body = body.replace(value, "<named>")
    return answer.status_code, re.sub(r'(csrfmiddlewaretoken" value="|nonce=")[^"]+', r"\1", body)


def test_every_route_that_names_something_is_tried(towns: Towns) -> None:
    assert len(paths()) > 20
    assert {part for path in paths() for part in _PART.findall(path)} <= set(towns.existing) | set(_COMMON)


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_towns_staff_cannot_tell_what_exists_from_what_does_not(towns: Towns, method: str) -> None:
    made_up = {name: str(uuid.uuid4()) for name in towns.existing} | {"atena_number": "9999999999"}
    client = signed_in(towns.other)
    for path in paths():
        real, invented = (ask(client, method, path, names) for names in (towns.existing, made_up))
        assert real == invented, (method, path)
        assert real[0] in (404, 405), (method, path, real[0])


def test_the_towns_own_staff_is_answered_so_that_the_refusals_mean_something(towns: Towns) -> None:
    client = signed_in(towns.own)
    answered = {path for path in paths() if ask(client, "get", path, towns.existing)[0] == 200}
    assert {re.sub(r"[^<>\w/]", "", path).split("/")[0] for path in answered} >= {
        "cases",
        "people",
        "staff",
        "handover",
    }
