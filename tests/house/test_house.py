"""The walls of the house: what must hold for every table, every route, every setting, every command."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver
from scripts.write_operations_page import with_commands

from yakuba.base.web import audience_of, gate_of

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "yakuba"

# Tables without residents' data, each with the reason it may be outside a municipality.
OUTSIDE_MUNICIPALITIES = {
    "audit_record": "the chain is the zone's; its facts name cases by number",
    "audit_head": "one row per zone",
    "audit_witnessed_head": "heads of other zones",
    "django_session": "encrypted or opaque session state, reached by its random key only",
    "django_migrations": "Django's own",
    "django_content_type": "Django's own",
}
OUTSIDE_MUNICIPALITIES |= {
    "gateway_pending": "numbers, states and times of messages; the relay works for all municipalities",
    "gateway_slip": "receipts and audit heads on their way; name no resident",
    "gateway_link": "when a neighbour was last heard",
    "gateway_municipality": "codes only",
    "cell_seat": "which cell a municipality is in; codes only",
    "cell_change": "keys of rows changed during a move; the application may only add, the mover alone reads",
    "portal_rate_count": "requests under a hashed key in a window",
    "office_sign_in": "operators of the organisation, no residents",
    "staff_login_name": "which municipality an account belongs to, read before sign-in",
    "staff_attempt": "failed sign-ins per login name",
}
# May run as the tables' owner, each with the reason why that shows nobody a row.
AS_OWNER = {"registers_analyze": "only ANALYZE on fixed tables, search_path fixed, returns nothing"}
OUTSIDE_PREFIXES = {"procrastinate_": "jobs carry ids only", "auth_": "Django's own permissions, unused"}


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, pattern.callback


@pytest.mark.parametrize("zone", ["internet", "lgwan", "mynumber", "everything"])
def test_every_route_declares_an_audience_that_somebody_guards(zone: str) -> None:
    found = list(routes(get_resolver(f"yakuba.zones.urls.{zone}").url_patterns))
    assert found, "a zone without a route tests nothing"
    open_routes = [
        path for path, view in found if audience_of(view) is None or gate_of(str(audience_of(view))) is None
    ]
    assert open_routes == []


@pytest.mark.django_db
def test_every_table_is_under_a_municipality_or_says_why_not() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
                      (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'municipality'),
                      (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"""
        )
        tables = cursor.fetchall()
    assert len(tables) > 10
    open_tables = [
        name
        for name, forced, column, policies in tables
        if not (forced and column and policies)
        and name not in OUTSIDE_MUNICIPALITIES
        and not name.startswith(tuple(OUTSIDE_PREFIXES))
    ]
    assert open_tables == []


@pytest.mark.django_db
def test_nothing_runs_with_more_rights_than_its_caller() -> None:
    """No SECURITY DEFINER function (but those of the list) and no view: both could read past row-level security."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
               WHERE n.nspname = 'public' AND p.prosecdef"""
        )
        assert [name for (name,) in cursor.fetchall() if name not in AS_OWNER] == []
        cursor.execute("SELECT viewname FROM pg_views WHERE schemaname = 'public'")
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    ("zone", "rooms"),
    [
        ("internet", {"portal", "procedures"}),
        ("lgwan", {"office"}),
        ("mynumber", {"casework", "registers", "procedures"}),
    ],
)
def test_a_zone_loads_only_its_own_rooms(zone: str, rooms: set[str]) -> None:
    """Asked of a real process: what is imported once the zone has started, not what its settings promise."""
    program = (
        "import django, sys; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns;"
        "print(*sorted({m.split('.')[1] for m in sys.modules if m.startswith('yakuba.') }))"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": f"yakuba.zones.settings.{zone}",
        "YAKUBA_SECRET_KEY": "x" * 40,
        "YAKUBA_TRUST": "/nowhere",
    }
    out = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert out.returncode == 0, out.stderr
    loaded = set(out.stdout.split())
    forbidden = {"portal", "office", "casework", "registers", "issuance", "migration", "automation"} - rooms
    assert rooms <= loaded
    assert loaded & forbidden == set()


def test_every_setting_is_documented() -> None:
    used = {
        name for file in SOURCE.rglob("*.py") for name in re.findall(r"YAKUBA_[A-Z_]+[A-Z]", file.read_text())
    }
    documented = (ROOT / "docs" / "operations.md").read_text()
    assert {name for name in used if f"`{name}`" not in documented} == set()


def test_the_list_of_commands_is_what_the_program_has() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    assert page == with_commands(page), "run: python scripts/write_operations_page.py"


def test_no_committed_file_names_a_package_host() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "requirements"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in tracked.stdout.split():
        assert "://" not in (ROOT / name).read_text(), name


def test_every_model_of_residents_data_is_a_tenant_model() -> None:
    from yakuba.base.tenancy import TenantModel

    strangers = [
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("yakuba.")
        and not issubclass(model, TenantModel)
        and model._meta.db_table not in OUTSIDE_MUNICIPALITIES
    ]
    assert strangers == []
