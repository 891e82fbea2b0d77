"""By-laws of hints: told after the commit, never from a transaction that failed, and not needed for anything."""

import threading
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from django.db import connection, transaction

from yakuba.gateway import hints

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listener() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Another process's connection, listening on the queue ``lgwan``."""
    connection.ensure_connection()
    with psycopg.connect(
        **connection.get_connection_params() | {"cursor_factory": None, "context": None}, autocommit=True
    ) as other:
        other.execute("LISTEN yakuba_due_lgwan")
        yield other


def heard(listener: psycopg.Connection[tuple[object, ...]]) -> int:
    return len(list(listener.notifies(timeout=0.3, stop_after=1)))


@pytest.fixture(autouse=True)
def _nothing_told_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "_told", {})
    monkeypatch.setattr(hints, "_here", {})


def test_a_hint_comes_after_the_commit(listener: psycopg.Connection[tuple[object, ...]]) -> None:
    with transaction.atomic():
        hints.tell("lgwan")
        assert heard(listener) == 0
    assert heard(listener) == 1


def test_a_transaction_that_fails_tells_nobody(listener: psycopg.Connection[tuple[object, ...]]) -> None:
    with suppress(RuntimeError), transaction.atomic():
        hints.tell("lgwan")
        raise RuntimeError
    assert heard(listener) == 0


def test_who_works_on_the_queue_in_this_process_is_woken_without_the_database(
    listener: psycopg.Connection[tuple[object, ...]],
) -> None:
    event = threading.Event()
    hints.wakes("lgwan", event)
    hints.tell("lgwan")
    assert event.is_set()
    assert heard(listener) == 0


def test_who_listens_hears_which_queue_it_is_and_no_other() -> None:
    with hints.listening("lgwan") as hear:
        hints.tell("mynumber")
        hints.tell("lgwan")
        assert hear(5.0) == ["lgwan"]
        assert hear(0.0) == []
