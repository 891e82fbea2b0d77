"""The card agent over real HTTP: who may ask, what is shown, and that a PIN goes nowhere but to the card."""

import base64
import hashlib
import html
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from tests.card.agent_running import agent
from tests.card.cast import AUTH_PIN, CHALLENGE, CONTENT, NOW, SIGN_PIN, Pki
from yakuba.card.agent.server import MAX_BODY
from yakuba.card.emulated import EmulatedCard
from yakuba.card.outcomes import Outcome

PORTAL = "https://portal.example.jp"
STRANGER = "https://stranger.example.com"


@dataclass(frozen=True)
class Running:
    """A running agent, Hanako's card on its reader, and a browser."""

    url: str
    token: str
    card: EmulatedCard
    browser: httpx.Client

    def order(self, operation: str = "sign", origin: str | None = PORTAL, **fields: str) -> httpx.Response:
        content = CONTENT if operation == "sign" else CHALLENGE
        form = {
            "operation": operation, "content": base64.b64encode(content).decode(), "title": "児童手当の認定請求",
            "summary": json.dumps([["子の氏名", "葉山 <さくら>"]]), "lang": "ja", "ticket": "ticket-1",
            "return_url": f"{PORTAL}/143014/signed",
        }  # fmt: skip
        headers = {} if origin is None else {"Origin": origin}
        return self.browser.post("/sign", data={**form, **fields}, headers=headers)

    def confirm(
        self, page: httpx.Response, pin: str = SIGN_PIN, origin: str | None = None, **fields: str
    ) -> httpx.Response:
        token = _hidden(page)["token"]
        form = {"token": token, "lang": "ja", "card": self.card.name, "pin": pin, "action": "go"}
        return self.browser.post("/confirm", data={**form, **fields}, headers={"Origin": origin or self.url})

    def program(self, body: object, token: str | None = None, **headers: str) -> httpx.Response:
        given = {
            "Authorization": f"Bearer {token or self.token}",
            "Content-Type": "application/json",
            **headers,
        }
        return self.browser.post("/api/sign", content=json.dumps(body), headers=given)


def _hidden(page: httpx.Response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in found}


@pytest.fixture
def running(pki: Pki, tmp_path: Path) -> Iterator[Running]:
    yield from _run(pki, tmp_path)


@pytest.fixture
def with_expired_card(pki: Pki, tmp_path: Path) -> Iterator[Running]:
    yield from _run(pki, tmp_path, not_after=NOW - timedelta(days=1))


def _run(pki: Pki, folder: Path, **how: object) -> Iterator[Running]:
    with agent(pki, folder, PORTAL, **how) as it, httpx.Client(base_url=it.url, trust_env=False) as browser:
        yield Running(it.url, it.token, it.card, browser)


def test_a_signature_made_through_the_agent_gets_a_good_verdict(running: Running, pki: Pki) -> None:
    back = running.confirm(running.order())
    assert back.status_code == 200
    fields = _hidden(back)
    assert fields["ticket"] == "ticket-1"
    assert f'action="{PORTAL}/143014/signed"' in back.text
    assert pki.judge(base64.b64decode(fields["result"])).outcome is Outcome.GOOD


def test_a_login_made_through_the_agent_gets_a_good_verdict(running: Running, pki: Pki) -> None:
    back = running.confirm(running.order("authenticate"), AUTH_PIN)
    answer = json.loads(base64.b64decode(_hidden(back)["result"]))
    certificate, signature = (base64.b64decode(answer[name]) for name in ("certificate", "signature"))
    assert pki.judge_login(signature, certificate).outcome is Outcome.GOOD


def test_what_is_signed_is_shown_and_escaped(running: Running) -> None:
    page = running.order().text
    assert "児童手当の認定請求" in page
    assert "葉山 &lt;さくら&gt;" in page
    assert hashlib.sha256(CONTENT).hexdigest() in page
    assert html.escape(CONTENT.decode()) in page


@pytest.mark.parametrize(
    "origin", [STRANGER, "null", "http://portal.example.jp", PORTAL + ".example.com", None]
)
def test_a_page_that_is_not_on_the_list_gets_no_pin_page(running: Running, origin: str | None) -> None:
    page = running.order(origin=origin)
    assert page.status_code == 403
    assert 'type="password"' not in page.text


