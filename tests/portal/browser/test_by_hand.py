"""What people do with their hands: keyboard only, large type, a broken line, a slow answer of the town, coming back late."""

import uuid
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.portal.browser.pages import declare_disaster, new_page, sign_in, too_wide, widest
from tests.portal.cast import CHILD_ALLOWANCE, HAYAMA, JPEG, arrives, fill
from yakuba.base.canonical import sha256_hex
from yakuba.base.tenancy import under
from yakuba.portal.models import Draft, Upload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def begin(page: Page, portal: str) -> uuid.UUID:
    page.goto(f"{portal}/143014/procedures/{CHILD_ALLOWANCE}/start/")
    page.check("#role")
    page.click("form[data-submit-once] .button-row button")
    return uuid.UUID(page.url.split("/drafts/")[1].split("/")[0])


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


def test_by_keyboard_alone_one_gets_from_the_skip_link_to_a_saved_page(portal: str, browser: Browser) -> None:
    declare_disaster()
    page = new_page(browser.new_context())
    page.goto(f"{portal}/143014/procedures/{CHILD_ALLOWANCE}/start/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.keyboard.press("Tab")
    while focused(page) != "role":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    while not page.evaluate("document.activeElement.matches('.button-row .button')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/reason/**")


def test_focus_is_always_seen_and_never_trapped(portal: str, browser: Browser) -> None:
    page = new_page(browser.new_context())
    draft = begin(page, portal)
    fill(draft)
    page.goto(f"{portal}/143014/drafts/{draft}/pages/account/")
    visited = []
    for _ in range(120):
        page.keyboard.press("Tab")
        visited.append(focused(page))
        if visited[-1] == "BODY":
            break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        card = page.evaluate("!!document.activeElement.closest('.card--link')")
        assert outline != "none" or card, visited[-1]
    assert visited[-1] == "BODY", "the last Tab leaves the page: no trap"


def test_after_an_error_the_summary_has_the_focus_and_its_links_lead_to_the_fields(
    portal: str, browser: Browser
) -> None:
    page = new_page(browser.new_context(locale="ja-JP"))
    draft = begin(page, portal)
    page.goto(f"{portal}/143014/drafts/{draft}/pages/claimant/")
    page.click("button[name=next].button")
    expect(page.locator("#error-summary")).to_be_focused()
    page.click(".error-summary li:first-child a")
    assert page.evaluate("document.activeElement.matches('input, select, textarea')")
    described = page.evaluate("document.activeElement.getAttribute('aria-invalid')")
    assert described == "true"


def test_at_twice_the_letter_size_nothing_is_cut_off_or_pushed_aside(portal: str, browser: Browser) -> None:
    """WCAG 1.4.4 on a telephone's width."""
    page = new_page(browser.new_context(viewport={"width": 390, "height": 844}))
    draft = begin(page, portal)
    fill(draft)
    for path in (
        "",
        f"procedures/{CHILD_ALLOWANCE}/",
        f"drafts/{draft}/pages/account/",
        f"drafts/{draft}/review/",
        "mine/",
    ):
        page.goto(f"{portal}/143014/{path}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert too_wide(page) <= 0, (path, widest(page))


def test_letter_spacing_of_wcag_1_4_12_cuts_nothing_off(portal: str, browser: Browser) -> None:
    page = new_page(browser.new_context(viewport={"width": 390, "height": 844}))
    for path in ("", f"procedures/{CHILD_ALLOWANCE}/", "sign-in/", "assist/"):
        page.goto(f"{portal}/143014/{path}")
        page.evaluate(
            "for (const e of document.querySelectorAll('body *')) { e.style.letterSpacing = '0.12em';"
            " e.style.wordSpacing = '0.16em'; e.style.lineHeight = '1.5'; }"
        )
        assert too_wide(page) <= 0, (path, widest(page))


@pytest.mark.parametrize("scheme", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}])
def test_forced_colours_and_reduced_motion_are_respected(portal: str, browser: Browser, scheme: Any) -> None:
    page = new_page(browser.new_context(**scheme))
    page.goto(f"{portal}/143014/")
    button = page.locator(".search .button")
    if "forced_colors" in scheme:
        assert button.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    else:
        moving = "getComputedStyle(document.querySelector('.button')).animationDuration"
        assert page.evaluate(moving) in ("0s", "1e-05s", "0.00001s")


