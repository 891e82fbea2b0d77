"""A rewritten, removed, cut or re-made record is seen."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, transaction
from django.db.transaction import TransactionManagementError

from yakuba.audit import log
from yakuba.audit.chain import GENESIS, Link, first_break, link_hash
from yakuba.audit.events import AuditEvent
from yakuba.audit.models import AuditRecord

AT = datetime(2026, 11, 23, tzinfo=UTC)


def event(number: int) -> AuditEvent:
    return AuditEvent("staff:1", "case.opened", f"application:{number}", "143014", {"number": str(number)})


def chain(length: int, first: int = 0) -> list[Link]:
    links: list[Link] = []
    previous = GENESIS
    for sequence in range(1, length + 1):
        digest = link_hash("mynumber", sequence, AT, event(first + sequence), previous)
        links.append(Link("mynumber", sequence, AT, event(first + sequence), previous, digest))
        previous = digest
    return links


def test_a_whole_chain_holds() -> None:
    links = chain(5)
    assert first_break(links, {3: links[2].hash, 5: links[4].hash}) is None


def test_a_rewritten_record_is_seen() -> None:
    links = chain(5)
    links[2] = replace(links[2], event=event(99))
    found = first_break(links)
    assert found is not None
    assert found.sequence == 3


def test_a_removed_record_is_seen() -> None:
    links = chain(5)
    del links[2]
    found = first_break(links)
    assert found is not None
    assert found.sequence == 3


def test_a_cut_tail_is_seen_only_with_a_witness() -> None:
    links = chain(5)
    assert first_break(links[:3]) is None
    found = first_break(links[:3], {5: links[4].hash})
    assert found is not None
    assert "5番" in found.problem


def test_a_chain_made_anew_is_seen_by_its_witness() -> None:
    honest, forged = chain(5), chain(5, first=100)
    assert first_break(forged) is None
    found = first_break(forged, {4: honest[3].hash})
    assert found is not None
    assert found.sequence == 4


@pytest.mark.django_db
def test_records_follow_each_other_and_verify() -> None:
    with transaction.atomic():
        first, second = log.append(event(1)), log.append(event(2))
    assert (first.sequence, second.sequence, second.previous) == (1, 2, first.hash)
    assert log.head() == (2, second.hash)
    assert log.verify() is None


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(TransactionManagementError):
        log.append(event(1))


@pytest.mark.django_db
def test_the_application_cannot_rewrite_or_remove_a_record() -> None:
    with transaction.atomic():
        log.append(event(1))
    with pytest.raises(ProgrammingError), transaction.atomic():
        AuditRecord.objects.update(actor="somebody else")
    with pytest.raises(ProgrammingError), transaction.atomic():
        AuditRecord.objects.all().delete()
