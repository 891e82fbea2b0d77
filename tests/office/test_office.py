"""The office is shut to everybody but its operators, and shows them numbers, states and evidence, never a resident."""

import json
import re
import uuid
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.gateway.test_messages import HAYAMA, envelope, sealed_by
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.gateway import handlers, inbox, pending, repair, served, transit
from yakuba.gateway.envelope import AttachmentRef, Envelope
from yakuba.gateway.message import open_sealed
from yakuba.office import gate
from yakuba.office.models import SignIn
from yakuba.office.operators import Made, make_operator, operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(tmp_path: Path, settings: Settings) -> Made:
    settings.OFFICE_OPERATORS = tmp_path / "operators.json"
    operator_made = make_operator(tmp_path / "operators.json", "kanri")
    assert operator_made
    return operator_made


@pytest.fixture
def inside(client: Client, made: Made) -> Client:
    assert signs_in(client, made)
    return client


def signs_in(client: Client, made: Made, **wrong: str) -> bool:
    given = {"name": made.name, "password": made.password, "code": pyotp.TOTP(made.totp).now(), **wrong}
    return client.post(reverse("office:sign-in"), given).status_code == 302


def test_nothing_is_shown_to_strangers(client: Client, made: Made) -> None:
    for method, name, arguments in (
        ("get", "home", []), ("get", "passed", [HAYAMA]), ("post", "retry", [uuid.uuid4()]), ("post", "sign-out", []),
    ):  # fmt: skip
        answer = getattr(client, method)(reverse(f"office:{name}", args=arguments))
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("office:sign-in"))


@pytest.mark.parametrize(
    "wrong", [{"name": "dareka"}, {"password": "x"}, {"code": "000000"}, {"password": "", "code": ""}]
)
def test_each_factor_is_needed(client: Client, made: Made, wrong: dict[str, str]) -> None:
    assert not signs_in(client, made, **wrong)
    assert client.get(reverse("office:home")).status_code == 302


def test_a_one_time_code_counts_once(client: Client, made: Made) -> None:
    code = pyotp.TOTP(made.totp).now()
    assert signs_in(client, made, code=code)
    assert not signs_in(Client(), made, code=code)


def test_guessing_is_slowed_down_and_even_the_right_one_must_wait(client: Client, made: Made) -> None:
    for _ in range(gate.FREE_TRIES):
        assert not signs_in(client, made, password="guess")
    assert not signs_in(client, made)
    SignIn.objects.update(wait_until=now() - timedelta(seconds=1))
    assert signs_in(client, made)


def test_names_nobody_has_do_not_fill_the_table(client: Client, made: Made) -> None:
    for number in range(3):
        signs_in(client, made, name=f"name{number}")
    assert SignIn.objects.count() == 1


def test_the_file_keeps_no_password_and_is_not_overwritten(tmp_path: Path, made: Made) -> None:
    file = tmp_path / "operators.json"
    assert made.password not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert make_operator(file, "kanri") is None
    assert make_operator(file, "fuku") is not None
    assert set(json.loads(file.read_text())) == {"kanri", "fuku"}


def test_an_operator_taken_out_of_the_file_is_out_at_once(inside: Client, settings: Settings) -> None:
    assert inside.get(reverse("office:home")).status_code == 200
    Path(settings.OFFICE_OPERATORS).write_text("{}")
    assert operator("kanri") is None
    assert inside.get(reverse("office:home")).status_code == 302


def test_signing_out_ends_it(inside: Client) -> None:
    inside.post(reverse("office:sign-out"))
    assert inside.get(reverse("office:home")).status_code == 302


def test_evidence_is_shown_and_file_names_are_not(
    inside: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "_noted", set())
    settings.ZONE = "lgwan"
    ref = AttachmentRef("photo", "葉山花子の写真.jpg", "image/jpeg", 3, "a" * 64)
    message = envelope(attachments=(ref,), body={"name": "葉山花子"})
    sealed = sealed_by("internet", settings, message)
    transit.take_in(open_sealed(sealed), sealed)
    evidence = {
        "before": "a" * 64,
        "after": None,
        "method": "raster",
        "removed": ["location"],
        "pages": 0,
        "cpu_ms": 3,
    }
    refused = AttachmentRef("photo", "葉山花子の写真.jpg", "image/jpeg", 3, "a" * 64, "locked", evidence)
    with under(HAYAMA):
        transit.sanitised(message, [(refused, b"")])
    shown = inside.get(reverse("office:passed", args=[HAYAMA])).content.decode()
    assert str(message.id) in shown
    assert "a" * 64 in shown
    assert "パスワードのかかった" in shown
    assert "葉山花子" not in shown
    home = inside.get(reverse("office:home")).content.decode()
    assert reverse("office:passed", args=[HAYAMA]) in home
    assert inside.get(reverse("office:passed", args=["143015"])).status_code == 404


def test_a_dead_letter_can_be_tried_again(
    inside: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ZONE = "mynumber"
    monkeypatch.setattr(handlers, "_handlers", {})
    message = envelope()
    inbox.deliver(sealed_by("internet", settings, message))
    assert [item.message for item in repair.dead()] == [message.id]
    assert str(message.id) in inside.get(reverse("office:home")).content.decode()
    seen: list[Envelope] = []
    monkeypatch.setattr(handlers, "_handlers", {"test.note": seen.append})
    inside.post(reverse("office:retry", args=[message.id]))
    assert inbox.retry_due() == 1
    assert seen == [message]
    assert pending.due("dead", 9) == []


def test_every_page_names_its_parts_for_screen_readers(inside: Client) -> None:
    page = inside.get(reverse("office:home")).content.decode()
    assert len(re.findall("<h1", page)) == 1
    assert re.findall("<th>", page) == []
