"""A file is kept once, in pieces, as long as somebody needs it, and only its own town sees it."""

import hashlib
import os

import pytest
from django.db import connection

from yakuba.base.tenancy import under
from yakuba.gateway import blobs, uploads
from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.errors import MissingBlob
from yakuba.gateway.models import Blob, BlobChunk

HAYAMA, NINOMIYA = "143014", "143421"


def put(data: bytes, holder: str = "draft:1", municipality: str = HAYAMA) -> AttachmentRef:
    return blobs.put(
        municipality, data, slot="photo", filename="写真.jpg", media_type="image/jpeg", holder=holder
    )


@pytest.mark.django_db
@pytest.mark.parametrize("size", [0, 1, blobs.CHUNK - 1, blobs.CHUNK, blobs.CHUNK + 1, 3 * blobs.CHUNK + 7])
def test_a_file_comes_back_byte_for_byte(size: int) -> None:
    data = os.urandom(size)
    ref = put(data)
    assert (ref.size, ref.sha256) == (size, hashlib.sha256(data).hexdigest())
    assert blobs.read(HAYAMA, ref.sha256) == data
    assert b"".join(blobs.stream(HAYAMA, ref.sha256)) == data
    with under(HAYAMA):
        assert all(len(chunk.data) <= blobs.CHUNK for chunk in BlobChunk.objects.all())


@pytest.mark.django_db
def test_the_same_file_is_kept_once_until_the_last_holder_lets_go() -> None:
    first, second = put(b"same", "draft:1"), put(b"same", "outbox:2")
    assert first.sha256 == second.sha256
    with under(HAYAMA):
        assert Blob.objects.count() == 1
    blobs.release(HAYAMA, "draft:1")
    assert blobs.read(HAYAMA, first.sha256) == b"same"
    blobs.release(HAYAMA, "outbox:2")
    with pytest.raises(MissingBlob):
        blobs.read(HAYAMA, first.sha256)
    with under(HAYAMA):
        assert not BlobChunk.objects.exists()


@pytest.mark.django_db
def test_a_file_handed_over_is_the_successors_and_no_longer_the_holders() -> None:
    sent, not_sent = put(b"sent"), put(b"not sent")
    with under(HAYAMA):
        assert blobs.hand_over(HAYAMA, "draft:1", "outbox:2", [sent.sha256]) == 1
        assert blobs.hand_over(HAYAMA, "draft:1", "outbox:2", [sent.sha256]) == 0
    blobs.release(HAYAMA, "draft:1")
    assert blobs.exists(HAYAMA, sent.sha256)
    assert not blobs.exists(HAYAMA, not_sent.sha256)
    blobs.release(HAYAMA, "outbox:2")
    assert not blobs.exists(HAYAMA, sent.sha256)


@pytest.mark.django_db
def test_a_file_the_successor_holds_already_stays_when_the_first_holder_lets_go() -> None:
    file = put(b"both", "draft:1")
    put(b"both", "outbox:2")
    with under(HAYAMA):
        assert blobs.hand_over(HAYAMA, "draft:1", "outbox:2", [file.sha256]) == 0
    blobs.release(HAYAMA, "draft:1")
    assert blobs.exists(HAYAMA, file.sha256)


@pytest.mark.django_db
def test_one_file_of_a_holder_can_go_alone() -> None:
    first, second = put(b"one"), put(b"two")
    blobs.release(HAYAMA, "draft:1", (first.sha256,))
    assert not blobs.exists(HAYAMA, first.sha256)
    assert blobs.exists(HAYAMA, second.sha256)


@pytest.mark.django_db
def test_another_town_does_not_see_the_file() -> None:
    ref = put(b"ours")
    assert not blobs.exists(NINOMIYA, ref.sha256)
    put(b"ours", municipality=NINOMIYA)
    blobs.release(NINOMIYA, "draft:1")
    assert blobs.exists(HAYAMA, ref.sha256)


@pytest.mark.django_db
def test_files_are_stored_without_a_second_compression() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attstorage FROM pg_attribute WHERE attrelid = 'gateway_blob_chunk'::regclass AND attname = 'data'"
        )
        assert cursor.fetchone()[0] == "e"


@pytest.mark.django_db
def test_an_upload_is_resumed_where_it_stopped() -> None:
    data = os.urandom(2 * blobs.CHUNK + 5)
    upload = uploads.begin(HAYAMA)
    uploads.append(HAYAMA, upload, 0, data[: blobs.CHUNK])
    with pytest.raises(uploads.OutOfStep) as stopped:
        uploads.append(HAYAMA, upload, 0, data[: blobs.CHUNK])
    assert stopped.value.expected == uploads.received(HAYAMA, upload) == blobs.CHUNK
    uploads.append(HAYAMA, upload, blobs.CHUNK, data[blobs.CHUNK :])
    ref = uploads.finish(HAYAMA, upload, slot="s", filename="f", media_type="m", holder="draft:1")
    assert (ref.size, blobs.read(HAYAMA, ref.sha256)) == (len(data), data)
    with pytest.raises(MissingBlob):
        uploads.append(HAYAMA, upload, len(data), b"more")


@pytest.mark.django_db
def test_the_same_content_uploaded_again_is_kept_once() -> None:
    ref = put(b"same")
    upload = uploads.begin(HAYAMA)
    uploads.append(HAYAMA, upload, 0, b"same")
    again = uploads.finish(HAYAMA, upload, slot="s", filename="f", media_type="m", holder="draft:2")
    assert again.sha256 == ref.sha256
    blobs.release(HAYAMA, "draft:1")
    assert blobs.read(HAYAMA, ref.sha256) == b"same"
    with under(HAYAMA):
        assert Blob.objects.count() == 1


@pytest.mark.django_db
def test_an_abandoned_upload_leaves_nothing() -> None:
    upload = uploads.begin(HAYAMA)
    uploads.append(HAYAMA, upload, 0, b"half")
    uploads.abandon(HAYAMA, upload)
    with under(HAYAMA):
        assert not Blob.objects.exists()
        assert not BlobChunk.objects.exists()
