"""A message is posted with its deed or not at all, handled exactly once, and set aside where it cannot be handled."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base import clock
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.gateway import blobs, checks, handlers, inbox, outbox, pending, served, slips
from yakuba.gateway.envelope import AttachmentRef, Envelope, digest, read_envelope
from yakuba.gateway.errors import BrokenMessage, BrokenSlip, Permanent
from yakuba.gateway.forget import forget
from yakuba.gateway.message import SealedMessage, open_arrived, seal_message, transit_statement
from yakuba.gateway.models import InboxMessage, OutboxMessage, Pending, Slip

HAYAMA, NINOMIYA = "143014", "143421"
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
AUDIT = AuditEvent("resident:test", "application.submitted", "application:1", HAYAMA)


def envelope(sender: str = "internet", recipient: str = "mynumber", **changes: object) -> Envelope:
    made = Envelope(uuid7(), HAYAMA, "test.note", sender, recipient, AT, {"text": "こんにちは", "count": 3})
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[Envelope]:
    """What the room's handler has seen; the kind ``test.note`` is only registered here."""
    seen: list[Envelope] = []
    monkeypatch.setattr(handlers, "_handlers", {"test.note": seen.append})
    return seen


def sealed_by(zone: str, settings: Settings, message: Envelope) -> SealedMessage:
    here = settings.ZONE
    settings.ZONE = zone
    sealed = seal_message(message)
    settings.ZONE = here
    return sealed


def test_a_message_reads_back_as_it_was_written() -> None:
    ref = AttachmentRef("photo", "写真.jpg", "image/jpeg", 3, "a" * 64)
    sent = envelope(attachments=(ref,), in_reply_to=uuid7())
    assert read_envelope(sent.canonical()) == sent


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"yakuba":"message/2"}', b"\xff", b"null"])
def test_other_bytes_are_no_message(data: bytes) -> None:
    with pytest.raises(BrokenMessage):
        read_envelope(data)


@pytest.mark.django_db
def test_a_posted_message_waits_for_the_next_zone(settings: Settings) -> None:
    settings.ZONE = "internet"
    sent = envelope()
    with under(HAYAMA):
        outbox.post(sent, AUDIT)
        row = OutboxMessage.objects.get(message=sent.id)
    assert (row.state, bytes(row.document)) == ("waiting", sent.canonical())
    assert [item.message for item in pending.due("lgwan", 10)] == [sent.id]
    assert log.head()[0] == 1


@pytest.mark.django_db
def test_a_message_is_not_sent_when_its_deed_is_rolled_back(settings: Settings) -> None:
    settings.ZONE = "internet"
    with under(HAYAMA):
        outbox.post(envelope(), AUDIT)
        transaction.set_rollback(True)
    assert not Pending.objects.exists()
    assert log.head()[0] == 0


@pytest.mark.django_db
def test_a_message_of_another_town_cannot_be_posted(settings: Settings) -> None:
    settings.ZONE = "internet"
    with pytest.raises(outbox.NotSendable), under(NINOMIYA):
        outbox.post(envelope(), AUDIT)
    with pytest.raises(outbox.NotSendable), transaction.atomic():
        outbox.post(envelope(), AUDIT)


@pytest.mark.django_db
def test_a_zone_cannot_send_for_another() -> None:
    with pytest.raises(outbox.NotSendable), under(HAYAMA):
        outbox.post(envelope(sender="internet"), AUDIT)


@pytest.mark.django_db
def test_a_message_delivered_thrice_is_handled_once_and_receipted(
    settings: Settings, handled: list[Envelope]
) -> None:
    sent = envelope()
    sealed = sealed_by("internet", settings, sent)
    for _ in range(3):
        inbox.deliver(sealed)
    assert handled == [sent]
    [(_number, slip)] = slips.waiting_for("lgwan", 10)
    receipt = slips.read_slip(slip)
    assert isinstance(receipt, slips.Receipt)
    assert (receipt.message, receipt.digest, receipt.outcome) == (
        sent.id,
        digest(sealed.document),
        "accepted",
    )


