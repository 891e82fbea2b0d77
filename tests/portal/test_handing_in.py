"""By-laws of handing in a whole signed application over the API: as strict as the pages."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.portal.cast import CHILD_ALLOWANCE, HAYAMA, JPEG, PDF, SIGN_PIN, Visitor, birth_example
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import now
from yakuba.base.ids import is_receipt_number
from yakuba.base.tenancy import under
from yakuba.card.emulated import EmulatedCard
from yakuba.gateway.models import BlobHold, OutboxMessage
from yakuba.portal.models import Application, Draft, StatusChange
from yakuba.procedures.application import AttachedFile, application_document
from yakuba.procedures.context import Context
from yakuba.procedures.registry import procedure
from yakuba.procedures.slots import attachment_slots

pytestmark = pytest.mark.django_db
NAME = "書類.pdf"


@dataclass
class Parcel:
    """What is handed in, right as made; tests change one thing."""

    document: dict[str, Any]
    files: dict[str, bytes]
    content: bytes = b""
    signed: bytes = b""


def parcel(answers: Mapping[str, Any] | None = None) -> Parcel:
    definition = procedure(CHILD_ALLOWANCE, as_of=now().date())
    given = {**birth_example().answers, **(answers or {})}
    slots = [
        slot for slot in attachment_slots(definition, given, Context(now().date(), "self")) if slot.required
    ]
    files = {slot.key: PDF for slot in slots}
    attached = [AttachedFile(key, NAME, "application/pdf", len(PDF), sha256_hex(PDF)) for key in files]
    document = application_document(
        definition, given, application_id=uuid.uuid4(), municipality=HAYAMA, role="self", applicant_for=None,
        attachments=attached, language="ja", created_at=now(),
    )  # fmt: skip
    return Parcel(document, files)


def hand_in(visitor: Visitor, given: Parcel, card: EmulatedCard | None = None, town: str = HAYAMA) -> Any:
    content = given.content or canonical_bytes(given.document)
    held = card or visitor.card
    assert held is not None
    cms = held.sign_cms(given.signed or content, SIGN_PIN, at=now())
    parts = {
        "document": SimpleUploadedFile("application.json", content),
        "signature": SimpleUploadedFile("signature.p7s", cms),
        **{f"file:{slot}": SimpleUploadedFile(NAME, data) for slot, data in given.files.items()},
    }
    return visitor.client.post(f"/api/{town}/applications", parts)


def refused(answer: Any, code: str) -> dict[str, Any]:
    assert answer.status_code == 422, answer.content.decode()
    found: dict[str, Any] = answer.json()
    assert found["code"] == code
    assert all(found["message"][language] for language in ("ja", "en", "easy"))
    with under(HAYAMA):
        assert not Application.objects.exists()
        assert not Draft.objects.exists()
        assert not OutboxMessage.objects.filter(kind="application.submitted").exists()
    return found


def test_a_signed_application_in_one_request_gets_its_receipt_number(hanako: Visitor) -> None:
    hanako.sign_in()
    given = parcel()
    answer = hand_in(hanako, given)
    assert answer.status_code == 201, answer.content.decode()
    assert is_receipt_number(answer.json()["receipt_number"])
    with under(HAYAMA):
        assert OutboxMessage.objects.filter(kind="application.submitted").count() == 1
        assert str(Application.objects.get().id) == given.document["application_id"]


def test_handed_in_twice_it_is_one_application(hanako: Visitor) -> None:
    hanako.sign_in()
    given = parcel()
    first, second = hand_in(hanako, given), hand_in(hanako, given)
    assert first.json() == second.json()
    with under(HAYAMA):
        assert OutboxMessage.objects.filter(kind="application.submitted").count() == 1


def test_nobody_hands_in_without_signing_in(hanako: Visitor) -> None:
    assert hand_in(hanako, parcel()).status_code == 401


def test_a_signature_over_other_bytes_is_refused(hanako: Visitor) -> None:
    hanako.sign_in()
    given = parcel()
    given.signed = canonical_bytes(parcel().document)
    refused(hand_in(hanako, given), "content_changed")


def test_another_persons_card_is_refused(hanako: Visitor, taro_card: EmulatedCard) -> None:
    hanako.sign_in()
    refused(hand_in(hanako, parcel(), taro_card), "other_person")


def test_a_file_that_was_not_signed_is_refused(hanako: Visitor) -> None:
    hanako.sign_in()
    given = parcel()
    given.files = dict.fromkeys(given.files, JPEG)
    refused(hand_in(hanako, given), "files_differ")


def test_a_missing_file_is_refused(hanako: Visitor) -> None:
    hanako.sign_in()
    given = parcel()
    given.files = {}
    refused(hand_in(hanako, given), "files_differ")


def test_a_wrong_answer_is_named_with_its_place(hanako: Visitor) -> None:
    hanako.sign_in()
    given = parcel()
    given.document["answers"]["claimant_phone"] = "not a number"
    found = refused(hand_in(hanako, given), "answers")
    assert any("claimant_phone" in one["path"] for one in found["details"])


def test_an_answer_the_form_does_not_show_is_refused(hanako: Visitor) -> None:
    hanako.sign_in()
    given = parcel()
    given.document["answers"]["no_such_field"] = "x"
    refused(hand_in(hanako, given), "not_as_the_form")


def test_bytes_that_are_not_canonical_are_refused(hanako: Visitor) -> None:
    hanako.sign_in()
    given = parcel()
    given.content = json.dumps(given.document, ensure_ascii=False).encode()
    refused(hand_in(hanako, given), "document_form")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b'{"municipality":"143014"}'])
def test_what_is_no_application_is_refused_in_words(hanako: Visitor, content: bytes) -> None:
    hanako.sign_in()
    given = parcel()
    given.content = content or b" "
    refused(hand_in(hanako, given), "document_form")


def test_an_application_to_another_town_is_refused_here(hanako: Visitor) -> None:
    hanako.sign_in()
    given = parcel()
    given.document["municipality"] = "143421"
    refused(hand_in(hanako, given), "document_form")


def test_an_application_on_an_old_form_is_refused(hanako: Visitor) -> None:
    hanako.sign_in()
    given = parcel()
    given.document["version"] = "2022-06"
    refused(hand_in(hanako, given), "other_version")


def test_a_file_of_a_kind_the_town_cannot_take_is_refused(hanako: Visitor) -> None:
    hanako.sign_in()
    given = parcel()
    bad = b"MZ\x90\x00 not a picture"
    given.files = dict.fromkeys(given.files, bad)
    for one in given.document["attachments"]:
        one["sha256"], one["size"] = sha256_hex(bad), len(bad)
    found = refused(hand_in(hanako, given), "file")
    assert found["details"][0]["path"] in given.files


def test_what_is_handed_in_leaves_no_draft_and_its_files_are_held_until_the_receipt(hanako: Visitor) -> None:
    hanako.sign_in()
    hand_in(hanako, parcel())
    with under(HAYAMA):
        assert not Draft.objects.exists()
        message = OutboxMessage.objects.get(kind="application.submitted").message
        assert [hold.holder for hold in BlobHold.objects.all()] == [f"outbox:{message}"]
        assert [step.status for step in StatusChange.objects.all()] == ["received"]


def test_a_number_that_belongs_to_somebody_else_is_refused(hanako: Visitor) -> None:
    hanako.sign_in()
    given = parcel()
    assert hand_in(hanako, given).status_code == 201
    with under(HAYAMA):
        Application.objects.update(owner="somebody/else")
    assert hand_in(hanako, given).json()["code"] == "id_taken"
    with under(HAYAMA):
        assert OutboxMessage.objects.filter(kind="application.submitted").count() == 1
