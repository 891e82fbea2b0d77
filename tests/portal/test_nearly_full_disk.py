"""By-laws of a nearly full disk: nothing new comes in, and nothing that was begun is endangered by it."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.portal.cast import CHILD_ALLOWANCE, HAYAMA, JPEG, Visitor, application_of, fill
from tests.portal.test_following import asked, sent
from yakuba.base.ids import is_receipt_number
from yakuba.base.tenancy import under
from yakuba.portal import languages
from yakuba.portal.models import Draft, Upload

pytestmark = pytest.mark.django_db
_MORE_THAN_ANY_DISK = 2**40  # MiB
_START = f"procedures/{CHILD_ALLOWANCE}/start/"


@pytest.fixture
def disk(settings: Any, tmp_path: Path) -> Any:
    """The settings, with a disk that is looked at; a test sets how much of it is kept."""
    settings.DATABASE_DISK, settings.DISK_KEPT_FREE = str(tmp_path), 0
    return settings


def drafts() -> int:
    with under(HAYAMA):
        return int(Draft.objects.count())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", "いまは新しい申請を始められません"),
        ("en", "No new application can be begun now"),
        ("easy", "いまは 新しい 申請を 始められません"),
    ],
)
def test_a_nearly_full_disk_begins_no_application_and_says_what_to_do(
    hanako: Visitor, disk: Any, language: str, words: str
) -> None:
    disk.DISK_KEPT_FREE = _MORE_THAN_ANY_DISK
    hanako.client.cookies[languages.COOKIE] = language
    reply = hanako.post(_START, {"role": "self"})
    assert reply.status_code == 507
    page = reply.content.decode()
    assert words in " ".join(page.split())
    assert hanako.url("mine/") in page  # to what was begun, which goes on
    assert drafts() == 0


def test_as_soon_as_there_is_room_again_an_application_is_begun(hanako: Visitor, disk: Any) -> None:
    disk.DISK_KEPT_FREE = _MORE_THAN_ANY_DISK
    assert hanako.post(_START, {"role": "self"}).status_code == 507
    disk.DISK_KEPT_FREE = 0
    hanako.begin()
    assert drafts() == 1


def test_where_the_disk_cannot_be_looked_at_nothing_is_refused(hanako: Visitor, disk: Any) -> None:
    disk.DATABASE_DISK, disk.DISK_KEPT_FREE = "", _MORE_THAN_ANY_DISK
    hanako.begin()


def test_a_nearly_full_disk_takes_no_file_and_keeps_what_was_typed(hanako: Visitor, disk: Any) -> None:
    draft = hanako.begin()
    fill(draft)
    disk.DISK_KEPT_FREE = _MORE_THAN_ANY_DISK
    announced = hanako.post(
        f"drafts/{draft}/uploads/", {"slot": "account_proof", "filename": "写真.jpg", "size": "9"}
    )
    assert announced.status_code == 422
    assert "いまは「写真.jpg」を受け取れません" in json.loads(announced.content)["message"]
    path = f"drafts/{draft}/pages/claimant/"
    typed = {"shown": "claimant_phone", "claimant_phone": "09000002222", "save": "1"}
    hanako.post(path, typed)
    assert 'value="09000002222"' in hanako.page(path)
    photo = SimpleUploadedFile("写真.jpg", JPEG)
    whole = hanako.client.post(
        hanako.url(f"drafts/{draft}/pages/account/"),
        {"file:account_proof": photo, "shown": "account_proof", "next": "1"},
    )
    assert whole.status_code == 422
    assert "いまは「写真.jpg」を受け取れません" in whole.content.decode()
    with under(HAYAMA):
        assert [one.filename for one in Upload.objects.filter(draft=draft)] == ["書類.pdf"]


def test_a_file_already_arriving_arrives(hanako: Visitor, disk: Any) -> None:
    draft, data = hanako.begin(), JPEG + b"1" * 5000
    about = {"slot": "account_proof", "filename": "写真.jpg", "size": str(len(data))}
    fill(draft)
    where = json.loads(hanako.post(f"drafts/{draft}/uploads/", about).content)["url"]
    disk.DISK_KEPT_FREE = _MORE_THAN_ANY_DISK
    assert json.loads(hanako.post(f"drafts/{draft}/uploads/", about).content)["url"] == where
    reply = hanako.client.patch(
        where, data, content_type="application/offset+octet-stream", headers={"Upload-Offset": "0"}
    )
    assert reply.headers["Upload-Offset"] == str(len(data))


def test_what_was_begun_is_signed_and_gets_its_receipt_on_a_nearly_full_disk(
    hanako: Visitor, disk: Any
) -> None:
    hanako.sign_in()
    draft = hanako.begin()
    fill(draft)
    disk.DISK_KEPT_FREE = _MORE_THAN_ANY_DISK
    hanako.sign(draft)
    assert is_receipt_number(application_of(draft).receipt_number)


def test_a_correction_the_town_waits_for_is_begun_on_a_nearly_full_disk(hanako: Visitor, disk: Any) -> None:
    application = sent(hanako)
    asked(application)
    disk.DISK_KEPT_FREE = _MORE_THAN_ANY_DISK
    begun = hanako.post(f"applications/{application}/correct/")
    found = re.search(r"/drafts/([0-9a-f-]{36})/", begun.headers["Location"])
    assert found
    with under(HAYAMA):
        assert Draft.objects.get(id=uuid.UUID(found[1])).previous == application