@pytest.mark.django_db
def test_a_lost_receipt_is_given_again(settings: Settings, handled: list[Envelope]) -> None:
    sealed = sealed_by("internet", settings, envelope())
    inbox.deliver(sealed)
    Slip.objects.all().delete()
    inbox.deliver(sealed)
    assert len(handled) == 1
    assert Slip.objects.count() == 1


@pytest.mark.django_db
def test_an_altered_message_is_refused(settings: Settings, handled: list[Envelope]) -> None:
    sealed = sealed_by("internet", settings, envelope())
    altered = replace(sealed, document=sealed.document.replace(b'"count":3', b'"count":4'))
    with pytest.raises(BrokenMessage):
        inbox.deliver(altered)
    assert handled == []


@pytest.mark.django_db
def test_a_zone_in_the_middle_cannot_invent_a_message(settings: Settings) -> None:
    with pytest.raises(BrokenMessage):
        inbox.deliver(sealed_by("lgwan", settings, envelope(sender="internet")))


@pytest.mark.django_db
def test_files_that_went_round_the_sanitiser_are_refused(settings: Settings) -> None:
    ref = AttachmentRef("photo", "写真.jpg", "image/jpeg", 3, "a" * 64)
    sent = envelope(attachments=(ref,))
    sealed = sealed_by("internet", settings, sent)
    with pytest.raises(BrokenMessage):
        open_arrived(sealed)
    other = envelope(attachments=(ref,))
    clean = replace(ref, sha256="b" * 64, evidence={"before": "a" * 64})
    settings.ZONE = "lgwan"
    right, wrong = transit_statement(sent, (clean,)), transit_statement(other, (clean,))
    settings.ZONE = "mynumber"
    with pytest.raises(BrokenMessage):
        open_arrived(replace(sealed, transit=wrong[0], transit_seal=wrong[1]))
    assert open_arrived(replace(sealed, transit=right[0], transit_seal=right[1])).attachments == (clean,)


@pytest.mark.django_db
def test_a_handler_that_fails_leaves_no_half_effect_and_is_tried_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = [True]

    def handle(message: Envelope) -> None:
        blobs.put(HAYAMA, b"effect", slot="", filename="", media_type="", holder="case:1")
        if failing[0]:
            raise ConnectionError("the register is being moved")

    monkeypatch.setattr(handlers, "_handlers", {"test.note": handle})
    sealed = sealed_by("internet", settings, envelope())
    inbox.deliver(sealed)
    with under(HAYAMA):
        assert InboxMessage.objects.get().state == "waiting"
    with under(HAYAMA):
        assert blobs_kept() == 0
    failing[0] = False
    assert inbox.retry_due() == 1
    with under(HAYAMA):
        assert InboxMessage.objects.get().state == "done"
        assert blobs_kept() == 1
    assert not Pending.objects.exists()


def blobs_kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM gateway_blob")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_poison_message_is_set_aside_and_does_not_block_others(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[uuid.UUID] = []
    poison = envelope()

    def handle(message: Envelope) -> None:
        if message.id == poison.id:
            raise Permanent("届いた内容を読めません")
        seen.append(message.id)

    monkeypatch.setattr(handlers, "_handlers", {"test.note": handle})
    good = envelope()
    for message in (poison, good):
        inbox.deliver(sealed_by("internet", settings, message))
    assert seen == [good.id]
    [dead] = pending.due("dead", 10)
    assert dead.message == poison.id
    outcomes = {
        s.outcome
        for _n, slip in slips.waiting_for("lgwan", 9)
        if isinstance(s := slips.read_slip(slip), slips.Receipt)
    }
    assert outcomes == {"accepted", "stopped"}


@pytest.mark.django_db
def test_an_unknown_kind_is_a_dead_letter(settings: Settings) -> None:
    inbox.deliver(sealed_by("internet", settings, envelope(kind="nobody.knows")))
    assert [item.kind for item in pending.due("dead", 10)] == ["nobody.knows"]