def test_a_large_photo_goes_on_after_the_line_breaks(portal: str, browser: Browser) -> None:
    page = new_page(browser.new_context(locale="ja-JP"))
    draft = begin(page, portal)
    fill(draft)
    broken: list[str] = []

    def break_once(route: Route) -> None:
        if (
            route.request.method == "PATCH"
            and route.request.headers.get("upload-offset") == "1048576"
            and not broken
        ):
            broken.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads/**", break_once)
    page.goto(f"{portal}/143014/drafts/{draft}/pages/account/")
    photo = JPEG * 600
    page.set_input_files("input[type=file]", {"name": "通帳.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(page.locator(".sending .tag--success")).to_be_visible(timeout=30_000)
    assert broken
    page.click("button[name=next].button")
    page.wait_for_url("**/pages/consent/")
    with under(HAYAMA):
        assert Upload.objects.get(draft=draft).sha256 == sha256_hex(photo)


def test_a_refused_file_is_told_at_once_and_one_that_came_can_be_taken_back(
    portal: str, browser: Browser
) -> None:
    page = new_page(browser.new_context(locale="ja-JP"))
    draft = begin(page, portal)
    fill(draft)
    page.goto(f"{portal}/143014/drafts/{draft}/pages/account/")
    word = {"name": "通帳.docx", "mimeType": "application/msword", "buffer": b"PK\x03\x04" + b"0" * 9000}
    page.set_input_files("input[type=file]", word)
    expect(page.locator(".sending [role=alert]")).to_contain_text("受け取れる種類のファイルではありません")
    page.set_input_files("input[type=file]", {"name": "通帳.jpg", "mimeType": "image/jpeg", "buffer": JPEG})
    expect(page.locator(".sending .tag--success")).to_be_visible()
    page.click(".sending button")
    expect(page.locator(".sending")).to_have_count(0)
    with under(HAYAMA):
        assert not Upload.objects.filter(draft=draft).exists()


def test_the_towns_answer_shows_by_itself_while_one_types(portal: str, agent: Any, browser: Browser) -> None:
    page = new_page(browser.new_context(locale="ja-JP"))
    sign_in(page, portal)
    draft = begin(page, portal)
    page.goto(f"{portal}/143014/drafts/{draft}/pages/claimant/")
    expect(page.locator("#prefill")).to_contain_text("よびだしています")
    page.fill("#claimant_phone", "09012345678")
    with under(HAYAMA):
        request = Draft.objects.get(id=draft).prefill_request
    values = {"juki.name": "葉山 健太", "juki.kana": "ハヤマ ケンタ"}
    body = {
        "request_id": str(request),
        "draft_id": str(draft),
        "found": True,
        "values": values,
        "household": [],
    }
    arrives("prefill.answered", body)
    expect(page.locator("#prefill")).to_contain_text("とどきました", timeout=10_000)
    assert page.input_value("#claimant_phone") == "09012345678"
    page.click("#prefill button, #prefill a")
    expect(page.locator("#claimant_name-name")).to_have_value("葉山 健太")
    expect(page.locator("#claimant_phone")).to_have_value("09012345678")


def test_changing_the_language_in_the_middle_of_a_page_loses_nothing(portal: str, browser: Browser) -> None:
    page = new_page(browser.new_context(locale="ja-JP"))
    draft = begin(page, portal)
    page.goto(f"{portal}/143014/drafts/{draft}/pages/claimant/")
    page.fill("#claimant_phone", "0468")
    page.click("nav.languages button[value=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#claimant_phone")).to_have_value("0468")


def test_before_the_sign_in_ends_one_is_asked_and_may_stay(
    portal: str, agent: Any, browser: Browser, settings: Any
) -> None:
    settings.PORTAL_IDLE_SECONDS = 8
    page = new_page(browser.new_context(locale="ja-JP"))
    sign_in(page, portal)
    page.goto(f"{portal}/143014/mine/")
    dialog = page.locator("#session-end")
    expect(dialog).to_be_visible(timeout=10_000)
    expect(page.locator("[data-session-keep]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(dialog).to_be_visible(timeout=10_000)
    page.wait_for_url("**/sign-in/**", timeout=15_000)
    expect(page.locator("main")).to_contain_text("時間がたったので")


def test_the_portal_reads_well_on_paper(portal: str, browser: Browser) -> None:
    page = new_page(browser.new_context())
    draft = begin(page, portal)
    fill(draft)
    page.goto(f"{portal}/143014/drafts/{draft}/review/")
    page.emulate_media(media="print")
    expect(page.locator(".site-footer")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
