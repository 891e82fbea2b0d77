"""By-laws of filling in, signing and sending."""

import base64
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.portal.cast import (
    CHILD_ALLOWANCE,
    HAYAMA,
    JPEG,
    PDF,
    SIGN_PIN,
    Visitor,
    application_of,
    arrives,
    example,
    fill,
    hidden,
    person,
)  # fmt: skip
from tests.portal.conftest import Issue, publish
from yakuba.audit import log
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import now
from yakuba.base.ids import is_receipt_number
from yakuba.base.tenancy import under
from yakuba.card.emulated import EmulatedCard
from yakuba.card.testca import TestCA
from yakuba.gateway import blobs
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.portal import tasks
from yakuba.portal.models import Application, Draft, Upload

pytestmark = pytest.mark.django_db


def ready(visitor: Visitor, **changes: object) -> uuid.UUID:
    """A draft with nothing left to do but sign."""
    visitor.sign_in()
    draft = visitor.begin()
    fill(draft, **changes)
    return draft


def posted(kind: str = "application.submitted") -> list[dict[str, object]]:
    """The bodies of the messages of a kind in the outbox."""
    with under(HAYAMA):
        rows = OutboxMessage.objects.filter(kind=kind).order_by("id")
        return [read_envelope(bytes(row.document)).body for row in rows]


def test_a_signed_application_gets_its_receipt_number_at_once(hanako: Visitor) -> None:
    draft = ready(hanako)
    reply = hanako.sign(draft)
    assert reply.headers["Location"] == f"/143014/applications/{draft}/received/"
    number = application_of(draft).receipt_number
    assert is_receipt_number(number)
    assert number in hanako.page(f"applications/{draft}/received/")


def test_what_is_sent_is_byte_for_byte_what_was_shown_and_signed(hanako: Visitor) -> None:
    draft = ready(hanako)
    page = hanako.page(f"drafts/{draft}/review/")
    shown = base64.b64decode(hidden(page)["content"])
    assert sha256_hex(shown) in page
    assert hanako.get(f"drafts/{draft}/document/").content == shown
    hanako.sign(draft)
    (body,) = posted()
    assert canonical_bytes(body["application"]) == shown
    assert application_of(draft).document_sha256 == sha256_hex(shown)
    assert body["verdict"]["outcome"] == "good"  # type: ignore[index]


def test_the_review_page_names_every_answer_and_every_file_with_its_digest(hanako: Visitor) -> None:
    draft = ready(hanako)
    page = hanako.page(f"drafts/{draft}/review/")
    assert sha256_hex(PDF) in page
    for said in ("葉山 陽菜", "みなと信用金庫", "0012345"):
        assert said in page.replace("\u3000", " ")


def test_submitting_writes_application_message_and_audit_record_together(hanako: Visitor) -> None:
    draft = ready(hanako)
    hanako.sign(draft)
    assert len(posted()) == 1
    actions = [link.event.action for link in log.links()]
    assert actions[-1] == "application.submitted"
    assert log.verify() is None


def test_coming_back_twice_is_one_application(hanako: Visitor) -> None:
    draft = ready(hanako)
    fields = hidden(hanako.page(f"drafts/{draft}/review/"))
    assert hanako.card is not None
    cms = hanako.card.sign_cms(base64.b64decode(fields["content"]), SIGN_PIN, at=now())
    location = hanako.agent_returns(fields["ticket"], cms)
    first, second = hanako.come_back(location), hanako.come_back(location)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(posted()) == 1


def test_signing_in_two_tabs_is_one_application(hanako: Visitor) -> None:
    draft = ready(hanako)
    one, other = (hidden(hanako.page(f"drafts/{draft}/review/")) for _ in range(2))
    assert one["content"] == other["content"]
    assert hanako.card is not None
    for fields in (one, other):
        cms = hanako.card.sign_cms(base64.b64decode(fields["content"]), SIGN_PIN, at=now())
        reply = hanako.come_back(hanako.agent_returns(fields["ticket"], cms))
        assert reply.headers["Location"] == f"/143014/applications/{draft}/received/"
    assert len(posted()) == 1


