"""Real PostgreSQL for every test: one embedded cluster per test run, one database per worker, the app role only."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from yakuba.zones.postgres import Cluster

_LONG = (
    "tests/town/",
    "tests/gateway/test_jetstream",
    "tests/zones/",
    "tests/portal/browser/",
    "tests/gateway/test_town",
    "tests/walks/",
    "tests/casework/test_in",
)
_TOWN = "tests/town/"


class _ByFile(LoadScopeScheduling):
    """A file's tests stay on one worker; the files that need a whole town hall on the same one, with one town for all."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return _TOWN if file.startswith(_TOWN) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Not xdist's own ``loadgroup``: with this pytest it no longer finds its groups, and says nothing."""
    return _ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones begin first: xdist begins with the files of many tests, and few long ones are left for the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The worker's own cluster. Not durable: a power cut during the tests loses only tests.

    Not in pytest's own folder: that is closed to others again by the next session, and as root the server is another.
    """
    with tempfile.TemporaryDirectory(prefix="yakuba-tests-") as folder:
        Path(folder).chmod(0o755)
        made = Cluster(Path(folder), durable=False)
        made.start()
        yield made
        made.stop()


@pytest.fixture(scope="session")
def django_db_setup(cluster: Cluster, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Migrate as the owner, then test as the application: row-level security is in force in every test."""
    from django.core.management import call_command
    from django.db import connections

    cluster.ensure_database("tests")
    database = connections["default"]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        for connection in (cluster.as_owner("tests"), cluster.as_app("tests")):
            database.close()
            database.settings_dict.update(
                HOST=connection.host, PORT=connection.port, NAME=connection.database,
                USER=connection.role, PASSWORD=connection.password,
            )  # fmt: skip
            if connection.role == "yakuba_owner":
                call_command("migrate", verbosity=0)
                with database.cursor() as cursor:  # tests that commit are cleaned up by TRUNCATE
                    cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO yakuba_app")
        yield
        connections.close_all()


@pytest.fixture(autouse=True)
def no_job_is_left(
    request: pytest.FixtureRequest, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """A test that commits leaves no job for the next one: Django's clean-up passes over tables of others' models."""
    yield
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction", False)
    if commits or "transactional_db" in request.fixturenames:
        from django.db import connection

        with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
