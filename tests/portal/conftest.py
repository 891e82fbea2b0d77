"""A test authority, its cards, and the internet zone's settings for every test of the portal."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.portal.cast import AUTH_PIN, HAYAMA, NINOMIYA, SIGN_PIN, Visitor, person
from yakuba.base.clock import now
from yakuba.card.attributes import Attributes
from yakuba.card.emulated import EmulatedCard
from yakuba.card.testca import IssuedPair, TestCA, new_key
from yakuba.portal.services import verdicts
from yakuba.portal.waiting import load
from yakuba.procedures.registry import procedure

Issue = Callable[..., EmulatedCard]


def publish(authority: TestCA) -> None:
    """Publish the revocation lists and have the portal read them now (it looks once a second)."""
    authority.publish_crls(now=now())
    verdicts._trust.cache_clear()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TestCA:
    """The authority of this run; its keys live in the run's temporary folder."""
    folder = tmp_path_factory.mktemp("portal-pki")
    return TestCA.create(folder, now=now() - timedelta(days=60), municipalities=(HAYAMA, NINOMIYA))


@pytest.fixture(scope="session")
def keys() -> tuple[object, object]:
    return new_key(), new_key()


@pytest.fixture(scope="session")
def issue(authority: TestCA, tmp_path_factory: pytest.TempPathFactory) -> Issue:
    """Make a card: ``issue("hanako", attributes)``; ``pair`` keeps what is needed to revoke it."""
    folder: Path = tmp_path_factory.mktemp("cards")

    def make(name: str, holder: Attributes, pair: IssuedPair | None = None, **how: object) -> EmulatedCard:
        issued = pair or authority.issue(holder, HAYAMA, now=now() - timedelta(days=30), **how)  # type: ignore[arg-type]
        return EmulatedCard.make(
            folder / f"{name}.card.json", issued, label=name, sign_pin=SIGN_PIN, auth_pin=AUTH_PIN,
            unlock_key=authority.unlock_key,
        )  # fmt: skip

    return make


@pytest.fixture(scope="session")
def hanako_card(authority: TestCA, issue: Issue) -> EmulatedCard:
    """Hanako's card: she is the applicant of the first example of the child allowance."""
    given = procedure("jidou-teate-nintei").examples[0].answers
    birth = date.fromisoformat(str(given["claimant_birth_date"]))
    card = issue("hanako", person(str(given["claimant_name"]["name"]), birth))  # type: ignore[index]
    authority.publish_crls(now=now())
    return card


@pytest.fixture(scope="session")
def taro_card(authority: TestCA, issue: Issue) -> EmulatedCard:
    """Taro's card: somebody else in the same town."""
    card = issue("taro", person("葉山 太郎", date(1971, 5, 5), "1"))
    authority.publish_crls(now=now())
    return card


@pytest.fixture(autouse=True)
def internet_zone(settings: Any, authority: TestCA, monkeypatch: pytest.MonkeyPatch) -> None:
    """The portal as it runs: the internet zone's pages, the authority's roots and lists; a machine that is calm,
    whatever else runs beside the tests."""
    monkeypatch.setattr(load, "per_core", lambda: 0.0)
    settings.ZONE = "internet"
    settings.ROOT_URLCONF = "yakuba.zones.urls.internet"
    settings.YAKUBA_TRUST = str(authority.roots_folder.parent)
    settings.NOTICE_ROOT = str(authority.roots_folder.parent)


@pytest.fixture
def hanako(db: None, hanako_card: EmulatedCard) -> Visitor:
    """Hanako at her browser, not signed in."""
    return Visitor(hanako_card)


@pytest.fixture
def taro(db: None, taro_card: EmulatedCard) -> Visitor:
    """Taro at his."""
    return Visitor(taro_card)
