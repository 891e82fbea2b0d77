"""What the desk shows of files that came through, in part, or not; and what the resident is told."""

import hashlib
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from tests.casework.cast import HAYAMA, Desk, Draft, Receive, World
from tests.casework.test_desk import page, signed_in
from tests.gateway.corpus.office_files import packed
from yakuba.base.tenancy import under
from yakuba.casework.evidence import Attachment
from yakuba.casework.models import Case
from yakuba.casework.refused_files import received
from yakuba.gateway import blobs
from yakuba.gateway.envelope import AttachmentRef, read_envelope
from yakuba.gateway.models import OutboxMessage

pytestmark = pytest.mark.django_db


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "JPEG")
    return out.getvalue()


def archive(before: bytes) -> AttachmentRef:
    """A ZIP as it comes out of the sanitiser: one photograph came through, a program did not."""
    photo = picture()
    data = packed({"01 写真.jpg": photo})
    with under(HAYAMA):
        ref = blobs.put(
            HAYAMA,
            data,
            slot="account_proof",
            filename="まとめ.zip",
            media_type="application/zip",
            holder="inbox:test",
        )
    kept: dict[str, Any] = {
        "name": "01 写真.jpg", "media_type": "image/jpeg", "method": "raster", "removed": ["location"], "refused": None,
        "after": hashlib.sha256(photo).hexdigest(),
    }  # fmt: skip
    left_out = {
        "name": "02 a.exe",
        "media_type": None,
        "method": None,
        "removed": [],
        "refused": "not_supported",
    }
    evidence = {
        "before": hashlib.sha256(before).hexdigest(), "after": ref.sha256, "method": "archive", "outcome": "partly",
        "removed": ["location"], "members": [kept, left_out],
    }  # fmt: skip
    return replace(ref, evidence=evidence)


def refused(before: bytes, **notes: Any) -> AttachmentRef:
    digest = hashlib.sha256(before).hexdigest()
    evidence = {"before": digest, "after": None, "method": None, "outcome": "refused", "removed": [], **notes}
    return AttachmentRef(
        "account_proof", "通帳.xlsx", "application/zip", len(before), digest, "office_not_installed", evidence
    )


def arrived(world: World, receive: Receive, ref: AttachmentRef) -> Case:
    return receive(Draft(world).envelope(refs=(ref,)))


def test_an_archive_shows_each_file_in_it_and_what_was_left_out(
    desk: Desk, world: World, receive: Receive
) -> None:
    case = arrived(world, receive, archive(b"photo of the passbook"))
    client = signed_in(desk.reviewer)
    html = page(client, "case", case.pk)
    for words in (
        "01 写真.jpg",
        "02 a.exe",
        "渡されませんでした",
        "一部は渡されませんでした",
        "の一部を渡せませんでした",
        "撮影した場所",
        "まとめて保存する",
    ):
        assert words in html
    answer = client.get(reverse("casework:member", args=[case.pk, 0, 0]))
    assert (answer.content, answer["Content-Type"]) == (picture(), "image/jpeg")
    assert "sandbox" in answer["Content-Security-Policy"]
    for number in (1, 2):
        assert client.get(reverse("casework:member", args=[case.pk, 0, number])).status_code == 404


def test_a_member_that_is_not_the_one_in_the_evidence_is_shown_to_nobody(
    desk: Desk, world: World, receive: Receive
) -> None:
    made = archive(b"photo of the passbook")
    evidence = dict(made.evidence or {})
    evidence["members"] = [{**evidence["members"][0], "after": "0" * 64}]
    case = arrived(world, receive, replace(made, evidence=evidence))
    assert signed_in(desk.reviewer).get(reverse("casework:member", args=[case.pk, 0, 0])).status_code == 404


def test_a_refused_file_has_its_reason_on_the_desk_and_in_the_correction(
    desk: Desk, world: World, receive: Receive
) -> None:
    case = arrived(world, receive, refused(b"photo of the passbook", missing=["bubblewrap"]))
    html = page(signed_in(desk.reviewer), "case", case.pk)
    assert "安全に開く用意ができていません" in html
    assert "bubblewrap が入っていません" in html


def test_the_resident_is_told_which_file_did_not_arrive_why_and_what_to_do(
    world: World, receive: Receive
) -> None:
    arrived(world, receive, refused(b"photo of the passbook"))
    with under(HAYAMA):
        sent = [
            read_envelope(bytes(one.document)) for one in OutboxMessage.objects.filter(kind="status.changed")
        ]
    words = sent[-1].body["message"]
    assert "「" not in words["en"]
    for language, why in (("ja", "PDFにして保存"), ("en", "Save it as a PDF"), ("easy", "PDF に")):
        assert why in words[language]
        assert "通帳.xlsx" in words[language]


def test_members_left_out_are_named_and_a_long_list_is_cut() -> None:
    members = [{"name": f"{n} a{{b|c}}.exe", "refused": "not_supported"} for n in range(14)]
    one = Attachment("s", "まとめ.zip", "application/zip", 1, "ok", evidence={"members": members})
    words = received([one])
    assert words is not None
    assert words.ja.count("・") >= 11
    assert "ほか4個" in words.ja
    assert "{b|c}" not in words.easy
    assert received([replace(one, evidence={})]) is None
