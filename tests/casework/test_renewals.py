"""Which certificates a card's holder had before: told to the holder's own proven sign-in, and to nobody else."""

import base64
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from tests.casework.cast import HAYAMA, KENTA, MISAKI, NINOMIYA, TARO, World, message, record_card
from tests.casework.test_messages_and_tasks import sent
from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import now, utc_text
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.card.emulated import EmulatedSession
from yakuba.card.testca import Issued
from yakuba.casework import messages
from yakuba.casework.models import UnreadableMessage
from yakuba.registers.models import CardCertificate

pytestmark = pytest.mark.django_db


def proof(issued: Issued, municipality: str = HAYAMA) -> dict[str, str]:
    """A sign-in with the certificate."""
    challenge = canonical_bytes(
        {
            "yakuba": "sign-in/1",
            "municipality": municipality,
            "at": utc_text(now()),
            "nonce": "00",
            "origin": "x",
        }
    )
    signature = EmulatedSession(issued.certificate, issued.key).sign_digest(sha256(challenge).digest())
    parts = {"certificate": issued.certificate, "challenge": challenge, "signature": signature}
    return {name: base64.b64encode(data).decode() for name, data in parts.items()}


def ask(login: Any, municipality: str = HAYAMA) -> dict[str, Any]:
    body = {"request_id": str(uuid7()), "login": login}
    with under(municipality):
        messages.certificates_requested(message("certificates.requested", body, municipality=municipality))
    answer = sent("certificates.answered", municipality)[-1]
    assert answer["request_id"] == body["request_id"]
    return answer


def renew(world: World, atena_number: str = KENTA) -> Issued:
    """The person gets a new card; the town records it. Returns the new authentication certificate."""
    old = world.card(atena_number).auth
    pair = world.card(f"{atena_number}-renewed", "葉山 健太")
    with under(HAYAMA):
        CardCertificate.objects.filter(atena_number=atena_number).update(state="renewed")
        for issued in (pair.sign, pair.auth):
            CardCertificate.objects.create(
                municipality=HAYAMA, issuer_key_id=issued.issuer_key_id, serial=issued.serial,
                atena_number=atena_number, kind=issued.kind, not_before=now().date(),
                not_after=now().date() + timedelta(days=1800), state="active", recorded_from=now().date(),
            )  # fmt: skip
    assert old.serial != pair.auth.serial
    return pair.auth


def test_the_holder_of_a_renewed_card_is_told_the_earlier_certificate_and_no_name(world: World) -> None:
    fresh = renew(world)
    answer = ask(proof(fresh))
    old = world.card(KENTA).auth
    assert (answer["found"], answer["earlier"]) == (
        True,
        [{"issuer_key_id": old.issuer_key_id, "serial": old.serial}],
    )
    assert KENTA not in json.dumps(answer)
    assert "葉山" not in json.dumps(answer, ensure_ascii=False)


@pytest.mark.parametrize(
    "wrong", ["old_card", "other_bytes", "other_key", "other_town", "not_recorded", "two_people", "garbage"]
)
def test_in_any_doubt_nothing_is_told(world: World, wrong: str) -> None:
    fresh = renew(world)
    login: Any = proof(fresh, NINOMIYA if wrong == "other_town" else HAYAMA)
    if wrong == "old_card":
        login = proof(world.card(KENTA).auth)
    elif wrong == "other_bytes":
        login["challenge"] = base64.b64encode(base64.b64decode(login["challenge"]) + b" ").decode()
    elif wrong == "other_key":
        login["certificate"] = base64.b64encode(world.card(TARO).sign.certificate).decode()
    elif wrong == "garbage":
        login = {"certificate": 7, "challenge": None, "signature": "%%"}
    with under(HAYAMA):
        if wrong == "not_recorded":
            CardCertificate.objects.filter(serial=fresh.serial).delete()
        elif wrong == "two_people":
            record_card(world, MISAKI, of=f"{KENTA}-renewed")
    answer = ask(login)
    assert (answer["found"], answer["earlier"]) == (False, [])


def test_an_earlier_certificate_on_record_for_two_people_is_nobodys(world: World) -> None:
    fresh = renew(world)
    with under(HAYAMA):
        record_card(world, MISAKI, of=KENTA)
    assert ask(proof(fresh))["earlier"] == []


def test_another_town_knows_nothing_of_it(world: World) -> None:
    assert ask(proof(renew(world), NINOMIYA), NINOMIYA)["found"] is False


def test_a_question_without_a_sign_in_is_kept_for_people(world: World) -> None:
    with under(HAYAMA):
        messages.certificates_requested(message("certificates.requested", {"request_id": "x"}))
        assert UnreadableMessage.objects.get().kind == "certificates.requested"
