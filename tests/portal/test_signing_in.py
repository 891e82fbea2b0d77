"""By-laws of signing in by card."""

import base64
import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from tests.portal.cast import AUTH_PIN, HAYAMA, Visitor, hidden, person
from tests.portal.conftest import Issue, publish
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.card.emulated import EmulatedCard
from yakuba.card.testca import TestCA
from yakuba.portal.models import CardTicket

pytestmark = pytest.mark.django_db


def test_a_good_card_signs_in_and_leads_to_where_one_wanted_to_go(hanako: Visitor) -> None:
    assert (
        hanako.get("applications/01930000-0000-7000-8000-000000000000/")
        .headers["Location"]
        .endswith("sign-in/?next=/143014/applications/01930000-0000-7000-8000-000000000000/")
    )
    hanako.client.get("/143014/sign-in/?next=/143014/verify/")
    assert hanako.sign_in().headers["Location"] == "/143014/mine/"
    assert "サインアウト" in hanako.page("mine/")


def test_sign_in_leads_only_to_pages_of_the_same_town(hanako: Visitor) -> None:
    for evil in ("https://evil.example/", "//evil.example/", "/143421/mine/", "javascript:alert(1)"):
        hanako.client.get("/143014/sign-in/", {"next": evil})
        assert hanako.client.session["next"] == "/143014/mine/"


def test_nobody_is_signed_in_by_a_ticket_of_another_browser(hanako: Visitor, taro: Visitor) -> None:
    location = hanako.authenticated()
    reply = taro.come_back(location)
    assert reply.status_code == 403
    assert "signed_in" not in taro.client.session


def test_the_agents_return_alone_signs_nobody_in(hanako: Visitor) -> None:
    hanako.authenticated()
    assert "signed_in" not in hanako.client.session


def test_a_ticket_is_taken_back_once(hanako: Visitor) -> None:
    fields = hidden(hanako.page("sign-in/"))
    hanako.agent_returns(fields["ticket"], b"{}")
    again = Client().post("/143014/card/return/", {"ticket": fields["ticket"], "result": "e30="})
    assert again.status_code == 400
    assert "もう一度" in again.content.decode()


def test_a_ticket_of_one_town_is_nothing_in_another(hanako: Visitor) -> None:
    fields = hidden(hanako.page("sign-in/"))
    reply = Client().post("/143421/card/return/", {"ticket": fields["ticket"], "result": "e30="})
    assert reply.status_code == 400


def test_an_expired_ticket_signs_nobody_in(hanako: Visitor) -> None:
    location = hanako.authenticated()
    with under(HAYAMA):
        CardTicket.objects.update(expires_at=now() - timedelta(seconds=1))
    assert hanako.come_back(location).status_code == 400
    assert "signed_in" not in hanako.client.session


def test_an_answer_to_another_challenge_is_refused_with_its_reason(hanako: Visitor) -> None:
    fields = hidden(hanako.page("sign-in/"))
    assert hanako.card is not None
    answer = hanako.card.authenticate(b"x" * 64, AUTH_PIN)
    result = {
        "certificate": base64.b64encode(answer.certificate).decode(),
        "signature": base64.b64encode(answer.signature).decode(),
    }
    reply = hanako.come_back(hanako.agent_returns(fields["ticket"], json.dumps(result).encode()))
    assert reply.status_code == 400
    assert "signature_wrong" in reply.content.decode()


def test_a_revoked_card_is_told_so(hanako: Visitor, authority: TestCA, issue: Issue) -> None:
    holder = person("失効 花子", now().date() - timedelta(days=12000))
    pair = authority.issue(holder, HAYAMA, now=now() - timedelta(days=30))
    card = issue("revoked", holder, pair)
    authority.revoke("auth", pair.auth.issuer_key_id, pair.auth.serial, at=now())
    publish(authority)
    reply = hanako.sign_in(card)
    assert "失効" in reply.content.decode()
    assert "signed_in" not in hanako.client.session


