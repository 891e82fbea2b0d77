"""Keys made once for the session (RSA keys take a second), and notices signed with them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.notices.cast import HAYAMA, SIGNED_AT, URL, of_kind
from yakuba.card.pdf import NoticeRoots
from yakuba.casework.notices.data import NoticeData
from yakuba.casework.notices.keys import make_notice_keys
from yakuba.casework.notices.render import renderer, view_of
from yakuba.casework.notices.sign import sign_pdf
from yakuba.casework.notices.signer import Signers

KEYS_MADE_AT = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Town:
    """A town's keys in a folder, and what is published of them."""

    folder: Path

    @property
    def signers(self) -> Signers:
        return Signers(str(self.folder / "keys"))

    @property
    def roots(self) -> NoticeRoots:
        return NoticeRoots.from_folder(self.folder / "public")

    def signed(self, pdf: bytes, at: datetime = SIGNED_AT, municipality: str = HAYAMA) -> bytes:
        return sign_pdf(pdf, self.signers.of(municipality), at, "認定通知書")


def rendered(kind: str = "child_allowance_approved", data: NoticeData | None = None) -> bytes:
    """The unsigned PDF of a notice."""
    return renderer().pdf(view_of(HAYAMA, kind, data or of_kind(kind), "葉子第123号", URL), SIGNED_AT)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("notice-keys")
    make_notice_keys(folder, at=KEYS_MADE_AT)
    return Town(folder)


@pytest.fixture
def fresh_town(tmp_path: Path) -> Town:
    """A town whose keys the test may rotate and revoke."""
    make_notice_keys(tmp_path, [HAYAMA], at=KEYS_MADE_AT)
    return Town(tmp_path)


@pytest.fixture(scope="session")
def signed(town: Town) -> bytes:
    return town.signed(rendered())


@pytest.fixture
def signing(town: Town, settings: object) -> Town:
    """The service signs with the town's keys."""
    settings.NOTICE_KEY = str(town.folder / "keys")  # type: ignore[attr-defined]
    return town
