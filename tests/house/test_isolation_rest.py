"""The routes that the tests of desk and portal do not try: APIs, the gateway, the workshop; and that none is left out."""

import hashlib
import json
import re
import uuid
from pathlib import Path

import pyotp
import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from pytest_django.fixtures import Settings

from tests.handover.cast import HAYAMA, NINOMIYA, handed_over, system
from tests.handover.test_exchange import batch
from tests.house import test_isolation_portal as portal
from tests.house import test_isolation_routes as desk
from tests.house.test_house import routes
from tests.portal.cast import Visitor
from tests.portal.conftest import (  # noqa: F401 - fixtures
    authority,
    hanako,
    hanako_card,
    internet_zone,
    issue,
    taro,
    taro_card,
)
from tests.portal.test_following import sent
from yakuba.base.clock import now
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.base.web import audience_of
from yakuba.gateway import blobs, outbox
from yakuba.office import operators
from yakuba.office.models import DefinitionDraft
from yakuba.office.operators import make_operator
from yakuba.portal.models import Application

pytestmark = pytest.mark.django_db
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
# Parts that say where or how, and name nothing that somebody put there.
WHERE = {
    "town", "code", "municipality", "event", "kind", "procedure_id", "procedure", "page_id", "field_id", "inner_id",
    "name", "position", "number", "pk",
}  # fmt: skip
# zone → the parts that name something, each tried by a test
TRIED = {
    "yakuba.zones.urls.internet": portal._NAMING | {"receipt_number"},
    "yakuba.zones.urls.lgwan": {"draft_id", "message"},
    "yakuba.zones.urls.mynumber": {
        "case_id", "system_id", "batch_id", "item_id", "notice_id", "disaster_id", "message_id", "staff_id", "atena_number",
        "visit_id", "reading_id", "seat_id", "house_id", "team_id", "result_id", "checkout_id", "survey_visit_id",
    },
    "yakuba.gateway.urls": {"message", "sha256"},
}  # fmt: skip


@pytest.mark.parametrize("urls", list(TRIED))
def test_no_route_names_anything_that_no_test_asks_for_under_another_town(urls: str) -> None:
    found = list(routes(get_resolver(urls).url_patterns))
    naming = {part for path, _view in found for part in _PART.findall(path)} - WHERE
    assert naming == TRIED[urls]
    if urls.endswith("mynumber"):
        of_staff = {path for path, view in found if audience_of(view) == "staff"}
        untried = {path for path, _ in found if set(_PART.findall(path)) - WHERE} - of_staff
        assert {path for path in untried if not path.startswith("handover/api/")} == set()
        assert desk.paths()


def test_a_receipt_number_of_somebody_else_is_like_one_nobody_has(hanako: Visitor, taro: Visitor) -> None:  # noqa: F811
    application = sent(hanako)
    with under(HAYAMA):
        number = Application.objects.get(id=application).receipt_number
    elsewhere = Visitor(hanako.card, NINOMIYA)
    for stranger, town in ((taro, HAYAMA), (elsewhere, NINOMIYA)):
        stranger.sign_in()
        answers = [stranger.client.get(f"/api/{town}/status/{one}") for one in (number, "G95D-W1AG-N18N")]
        assert [(one.status_code, one.content) for one in answers] == [(404, answers[0].content)] * 2
    assert hanako.client.get(f"/api/{HAYAMA}/status/{number}").status_code == 200


