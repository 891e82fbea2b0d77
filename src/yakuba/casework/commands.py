"""``yakuba desk …``: accounts of the desk from the terminal of the My Number zone (its environment must be set)."""

import os

import click
import django
from django.core.management import call_command
from django.core.management.base import CommandError

_SETTINGS = "yakuba.zones.settings.mynumber"


def _run(*words: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    django.setup()
    try:
        call_command(*words)
    except CommandError as error:
        raise click.ClickException(str(error)) from error


@click.group("desk")
def desk() -> None:
    """審査デスクの職員(マイナンバー区域)。"""


@desk.command("staff-add")
@click.argument("municipality")
@click.argument("login")
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, required=True, help="intake, reviewer, approver, admin, auditor"
)
def staff_add(municipality: str, login: str, name: str, roles: tuple[str, ...]) -> None:
    """職員を加え、最初のパスワードを表示する。"""
    _run("desk_staff", "add", municipality, login, name, *(f"--role={role}" for role in roles))


@desk.command("staff-reset")
@click.argument("login")
def staff_reset(login: str) -> None:
    """パスワードと第二要素をやりなおす。"""
    _run("desk_staff", "reset", login)


@desk.command("evidence")
@click.argument("municipality")
@click.argument("application")
@click.option(
    "--out", type=click.Path(dir_okay=False), required=True, help="書き先。yakuba verify で確かめられる。"
)
def evidence(municipality: str, application: str, out: str) -> None:
    """申請の署名の検証記録(証拠)を、それだけで確かめられる1つのファイルに書き出す。"""
    _run("desk_evidence", municipality, application, out)


COMMANDS = (desk,)
