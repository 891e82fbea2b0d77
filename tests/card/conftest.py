"""One test authority a run; its keys live in the run's own temporary folder and nowhere else."""

from pathlib import Path

import pytest

from tests.card.cast import HAYAMA, NINOMIYA, NOW, Pki
from yakuba.card.revocation import RevocationIndex
from yakuba.card.testca import TestCA, new_key
from yakuba.card.trust import TrustStore


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """The authority, shared: tests may issue and revoke their own certificates with it."""
    folder: Path = tmp_path_factory.mktemp("pki")
    authority = TestCA.create(folder, now=NOW, municipalities=(HAYAMA, NINOMIYA))
    trust = TrustStore.from_folder(authority.roots_folder)
    as_made = RevocationIndex.from_folder(authority.crls_folder, trust)
    return Pki(folder, authority, trust, (new_key(), new_key()), as_made)