def test_the_back_button_after_sending_leads_to_the_application(hanako: Visitor) -> None:
    draft = ready(hanako)
    hanako.sign(draft)
    for path in ("", "review/", "pages/account/"):
        assert hanako.get(f"drafts/{draft}/{path}").headers["Location"] == f"/143014/applications/{draft}/"


def test_an_answer_changed_after_the_review_stops_the_signature_and_loses_nothing(hanako: Visitor) -> None:
    draft = ready(hanako)
    fields = hidden(hanako.page(f"drafts/{draft}/review/"))
    assert hanako.card is not None
    cms = hanako.card.sign_cms(base64.b64decode(fields["content"]), SIGN_PIN, at=now())
    with under(HAYAMA):
        found = Draft.objects.get(id=draft)
        found.answers = {**found.answers, "claimant_phone": "09099999999"}
        found.save()
    reply = hanako.come_back(hanako.agent_returns(fields["ticket"], cms))
    assert reply.status_code == 400
    assert "変わりました" in reply.content.decode()
    assert posted() == []
    assert "09099999999" in hanako.page(f"drafts/{draft}/review/")


def test_a_signature_over_other_bytes_is_told_as_such(hanako: Visitor) -> None:
    draft = ready(hanako)
    reply = hanako.sign(draft, content=b'{"yakuba":"application/1"}')
    assert reply.status_code == 400
    assert "content_changed" in reply.content.decode()
    assert posted() == []


def test_another_persons_card_on_the_signing_step_is_told_as_such(
    hanako: Visitor, taro_card: EmulatedCard
) -> None:
    draft = ready(hanako)
    reply = hanako.sign(draft, card=taro_card)
    assert "other_person" in reply.content.decode()
    assert posted() == []
    assert hanako.sign(draft).status_code == 302


def test_what_the_town_knows_outweighs_what_is_typed_about_the_signer(
    hanako: Visitor, taro_card: EmulatedCard
) -> None:
    """Typing Taro's name into Hanako's application does not make his card hers."""
    draft = ready(
        hanako, claimant_name={"name": "葉山 太郎", "kana": "ハヤマ タロウ"}, claimant_birth_date="1971-05-05"
    )
    with under(HAYAMA):
        Draft.objects.filter(id=draft).update(prefill={"juki.birth_date": "1995-06-18"})
    assert "other_person" in hanako.sign(draft, card=taro_card).content.decode()


def test_a_revoked_signing_certificate_is_told_as_such(
    hanako: Visitor, authority: TestCA, issue: Issue
) -> None:
    holder = person("葉山 健太", now().date() - timedelta(days=11000))
    pair = authority.issue(holder, HAYAMA, now=now() - timedelta(days=30))
    card = issue("moved", holder, pair)
    authority.revoke("sign", pair.sign.issuer_key_id, pair.sign.serial, at=now())
    publish(authority)
    draft = ready(hanako)
    reply = hanako.sign(draft, card=card)
    assert "revoked" in reply.content.decode()
    assert "失効" in reply.content.decode()
    assert hanako.get(f"drafts/{draft}/review/").status_code == 200


def test_an_unfinished_draft_cannot_be_signed(hanako: Visitor) -> None:
    hanako.sign_in()
    draft = hanako.begin()
    page = hanako.page(f"drafts/{draft}/review/")
    assert "agent-form" not in page
    assert 'id="error-summary"' in page


def test_a_draft_is_resumed_on_another_device_after_sign_in(
    hanako: Visitor, hanako_card: EmulatedCard
) -> None:
    hanako.sign_in()
    draft = hanako.begin()
    hanako.post(
        f"drafts/{draft}/pages/reason/", {"shown": "claim_reason", "claim_reason": "moved_in", "save": "1"}
    )
    elsewhere = Visitor(hanako_card)
    assert elsewhere.get(f"drafts/{draft}/").status_code == 404
    elsewhere.sign_in()
    assert "児童手当" in elsewhere.page("mine/")
    assert 'value="moved_in" checked' in elsewhere.page(f"drafts/{draft}/pages/reason/")


def test_a_draft_begun_before_sign_in_is_adopted(hanako: Visitor, hanako_card: EmulatedCard) -> None:
    draft = hanako.begin()
    hanako.sign_in()
    hanako.post("sign-out/")
    elsewhere = Visitor(hanako_card)
    elsewhere.sign_in()
    assert elsewhere.get(f"drafts/{draft}/").status_code == 200