def test_another_towns_core_system_cannot_tell_what_exists(settings: Settings) -> None:
    settings.ZONE, settings.ROOT_URLCONF = "mynumber", "yakuba.zones.urls.mynumber"
    handed_over()
    real_batch, real_number = batch(), handed_over().receipt_number
    name = real_batch.files[0]["name"]
    headers = {"Authorization": f"Bearer {system(NINOMIYA)[1]}"}
    client, invented, made_up = Client(), str(uuid.uuid4()), "G95D-W1AG-N18N"

    def ask(town: str, batch_id: str, number: str, message: str) -> list[tuple[int, str]]:
        base = f"/handover/api/{town}"
        file = {"name": name, "size": 1, "sha256": "0" * 64}
        bodies = {
            "acknowledge": {"message_id": f"{message}-acknowledge", "batch": batch_id, "files": [file]},
            "results": {
                "message_id": message,
                "results": [{"receipt_number": number, "outcome": "accepted"}],
            },
            "statement": {"message_id": f"{message}-statement", "receipt_numbers": [number]},
            "fetch": {"message_id": f"{message}-fetch", "procedure": "jidou-teate-nintei"},
        }
        found = [client.get(f"{base}/batches", headers=headers)]
        found.append(client.get(f"{base}/batches/{batch_id}/files/{name}", headers=headers))
        found += [
            client.post(f"{base}/{door}", json.dumps(body), content_type="application/json", headers=headers)
            for door, body in bodies.items()
        ]
        return [
            (one.status_code, one.content.decode().replace(batch_id, "<b>").replace(number, "<n>"))
            for one in found
        ]

    for town in (NINOMIYA, HAYAMA):
        assert ask(town, str(real_batch.id), real_number, "message-real") == ask(
            town, invented, made_up, "message-made"
        )
    assert {status for status, _ in ask(HAYAMA, str(real_batch.id), real_number, "message-x")} == {401}


def test_a_file_of_one_towns_message_is_not_given_under_another(settings: Settings) -> None:
    settings.ZONE, settings.ROOT_URLCONF, settings.GATEWAY_SERVES = "internet", "yakuba.gateway.urls", True
    settings.MIDDLEWARE = ["yakuba.base.web.DefaultDeny"]
    message, data = uuid7(), b"a file of a resident"
    digest = hashlib.sha256(data).hexdigest()
    with under(HAYAMA):
        blobs.keep(HAYAMA, digest, data, outbox.holder(message))
    client = Client()
    assert client.get(f"/gateway/1/blobs/{HAYAMA}/{message}/{digest}").content == data
    asked = ((NINOMIYA, message, digest), (NINOMIYA, uuid7(), "0" * 64), (HAYAMA, uuid7(), digest))
    answers = [client.get(f"/gateway/1/blobs/{town}/{number}/{sha256}") for town, number, sha256 in asked]
    assert [(one.status_code, one.content) for one in answers] == [(404, b"no such file")] * 3


def test_a_draft_of_one_towns_workshop_does_not_exist_in_anothers(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ZONE, settings.ROOT_URLCONF = "lgwan", "yakuba.zones.urls.lgwan"
    settings.OFFICE_OPERATORS = tmp_path / "operators.json"
    monkeypatch.setattr(operators._hasher, "iterations", 1000)
    made = make_operator(tmp_path / "operators.json", "futatsu", (HAYAMA, NINOMIYA))
    assert made
    client = Client()
    given = {"name": "futatsu", "password": made.password, "code": pyotp.TOTP(made.totp).now()}
    assert client.post(reverse("office:sign-in"), given).status_code == 302
    with under(HAYAMA):
        draft = DefinitionDraft.objects.create(
            municipality=HAYAMA,
            id=uuid7(),
            procedure="x-y",
            document={},
            author="futatsu",
            created_at=now(),
            updated_at=now(),
        )
    paths = [
        path for path, _ in routes(get_resolver("yakuba.zones.urls.lgwan").url_patterns) if "draft_id" in path
    ]
    assert len(paths) > 8
    parts = {"town": NINOMIYA, "page_id": "p", "field_id": "f", "inner_id": "i"}
    for path in paths:
        for method in ("get", "post"):
            answers = []
            for number in (draft.id, uuid.uuid4()):
                names = {**parts, "draft_id": str(number)}
                answer = getattr(client, method)(
                    "/" + _PART.sub(lambda part, names=names: names[part[1]], path)
                )
                body = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", answer.content.decode())
                answers.append((answer.status_code, body.replace(str(number), "<n>")))
            assert answers[0] == answers[1], (method, path)
            assert answers[0][0] in (404, 405), (method, path, answers[0][0])
