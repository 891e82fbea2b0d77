"""``manage.py desk_staff add|reset|demo``: accounts of the desk from the terminal (the first administrator)."""

import json
import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yakuba.audit.events import AuditEvent
from yakuba.base.municipality import municipality_code
from yakuba.casework.errors import Incomplete
from yakuba.casework.roles import Role
from yakuba.casework.staff.accounts import find_by_login, make_account, reset_second_factor, set_password
from yakuba.casework.staff.demo import make_demo_staff


class Command(BaseCommand):
    """Add a member, reset one, or make the demo desk."""

    help = "Accounts of the casework desk."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        add = what.add_parser("add")
        add.add_argument("municipality", type=municipality_code)
        add.add_argument("login")
        add.add_argument("name")
        add.add_argument("--role", action="append", choices=[role.value for role in Role], required=True)
        reset = what.add_parser("reset")
        reset.add_argument("login")
        demo = what.add_parser("demo")
        demo.add_argument("municipality", type=municipality_code)
        demo.add_argument("--password", required=True)
        demo.add_argument("--totp-secret", required=True)
        demo.add_argument("--home", type=municipality_code)

    def handle(self, *_args: object, **options: Any) -> None:
        """Run the one asked for; refusals are words, not traces."""
        try:
            self.stdout.write(getattr(self, f"_{options['what']}")(options))
        except Incomplete as incomplete:
            raise CommandError("\n".join(incomplete.problems.values())) from incomplete

    def _add(self, options: dict[str, Any]) -> str:
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        town, login = options["municipality"], options["login"]
        event = AuditEvent("operator:terminal", "staff.made", f"staff-login:{login}", town)
        make_account(town, login, options["name"], options["role"], password, audit=event)
        return f"{login} を作りました。最初のパスワード: {password}(最初のサインインで変えます)"

    def _reset(self, options: dict[str, Any]) -> str:
        staff = find_by_login(options["login"])
        if staff is None:
            raise CommandError(f"職員ID「{options['login']}」の利用中のアカウントはありません。")
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        event = AuditEvent(
            "operator:terminal", "staff.reset", f"staff-login:{staff.login}", staff.municipality
        )
        set_password(staff, password, audit=event, must_change=True)
        reset_second_factor(staff, audit=event)
        return f"{staff.login} の認証をやりなおします。最初のパスワード: {password}"

    def _demo(self, options: dict[str, Any]) -> str:
        made = make_demo_staff(
            options["municipality"], options["password"], options["totp_secret"], options["home"]
        )
        return json.dumps(
            [{"login": one.login, "name": one.name, "roles": one.roles} for one in made], ensure_ascii=False
        )
