"""One test authority a run, and a town with its desk in every test that asks for them."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.casework.cast import HAYAMA, NINOMIYA, Desk, Receive, World, staff_of_the_desk, town
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.card.testca import TestCA, new_key
from yakuba.casework import intake
from yakuba.casework.models import Case
from yakuba.gateway.envelope import Envelope


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder: Path = tmp_path_factory.mktemp("pki")
    at = now().replace(microsecond=0)
    made = TestCA.create(folder, now=at, municipalities=(HAYAMA, NINOMIYA))
    return World(folder, made, at, (new_key(), new_key(), new_key()))


@pytest.fixture
def world(authority: World, settings: Settings, db: None) -> World:
    """The town of Hayama with Kenta's household, and the authority whose roots it trusts."""
    settings.YAKUBA_TRUST = str(authority.folder)
    town(authority)
    return authority


@pytest.fixture
def desk(db: None) -> Desk:
    return staff_of_the_desk()


@pytest.fixture
def receive() -> Receive:
    """Take a message in as the inbox does: in one transaction under its municipality."""

    def take(envelope: Envelope) -> Case:
        with under(envelope.municipality):
            case = intake.receive(envelope)
        assert case is not None
        return case

    return take
