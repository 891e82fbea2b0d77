"""The pages of the portal as a resident meets them, and what every one of them must hold."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from tests.portal.cast import (
    AUTH_PIN,
    CHILD_ALLOWANCE,
    HAYAMA,
    PDF,
    SIGN_PIN,
    application_of,
    arrives,
    birth_example,
    fill,
)  # fmt: skip
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.gateway import blobs
from yakuba.gateway.envelope import AttachmentRef
from yakuba.portal.models import WaitingRoom
from yakuba.portal.waiting import room

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
LEAST_TARGET = 24  # CSS pixels: WCAG 2.2 SC 2.5.8


def declare_disaster() -> None:
    """A typhoon is declared, so that the disaster procedure is open."""
    today = now().date()
    name = {"ja": "令和8年台風第21号", "en": "Typhoon No. 21 of 2026", "easy": "{台風|たいふう}21{号|ごう}"}
    declared = {
        "id": "2026-typhoon-21", "name": name, "declared_on": (today - timedelta(days=9)).isoformat(),
        "until": (today + timedelta(days=90)).isoformat(),
    }  # fmt: skip
    arrives("settings.published", {"procedures": {}, "disasters": [declared]})


def speak(page: Page, portal: str, language: str) -> None:
    """Choose the language as people do."""
    page.goto(f"{portal}/143014/")
    page.click(f"nav.languages button[value={language}]")


def sign_in(page: Page, portal: str, card: str = "hanako") -> None:
    """Sign in by way of the real agent's own page."""
    page.goto(f"{portal}/143014/sign-in/")
    page.click("form.agent-form button")
    with_card(page, card, AUTH_PIN)
    page.wait_for_url("**/143014/**")


def with_card(page: Page, card: str, pin: str) -> None:
    """The agent's page: choose the card, type the PIN; without script also press its button back."""
    page.check(f"input[name=card][value={card}]")
    page.fill("#pin", pin)
    page.press("#pin", "Enter")
    page.wait_for_load_state()
    if back := page.query_selector("form[action*='/card/return/'] button"):
        back.click()


@dataclass(frozen=True)
class Visit:
    """The addresses of every page, in the order a resident meets them; some become others when things happen."""

    page: Page
    portal: str

    def url(self, path: str) -> str:
        return f"{self.portal}{path}"

    def walk(self) -> Iterator[str]:
        """Go to every page in turn; yields a name for each once it is open."""
        yield from self._open_pages()
        yield from self._start()
        sign_in(self.page, self.portal)
        draft = yield from self._draft()
        yield from self._send(draft)
        yield from self._after(draft)

    def _to(self, name: str, path: str) -> str:
        self.page.goto(self.url(path))
        return name

    def _open_pages(self) -> Iterator[str]:
        yield self._to("towns", "/")
        yield self._to("home", "/143014/")
        yield self._to("search", "/143014/search/?q=こども")
        yield self._to("nothing-found", "/143014/search/?q=qqqq")
        yield self._to("life-event", "/143014/life/birth/")
        for one in (CHILD_ALLOWANCE, "risai-shoumei", "kaigo-nintei", "hoiku-moushikomi"):
            yield self._to(f"procedure-{one}", f"/143014/procedures/{one}/")
        self.page.click("#check form button:not(.visually-hidden)")
        yield "eligibility-answered"
        yield from self._in_line()
        yield self._to("sign-in", "/143014/sign-in/")
        yield self._to("my-page-before", "/143014/mine/")
        yield self._to("paper-blank", f"/143014/procedures/{CHILD_ALLOWANCE}/paper/")
        yield self._to("resume", "/143014/paper/")
        self.page.click("form[novalidate] button.button")
        yield "resume-errors"
        yield self._to("verify", "/143014/verify/")
        yield self._to("accessibility", "/accessibility/")
        yield self._to("privacy", "/privacy/")
        yield self._to("not-found", "/143014/nowhere/")
        yield self._to("assist", "/143014/assist/")
        self.page.click("form[novalidate] button.button")
        yield "assist-errors"

    def _in_line(self) -> Iterator[str]:
        with under(HAYAMA):
            room.set_mode(HAYAMA, "on", now())
            this = int(now().timestamp()) // 60
            WaitingRoom.objects.update(credit=-1_000, waiting=1, minutes=[[this - 2, 48], [this - 1, 30]])
        yield self._to("waiting", "/143014/sign-in/")
        with under(HAYAMA):
            WaitingRoom.objects.all().delete()

    def _start(self) -> Iterator[str]:
        yield self._to("start", f"/143014/procedures/{CHILD_ALLOWANCE}/start/")
        self.page.click("form[data-submit-once] .button-row button")
        yield "start-errors"
        self.page.check("#role")
        self.page.click("form[data-submit-once] .button-row button")
        yield "first-page"
        self.page.click("button[name=next].button")
        yield "first-page-errors"

    def _draft(self) -> Iterator[str]:  # type: ignore[return]
        yield self._to("my-page", "/143014/mine/")
        self.page.click(".card--link a")
        yield "draft"
        draft = uuid.UUID(self.page.url.split("/drafts/")[1].split("/")[0])
        yield self._to("review-errors", f"/143014/drafts/{draft}/review/")
        fill(draft, birth_example())
        for one in ("reason", "claimant", "spouse", "children", "pension", "account", "consent"):
            yield self._to(f"page-{one}", f"/143014/drafts/{draft}/pages/{one}/")
        yield self._to("paper", f"/143014/drafts/{draft}/paper/")
        yield self._to("draft-delete", f"/143014/drafts/{draft}/delete/")
        yield self._to("review", f"/143014/drafts/{draft}/review/")
        return draft

    def _send(self, draft: uuid.UUID) -> Iterator[str]:
        self.page.goto(self.url(f"/143014/drafts/{draft}/review/"))
        self.page.click("form.agent-form button")
        with_card(self.page, "taro", SIGN_PIN)
        yield "another-persons-card"
        self.page.goto(self.url(f"/143014/drafts/{draft}/review/"))
        self.page.click("form.agent-form button")
        with_card(self.page, "hanako", SIGN_PIN)
        self.page.wait_for_url("**/received/")
        yield "received"

    def _after(self, draft: uuid.UUID) -> Iterator[str]:
        yield self._to("application", f"/143014/applications/{draft}/")
        self._correction_is_asked(draft)
        yield self._to("correction-asked", f"/143014/applications/{draft}/")
        yield self._to("withdraw", f"/143014/applications/{draft}/withdraw/")
        self._notice_comes(draft)
        yield self._to("my-page-full", "/143014/mine/")
        self.page.click("a[href$='/verify/'][href*='/notices/']")
        yield "notice-judged"
        yield self._to("cosign", "/143014/cosign/")
        self.page.click("main form button")
        yield "cosign-errors"
        self.page.goto(self.url("/143014/"))
        self.page.click("form[action$='/sign-out/'] button")
        yield "signed-out"

    def _correction_is_asked(self, draft: uuid.UUID) -> None:
        message = {
            "ja": "口座名義をご確認ください。",
            "en": "Check the holder.",
            "easy": "{名前|なまえ}を {見|み}て ください。",
        }
        body = {
            "application_id": str(draft), "items": [{"path": "account", "message": message}], "message": message,
            "due": (now().date() + timedelta(days=14)).isoformat(), "answers": dict(birth_example().answers),
            "attachments": application_of(draft).attachments,
        }  # fmt: skip
        arrives("correction.requested", body)

    def _notice_comes(self, draft: uuid.UUID) -> None:
        with under(HAYAMA):
            ref = blobs.put(
                HAYAMA, PDF, slot="n", filename="通知書.pdf", media_type="application/pdf", holder="inbox:x"
            )
        at = (now() + timedelta(minutes=1)).isoformat()
        body = {
            "application_id": str(draft),
            "notice_id": str(uuid.uuid4()),
            "title": "認定通知書",
            "issued_at": at,
        }
        sent = AttachmentRef("n", ref.filename, ref.media_type, ref.size, ref.sha256)
        arrives("notice.issued", {**body, "sha256": ref.sha256}, (sent,))


