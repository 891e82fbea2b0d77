"""A form people keep asking for: on paper with a number that leads back, again from last year's, through a new version."""

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from tests.portal.cast import CHILD_ALLOWANCE, HAYAMA, Visitor, arrives, birth_example, fill
from tests.portal.test_following import delivered, sent, told
from tests.procedures import samples
from yakuba.base.clock import now, today
from yakuba.base.ids import is_receipt_number, receipt_number
from yakuba.base.tenancy import under
from yakuba.definitions.store import Revision, keep
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.portal.models import Draft
from yakuba.procedures.authoring.documents import dated

pytestmark = pytest.mark.django_db


def draft_of(number: uuid.UUID) -> Draft:
    with under(HAYAMA):
        return Draft.objects.get(id=number)


def code_on(page: str) -> str:
    found = re.search(r'paper__code">([^<]+)<', page)
    assert found
    return found[1]


# -- paper ---------------------------------------------------------------------------------------


def test_a_blank_form_has_room_for_every_question_and_no_number() -> None:
    page = Visitor().page(f"procedures/{CHILD_ALLOWANCE}/paper/")
    assert "paper__room" in page
    assert "あてはまるときだけ" in page
    assert "paper__code" not in page
    assert "マイナンバーは書かないでください" in page


def test_a_draft_on_paper_carries_what_was_typed_and_leads_back_to_it() -> None:
    at_home, counter = Visitor(), Visitor()
    draft = at_home.begin()
    fill(draft)
    page = at_home.page(f"drafts/{draft}/paper/")
    name = str(birth_example().answers["claimant_name"]["name"])  # type: ignore[index]
    assert name in page
    code = code_on(page)
    assert is_receipt_number(code)
    assert counter.get(f"drafts/{draft}/").status_code == 404
    typed = code.lower().replace("-", " ")
    reply = counter.post("paper/", {"code": typed})
    assert reply.headers["Location"].endswith(f"/drafts/{draft}/")
    assert counter.get(f"drafts/{draft}/").status_code == 200


def test_a_draft_never_printed_has_no_number_that_opens_it() -> None:
    draft = Visitor().begin()
    assert Visitor().post("paper/", {"code": receipt_number(draft)}).status_code == 422


def test_the_number_does_not_open_the_draft_of_somebody_who_signed_in(hanako: Visitor, taro: Visitor) -> None:
    hanako.sign_in()
    draft = hanako.begin()
    code = code_on(hanako.page(f"drafts/{draft}/paper/"))
    taro.sign_in()
    for visitor in (taro, Visitor()):
        reply = visitor.post("paper/", {"code": code})
        assert reply.status_code == 422
        assert code in reply.content.decode()  # what was typed stays
    assert hanako.post("paper/", {"code": code}).status_code == 302


@pytest.mark.parametrize("typed", ["", "1", "G95D-W1AG-N18N", "あ" * 40, "'; DROP TABLE", "G95D-W1AG-N18X"])
def test_a_number_nobody_has_opens_nothing(typed: str) -> None:
    reply = Visitor().post("paper/", {"code": typed})
    assert reply.status_code == 422
    assert "例: G95D-W1AG-N18N" in reply.content.decode()


# -- again from an earlier application -----------------------------------------------------------


def questions() -> list[dict[str, Any]]:
    with under(HAYAMA):
        rows = OutboxMessage.objects.filter(kind="copy.requested").order_by("posted_at", "id")
        return [read_envelope(bytes(row.document)).body for row in rows]


def again(visitor: Visitor, application: uuid.UUID) -> uuid.UUID:
    reply = visitor.post(f"applications/{application}/again/")
    assert reply.status_code == 302
    found = re.search(r"/drafts/([0-9a-f-]{36})/", reply.headers["Location"])
    assert found, reply.headers["Location"]
    return uuid.UUID(found[1])


def answer(question: dict[str, Any], **changed: Any) -> None:
    body = {
        "request_id": question["request_id"], "draft_id": question["draft_id"], "found": True,
        "version": "2024-10", "answers": dict(birth_example().answers), **changed,
    }  # fmt: skip
    arrives("copy.answered", body)


