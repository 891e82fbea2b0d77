"""The clock stands at the example's day; one test authority; the card agent and the browser as residents have them."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from benchmarks.driver.ports import free_port
from django.conf import settings as django_settings
from playwright.sync_api import Browser, sync_playwright

from yakuba.base import clock
from yakuba.base.clock import JAPAN
from yakuba.card.agent.at_hand import at_hand
from yakuba.card.agent.server import AgentServer
from yakuba.card.attributes import Attributes, birth_text
from yakuba.card.emulated import EmulatedCard
from yakuba.card.testca import IssuedPair, TestCA, new_key
from yakuba.portal.services import verdicts

HAYAMA = "143014"
SIGN_PIN, AUTH_PIN = "HAYAMA2026", "1234"
CHROMIUM = Path(os.environ.get("YAKUBA_CHROMIUM", "/usr/bin/chromium"))
_ADDRESS = "神奈川県三浦郡葉山町堀内1234番地5"
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync")  # fmt: skip


@pytest.fixture
def at_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Set the one clock to ten in the morning of a day; it goes on from there."""

    def set_to(day: date) -> None:
        offset = datetime.combine(day, time(10), JAPAN) - datetime.now(UTC)

        class Shifted(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return datetime.now(tz) + offset

        monkeypatch.setattr(clock, "datetime", Shifted)
        verdicts._trust.cache_clear()

    return set_to


@dataclass(frozen=True)
class Authority:
    """The authority whose cards are used, and two keys so that a card costs no key of its own."""

    made: TestCA
    keys: tuple[Any, Any]

    def card(self, folder: Path, name: str, birth: date, at: datetime) -> tuple[EmulatedCard, IssuedPair]:
        """A card of a person, issued a month ago, and today's lists."""
        holder = Attributes(name, "0" * len(name), "2", birth_text(birth), _ADDRESS, "0" * len(_ADDRESS))
        pair = self.made.issue(holder, HAYAMA, now=at - timedelta(days=30), keys=self.keys)
        file = folder / "resident.card.json"
        card = EmulatedCard.make(file, pair, label="resident", sign_pin=SIGN_PIN, auth_pin=AUTH_PIN,
                                 unlock_key=self.made.unlock_key)  # fmt: skip
        self.made.publish_crls(now=at)
        verdicts._trust.cache_clear()
        return card, pair


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("walk-pki")
    made = TestCA.create(folder, now=datetime(2024, 1, 1, tzinfo=UTC), municipalities=(HAYAMA,))
    return Authority(made, (new_key(), new_key()))


@pytest.fixture(autouse=True)
def zones(settings: Any, authority: Authority) -> None:
    """The internet zone's pages first; a walk changes to the desk's."""
    settings.ZONE, settings.ROOT_URLCONF = "internet", "yakuba.zones.urls.internet"
    settings.YAKUBA_TRUST = settings.NOTICE_ROOT = str(authority.made.roots_folder.parent)


@pytest.fixture(scope="session")
def agent_port() -> Iterator[int]:
    port = free_port()
    before = django_settings.CARD_AGENT_ORIGIN
    django_settings.CARD_AGENT_ORIGIN = f"http://127.0.0.1:{port}"
    yield port
    django_settings.CARD_AGENT_ORIGIN = before


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed: scripts/debian-packages.sh installs it")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in this thread
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        yield opened
        opened.close()


@pytest.fixture
def portal(agent_port: int, live_server: Any, transactional_db: None, settings: Any) -> str:
    settings.PORTAL_ORIGIN = str(live_server.url).replace("localhost", "127.0.0.1")
    settings.CARD_AGENT_ORIGIN = f"http://127.0.0.1:{agent_port}"
    return str(settings.PORTAL_ORIGIN)


@pytest.fixture
def cards(portal: str, agent_port: int, tmp_path: Path) -> Iterator[Path]:
    """The folder whose cards lie on the agent's reader."""
    folder = tmp_path / "reader"
    folder.mkdir()
    server = AgentServer(
        port=agent_port, cards=at_hand(folder, readers=False), origins=[portal], token="t" * 43
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder
    server.shutdown()
    server.server_close()
    shutil.rmtree(folder)