def axe_violations(page: Page) -> list[str]:
    """Every violation axe finds: rule, and where. Looks again where the page has gone on by itself meanwhile (a turn has
    come, an answer has arrived)."""
    try:
        return _axe(page)
    except PlaywrightError:
        page.wait_for_load_state()
        return _axe(page)


def _axe(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate(
        f"async () => (await axe.run(document, {{runOnly: {json.dumps(TAGS)}}})).violations"
        ".map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.html.slice(0, 160)).join(' | '))"
    )
    return [str(one) for one in found]


def small_targets(page: Page) -> list[str]:
    """Interactive elements under 24 by 24 CSS pixels, but for the exceptions of SC 2.5.8: links in a line of text, and
    targets with free space around them (a 24 px circle on their middle touches no other)."""
    return [
        str(one)
        for one in page.evaluate(
            """(least) => {
              const shown = (e) => { const s = getComputedStyle(e); const r = e.getBoundingClientRect();
                return s.visibility !== 'hidden' && s.display !== 'none' && r.width > 1 && r.height > 1 && !e.closest('[hidden], dialog:not([open])'); };
              const box = (e) => (e.matches('input[type=radio], input[type=checkbox]') && e.closest('label') || e).getBoundingClientRect();
              const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
                .filter((e) => shown(e) && !e.classList.contains('visually-hidden') && !e.classList.contains('skip-link'));
              const middle = (r) => [r.x + r.width / 2, r.y + r.height / 2];
              const near = (a, b) => { const [x, y] = middle(a); const dx = Math.max(b.left - x, 0, x - b.right); const dy = Math.max(b.top - y, 0, y - b.bottom);
                return Math.hypot(dx, dy) < least / 2; };
              return all.filter((e) => { const r = box(e); if (r.width >= least && r.height >= least) return false;
                const inline = e.matches('a') && getComputedStyle(e).display === 'inline' && e.parentElement.textContent.trim().length > e.textContent.trim().length;
                return !inline && all.some((o) => o !== e && near(r, box(o))); })
                .map((e) => `${e.outerHTML.slice(0, 120)} ${Math.round(box(e).width)}x${Math.round(box(e).height)}`);
            }""",
            LEAST_TARGET,
        )
    ]


def widest(page: Page) -> str:
    """The elements that stick out to the right, for the message of a test."""
    return str(
        page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
            ".map(e => e.tagName + '.' + e.className).slice(0, 12).join(', ')"
        )
    )


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than its window (WCAG 1.4.10: not at all)."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def new_page(context: BrowserContext) -> Page:
    """A page that fails loudly: broken files of ours and errors of script are errors."""
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page