def test_a_wrong_page_is_saved_as_typed_and_the_title_counts_the_errors(hanako: Visitor) -> None:
    draft = hanako.begin()
    reply = hanako.post(
        f"drafts/{draft}/pages/claimant/",
        {"claimant_phone": "でんわ", "claimant_name-name": "葉山 健太", "next": "1"},
    )  # fmt: skip
    assert reply.status_code == 422
    text = reply.content.decode()
    assert "<title>（エラー" in text
    assert 'value="でんわ"' in hanako.page(f"drafts/{draft}/pages/claimant/")


def test_items_are_added_and_removed_without_script(hanako: Visitor) -> None:
    draft = hanako.begin()
    path = f"drafts/{draft}/pages/children/"
    reply = hanako.post(path, {"add": "children", "children-0-id": "i1", "children-0-name-name": "葉山 陽菜"})
    assert reply.headers["Location"].endswith("#children-1")
    assert "children-1-name-name" in hanako.page(path)
    hanako.post(
        path,
        {"remove": "children-0", "children-0-id": "i1", "children-1-id": "i2", "children-1-name-name": "次"},
    )
    assert 'value="次"' in hanako.page(path)


def test_changing_the_language_in_the_middle_keeps_what_is_typed(hanako: Visitor) -> None:
    draft = hanako.begin()
    path = f"drafts/{draft}/pages/claimant/"
    reply = hanako.post(path, {"shown": "claimant_phone", "claimant_phone": "090", "language": "en"})
    assert reply.headers["Location"] == f"/143014/{path}"
    page = hanako.page(path)
    assert '<html lang="en">' in page
    assert 'value="090"' in page


def test_a_file_that_is_no_picture_is_refused_at_once_and_the_old_one_stays(hanako: Visitor) -> None:
    draft = hanako.begin()
    fill(draft)
    path, word = f"drafts/{draft}/pages/account/", SimpleUploadedFile("通帳.jpg", b"PK\x03\x04" + b"0" * 500)
    reply = hanako.client.post(
        hanako.url(path), {"file:account_proof": word, "shown": "account_proof", "next": "1"}
    )
    assert reply.status_code == 422
    assert "「通帳.jpg」は、ここで受け取れる種類のファイルではありません" in reply.content.decode()
    assert "書類.pdf" in hanako.page(path)


def test_a_photo_of_a_telephone_is_taken_with_the_ordinary_form(hanako: Visitor) -> None:
    draft = hanako.begin()
    fill(draft)
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + b"\0" * 3000
    photo = SimpleUploadedFile("IMG_0001.HEIC", heic)
    path = f"drafts/{draft}/pages/account/"
    hanako.client.post(hanako.url(path), {"file:account_proof": photo, "shown": "account_proof", "save": "1"})
    assert "IMG_0001.HEIC" in hanako.page(path)
    with under(HAYAMA):
        assert Upload.objects.get(draft=draft).media_type == "image/heic"


def test_a_file_in_pieces_goes_on_where_it_broke_off(hanako: Visitor) -> None:
    draft = hanako.begin()
    fill(draft)
    data = JPEG + b"1" * (2 * 1024 * 1024)
    where, offset = announce(hanako, draft, data)
    assert offset == 0
    assert send(hanako, where, data, 0) == 1024 * 1024
    assert announce(hanako, draft, data) == (where, 1024 * 1024)
    assert send(hanako, where, data, 0, status=409) == 1024 * 1024
    while (offset := int(hanako.client.head(where).headers["Upload-Offset"])) < len(data):
        send(hanako, where, data, offset)
    with under(HAYAMA):
        upload = Upload.objects.get(draft=draft)
        assert upload.sha256 == sha256_hex(data)
        assert blobs.read(HAYAMA, upload.sha256) == data


def announce(visitor: Visitor, draft: uuid.UUID, data: bytes) -> tuple[str, int]:
    about = {"slot": "account_proof", "filename": "写真.jpg", "size": str(len(data))}
    found = json.loads(visitor.post(f"drafts/{draft}/uploads/", about).content)
    return found["url"], found["offset"]


