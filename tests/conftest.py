"""Real PostgreSQL for every test: one embedded cluster per test run, one database per worker, the app role only."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from yakuba.zones.postgres import Cluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The worker's own cluster. Not durable: a power cut during the tests loses only tests."""
    folder: Path = tmp_path_factory.mktemp("postgres")
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.geteuid() and parent != parent.parent:
            parent.chmod(parent.stat().st_mode | 0o055)
    made = Cluster(folder, durable=False)
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