@pytest.mark.parametrize(
    "return_url",
    [
        f"{STRANGER}/143014/signed", "http://portal.example.jp/signed", f"{PORTAL}:8443/signed", "/143014/signed", "",
        "https://portal.example.jp@stranger.example.com/", "https://portal.example.jp\\@stranger.example.com/",
        "https://portal.example.jp.stranger.example.com/", "javascript:alert(1)//https://portal.example.jp",
        "https://portal.example.jp\t.stranger.example.com/",
    ],
)  # fmt: skip
def test_a_result_is_never_sent_to_another_origin_than_the_one_that_asked(
    running: Running, return_url: str
) -> None:
    page = running.order(return_url=return_url)
    assert page.status_code == 403
    assert 'type="password"' not in page.text


@pytest.mark.parametrize(
    "host", ["portal.example.jp", "stranger.example.com:8765", "127.0.0.1", "127.0.0.1:1", ""]
)
def test_a_name_made_to_point_at_loopback_gets_nothing(running: Running, host: str) -> None:
    for method, path in (("GET", "/"), ("POST", "/sign"), ("POST", "/api/sign")):
        assert (
            running.browser.request(method, path, headers={"Host": host, "Origin": PORTAL}).status_code == 421
        )


@pytest.mark.parametrize("origin", [PORTAL, STRANGER, "null", "http://127.0.0.1:1"])
def test_only_the_agents_own_page_may_post_a_pin(running: Running, origin: str) -> None:
    page = running.order()
    assert running.confirm(page, origin=origin).status_code == 403
    assert running.card.tries_left("sign") == 5


def test_a_wrong_pin_stays_on_the_agents_page_and_says_the_tries_left(running: Running) -> None:
    page = running.confirm(running.order(), "WRONG1")
    assert page.status_code == 422
    assert "あと4回" in page.text
    assert "WRONG1" not in page.text
    assert running.card.tries_left("sign") == 4
    assert "result" in _hidden(running.confirm(page))
    assert running.card.tries_left("sign") == 5


def test_what_cannot_be_a_pin_costs_no_try(running: Running) -> None:
    assert running.confirm(running.order(), "ABC").status_code == 422
    assert running.card.tries_left("sign") == 5


@pytest.mark.parametrize("typed", [SIGN_PIN.lower(), "ＨＡＹＡＭＡ２０２６", f" {SIGN_PIN} "])
def test_a_password_typed_small_or_full_width_is_what_was_meant(running: Running, typed: str) -> None:
    assert "result" in _hidden(running.confirm(running.order(), typed))


def test_a_card_that_locks_is_said_so_and_the_portal_is_told(running: Running) -> None:
    page = running.order("authenticate")
    for _ in range(2):
        page = running.confirm(page, "9999")
    locked = running.confirm(page, "9999")
    assert _hidden(locked) == {"ticket": "ticket-1", "error": "pin_locked"}
    assert "窓口" in locked.text
    assert "data-at-once" not in locked.text
    again = running.confirm(running.order("authenticate"), AUTH_PIN)
    assert _hidden(again)["error"] == "pin_locked"


@pytest.mark.parametrize(("operation", "pin"), [("sign", SIGN_PIN), ("authenticate", AUTH_PIN)])
def test_an_expired_card_signs_nothing(with_expired_card: Running, operation: str, pin: str) -> None:
    back = with_expired_card.confirm(with_expired_card.order(operation), pin)
    assert _hidden(back) == {"ticket": "ticket-1", "error": "card_expired"}
    assert "有効期限が切れています" in back.text


def test_a_resident_may_cancel_without_a_card_or_pin(running: Running) -> None:
    token = _hidden(running.order())["token"]
    back = running.browser.post(
        "/confirm", data={"token": token, "action": "cancel"}, headers={"Origin": running.url}
    )
    assert _hidden(back) == {"ticket": "ticket-1", "error": "cancelled"}


def test_a_page_is_used_once(running: Running) -> None:
    page = running.order()
    assert running.confirm(page).status_code == 200
    assert running.confirm(page).status_code == 410


def test_a_card_is_chosen_by_name_and_never_by_path(running: Running, pki: Pki) -> None:
    for name in ("../hanako", str(running.card.path), "hanako.card.json", ""):
        assert running.confirm(running.order(), card=name).status_code == 422


@pytest.mark.parametrize(
    "fields",
    [
        {"operation": "decrypt"}, {"content": "not base64!"}, {"content": ""}, {"ticket": ""}, {"ticket": "x" * 600},
        {"title": "x" * 300}, {"summary": "{"}, {"summary": "[1]"}, {"summary": "[" * 100_000},
    ],
)  # fmt: skip
def test_a_malformed_order_is_refused(running: Running, fields: dict[str, str]) -> None:
    assert running.order(**fields).status_code == 400


def test_a_challenge_too_short_to_be_one_is_not_signed(running: Running) -> None:
    assert running.order("authenticate", content=base64.b64encode(b"short").decode()).status_code == 400


