"""The desk in a real browser: signing in with a passkey, a case from list to decision, and no axe violation."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.casework.cast import (
    HAYAMA,
    KENTA,
    PASSWORD,
    TOTP,
    Desk,
    Draft,
    Receive,
    World,
    answers,
)
from tests.casework.test_desk import press, signed_in
from yakuba.base.clock import now, today
from yakuba.base.tenancy import under
from yakuba.casework.models import Case, CounterVisit
from yakuba.registers.models import CardCertificate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHROMIUM = Path("/usr/bin/chromium")
SHOTS = os.environ.get("YAKUBA_SCREENSHOTS", "")
SMALLEST_TARGET = 24  # CSS pixels, WCAG 2.2 success criterion 2.5.8 (axe does not test it on every element)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed: scripts/debian-packages.sh installs it")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # playwright's loop runs in this thread while the tests prepare their cases in it
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(
        locale="ja-JP", base_url=live_server.url + "/casework/", viewport={"width": 1440, "height": 900}
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def enter(page: Page, login: str) -> None:
    """Sign in with password and code."""
    page.goto("sign-in")
    page.get_by_label("職員ID").fill(login)
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.get_by_label("認証コード").fill(pyotp.TOTP(TOTP).now())
    page.get_by_role("button", name="サインインする", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def fine(page: Page, name: str) -> None:
    """No axe violation, no target below 24 pixels, nothing wider than the window."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    found = Axe().run(page)
    assert not found.response["violations"], f"{name}\n{found.generate_report()}"
    small = page.evaluate(
        """least => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
        .filter(e => e.checkVisibility() && e.type !== 'hidden' && !e.closest('p, li > span, dd, td, li')
                && !e.classList.contains('skip-link') && e.ariaHidden !== 'true')
        .map(e => [e, (e.closest('label') || e).getBoundingClientRect()])
        .filter(([, r]) => r.width > 0 && (r.width < least || r.height < least))
        .map(([e, r]) => e.outerHTML.slice(0, 120) + ' ' + r.width + 'x' + r.height)""",
        SMALLEST_TARGET,
    )
    assert small == [], name
    overflow: Any = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0, name


@pytest.fixture
def case(world: World, receive: Receive) -> Case:
    return receive(Draft(world).envelope())


def test_a_case_goes_from_the_list_to_the_decision_by_two_people(
    visit: Page, desk: Desk, case: Case, browser: Browser, live_server: LiveServer
) -> None:
    enter(visit, "jiro")
    fine(visit, "queue")
    visit.get_by_role("link", name="葉山　健太").click()
    expect(visit.get_by_role("heading", level=1)).to_contain_text("葉山　健太")
    fine(visit, "case")
    visit.get_by_role("button", name="審査を始める").click()
    expect(visit.get_by_text("審査を始めました。")).to_be_visible()
    visit.get_by_text("生計を維持する程度の確認を記録する").click()
    visit.get_by_label("確認した日").fill(today().isoformat())
    visit.locator("input[name=main_earner][value=yes]").check()
    visit.get_by_role("button", name="記録する", exact=True).click()
    expect(visit.get_by_text("記録しました。")).to_be_visible()
    visit.locator("summary", has_text="決定案を出す").click()
    fine(visit, "case-proposing")
    visit.get_by_role("button", name="決定案を出す").click()
    expect(visit.get_by_text("決定案を出しました。")).to_be_visible()
    expect(visit.get_by_text("自分の案は自分では決裁できません。")).to_be_visible()
    other = browser.new_context(locale="ja-JP", base_url=live_server.url + "/casework/")
    page = other.new_page()
    enter(page, "saburo")
    page.get_by_role("link", name="葉山　健太").click()
    fine(page, "case-deciding")
    page.get_by_role("button", name="このとおり決定する").click()
    expect(page.get_by_text("決定しました。")).to_be_visible()
    fine(page, "case-decided")
    other.close()


def test_a_passkey_is_registered_and_signs_in_without_a_password(visit: Page, desk: Desk) -> None:
    session = visit.context.new_cdp_session(visit)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    enter(visit, "hanako")
    visit.goto("account")
    fine(visit, "account")
    visit.get_by_role("button", name="この機器のパスキーを登録する").click()
    expect(visit.get_by_role("button", name="「職場のパソコン」を削除")).to_be_visible()
    visit.get_by_role("button", name="サインアウト").click()
    expect(visit.get_by_text("サインアウトしました。")).to_be_visible()
    fine(visit, "sign-in")
    visit.get_by_role("button", name="パスキーでサインインする").click()
    expect(visit.get_by_role("heading", name="申請の一覧")).to_be_visible()


