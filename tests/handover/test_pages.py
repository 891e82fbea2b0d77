"""The desk's pages of notices and hand-over: who sees what, and a decided case all the way to its answer."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.casework.cast import Desk, staff_of_the_desk
from tests.casework.test_desk import signed_in
from tests.handover.cast import AT, HAYAMA, handed_over
from tests.handover.test_exchange import Caller
from tests.notices.cast import of_kind
from tests.notices.conftest import KEYS_MADE_AT
from yakuba.audit.events import AuditEvent
from yakuba.audit.log import links
from yakuba.base.tenancy import under
from yakuba.casework.handover.models import Batch, Item, State
from yakuba.casework.notices import making
from yakuba.casework.notices.keys import make_notice_keys
from yakuba.casework.notices.models import Notice
from yakuba.casework.notices.models import State as NoticeState
from yakuba.casework.notices.service import issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None) -> Desk:
    return staff_of_the_desk()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("keys")
    make_notice_keys(folder, [HAYAMA], at=KEYS_MADE_AT)
    return str(folder / "keys")


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"casework:{name}", args=args))
    assert answer.status_code == 200, answer.content.decode()[:3000]
    text = answer.content.decode()
    assert len(re.findall("<h1", text)) == 1
    return text


def noticed(keys: str, settings: object, name: str = "見本 一郎") -> Notice:
    settings.NOTICE_KEY = keys  # type: ignore[attr-defined]
    data = of_kind("decision", name)
    with under(HAYAMA):
        event = AuditEvent("staff:1", "notice.asked_for", "case:1", HAYAMA)
        notice = issue(data.application_id, "decision", data, event, key=name)
    making.make(HAYAMA, notice.id)
    with under(HAYAMA):
        return Notice.objects.get(pk=notice.pk)


def test_staff_see_notices_and_opening_one_is_written_down(desk: Desk, keys: str, settings: object) -> None:
    notice = noticed(keys, settings)
    client = signed_in(desk.reviewer)
    assert notice.full_number in page(client, "notices:listing")
    answer = client.get(reverse("casework:notices:download", args=[notice.pk]))
    assert (answer.status_code, answer.content[:5], answer["Content-Type"]) == (
        200,
        b"%PDF-",
        "application/pdf",
    )
    assert [link.event.action for link in links()][-1] == "notice.opened"


def test_a_notice_that_cannot_be_printed_comes_first_with_the_character_named(
    desk: Desk, keys: str, settings: object
) -> None:
    notice = noticed(keys, settings, "見本 𰀀子")
    client = signed_in(desk.approver)
    text = page(client, "notices:listing")
    assert "U+30000" in text
    assert client.get(reverse("casework:notices:download", args=[notice.pk])).status_code == 404
    assert client.post(reverse("casework:notices:on_paper", args=[notice.pk])).status_code == 302
    assert client.post(reverse("casework:notices:on_paper", args=[notice.pk])).status_code == 409
    with under(HAYAMA):
        assert Notice.objects.get(pk=notice.pk).state == NoticeState.ON_PAPER


def test_only_approvers_send_notices_by_hand(desk: Desk, keys: str, settings: object) -> None:
    notice = noticed(keys, settings, "見本 𰀀子")
    for staff in (desk.intake, desk.reviewer, desk.auditor, desk.admin):
        for name in ("on_paper", "again"):
            answer = signed_in(staff).post(reverse(f"casework:notices:{name}", args=[notice.pk]))
            assert answer.status_code == 403


def test_an_approver_makes_a_batch_and_downloads_its_files(desk: Desk) -> None:
    item = handed_over()
    client = signed_in(desk.approver)
    assert "児童手当 認定請求" in page(client, "handover:overview")
    made = client.post(
        reverse("casework:handover:make"), {"procedure": "jidou-teate-nintei", "format": "csv-sjis"}
    )
    assert made.status_code == 302
    with under(HAYAMA):
        [batch] = Batch.objects.all()
    text = page(client, "handover:batch", batch.pk)
    assert item.receipt_number in text
    for file in batch.files:
        assert file["sha256"] in text
        answer = client.get(reverse("casework:handover:download", args=[batch.pk, file["name"]]))
        assert answer.status_code == 200
        assert file["name"] in answer["Content-Disposition"]
    assert [link.event.action for link in links()][-1] == "handover.downloaded"
    missing = client.get(reverse("casework:handover:download", args=[batch.pk, "passwd"]))
    assert missing.status_code == 404


def test_a_batch_of_nothing_is_told_in_words(desk: Desk) -> None:
    answer = signed_in(desk.approver).post(
        reverse("casework:handover:make"), {"procedure": "kaigo-nintei", "format": "csv"}
    )
    assert answer.status_code == 400
    assert "送信していない申請はありません" in answer.content.decode()


def test_a_held_case_is_shown_with_its_field_and_put_back(desk: Desk) -> None:
    item = handed_over(answers={"claim_reason": "because"})
    client = signed_in(desk.approver)
    client.post(reverse("casework:handover:make"), {"procedure": "jidou-teate-nintei", "format": "csv"})
    text = page(client, "handover:overview")
    assert "対応表にこの値のコードがありません(値「because」)" in text
    assert client.post(reverse("casework:handover:again", args=[item.pk])).status_code == 302
    with under(HAYAMA):
        assert Item.objects.get(pk=item.pk).state == State.READY
    assert client.post(reverse("casework:handover:again", args=[item.pk])).status_code == 400


def test_only_approvers_let_cases_out(desk: Desk) -> None:
    handed_over()
    for staff in (desk.intake, desk.reviewer, desk.auditor, desk.admin):
        answer = signed_in(staff).post(
            reverse("casework:handover:make"), {"procedure": "jidou-teate-nintei", "format": "csv"}
        )
        assert answer.status_code == 403


def test_an_administrator_registers_a_system_whose_token_is_shown_once_and_works(desk: Desk) -> None:
    client = signed_in(desk.admin)
    url = reverse("casework:handover:systems")
    refused = client.post(url, {"name": "児童手当システム"})
    assert "手続(1つ以上)" in refused.content.decode()
    form = {"name": "児童手当システム", "procedures": ["jidou-teate-nintei"], "format": "jsonl"}
    text = client.post(url, form).content.decode()
    found = re.search(r'id="token">([^<]+)<', text)
    assert found is not None
    Caller(found[1]).get("batches")
    assert found[1] not in page(client, "handover:systems")
    assert signed_in(desk.reviewer).get(url).status_code == 403


def test_a_new_token_ends_the_old_one_and_closing_ends_both(desk: Desk) -> None:
    client = signed_in(desk.admin)
    form = {"name": "児童手当システム", "procedures": ["jidou-teate-nintei"], "format": "jsonl"}

    def token(path: str, posted: dict[str, object]) -> str:
        found = re.search(r'id="token">([^<]+)<', client.post(path, posted).content.decode())  # type: ignore[arg-type]
        assert found is not None
        return found[1]

    first = token(reverse("casework:handover:systems"), dict(form))
    system = first.partition(".")[0]
    second = token(reverse("casework:handover:token", args=[system]), {})
    Caller(first).get("batches", 401)
    Caller(second).get("batches")
    assert client.post(reverse("casework:handover:close", args=[system])).status_code == 302
    Caller(second).get("batches", 401)


def test_reconciliation_counts_every_case_once_and_lists_the_differences(desk: Desk) -> None:
    sent, held = handed_over(), handed_over(answers={"claim_reason": "because"})
    handed_over("kaigo-nintei")
    client = signed_in(desk.approver)
    client.post(reverse("casework:handover:make"), {"procedure": "jidou-teate-nintei", "format": "csv"})
    with under(HAYAMA), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE handover_item SET state_at = %s WHERE receipt_number = %s",
            [AT.replace(year=2025), sent.receipt_number],
        )
    text = page(signed_in(desk.auditor), "handover:reconciliation")
    assert "不一致" not in text
    for number in (sent.receipt_number, held.receipt_number):
        assert f'<span class="mono">{number}</span>' in text


def test_another_towns_staff_see_none_of_it(desk: Desk, keys: str, settings: object) -> None:
    item, notice = handed_over(), noticed(keys, settings)
    client = signed_in(desk.elsewhere)
    assert notice.full_number not in page(client, "notices:listing")
    assert item.receipt_number not in page(client, "handover:reconciliation")
    assert client.get(reverse("casework:notices:download", args=[notice.pk])).status_code == 404
