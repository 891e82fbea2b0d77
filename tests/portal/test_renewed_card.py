"""By-laws of a renewed card: what was sent with the one before stays the holder's own, and nobody else's."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.portal.cast import HAYAMA, Visitor, application_of, arrives, person
from tests.portal.conftest import Issue
from tests.portal.test_following import asked, sent
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.card.emulated import EmulatedCard
from yakuba.card.testca import TestCA
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.portal.models import CertificateHistory, Draft
from yakuba.portal.services import renewals
from yakuba.portal.services.retention import clean_up

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def renewed(issue: Issue, hanako_card: EmulatedCard, authority: TestCA) -> EmulatedCard:
    """Hanako's card after its renewal."""
    given = person("葉山 花子", (now() - timedelta(days=12_000)).date())
    card = issue("hanako-renewed", given)
    authority.publish_crls(now=now())
    return card


def questions() -> list[dict[str, Any]]:
    with under(HAYAMA):
        rows = OutboxMessage.objects.filter(kind="certificates.requested").order_by("posted_at", "id")
        return [read_envelope(bytes(row.document)).body for row in rows]


def owner(visitor: Visitor) -> str:
    return str(visitor.client.session["signed_in"]["owner"])


def answered(question: dict[str, Any], *earlier: str, found: bool = True) -> None:
    numbers = [one.split("/") for one in earlier]
    listed = [{"issuer_key_id": issuer, "serial": serial} for issuer, serial in numbers]
    arrives(
        "certificates.answered", {"request_id": question["request_id"], "found": found, "earlier": listed}
    )


def test_with_a_renewed_card_everything_sent_before_is_there_again(
    hanako: Visitor, renewed: EmulatedCard
) -> None:
    application = sent(hanako)
    asked(application)
    correction = hanako.post(f"applications/{application}/correct/").headers["Location"].split("/")[3]
    before = owner(hanako)
    again = Visitor(renewed)
    again.sign_in()
    assert "役場に確かめています" in again.page("mine/")
    assert again.get(f"applications/{application}/").status_code == 404
    answered(questions()[-1], before)
    assert str(application) in again.page("mine/")
    assert "役場に確かめています" not in again.page("mine/")
    assert again.get(f"drafts/{correction}/").status_code == 200
    assert hanako.get(f"applications/{application}/").status_code == 404  # one owner, never two


def test_the_question_carries_the_proof_and_no_name(hanako: Visitor) -> None:
    hanako.sign_in()
    (question,) = questions()
    assert set(question) == {"request_id", "login"}
    assert set(question["login"]) == {"certificate", "challenge", "signature"}


def test_it_is_asked_until_the_town_knows_and_not_at_every_sign_in(
    hanako: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanako.sign_in()
    Visitor(hanako.card).sign_in()
    assert len(questions()) == 1
    answered(questions()[0], found=False)
    monkeypatch.setattr(renewals, "ASKED_AGAIN_AFTER", timedelta(seconds=-1))
    Visitor(hanako.card).sign_in()
    assert len(questions()) == 2
    answered(questions()[0], "aa/1")  # an old answer counts no more
    with under(HAYAMA):
        assert CertificateHistory.objects.get().state == "asked"
    answered(questions()[1])
    Visitor(hanako.card).sign_in()
    assert len(questions()) == 2


@pytest.mark.parametrize("found", [True, False])
def test_without_earlier_certificates_nothing_changes_hands(
    hanako: Visitor, taro: Visitor, found: bool
) -> None:
    application = sent(hanako)
    taro.sign_in()
    answered(questions()[-1], *([] if found else [owner(hanako)]), found=found)
    assert application_of(application).owner == owner(hanako)
    with under(HAYAMA):
        assert not Draft.objects.filter(owner=owner(taro)).exists()


def test_an_answer_nobody_asked_for_is_nothing(hanako: Visitor) -> None:
    application = sent(hanako)
    answered({"request_id": str(uuid.uuid4())}, owner(hanako))
    assert application_of(application).owner == owner(hanako)


def test_the_note_goes_after_three_years(hanako: Visitor) -> None:
    hanako.sign_in()
    with under(HAYAMA):
        clean_up(now() + timedelta(days=3 * 365 + 2))
        assert not CertificateHistory.objects.exists()
