"""A running agent with Hanako's card on its reader, for the tests that speak HTTP to it or open a browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.card.cast import AUTH_PIN, HANAKO, HAYAMA, NOW, SIGN_PIN, Pki
from yakuba.card.agent.server import AgentServer, token_in
from yakuba.card.emulated import SUFFIX, EmulatedCard, cards_in
from yakuba.card.testca import IssuedPair


@dataclass(frozen=True)
class Agent:
    """Where the agent listens, its token, and the card."""

    url: str
    token: str
    card: EmulatedCard


@contextmanager
def agent(pki: Pki, folder: Path, *origins: str, **how: object) -> Iterator[Agent]:
    """An agent that serves pages of ``origins``; ``how`` goes to the card's certificates."""
    made = NOW - timedelta(days=30)
    pair: IssuedPair = pki.authority.issue(HANAKO, HAYAMA, now=made, keys=(pki.keys[0], pki.keys[1]), **how)  # type: ignore[arg-type]
    card = EmulatedCard.make(
        folder / f"hanako{SUFFIX}", pair, label="葉山 花子(見本)", sign_pin=SIGN_PIN, auth_pin=AUTH_PIN,
        unlock_key=pki.authority.unlock_key,
    )  # fmt: skip
    token = token_in(folder / "agent.token")
    with AgentServer(
        port=0, cards=lambda: cards_in(folder), origins=origins, token=token, now=lambda: NOW
    ) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield Agent(server.url, token, card)
        finally:
            server.shutdown()
            thread.join()