def send(visitor: Visitor, where: str, data: bytes, offset: int, status: int = 204) -> int:
    reply = visitor.client.patch(
        where, data[offset : offset + 1024 * 1024], content_type="application/offset+octet-stream",
        headers={"Upload-Offset": str(offset)},
    )  # fmt: skip
    assert reply.status_code == status, reply.content
    return int(reply.headers["Upload-Offset"])


def test_a_wrong_kind_in_pieces_is_refused_at_the_first_piece(hanako: Visitor) -> None:
    draft = hanako.begin()
    fill(draft)
    data = b"MZ" + b"0" * 5000
    where, _ = announce(hanako, draft, data)
    reply = hanako.client.patch(
        where, data, content_type="application/offset+octet-stream", headers={"Upload-Offset": "0"}
    )
    assert reply.status_code == 422
    assert "受け取れる種類のファイルではありません" in json.loads(reply.content)["message"]
    with under(HAYAMA):
        assert [one.filename for one in Upload.objects.filter(draft=draft)] == ["書類.pdf"]


def test_a_file_too_large_is_refused_before_a_byte_is_sent(hanako: Visitor) -> None:
    draft = hanako.begin()
    fill(draft)
    reply = hanako.post(
        f"drafts/{draft}/uploads/", {"slot": "account_proof", "filename": "a.jpg", "size": str(21 << 20)}
    )
    assert reply.status_code == 422
    assert "20MB" in json.loads(reply.content)["message"]


def test_a_deleted_draft_takes_its_files_with_it(hanako: Visitor) -> None:
    draft = hanako.begin()
    fill(draft)
    hanako.post(f"drafts/{draft}/delete/")
    with under(HAYAMA):
        assert not Draft.objects.filter(id=draft).exists()
        assert not blobs.exists(HAYAMA, sha256_hex(PDF))


def test_what_the_town_knows_fills_only_what_is_not_answered(hanako: Visitor) -> None:
    hanako.sign_in()
    draft = hanako.begin()
    (asked,) = posted("prefill.requested")
    assert asked["draft_id"] == str(draft)
    path = f"drafts/{draft}/pages/claimant/"
    assert "役場の登録内容をよびだしています" in hanako.page(path)
    hanako.post(path, {"shown": "claimant_phone", "claimant_phone": "09011112222", "save": "1"})
    values = {"juki.name": "葉山 健太", "juki.kana": "ハヤマ ケンタ", "juki.birth_date": "1995-06-18"}
    answer = {
        "request_id": asked["request_id"],
        "draft_id": str(draft),
        "found": True,
        "values": values,
        "household": [],
    }
    arrives("prefill.answered", answer)
    page = hanako.page(path)
    assert 'value="葉山 健太"' in page
    assert 'value="09011112222"' in page
    assert page.count('class="prefilled"') == 2


def test_an_answer_to_another_request_changes_no_draft(hanako: Visitor) -> None:
    hanako.sign_in()
    draft = hanako.begin()
    answer = {
        "request_id": str(uuid.uuid4()),
        "draft_id": str(draft),
        "found": True,
        "values": {"juki.name": "誰か"},
    }
    arrives("prefill.answered", answer)
    assert "誰か" not in hanako.page(f"drafts/{draft}/pages/claimant/")


def test_nothing_is_asked_of_the_town_before_sign_in(hanako: Visitor) -> None:
    hanako.begin()
    assert posted("prefill.requested") == []


def test_a_proxy_says_for_whom(hanako: Visitor) -> None:
    reply = hanako.post(f"procedures/{CHILD_ALLOWANCE}/start/", {"role": "proxy_by_mandate"})
    assert reply.status_code == 422
    about = {
        "for_name-name": "木古庭 正", "for_birth_date-era": "western", "for_birth_date-year": "1935",
        "for_birth_date-month": "3", "for_birth_date-day": "不詳", "for_address-address": "神奈川県三浦郡葉山町木古庭900番地",
    }  # fmt: skip
    draft = hanako.begin(role="proxy_by_mandate", **about)
    with under(HAYAMA):
        found = Draft.objects.get(id=draft).applicant_for
    assert found == {
        "name": "木古庭 正",
        "birth_date": "1935-03-00",
        "address": "神奈川県三浦郡葉山町木古庭900番地",
    }


