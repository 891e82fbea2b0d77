"""A real browser (Debian's chromium) against the portal on a real port, with the real card agent beside it."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.driver.ports import free_port
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Playwright, sync_playwright

from yakuba.card.agent.at_hand import at_hand
from yakuba.card.agent.server import AgentServer
from yakuba.card.emulated import EmulatedCard

CHROMIUM = os.environ.get("YAKUBA_CHROMIUM", "/usr/bin/chromium")
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def agent_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def portal_settings(agent_port: int) -> Iterator[None]:
    """Before the server is made: its security policy names the agent's origin once and for all."""
    before = django_settings.CARD_AGENT_ORIGIN
    django_settings.CARD_AGENT_ORIGIN = f"http://127.0.0.1:{agent_port}"
    # Playwright's own event loop runs in this thread; the database is still only used by plain functions.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    django_settings.CARD_AGENT_ORIGIN = before


@pytest.fixture(scope="module")
def playwright(portal_settings: None) -> Iterator[Playwright]:
    # one module at a time: its event loop runs in this thread, and other tests need theirs
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
    yield opened
    opened.close()


@pytest.fixture
def portal(portal_settings: None, live_server: Any, transactional_db: None, settings: Any) -> str:
    """The portal's address."""
    settings.PORTAL_ORIGIN = str(live_server.url).replace("localhost", "127.0.0.1")
    return str(settings.PORTAL_ORIGIN)


@pytest.fixture
def agent(
    portal: str,
    agent_port: int,
    hanako_card: EmulatedCard,
    taro_card: EmulatedCard,
    tmp_path: Path,
    settings: Any,
) -> Iterator[AgentServer]:
    """The card agent with two cards on its reader."""
    for card in (hanako_card, taro_card):
        shutil.copy(card.path, tmp_path / card.path.name)
    settings.CARD_AGENT_ORIGIN = f"http://127.0.0.1:{agent_port}"
    server = AgentServer(
        port=agent_port, cards=at_hand(tmp_path, readers=False), origins=[portal], token="t" * 43
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
