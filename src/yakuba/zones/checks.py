"""What a zone refuses to start with: a database that can lose what was promised, or a role that sees past isolation.

Each refusal has a number, says what is set, and how to set it right.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from yakuba.base import cells
from yakuba.base.models import Seat

# setting → (number, the value that is required, what goes wrong otherwise)
_DURABILITY = {
    "fsync": ("yakuba.E001", "on", "停電で、受付番号を出した申請が失われます"),
    "synchronous_commit": ("yakuba.E002", "on", "異常終了で、受付番号を出した申請が失われます"),
    "full_page_writes": ("yakuba.E003", "on", "停電で、書きかけのページが壊れたまま残ります"),
}
# remote_apply waits for more than the local disk; remote_write and local wait for less than a standby that is configured
_STRONGER = {"synchronous_commit": {"on", "remote_apply"}}


def durability_errors(settings: Mapping[str, str]) -> list[CheckMessage]:
    """Errors for PostgreSQL settings under which a receipt number would not be a promise."""
    found: list[CheckMessage] = []
    for name, (number, wanted, harm) in _DURABILITY.items():
        value = settings.get(name, "")
        if value not in _STRONGER.get(name, {wanted}):
            hint = f"PostgreSQL で `ALTER SYSTEM SET {name} = {wanted};` を実行し、設定を読み直してください。"
            found.append(Error(f"{name} が {value or '不明'} です: {harm}。", hint=hint, id=number))
    return found


def role_errors(role: str, *, superuser: bool, bypasses: bool) -> list[CheckMessage]:
    """Errors for a database role that row-level security does not bind."""
    if not (superuser or bypasses):
        return []
    hint = f"`ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS;` を実行するか、権限の弱いロールを YAKUBA_DATABASE_ROLE に指定してください。"
    return [
        Error(
            f"ロール {role} は市区町村の分離(行レベルセキュリティ)を越えられます。",
            hint=hint,
            id="yakuba.E004",
        )
    ]


def database_errors() -> list[CheckMessage]:
    """Ask the zone's own database."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(_DURABILITY)])
        settings: dict[str, str] = dict(cursor.fetchall())
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        role, superuser, bypasses = cursor.fetchone()
    return durability_errors(settings) + role_errors(role, superuser=superuser, bypasses=bypasses)


def cell_errors() -> list[CheckMessage]:
    """Errors where a zone has several databases: a served municipality is in none of them, or in two."""
    if not cells.spread():
        return []
    seats: list[list[str]] = cells.everywhere(
        lambda: list(Seat.objects.filter(state="here").values_list("code", flat=True))
    )
    placed = [code for codes in seats for code in codes]
    return places_errors(
        getattr(settings, "PORTAL_TOWNS", []), placed, complete=len(seats) == len(cells.names())
    )


def places_errors(served: Iterable[str], placed: Sequence[str], *, complete: bool) -> list[CheckMessage]:
    """As :func:`cell_errors`, of values. While a cell does not answer (not ``complete``), its municipalities are not
    missed: the others are to start."""
    hint = "`yakuba cells` で置き場所を確かめ、新しい市区町村は `yakuba cells place CODE CELL` で置いてください。"
    missing = sorted(set(served) - set(placed)) if complete else []
    twice = sorted({code for code in placed if placed.count(code) > 1})
    return [
        *(
            Error(f"{code} の置き場所(セル)が決まっていません。", hint=hint, id="yakuba.E005")
            for code in missing
        ),
        *(Error(f"{code} が二つのセルにあります。", hint=hint, id="yakuba.E006") for code in twice),
    ]


def refuse_unsafe() -> None:
    """Run before a zone serves its first request.

    Raises:
        ImproperlyConfigured: naming every number, fault and hint.
    """
    errors = [
        message for message in [*run_checks(), *database_errors(), *cell_errors()] if message.is_serious()
    ]
    connections.close_all()
    if errors:
        lines = "\n".join(f"[{error.id}] {error.msg}\n    {error.hint or ''}" for error in errors)
        raise ImproperlyConfigured(f"この設定では起動しません。\n{lines}")
