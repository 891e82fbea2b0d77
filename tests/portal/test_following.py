"""By-laws of what comes after sending, and of whose papers are whose."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.portal.cast import (
    AUTH_PIN,
    CHILD_ALLOWANCE,
    HAYAMA,
    NINOMIYA,
    PDF,
    Visitor,
    application_of,
    arrives,
    birth_example,
    fill,
)  # fmt: skip
from tests.portal.test_applying import posted, ready
from yakuba.base.canonical import sha256_hex
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.gateway import blobs
from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.models import OutboxMessage
from yakuba.portal.models import Application, CardTicket, Draft, Notice, SignIn, Upload
from yakuba.portal.services.following import STATUSES, status_text
from yakuba.portal.services.retention import clean_up

pytestmark = pytest.mark.django_db


def sent(visitor: Visitor) -> uuid.UUID:
    """An application that was sent."""
    draft = ready(visitor)
    assert visitor.sign(draft).status_code == 302
    return draft


def told(application: uuid.UUID, status: str, minutes: int = 1, **more: object) -> None:
    at = (now() + timedelta(minutes=minutes)).isoformat()
    arrives("status.changed", {"application_id": str(application), "status": status, "at": at, **more})


def asked(application: uuid.UUID, path: str = "claimant_phone", **more: object) -> None:
    body = {
        "application_id": str(application), "items": [{"path": path, "message": "電話番号をご確認ください。"}],
        "due": (now().date() + timedelta(days=14)).isoformat(), "message": None,
        "answers": dict(birth_example().answers), "attachments": application_of(application).attachments, **more,
    }  # fmt: skip
    arrives("correction.requested", body)


def delivered(at_days: int = 0) -> None:
    """The end-to-end receipt of everything has come back."""
    with under(HAYAMA):
        OutboxMessage.objects.update(state="delivered")
        clean_up(now() + timedelta(days=at_days))


def issue_notice(application: uuid.UUID) -> uuid.UUID:
    notice = uuid.uuid4()
    with under(HAYAMA):
        ref = blobs.put(
            HAYAMA,
            PDF,
            slot="notice",
            filename="認定通知書.pdf",
            media_type="application/pdf",
            holder="inbox:x",
        )
    body = {
        "application_id": str(application), "notice_id": str(notice), "title": "認定通知書",
        "sha256": ref.sha256, "issued_at": (now() + timedelta(minutes=2)).isoformat(),
    }  # fmt: skip
    arrives(
        "notice.issued", body, (AttachmentRef("notice", ref.filename, ref.media_type, ref.size, ref.sha256),)
    )
    return notice


def test_every_status_has_words_in_every_language() -> None:
    for status in STATUSES:
        assert status_text(status).easy


def test_a_resident_never_sees_anothers_papers(hanako: Visitor, taro: Visitor) -> None:
    draft = ready(hanako)
    taro.sign_in()
    with under(HAYAMA):
        upload = Upload.objects.get(draft=draft).id
    for path in ("", "review/", "document/", "pages/account/", "delete/", "prefill/"):
        assert taro.get(f"drafts/{draft}/{path}").status_code == 404
    for path in ("delete/", "send/", "uploads/", "pages/account/"):
        assert taro.post(f"drafts/{draft}/{path}", {"slot": "account_proof"}).status_code == 404
    for method in (taro.client.head, taro.client.delete, taro.client.patch):
        assert method(taro.url(f"uploads/{upload}/")).status_code == 404
    hanako.sign(draft)
    notice = issue_notice(draft)
    for path in ("", "received/", "withdraw/"):
        assert taro.get(f"applications/{draft}/{path}").status_code == 404
    for path in ("correct/", "withdraw/"):
        assert taro.post(f"applications/{draft}/{path}").status_code == 404
    for path in ("", "verify/"):
        assert taro.get(f"notices/{notice}/{path}").status_code == 404
    assert "児童手当" not in taro.page("mine/")


def test_the_same_papers_do_not_exist_under_another_town(hanako: Visitor) -> None:
    application = sent(hanako)
    other = Visitor(hanako.card, NINOMIYA, hanako.client)
    other.sign_in()
    assert other.get(f"applications/{application}/").status_code == 404
    assert other.get(f"drafts/{application}/").status_code == 404


def test_a_status_is_shown_with_its_history_and_clock(hanako: Visitor) -> None:
    application = sent(hanako)
    due = (now().date() + timedelta(days=20)).isoformat()
    told(
        application,
        "in_review",
        due=due,
        message={"ja": "調べています。", "en": "We look.", "easy": "{見|み}て います。"},
    )
    page = hanako.page(f"applications/{application}/")
    assert "審査中です" in page
    assert "調べています。" in page
    assert "あと" in page


def test_the_case_offices_word_completes_the_step_received_and_does_not_double_it(hanako: Visitor) -> None:
    application = sent(hanako)
    due = (now().date() + timedelta(days=30)).isoformat()
    told(
        application,
        "received",
        due=due,
        message={"ja": "担当に届きました。", "en": "Here.", "easy": "{届|とど}きました。"},
    )
    with under(HAYAMA):
        (step,) = application_of(application).history.all()
    assert step.message["ja"] == "担当に届きました。"
    assert application_of(application).due is not None


def test_a_message_that_was_overtaken_changes_only_the_history(hanako: Visitor) -> None:
    application = sent(hanako)
    told(application, "decided", minutes=10)
    told(application, "in_review", minutes=5)
    assert application_of(application).status == "decided"
    assert "審査中です" in hanako.page(f"applications/{application}/")


def test_a_correction_is_a_new_application_linked_to_the_old_and_begun_from_its_answers(
    hanako: Visitor,
) -> None:
    application = sent(hanako)
    delivered()
    asked(application)
    page = hanako.page(f"applications/{application}/")
    assert "電話番号をご確認ください。" in page
    begun = hanako.post(f"applications/{application}/correct/").headers["Location"]
    assert begun == hanako.post(f"applications/{application}/correct/").headers["Location"]
    draft = uuid.UUID(begun.split("/")[3])
    page = hanako.page(f"drafts/{draft}/pages/claimant/")
    assert 'value="09000001111"' in page
    assert "電話番号をご確認ください。" in page
    document = hanako.document(draft)
    assert document["previous"] == str(application)
    assert [one["sha256"] for one in document["attachments"]] == [sha256_hex(PDF)]
    hanako.sign(draft)
    old, new = application_of(application), application_of(draft)
    assert (old.replaced_by, new.previous) == (draft, application)
    assert old.receipt_number != new.receipt_number


def test_a_file_that_is_asked_for_again_must_be_given_again(hanako: Visitor) -> None:
    application = sent(hanako)
    asked(application, path="account_proof")
    draft = hanako.post(f"applications/{application}/correct/").headers["Location"].split("/")[3]
    assert "agent-form" not in hanako.page(f"drafts/{draft}/review/")


def test_no_correction_without_a_request(hanako: Visitor) -> None:
    application = sent(hanako)
    assert hanako.post(f"applications/{application}/correct/").status_code == 409


def test_a_withdrawn_application_cannot_be_corrected_or_withdrawn_again(hanako: Visitor) -> None:
    application = sent(hanako)
    asked(application)
    hanako.post(f"applications/{application}/withdraw/", {"reason": "引っ越すため"})
    assert hanako.post(f"applications/{application}/correct/").status_code == 409
    assert hanako.post(f"applications/{application}/withdraw/").status_code == 409
    (body,) = posted("application.withdrawn")
    assert body["application_id"] == str(application)
    assert body["reason"] == "引っ越すため"


def test_a_withdrawal_that_came_too_late_is_told(hanako: Visitor) -> None:
    application = sent(hanako)
    hanako.post(f"applications/{application}/withdraw/")
    told(application, "in_review", minutes=1)
    assert application_of(application).status == "withdrawn"
    told(application, "decided", minutes=2)
    assert application_of(application).status == "decided"


def test_a_decided_application_cannot_be_withdrawn(hanako: Visitor) -> None:
    application = sent(hanako)
    told(application, "decided")
    assert "取り下げる" not in hanako.page(f"applications/{application}/")
    assert hanako.post(f"applications/{application}/withdraw/").status_code == 409
    assert posted("application.withdrawn") == []


def test_a_notice_is_fetched_by_its_owner_as_it_was_issued(hanako: Visitor) -> None:
    application = sent(hanako)
    notice = issue_notice(application)
    reply = hanako.get(f"notices/{notice}/")
    assert reply.content == PDF
    assert reply.headers["Content-Type"] == "application/pdf"
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert "認定通知書" in hanako.page("mine/")


def test_a_notice_that_is_not_the_file_announced_is_not_taken(hanako: Visitor) -> None:
    application = sent(hanako)
    body = {
        "application_id": str(application), "notice_id": str(uuid.uuid4()), "title": "x", "sha256": "0" * 64,
        "issued_at": now().isoformat(),
    }  # fmt: skip
    with pytest.raises(Exception, match="not the notice"):
        arrives("notice.issued", body, (AttachmentRef("notice", "x.pdf", "application/pdf", 3, "1" * 64),))
    with under(HAYAMA):
        assert not Notice.objects.exists()


def test_a_pdf_that_the_town_did_not_sign_is_no_notice(hanako: Visitor) -> None:
    reply = hanako.client.post(hanako.url("verify/"), {"file": SimpleUploadedFile("通知書.pdf", PDF)})
    assert "notice--error" in reply.content.decode() or "notice--warning" in reply.content.decode()
    assert "notice--success" not in reply.content.decode()
    assert hanako.post("verify/").status_code == 422


def test_a_notices_number_tells_strangers_only_whether_their_file_is_the_one_issued(hanako: Visitor) -> None:
    notice = issue_notice(sent(hanako))
    assert hanako.get(f"verify/?n={notice}").headers["Location"] == f"/143014/notices/{notice}/verify/"
    stranger = Visitor()
    assert "認定通知書" not in stranger.page(f"verify/?n={notice}")
    for data, words in ((PDF, "1文字も違わない"), (PDF + b" ", "違うファイル")):
        file = SimpleUploadedFile("通知書.pdf", data)
        reply = stranger.client.post(stranger.url("verify/"), {"file": file, "n": str(notice)})
        assert words in reply.content.decode()


def test_after_the_receipt_the_answers_are_gone_and_the_files_with_them(hanako: Visitor) -> None:
    application = sent(hanako)
    assert application_of(application).answers is not None
    with under(HAYAMA):
        clean_up(now())
    assert application_of(application).answers is not None, "no receipt has come yet"
    delivered()
    assert application_of(application).answers is None
    assert "受付番号" in hanako.page(f"applications/{application}/")


def test_old_drafts_tickets_and_sign_ins_go_by_themselves(hanako: Visitor) -> None:
    ready(hanako)
    with under(HAYAMA):
        clean_up(now() + timedelta(days=29))
        assert Draft.objects.count() == 1
        clean_up(now() + timedelta(days=31))
        assert not Draft.objects.exists()
        assert not Upload.objects.exists()
        assert not CardTicket.objects.exists()
        assert not SignIn.objects.exists()
        assert not blobs.exists(HAYAMA, sha256_hex(PDF))


def test_old_applications_and_notices_go_after_their_time(hanako: Visitor) -> None:
    application = sent(hanako)
    issue_notice(application)
    delivered(at_days=181)
    with under(HAYAMA):
        assert not Notice.objects.exists()
        assert Application.objects.exists()
    delivered(at_days=3 * 365 + 1)
    with under(HAYAMA):
        assert not Application.objects.exists()


def test_older_settings_never_overwrite_newer_ones(hanako: Visitor) -> None:
    arrives("settings.published", {"procedures": {CHILD_ALLOWANCE: {"open": False}}, "disasters": []})
    arrives("settings.published", {"procedures": {}, "disasters": []}, sent_at=now() - timedelta(hours=1))
    assert "受付していません" in hanako.page(f"procedures/{CHILD_ALLOWANCE}/")


def test_the_receipt_number_alone_opens_nothing(hanako: Visitor, taro: Visitor) -> None:
    number = application_of(sent(hanako)).receipt_number
    path = f"/api/{HAYAMA}/status/{number}"
    assert Visitor().client.get(path).status_code == 401
    taro.sign_in()
    assert taro.client.get(path).status_code == 404
    assert hanako.client.get(path).json()["status"] == "received"


def test_the_public_api_says_what_a_town_offers(hanako: Visitor) -> None:
    found = hanako.client.get(f"/api/{HAYAMA}/procedures").json()
    assert CHILD_ALLOWANCE in [one["id"] for one in found]
    assert hanako.client.get("/api/999999/procedures").status_code == 404
    assert "/api/{code}/procedures" in hanako.client.get("/api/openapi.json").json()["paths"]


def test_a_draft_of_one_owner_is_not_shown_to_the_next_one_at_the_same_browser(
    hanako: Visitor, taro: Visitor
) -> None:
    hanako.sign_in()
    draft = hanako.begin()
    fill(draft)
    hanako.post("sign-out/")
    next_one = Visitor(taro.card, HAYAMA, hanako.client)
    next_one.sign_in()
    assert next_one.get(f"drafts/{draft}/").status_code == 404
    assert AUTH_PIN not in next_one.page("mine/")


def test_a_correction_asked_for_in_the_second_of_the_step_before_is_the_later_one(hanako: Visitor) -> None:
    application, began = sent(hanako), (now() + timedelta(minutes=1)).replace(microsecond=400_000)
    step = {"application_id": str(application), "status": "in_review", "at": began.isoformat()}
    arrives("status.changed", step)
    asked(application, at=began.replace(microsecond=900_000).isoformat())
    assert application_of(application).status == "correction_requested"


def test_a_corrected_application_stands_in_its_successors_place_and_a_withdrawn_one_has_no_clock(
    hanako: Visitor,
) -> None:
    application = sent(hanako)
    told(application, "in_review", due=(now().date() + timedelta(days=20)).isoformat())
    assert "処理の期限" in hanako.page("mine/")
    asked(application)
    with under(HAYAMA):
        Application.objects.filter(id=application).update(replaced_by=uuid.uuid4())
    for path in ("mine/", f"applications/{application}/"):
        assert "直した申請に引き継ぎました" in hanako.page(path)
        assert "処理の期限" not in hanako.page(path)


def test_an_application_made_at_the_counter_is_followed_here_by_the_holder_of_the_card(
    hanako: Visitor, taro: Visitor
) -> None:
    hanako.sign_in()
    with under(HAYAMA):
        owner = SignIn.objects.latest("at").owner
    application = uuid.uuid4()
    told_here = {
        "application_id": str(application), "receipt_number": "G95D-W1AG-N18N", "owner": owner,
        "procedure": CHILD_ALLOWANCE, "version": "2024-10", "role": "self", "mode": "signature",
        "document_sha256": "0" * 64, "submitted_at": now().isoformat(), "language": "ja",
    }  # fmt: skip
    arrives("application.at_counter", told_here)
    told(application, "in_review")
    assert "G95D-W1AG-N18N" in hanako.page(f"applications/{application}/")
    taro.sign_in()
    assert taro.client.get(f"/{HAYAMA}/applications/{application}/").status_code == 404
    assert application_of(application).answers is None