def test_a_proxy_without_mandate_cannot_submit(hanako: Visitor) -> None:
    hanako.sign_in()
    draft = hanako.begin()
    fill(draft)
    with under(HAYAMA):
        Draft.objects.filter(id=draft).update(role="proxy_by_mandate", applicant_for={"name": "木古庭 正"})
    assert "agent-form" not in hanako.page(f"drafts/{draft}/review/")


def test_a_helper_and_the_residents_consent_stand_in_what_is_signed(hanako: Visitor) -> None:
    assert hanako.post("assist/", {"helper": "鈴木 一郎", "organisation": "福祉文化会館"}).status_code == 422
    hanako.post("assist/", {"helper": "鈴木 一郎", "organisation": "福祉文化会館", "consent": "yes"})
    assert "代わりに入力しています：鈴木 一郎" in hanako.page("")
    draft = ready(hanako)
    document = hanako.document(draft)
    assert document["assisted"]["helper"] == "鈴木 一郎 (福祉文化会館)"
    hanako.post("sign-out/")
    assert "代わりに入力しています" not in hanako.page("")


def test_a_closed_procedure_takes_no_application_but_keeps_the_draft(hanako: Visitor) -> None:
    draft = ready(hanako)
    fields = hidden(hanako.page(f"drafts/{draft}/review/"))
    arrives("settings.published", {"procedures": {CHILD_ALLOWANCE: {"open": False}}, "disasters": []})
    assert "受付していません" in hanako.page(f"procedures/{CHILD_ALLOWANCE}/")
    assert "agent-form" not in hanako.page(f"drafts/{draft}/review/")
    assert hanako.card is not None
    cms = hanako.card.sign_cms(base64.b64decode(fields["content"]), SIGN_PIN, at=now())
    assert hanako.come_back(hanako.agent_returns(fields["ticket"], cms)).status_code == 400
    assert posted() == []
    assert hanako.get(f"drafts/{draft}/").status_code == 200


def test_a_disaster_procedure_is_open_only_while_a_disaster_is_declared(hanako: Visitor) -> None:
    path = "procedures/risai-shoumei/start/"
    assert hanako.post(path, {"role": "self"}).headers["Location"] == "/143014/procedures/risai-shoumei/"
    today = now().date()
    declared = {
        "id": "2026-typhoon-21", "name": {"ja": "台風第21号", "en": "Typhoon 21", "easy": "{台風|たいふう}21"},
        "declared_on": (today - timedelta(days=9)).isoformat(), "until": (today + timedelta(days=90)).isoformat(),
    }  # fmt: skip
    arrives("settings.published", {"procedures": {}, "disasters": [declared]})
    assert "台風第21号" in hanako.page("")
    assert "/drafts/" in hanako.post(path, {"role": "self"}).headers["Location"]
    arrives("settings.published", {"procedures": {}, "disasters": []})
    assert "/procedures/" in hanako.post(path, {"role": "self"}).headers["Location"]


def test_where_the_town_says_so_the_sign_in_is_enough_and_its_proof_goes_along(hanako: Visitor) -> None:
    hanako.sign_in()
    arrives("settings.published", {"procedures": {"kaigo-nintei": {"signature": "login"}}, "disasters": []})
    draft = hanako.begin("kaigo-nintei")
    fill(draft, example(0, "kaigo-nintei"))
    page = hanako.page(f"drafts/{draft}/review/")
    assert "agent-form" not in page
    digest = page.split('name="sha256" value="')[1][:64]
    assert hanako.post(f"drafts/{draft}/send/", {"sha256": "0" * 64}).status_code == 400
    reply = hanako.post(f"drafts/{draft}/send/", {"sha256": digest})
    assert reply.headers["Location"].endswith("/received/")
    (body,) = posted()
    assert body["mode"] == "login"
    assert body["signature"] is None
    assert set(body["login"]) == {"certificate", "challenge", "signature"}  # type: ignore[call-overload]