def test_the_answers_of_an_earlier_application_come_into_a_new_draft(hanako: Visitor) -> None:
    application = sent(hanako)
    told(application, "decided")
    delivered()
    draft = again(hanako, application)
    (question,) = questions()
    assert question["application_id"] == str(application)
    assert set(question["login"]) == {"certificate", "challenge", "signature"}
    assert "取り寄せています" in hanako.page(f"drafts/{draft}/")
    version = draft_of(draft).version
    answer(question, version=version)
    page = hanako.page(f"drafts/{draft}/")
    assert "すべてのページを確かめてください" in page
    kept = draft_of(draft)
    assert kept.answers["claimant_phone"] == birth_example().answers["claimant_phone"]
    assert kept.copied == {**kept.copied, "state": "applied"}
    assert "answers" not in kept.copied
    assert kept.seen_pages == []


def test_what_was_typed_meanwhile_stands(hanako: Visitor) -> None:
    application = sent(hanako)
    delivered()
    draft = again(hanako, application)
    with under(HAYAMA):
        Draft.objects.filter(id=draft).update(answers={"claimant_phone": "046-000-0000"})
    answer(questions()[0], version=draft_of(draft).version)
    hanako.page(f"drafts/{draft}/")
    assert draft_of(draft).answers["claimant_phone"] == "046-000-0000"


def test_an_answer_to_another_question_is_not_taken(hanako: Visitor) -> None:
    application = sent(hanako)
    delivered()
    draft = again(hanako, application)
    answer({**questions()[0], "request_id": str(uuid.uuid4())})
    assert draft_of(draft).copied["state"] == "asked"  # type: ignore[index]


def test_a_copy_that_is_not_given_is_said_and_the_form_can_be_filled_in(hanako: Visitor) -> None:
    application = sent(hanako)
    delivered()
    draft = again(hanako, application)
    answer(questions()[0], found=False)
    assert "取り寄せられませんでした" in hanako.page(f"drafts/{draft}/")


def test_nobody_copies_from_anothers_application_nor_from_one_that_has_not_arrived(
    hanako: Visitor, taro: Visitor
) -> None:
    application = sent(hanako)
    assert "again/" not in hanako.page(f"applications/{application}/")
    assert hanako.post(f"applications/{application}/again/").headers["Location"].endswith(f"{application}/")
    delivered()
    assert "again/" in hanako.page(f"applications/{application}/")
    taro.sign_in()
    assert taro.post(f"applications/{application}/again/").status_code == 404
    assert questions() == []


# -- a new version of the form -------------------------------------------------------------------


def publish(revision: int, begins: date, *fields: dict[str, Any], until: date | None = None) -> None:
    made = samples.document(id="machi-lunch", fields=list(fields))
    made["examples"]["sets"][0]["answers"] = {}
    if until:
        made["versions"][0]["valid_until"] = until.isoformat()
    document = dated(made, f"r{revision}", begins)
    with under(HAYAMA):
        keep(HAYAMA, Revision("machi-lunch", revision, document, "a", "b", now()))


def asks(name: str) -> dict[str, Any]:
    return {"id": name, "type": "text", "label": samples.text(f"質問{name}"), "example": "例"}


def test_a_draft_outlives_a_new_version_and_says_what_changed() -> None:
    publish(1, today() - timedelta(days=9), asks("a"), asks("b"))
    visitor = Visitor()
    draft = visitor.begin("machi-lunch")
    with under(HAYAMA):
        Draft.objects.filter(id=draft).update(answers={"a": "い", "b": "ろ"}, seen_pages=["one"])
    assert "様式が新しくなりました" not in visitor.page(f"drafts/{draft}/")
    publish(2, today(), asks("b"), asks("c"))
    page = visitor.page(f"drafts/{draft}/")
    for words in ("様式が新しくなりました", "質問a", "い", "質問c"):
        assert words in page
    kept = draft_of(draft)
    assert (kept.version, kept.answers, kept.seen_pages) == ("r2", {"b": "ろ"}, [])
    assert "様式が新しくなりました" in visitor.page(f"drafts/{draft}/")  # until it is sent


def test_a_draft_of_a_procedure_that_has_ended_is_kept_and_says_so() -> None:
    publish(1, today() - timedelta(days=9), asks("a"))
    visitor = Visitor()
    draft = visitor.begin("machi-lunch")
    publish(2, today() - timedelta(days=2), asks("a"), until=today() - timedelta(days=1))
    page = visitor.page(f"drafts/{draft}/")
    assert "この手続きは終わりました" in page
    assert visitor.get("mine/").status_code == 200
    review = visitor.get(f"drafts/{draft}/review/")
    assert "この手続きは終わりました" in review.content.decode()