def test_only_plain_forms_are_read(running: Running) -> None:
    body = urlencode({"operation": "sign"})
    for media_type in ("text/plain", "application/json", "multipart/form-data; boundary=x"):
        headers = {"Origin": PORTAL, "Content-Type": media_type}
        assert running.browser.post("/sign", content=body, headers=headers).status_code == 415
    doubled = {"Origin": PORTAL, "Content-Type": "application/x-www-form-urlencoded"}
    assert running.browser.post("/sign", content=f"{body}&{body}", headers=doubled).status_code == 400


def test_a_body_that_is_too_large_is_refused_before_it_is_read(running: Running) -> None:
    host, port = running.url.removeprefix("http://").split(":")
    connection = HTTPConnection(host, int(port), timeout=20)
    connection.putrequest("POST", "/sign")
    connection.putheader("Origin", PORTAL)
    connection.putheader("Content-Length", str(MAX_BODY + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize("language", ["ja", "en", "easy"])
def test_pages_speak_the_residents_language(running: Running, language: str) -> None:
    page = running.order(lang=language)
    sign = {"ja": "署名する", "en": "Sign with your My Number Card", "easy": "<ruby>署名"}[language]
    assert sign in page.text
    assert f'<html lang="{"en" if language == "en" else "ja"}">' in page.text
    other = running.confirm(page, action="language", lang="en")
    assert "Signing password" in other.text


def test_every_answer_carries_the_security_headers_and_no_inline_script(running: Running) -> None:
    order = running.order()
    for page in (running.browser.get("/"), order, running.order(origin=STRANGER), running.confirm(order)):
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["Cache-Control"] == "no-store"
        assert not re.search(r"<script(?! src=)|\son\w+=|style=", page.text)


def test_the_way_back_may_post_only_to_the_portal(running: Running) -> None:
    policy = running.confirm(running.order()).headers["Content-Security-Policy"]
    assert f"form-action {PORTAL};" in policy


def test_a_program_with_the_token_signs_and_its_signature_is_good(running: Running, pki: Pki) -> None:
    body = {
        "operation": "sign",
        "content": base64.b64encode(CONTENT).decode(),
        "card": "hanako",
        "pin": SIGN_PIN,
    }
    answer = running.program(body)
    assert answer.status_code == 200
    assert pki.judge(base64.b64decode(answer.json()["result"])).outcome is Outcome.GOOD


def test_a_program_without_the_token_or_from_a_strange_page_is_refused(running: Running) -> None:
    body = {
        "operation": "sign",
        "content": base64.b64encode(CONTENT).decode(),
        "card": "hanako",
        "pin": SIGN_PIN,
    }
    assert running.program(body, token="wrong").status_code == 401
    assert running.program(body, Origin=STRANGER).status_code == 403
    assert running.card.tries_left("sign") == 5


def test_a_program_learns_the_tries_left(running: Running) -> None:
    body = {
        "operation": "sign",
        "content": base64.b64encode(CONTENT).decode(),
        "card": "hanako",
        "pin": "WRONG1",
    }
    assert running.program(body).json() == {"error": "wrong_pin", "tries_left": 4}
    assert running.program({**body, "card": "nobody"}).json() == {"error": "card_unreadable"}
    assert running.program([]).status_code == 400


def test_no_pin_is_logged(running: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    running.confirm(running.order())
    running.confirm(running.order(), "WRONG1")
    assert caplog.text
    assert SIGN_PIN not in caplog.text
    assert "WRONG1" not in caplog.text


def test_nothing_of_an_address_but_its_path_is_logged(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "yakuba")
    running.browser.get(f"/?pin={SIGN_PIN}")
    running.browser.request("BREW", f"/{AUTH_PIN}")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("yakuba")]
    assert ours[0] == "GET / 200"
    assert not any(secret in line for line in ours for secret in (SIGN_PIN, AUTH_PIN))


def test_refusals_are_in_the_browsers_language(running: Running) -> None:
    said = {
        lang: running.browser.get("/nowhere", headers={"Accept-Language": lang}).text
        for lang in ("en-GB,ja", "ja")
    }
    assert "There is no such page" in said["en-GB,ja"]
    assert "そのページはありません" in said["ja"]


def test_the_token_file_is_for_its_owner_only(running: Running) -> None:
    assert (running.card.path.parent / "agent.token").stat().st_mode & 0o777 == 0o600


def test_the_agent_listens_on_loopback_only(running: Running) -> None:
    assert running.url.startswith("http://127.0.0.1:")
