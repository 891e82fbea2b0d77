"""The office's pages name in words what passes through."""

from yakuba.gateway import handlers
from yakuba.gateway.errors import PeerAway
from yakuba.office.words import KINDS, fault


def test_every_kind_of_message_that_some_zone_handles_has_a_name() -> None:
    assert {"application.submitted", "status.changed"} <= set(handlers._handlers)
    assert {kind for kind in handlers._handlers if not kind.startswith("test.")} - set(KINDS) == set()


def test_a_fault_says_what_it_means_and_keeps_its_own_text() -> None:
    noted = f"{PeerAway.__name__}: ConnectionRefusedError: [Errno 111]"
    assert fault(noted) == f"相手につながりません(止まっているか、起動中です) [{noted}]"
    assert fault("Something: else") == "Something: else"
