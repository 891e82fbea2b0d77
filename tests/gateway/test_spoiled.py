"""What was spoiled where it lay is held back by itself, shown to people, and holds up nothing else; wrong clocks do not either."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from yakuba.audit.events import AuditEvent
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.gateway import exchange, outbox, pending
from yakuba.gateway.envelope import AttachmentRef, Envelope
from yakuba.gateway.errors import AlteredFile
from yakuba.gateway.message import SealedMessage, seal_message, transit_statement
from yakuba.gateway.sanitise import pool
from yakuba.gateway.wire import Parcel

HAYAMA = "143014"
AUDIT = AuditEvent("resident:test", "application.submitted", "application:1", HAYAMA)


def envelope(**changes: object) -> Envelope:
    made = Envelope(
        uuid7(),
        HAYAMA,
        "test.note",
        "internet",
        "mynumber",
        datetime(2026, 11, 23, 9, tzinfo=UTC),
        {"text": "こんにちは"},
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_message_whose_bytes_were_spoiled_at_the_sender_is_set_aside_and_the_others_go_on(
    settings: Settings,
) -> None:
    settings.ZONE = "internet"
    good, bad = envelope(), envelope()
    with under(HAYAMA):
        outbox.post(good, AUDIT)
        outbox.post(bad, AUDIT)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE gateway_outbox SET document = 'x' || substr(document, 2) WHERE message = %s", [bad.id]
            )
    offered = exchange.offer("lgwan")
    settings.ZONE = "lgwan"
    answer = exchange.take_in(offered)
    assert answer.taken_messages == [good.id]
    settings.ZONE = "internet"
    exchange.note_taken(answer, "lgwan")
    assert [item.message for item in pending.due("dead", 10)] == [bad.id]
    assert not exchange.waits("lgwan"), "it is not offered for ever"


@pytest.mark.django_db
def test_a_file_that_was_spoiled_where_it_lies_is_asked_for_again_later_and_the_others_go_on(
    settings: Settings,
) -> None:
    ref = AttachmentRef("photo", "写真.jpg", "image/jpeg", 3, "a" * 64)
    settings.ZONE = "internet"
    sent = envelope(attachments=(ref,))
    sealed = seal_message(sent)
    settings.ZONE = "lgwan"
    clean = replace(ref, evidence={"before": ref.sha256})
    passed_on = SealedMessage(sealed.document, sealed.seal, *transit_statement(sent, (clean,)))
    settings.ZONE = "mynumber"

    def fetch(_envelope: Envelope) -> Mapping[str, bytes]:
        raise AlteredFile(ref.sha256)

    answer = Parcel()
    exchange.take_message(passed_on, answer, fetch)
    assert answer.later == [(sent.id, "AlteredFile")]


@pytest.mark.django_db
def test_what_was_due_by_a_clock_that_ran_ahead_is_due_when_the_clock_is_right_again(
    settings: Settings,
) -> None:
    settings.ZONE = "internet"
    years, minutes, waiting = envelope(), envelope(), envelope()
    with under(HAYAMA):
        for sent, queue, wait in (
            (years, "lgwan", timedelta(days=730)),
            (minutes, "lgwan", timedelta(minutes=10)),
            (waiting, "receipt", pending.REMIND_AFTER),
        ):
            outbox.post(sent, AUDIT)
            pending.move([sent.id], "outbox", queue, wait)
    assert pending.due("lgwan", 10) == []
    assert pending.mend_after_clock_jump() == 2
    assert {item.message for item in pending.due("lgwan", 10)} == {years.id, minutes.id}
    assert pending.due("receipt", 10) == []


@pytest.mark.django_db
def test_what_waits_after_a_fault_keeps_its_wait(settings: Settings) -> None:
    settings.ZONE = "internet"
    sent = envelope()
    with under(HAYAMA):
        outbox.post(sent, AUDIT)
    for _ in range(12):  # 1, 2, 4 … seconds, at most ten minutes
        (item,) = pending.of([sent.id], "lgwan")
        pending.again_later(item, "unreachable")
        assert pending.mend_after_clock_jump() == 0
    assert pending.due("lgwan", 10) == []


@pytest.mark.django_db
def test_what_somebody_works_on_is_not_given_to_a_second_worker_by_the_mending(settings: Settings) -> None:
    settings.ZONE = "lgwan"
    sent = uuid7()
    with under(HAYAMA):
        pending.add(HAYAMA, sent, "transit", "test.note", "sanitise")
    claimed = pool._claim()
    assert claimed
    assert claimed.message == sent
    assert pending.mend_after_clock_jump() == 0
    assert pool._claim() is None
    with connection.cursor() as cursor:  # claimed under a clock that was hours ahead
        cursor.execute("UPDATE gateway_pending SET due_at = due_at + interval '2 hours'")
    assert pending.mend_after_clock_jump() == 1