@pytest.mark.django_db
def test_a_forged_receipt_is_refused(settings: Settings) -> None:
    settings.ZONE = "lgwan"
    slips.post_receipt(HAYAMA, uuid7(), "internet", "0" * 64, "accepted")
    [(_number, genuine)] = slips.waiting_for("internet", 9)
    assert slips.read_slip(genuine)
    with pytest.raises(BrokenSlip):
        slips.read_slip(
            replace(genuine, document=genuine.document.replace(b'"zone":"lgwan"', b'"zone":"mynumber"'))
        )
    with pytest.raises(BrokenSlip):
        slips.read_slip(replace(genuine, document=genuine.document.replace(b"accepted", b"stopped ")))


@pytest.mark.django_db
def test_towns_do_not_see_each_others_messages(settings: Settings, handled: list[Envelope]) -> None:
    inbox.deliver(sealed_by("internet", settings, envelope()))
    with under(NINOMIYA):
        assert not InboxMessage.objects.exists()
    with under(HAYAMA):
        assert InboxMessage.objects.count() == 1


@pytest.mark.django_db
def test_contents_go_a_month_after_delivery_and_the_receipt_stays(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        served, "_noted", set()
    )  # another test's transaction may have noted and lost the town
    settings.ZONE = "internet"
    sent = [envelope(), envelope(), envelope()]
    with under(HAYAMA):
        for message in sent:
            outbox.post(message, AUDIT)
    old, new, undelivered = sent
    for message, days in ((old, 31), (new, 1)):
        settings.ZONE = "mynumber"
        document = message.canonical()
        slips.post_receipt(HAYAMA, message.id, "internet", digest(document), "accepted")
        settings.ZONE = "internet"
        with under(HAYAMA):
            slip = slips.SealedSlip(
                *Slip.objects.filter(key__contains=str(message.id)).values_list("document", "seal")[0]
            )
            slip = slips.SealedSlip(bytes(slip.document), bytes(slip.seal))
        receipt = slips.read_slip(slip)
        assert isinstance(receipt, slips.Receipt)
        assert outbox.close(receipt, slip)
        with under(HAYAMA):
            OutboxMessage.objects.filter(message=message.id).update(
                closed_at=clock.now() - timedelta(days=days)
            )
    assert forget() == 1
    with under(HAYAMA):
        kept = {row.message: (bool(row.document), bool(row.receipt)) for row in OutboxMessage.objects.all()}
    assert kept == {old.id: (False, True), new.id: (True, True), undelivered.id: (True, False)}


@pytest.mark.django_db
def test_a_receipt_for_other_bytes_or_from_another_zone_closes_nothing(settings: Settings) -> None:
    settings.ZONE = "internet"
    sent = envelope()
    with under(HAYAMA):
        outbox.post(sent, AUDIT)
    right = slips.Receipt(sent.id, HAYAMA, "mynumber", "internet", digest(sent.canonical()), "accepted", AT)
    slip = slips.SealedSlip(b"", b"")
    assert not outbox.close(replace(right, digest="0" * 64), slip)
    assert not outbox.close(replace(right, zone="lgwan"), slip)
    assert not outbox.close(replace(right, municipality=NINOMIYA), slip)
    assert outbox.state(HAYAMA, sent.id) == "waiting"
    assert outbox.close(replace(right, outcome="stopped"), slip)
    assert outbox.close(right, slip)
    assert not outbox.close(replace(right, outcome="stopped"), slip)
    assert outbox.state(HAYAMA, sent.id) == "delivered"


def test_start_up_says_when_files_would_go_through_unchanged(settings: Settings) -> None:
    settings.GATEWAY_SANITISE = "none-for-measuring"
    assert [message.id for message in checks.sanitising()] == ["gateway.W001"]
    settings.GATEWAY_SANITISE = "no"
    assert [message.id for message in checks.sanitising()] == ["gateway.E001"]
    settings.LINK_UPSTREAM, settings.LINK_FILES = "http://127.0.0.1", "/nowhere"
    assert [message.id for message in checks.link()] == ["gateway.E002"] + 3 * ["gateway.E003"]