def test_the_sign_in_is_not_enough_where_a_signature_is_required(hanako: Visitor) -> None:
    draft = ready(hanako)
    digest = sha256_hex(hanako.get(f"drafts/{draft}/document/").content)
    assert hanako.post(f"drafts/{draft}/send/", {"sha256": digest}).headers["Location"].endswith("/review/")
    assert posted() == []


def test_no_personal_data_stands_in_any_address_or_log(
    hanako: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    draft = ready(hanako)
    reply = hanako.sign(draft)
    hanako.post(f"drafts/{draft}/pages/claimant/", {"claimant_name-name": "葉山 健太"})
    assert "葉山" not in reply.headers["Location"]
    assert "健太" not in caplog.text


def test_row_level_security_hides_every_table_of_residents_data(hanako: Visitor) -> None:
    draft = ready(hanako)
    hanako.sign(draft)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relkind = 'r' AND "
            "relname LIKE 'portal\\_%%' AND relname <> 'portal_rate_count'"
        )
        tables = dict(cursor.fetchall())
    assert len(tables) == 16
    assert all(tables.values())
    with under("143421"):
        assert not Application.objects.exists()


def test_what_is_posted_after_the_sign_in_ended_waits_for_the_same_person(
    hanako: Visitor, taro: Visitor
) -> None:
    hanako.sign_in()
    draft = hanako.begin()
    path = f"drafts/{draft}/pages/claimant/"
    session = hanako.client.session
    session["seen"] = session["seen"] - 31 * 60
    session.save()
    reply = hanako.post(path, {"shown": "claimant_phone", "claimant_phone": "09012123434", "next": "1"})
    assert "/sign-in/" in reply.headers["Location"]
    somebody = Visitor(taro.card, HAYAMA, hanako.client)
    somebody.sign_in()
    assert somebody.get(path).status_code == 404


def test_and_is_there_when_they_have_signed_in_again(hanako: Visitor) -> None:
    hanako.sign_in()
    draft = hanako.begin()
    path = f"drafts/{draft}/pages/claimant/"
    session = hanako.client.session
    session["seen"] = session["seen"] - 31 * 60
    session.save()
    reply = hanako.post(path, {"shown": "claimant_phone", "claimant_phone": "09012123434", "next": "1"})
    hanako.client.get(reply.headers["Location"])
    hanako.sign_in()
    assert 'value="09012123434"' in hanako.page(path)


def test_a_draft_begun_before_a_change_of_the_law_moves_on_to_the_version_in_force(hanako: Visitor) -> None:
    hanako.sign_in()
    draft = hanako.begin()
    fill(draft)
    with under(HAYAMA):
        Draft.objects.filter(id=draft).update(version="2022-06")
    assert hanako.document(draft)["version"] == "2024-10"


def test_signing_out_removes_what_nobody_could_open_any_more(hanako: Visitor) -> None:
    draft = hanako.begin()
    fill(draft)
    assert "この端末の下書きを消す" in hanako.page("mine/")
    hanako.post("sign-out/")
    with under(HAYAMA):
        assert not Draft.objects.filter(id=draft).exists()
        assert not blobs.exists(HAYAMA, sha256_hex(PDF))


def test_the_nightly_jobs_run_for_every_town(hanako: Visitor) -> None:
    draft = hanako.begin()
    with under(HAYAMA):
        Draft.objects.filter(id=draft).update(expires_at=now() - timedelta(minutes=1))
    tasks.remove_what_is_past_its_time(0)
    tasks.forget_delivered_answers(0)
    with under(HAYAMA):
        assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_the_very_same_moment_are_one_application(hanako: Visitor) -> None:
    draft = ready(hanako)
    assert hanako.card is not None
    places = []
    for fields in [hidden(hanako.page(f"drafts/{draft}/review/")) for _ in range(2)]:
        cms = hanako.card.sign_cms(base64.b64decode(fields["content"]), SIGN_PIN, at=now())
        places.append(hanako.agent_returns(fields["ticket"], cms))

    def come_back(place: str) -> str:
        tab = Client()
        tab.cookies = hanako.client.cookies
        try:
            return str(tab.get(place).headers["Location"])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as tabs:
        ends = set(tabs.map(come_back, places))
    assert ends <= {f"/143014/applications/{draft}/received/", f"/143014/applications/{draft}/"}
    assert len(posted()) == 1
