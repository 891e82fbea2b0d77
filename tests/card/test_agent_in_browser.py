"""The agent in a real browser: from a portal's page and back, with and without JavaScript, for everyone."""

import base64
import html
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.card.agent_running import Agent, agent
from tests.card.cast import CONTENT, SIGN_PIN, Pki
from yakuba.base import clock
from yakuba.card.outcomes import Outcome
from yakuba.card.testca import new_key

pytestmark = pytest.mark.browser
CHROMIUM = Path("/usr/bin/chromium")
TOWN, DAY = "portal.test", timedelta(days=1)
SMALLEST_TARGET = 24  # CSS pixels, WCAG 2.2 success criterion 2.5.8


class _Portal(ThreadingHTTPServer):
    """A page with the form, and the address the result comes back to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _PortalHandler)
        self.agent_url = ""
        self.came_back: list[dict[str, str]] = []
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.referrer_policy = "origin"

    def page(self) -> str:
        fields = {
            "operation": "sign", "content": base64.b64encode(CONTENT).decode(), "title": "児童手当の認定請求",
            "summary": json.dumps([["子の氏名", "葉山 さくら"]]), "lang": "ja", "ticket": "t-1",
            "return_url": f"{self.origin}/back",
        }  # fmt: skip
        inputs = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name, value in fields.items()
        )
        return f'<form method="post" action="{self.agent_url}/sign">{inputs}<button>署名へ</button></form>'


class _PortalHandler(BaseHTTPRequestHandler):
    server: _Portal

    def do_GET(self) -> None:
        self._send(self.server.page())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came_back.append(dict(parse_qsl(body.decode())))
        self._send("<p>もどりました</p>")

    def _send(self, text: str) -> None:
        body = f'<!doctype html><html lang="ja"><title>p</title>{text}</html>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Referrer-Policy", self.server.referrer_policy)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _portal() -> Iterator[_Portal]:
    with _Portal() as portal:
        thread = threading.Thread(target=portal.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield portal
        finally:
            portal.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed: scripts/debian-packages.sh installs it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", f"--host-resolver-rules=MAP {TOWN} 127.0.0.1"]
        )
        yield opened
        opened.close()


@pytest.fixture
def places(pki: Pki, tmp_path: Path) -> Iterator[tuple[_Portal, Agent]]:
    with _portal() as portal, agent(pki, tmp_path, portal.origin) as running:
        portal.agent_url = running.url
        yield portal, running


@contextmanager
def _page(browser: Browser, **how: Any) -> Iterator[Page]:
    context = browser.new_context(**{"locale": "ja-JP", **how})
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def _to_agent(page: Page, portal: _Portal, running: Agent) -> None:
    page.goto(portal.origin)
    page.get_by_role("button", name="署名へ").click()
    page.wait_for_url(f"{running.url}/sign")


def _fill(page: Page, pin: str = SIGN_PIN) -> None:
    page.get_by_role("radio").check()
    page.get_by_label("署名用パスワード").fill(pin)
    page.get_by_role("button", name="署名する", exact=True).click()


def _assert_good(portal: _Portal, pki: Pki) -> None:
    (fields,) = portal.came_back
    assert fields["ticket"] == "t-1"
    assert pki.judge(base64.b64decode(fields["result"])).outcome is Outcome.GOOD


def test_a_resident_signs_and_is_taken_back_by_script(
    browser: Browser, places: tuple[_Portal, Agent], pki: Pki
) -> None:
    portal, running = places
    with _page(browser) as page:
        _to_agent(page, portal, running)
        _fill(page)
        expect(page.get_by_text("もどりました")).to_be_visible()
    _assert_good(portal, pki)


def test_a_resident_signs_without_javascript_and_goes_back_by_button(
    browser: Browser, places: tuple[_Portal, Agent], pki: Pki
) -> None:
    portal, running = places
    with _page(browser, java_script_enabled=False) as page:
        _to_agent(page, portal, running)
        _fill(page)
        page.get_by_role("button", name="役場のページへもどる").click()
        expect(page.get_by_text("もどりました")).to_be_visible()
    _assert_good(portal, pki)


def test_a_resident_signs_by_keyboard_alone(
    browser: Browser, places: tuple[_Portal, Agent], pki: Pki
) -> None:
    portal, running = places
    with _page(browser) as page:
        _to_agent(page, portal, running)
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.type") == "radio":
                break
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type(SIGN_PIN)
        page.keyboard.press("Enter")
        expect(page.get_by_text("もどりました")).to_be_visible()
    _assert_good(portal, pki)


def test_a_resident_may_go_back_without_filling_anything_in(
    browser: Browser, places: tuple[_Portal, Agent]
) -> None:
    portal, running = places
    with _page(browser) as page:
        _to_agent(page, portal, running)
        page.get_by_role("button", name="やめる").click()
        expect(page.get_by_text("もどりました")).to_be_visible()
    assert portal.came_back == [{"ticket": "t-1", "error": "cancelled"}]


def test_the_pin_stays_on_the_agents_page_when_wrong_and_is_not_kept_in_it(
    browser: Browser, places: tuple[_Portal, Agent]
) -> None:
    portal, running = places
    with _page(browser) as page:
        _to_agent(page, portal, running)
        _fill(page, "WRONG1")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("あと4回")
        expect(page.get_by_label("署名用パスワード")).to_have_value("")
        expect(page.get_by_label("署名用パスワード")).to_have_attribute("aria-invalid", "true")
        assert "WRONG1" not in page.url
    assert portal.came_back == []


@pytest.fixture(scope="module")
def portal_tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate for the name of a town's portal, good for this test run."""
    key, name, today = new_key(), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, TOWN)]), clock.now()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, today - DAY, today + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(TOWN)]), critical=False)
        .sign(key, SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "portal.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.fixture
def over_https(pki: Pki, tmp_path: Path, portal_tls: ssl.SSLContext) -> Iterator[tuple[_Portal, Agent]]:
    with _portal() as portal:
        portal.socket = portal_tls.wrap_socket(portal.socket, server_side=True)
        portal.origin = f"https://{TOWN}:{portal.server_port}"
        with agent(pki, tmp_path, portal.origin) as running:
            portal.agent_url = running.url
            yield portal, running


def test_a_towns_portal_over_https_reaches_the_agent_and_gets_its_signature(
    browser: Browser, over_https: tuple[_Portal, Agent], pki: Pki
) -> None:
    portal, running = over_https
    with _page(browser, ignore_https_errors=True) as page:
        _to_agent(page, portal, running)
        _fill(page)
        expect(page.get_by_text("もどりました")).to_be_visible()
    _assert_good(portal, pki)


@pytest.mark.parametrize("referrer_policy", ["strict-origin", "same-origin", "no-referrer"])
def test_a_page_whose_policy_hides_its_origin_is_told_so(
    browser: Browser, over_https: tuple[_Portal, Agent], referrer_policy: str
) -> None:
    """Why the contract asks for "Referrer-Policy: origin": browsers send "Origin: null" otherwise."""
    portal, running = over_https
    portal.referrer_policy = referrer_policy
    with _page(browser, ignore_https_errors=True, locale="en-GB") as page:
        _to_agent(page, portal, running)
        expect(page.get_by_role("alert")).to_contain_text("a page that is not allowed")


@pytest.mark.parametrize(("language", "width"), [("日本語", 1280), ("English", 320), ("やさしい日本語", 320)])
def test_every_page_is_for_everyone(
    browser: Browser, places: tuple[_Portal, Agent], language: str, width: int
) -> None:
    portal, running = places
    with _page(browser, viewport={"width": width, "height": 800}) as page:
        page.goto(running.url)
        _check(page)
        _to_agent(page, portal, running)
        page.get_by_role("button", name=language, exact=True).click()
        _check(page)
        page.get_by_role("radio").check()
        page.locator("#pin").fill("WRONG1")
        page.locator("button[value=go]").click()
        expect(page.get_by_role("alert")).to_be_visible()
        _check(page)
        page.goto(f"{running.url}/nowhere")
        _check(page)


_SIZES = """selector => [...document.querySelectorAll(selector)]
    .filter(one => one.checkVisibility() && one.type !== "hidden")
    .map(one => (one.closest("label") ?? one).getBoundingClientRect())
    .map(box => Math.min(box.width, box.height))"""


def _check(page: Page) -> None:
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert found.violations_count == 0, found.generate_report()
    for size in page.evaluate(_SIZES, "button, input, summary"):
        assert size >= SMALLEST_TARGET
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
