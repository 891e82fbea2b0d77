"""The desk's pages of notices and hand-over in a real browser: they work, and axe finds nothing against them."""

import pytest
from playwright.sync_api import Page, expect

from tests.casework import test_in_browser as browsing
from tests.casework.cast import staff_of_the_desk
from tests.handover.cast import HAYAMA, handed_over, system
from tests.notices.cast import of_kind
from tests.notices.conftest import KEYS_MADE_AT
from yakuba.audit.events import AuditEvent
from yakuba.base.tenancy import under
from yakuba.casework.notices import making
from yakuba.casework.notices.keys import make_notice_keys
from yakuba.casework.notices.service import issue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
browser, visit = browsing.browser, browsing.visit


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Page:
    """A browser at the desk, whose staff exist."""
    staff_of_the_desk()
    opened = request.getfixturevalue("visit")
    assert isinstance(opened, Page)
    return opened


def test_notices_are_listed_fetched_and_seen_to_by_hand(
    page: Page, tmp_path_factory: pytest.TempPathFactory, settings: object
) -> None:
    folder = tmp_path_factory.mktemp("keys")
    make_notice_keys(folder, [HAYAMA], at=KEYS_MADE_AT)
    settings.NOTICE_KEY = str(folder / "keys")  # type: ignore[attr-defined]
    for name in ("見本 一郎", "見本 𰀀子"):
        data = of_kind("decision", name)
        with under(HAYAMA):
            event = AuditEvent("staff:1", "notice.asked_for", "case:1", HAYAMA)
            notice = issue(data.application_id, "decision", data, event, key=name)
        making.make(HAYAMA, notice.id)
    browsing.enter(page, "saburo")
    page.get_by_role("link", name="通知書", exact=True).click()
    expect(page.get_by_text("職員の手で作る通知書が 1 件あります")).to_be_visible()
    browsing.fine(page, "notices-by-hand")
    page.get_by_role("button", name="紙で発行した").click()
    expect(page.get_by_text("紙で発行済みにしました。")).to_be_visible()
    browsing.fine(page, "notices")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="PDF").click()
    assert fetched.value.path().read_bytes().startswith(b"%PDF-")


def test_a_batch_is_made_and_reconciled(page: Page) -> None:
    handed_over()
    handed_over(answers={"claim_reason": "because"})
    system()
    browsing.enter(page, "saburo")
    page.get_by_role("link", name="基幹連携", exact=True).click()
    browsing.fine(page, "handover")
    page.get_by_role("button", name="連携ファイルを作る").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("連携ファイル")
    browsing.fine(page, "handover-batch")
    page.get_by_role("link", name="基幹連携", exact=True).click()
    expect(page.get_by_text("対応表にこの値のコードがありません")).to_be_visible()
    browsing.fine(page, "handover-held")
    page.get_by_role("link", name="突合", exact=True).click()
    expect(page.get_by_text("変換できない項目があるため送っていません。")).to_be_visible()
    browsing.fine(page, "reconciliation")


def test_a_system_is_registered_and_its_token_shown_once(page: Page) -> None:
    browsing.enter(page, "goro")
    page.get_by_role("link", name="連携先", exact=True).click()
    browsing.fine(page, "handover-systems")
    page.get_by_label("名前").fill("架空の介護保険システム")
    page.get_by_label("要介護・要支援認定の申請").check()
    page.get_by_role("button", name="登録してトークンを作る").click()
    expect(page.get_by_text("今だけ表示します")).to_be_visible()
    browsing.fine(page, "handover-token")