def test_the_list_and_a_case_work_without_script_and_by_keyboard(
    browser: Browser, live_server: LiveServer, desk: Desk, case: Case
) -> None:
    context = browser.new_context(
        locale="ja-JP", base_url=live_server.url + "/casework/", java_script_enabled=False
    )
    page = context.new_page()
    enter(page, "jiro")
    page.get_by_label("氏名・フリガナ・受付番号・宛名番号").fill("はやま")
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="葉山　健太")
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="審査を始める").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("審査を始めました。")).to_be_visible()
    context.close()


def test_identifying_by_hand_and_asking_for_a_correction(
    visit: Page, desk: Desk, world: World, receive: Receive
) -> None:
    with under(HAYAMA):
        CardCertificate.objects.all().delete()
    receive(Draft(world).envelope())
    enter(visit, "hanako")
    visit.get_by_role("link", name="本人確認待ち").click()
    fine(visit, "queue-manual")
    visit.get_by_role("link", name="葉山　健太").click()
    visit.get_by_role("link", name="申請者を特定する").click()
    fine(visit, "identify")
    visit.get_by_role("radio", name="葉山　健太を選ぶ").check()
    visit.get_by_label("特定した理由").fill("電話で生年月日と前住所を確認した")
    visit.get_by_role("button", name="この人の申請として進める").click()
    expect(visit.get_by_text("申請者を特定しました。")).to_be_visible()
    visit.locator("summary", has_text="補正を求める").click()
    visit.get_by_label("全体への説明").fill("口座の写真が読めません。撮りなおしてください。")
    visit.get_by_label("期限", exact=True).fill((today() + timedelta(days=14)).isoformat())
    fine(visit, "correction")
    visit.get_by_role("button", name="補正を求める").click()
    expect(visit.get_by_text("補正を求めました。")).to_be_visible()


@pytest.mark.parametrize(
    ("login", "path"),
    [
        ("goro", "staff"), ("goro", "settings"), ("goro", "settings/procedures/risai-shoumei"), ("rokuro", "audit"),
        ("jiro", "people?q=葉山"), ("jiro", "people/0000000001"), ("jiro", "unreadable"), ("jiro", "cases?q=いない"),
        ("hanako", "settings"), ("goro", "account/password"),
    ],
)  # fmt: skip
def test_every_other_page_is_fine(visit: Page, desk: Desk, case: Case, login: str, path: str) -> None:
    enter(visit, login)
    visit.goto(path)
    fine(visit, path.split("?")[0].replace("/", "-") + "-" + login)


def test_a_colleagues_change_appears_on_the_open_page(visit: Page, desk: Desk, case: Case) -> None:
    enter(visit, "jiro")
    visit.get_by_role("link", name="葉山　健太").click()
    expect(visit.get_by_role("button", name="審査を始める")).to_be_visible()
    visit.wait_for_load_state("load")  # the script that watches has begun
    press(signed_in(desk.second_approver), case, "take")
    visit.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(visit.get_by_text("別の人か自動処理がこの申請を更新しました")).to_be_visible()


def test_the_desk_fits_a_narrow_window(
    browser: Browser, live_server: LiveServer, desk: Desk, case: Case
) -> None:
    """320 CSS pixels, WCAG success criterion 1.4.10: what a clerk sees who magnifies the page four times."""
    context = browser.new_context(
        locale="ja-JP", base_url=live_server.url + "/casework/", viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    enter(page, "jiro")
    fine(page, "queue-narrow")
    page.get_by_role("link", name="葉山　健太").click()
    fine(page, "case-narrow")
    context.close()


def test_the_counters_pages_are_fine_and_the_residents_screen_is_readable(
    visit: Page, desk: Desk, world: World
) -> None:
    with under(HAYAMA):
        at_counter = CounterVisit.objects.create(
            municipality=HAYAMA, clerk=desk.intake, clerks=[str(desk.intake.id)], atena_number=KENTA, found_by="card",
            procedure="jidou-teate-nintei", version="2024-10", answers=answers(), created_at=now(), updated_at=now(),
            originals={"account_proof": {"label": "通帳", "note": "", "by": "受付 花子", "at": ""}},
        )  # fmt: skip
    enter(visit, "hanako")
    visit.goto("counter")
    fine(visit, "counter")
    visit.get_by_role("link", name="葉山　健太の児童手当等の認定請求を続ける").click()
    fine(visit, "counter-visit")
    visit.get_by_role("link", name="振込先").click()
    fine(visit, "counter-page")
    visit.goto(f"counter/{at_counter.id}/resident")
    for language in ("English", "やさしい日本語"):
        visit.get_by_role("link", name=language).click()
        fine(visit, f"counter-resident-{language}")
    size = visit.locator("dd").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= 24