def test_an_expired_card_is_told_so(hanako: Visitor, authority: TestCA, issue: Issue) -> None:
    holder = person("期限 花子", now().date() - timedelta(days=12000))
    card = issue("expired", holder, not_after=now() - timedelta(days=1))
    reply = hanako.sign_in(card)
    assert "有効期限" in reply.content.decode()


@pytest.mark.parametrize("code", ["cancelled", "pin_locked", "nonsense"])
def test_an_error_of_the_agent_has_its_own_words_and_loses_nothing(hanako: Visitor, code: str) -> None:
    fields = hidden(hanako.page("sign-in/"))
    reply = hanako.come_back(hanako.agent_returns(fields["ticket"], error=code))
    assert reply.status_code == 400
    assert "記入した内容は残っています" in reply.content.decode()


def test_rubbish_from_an_agent_is_no_server_error(hanako: Visitor) -> None:
    for rubbish in (
        b"",
        b"\xff",
        b"[]",
        b'{"certificate": 5}',
        b'{"certificate": "MA==", "signature": "MA=="}',
    ):
        fields = hidden(hanako.page("sign-in/"))
        assert hanako.come_back(hanako.agent_returns(fields["ticket"], rubbish)).status_code == 400


def test_signing_in_changes_the_session_key(hanako: Visitor) -> None:
    hanako.page("sign-in/")
    before = hanako.client.session.session_key
    hanako.sign_in()
    assert hanako.client.session.session_key != before


def test_signing_out_forgets_the_visit(hanako: Visitor) -> None:
    hanako.sign_in()
    hanako.post("sign-out/")
    assert "signed_in" not in hanako.client.session
    assert hanako.get("applications/01930000-0000-7000-8000-000000000000/").status_code == 302


def test_one_is_signed_in_at_one_town_only(hanako: Visitor) -> None:
    hanako.sign_in()
    reply = hanako.client.get("/143421/applications/01930000-0000-7000-8000-000000000000/")
    assert reply.status_code == 302
    assert "/143421/sign-in/" in reply.headers["Location"]


def test_an_idle_sign_in_ends_and_the_draft_stays(hanako: Visitor, hanako_card: EmulatedCard) -> None:
    hanako.sign_in()
    draft = hanako.begin()
    session = hanako.client.session
    session["seen"] = session["seen"] - 31 * 60
    session.save()
    reply = hanako.get("applications/01930000-0000-7000-8000-000000000000/")
    assert "ended=1" in reply.headers["Location"]
    assert hanako.get(f"drafts/{draft}/").status_code == 404
    hanako.sign_in()
    assert hanako.get(f"drafts/{draft}/").status_code == 200


def test_a_sign_in_ends_after_eight_hours_however_busy(hanako: Visitor) -> None:
    hanako.sign_in()
    session = hanako.client.session
    signed_in = session["signed_in"]
    session["signed_in"] = {**signed_in, "since": signed_in["since"] - 8 * 3600 - 1}
    session.save()
    hanako.page("")
    assert "signed_in" not in hanako.client.session


def test_the_sign_in_page_lets_the_agent_see_the_origin_and_nothing_more(hanako: Visitor) -> None:
    reply = hanako.get("sign-in/")
    assert reply.headers["Referrer-Policy"] == "origin"
    assert settings.CARD_AGENT_ORIGIN in reply.headers["Content-Security-Policy"]


def test_one_device_ends_the_sign_ins_of_all(hanako: Visitor) -> None:
    library = Visitor(hanako.card)
    for device in (hanako, library):
        device.sign_in()
        assert device.get("mine/").status_code == 200
    assert "すべての端末でサインアウトする" in hanako.get("mine/").content.decode()
    assert hanako.post("sign-out/everywhere/").status_code == 200
    assert library.client.get("/api/143014/status/G95D-W1AG-N18N").status_code == 401
    reply = library.get("mine/")
    assert reply.status_code == 302
    assert "sign-in/?ended=1" in reply.headers["Location"]


def test_signing_out_here_leaves_the_other_device_signed_in(hanako: Visitor) -> None:
    other = Visitor(hanako.card)
    hanako.sign_in()
    other.sign_in()
    hanako.post("sign-out/")
    assert "すべての端末でサインアウトする" in other.get("mine/").content.decode()
