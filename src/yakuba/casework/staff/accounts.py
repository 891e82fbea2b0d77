"""Making, changing and checking accounts of the desk. Every change is audited."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base import cells
from yakuba.base.tenancy import under
from yakuba.casework.errors import Incomplete
from yakuba.casework.roles import Role
from yakuba.casework.staff.models import LoginName, Passkey, RecoveryCode, Staff
from yakuba.casework.staff.second_factor import accept_recovery_code, accept_totp

SHORTEST_PASSWORD = 12
_LOGIN_FORM = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")
# NIST SP 800-63B section 5.1.1.2: no composition rules, but nothing that everybody guesses first.
# Words of this context are listed with the rest in docs/asvs.md (ASVS 6.1.2).
_GUESSED_FIRST = ("password", "yakuba", "yakusho", "shiyakusho", "mynumber", "123456", "qwerty", "admin")
_NOBODY = make_password(secrets.token_hex())


def find_by_login(login: str) -> Staff | None:
    """The open account of that login name, wherever it belongs."""
    name = municipality_of_login(login)
    if name is None:
        return None
    with under(name):
        return Staff.objects.filter(login=login, active=True).first()


def municipality_of_login(login: str) -> str | None:
    """Whose login name it is, open or closed; asked of every cell, since an account lies with its municipality."""
    names = LoginName.objects.filter(pk=login).values_list("municipality", flat=True)
    return next((found for found in cells.aside(names.all().first) if found), None)


def password_is_right(staff: Staff | None, password: str) -> bool:
    """Takes as long for an account that does not exist, so that time tells nobody which do."""
    right = check_password(password, staff.password if staff else _NOBODY)
    return right and staff is not None


def second_factor_is_right(staff: Staff, code: str, at: datetime) -> bool:
    """A code of the authenticator app, or a recovery code."""
    tidy = code.strip().replace(" ", "")
    return accept_totp(staff, tidy, at) or accept_recovery_code(staff, tidy, at)


def check_password_choice(password: str, login: str) -> None:
    """Raises Incomplete with what is wrong and an example of what is right."""
    lowered = password.lower()
    problem = None
    if len(password) < SHORTEST_PASSWORD:
        problem = f"{SHORTEST_PASSWORD}文字以上にしてください。例: 覚えやすい言葉を4つ並べる"
    elif login in lowered or any(word in lowered for word in _GUESSED_FIRST) or len(set(password)) < 5:
        problem = "推測されやすいパスワードです。職員IDやよくある言葉を含めないでください。"
    elif _often_stolen(password):
        problem = "よく使われ、盗まれた一覧に載っているパスワードです。ほかの言葉にしてください。"
    if problem:
        raise Incomplete({"password": problem})


def _often_stolen(password: str) -> bool:
    """Whether it is among Django's 20,000 most common passwords of public breaches."""
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


def make_account(
    municipality: str,
    login: str,
    display_name: str,
    roles: Iterable[Role],
    password: str,
    *,
    audit: AuditEvent,
    must_change_password: bool = True,
    home: str = "",
) -> Staff:
    """A new account; its holder sets up the second factor at the first sign-in. ``home``: the town of somebody who has
    a seat here and no role (応援職員).

    Raises:
        Incomplete: login name taken or of wrong form, no name, no role, or too weak a password.
    """
    chosen = sorted({Role(role) for role in roles})
    _check_new(login, display_name, chosen, needs_role=not home)
    check_password_choice(password, login)
    if cells.spread() and municipality_of_login(login):
        raise _taken(login)
    with under(municipality):
        _, fresh = LoginName.objects.get_or_create(login=login, defaults={"municipality": municipality})
        if not fresh:
            raise _taken(login)
        staff = Staff.objects.create(
            municipality=municipality,
            login=login,
            display_name=display_name,
            roles=list(chosen),
            password=make_password(password),
            must_change_password=must_change_password,
            home=home,
        )
        append(audit)
    return staff


def _taken(login: str) -> Incomplete:
    return Incomplete({"login": f"職員ID「{login}」はすでに使われています。例: {login}2"})


def _check_new(login: str, display_name: str, roles: list[Role], *, needs_role: bool = True) -> None:
    problems = {}
    if not _LOGIN_FORM.fullmatch(login):
        problems["login"] = "職員IDは半角の小文字と数字で3〜64文字です。例: uketsuke.hanako"
    if not display_name.strip():
        problems["display_name"] = "氏名を書いてください。例: 受付 花子"
    if needs_role and not roles:
        problems["roles"] = "役割を一つ以上選んでください。"
    if problems:
        raise Incomplete(problems)


def set_password(staff: Staff, password: str, *, audit: AuditEvent, must_change: bool = False) -> None:
    """A new password; every session of the account ends."""
    check_password_choice(password, staff.login)
    with under(staff.municipality):
        staff.password = make_password(password)
        staff.must_change_password = must_change
        staff.session_epoch += 1
        staff.save(update_fields=["password", "must_change_password", "session_epoch"])
        append(audit)


def end_sessions(staff: Staff, *, audit: AuditEvent) -> None:
    """End every session of the account, wherever it is signed in."""
    with under(staff.municipality):
        staff.session_epoch += 1
        staff.save(update_fields=["session_epoch"])
        append(audit)


def change_account(
    staff: Staff, display_name: str, roles: Iterable[Role], *, active: bool, audit: AuditEvent
) -> None:
    """Change name, roles, or whether the account is open; its sessions end, so that new roles hold at once."""
    chosen = sorted({Role(role) for role in roles})
    _check_new(staff.login, display_name, chosen)
    with under(staff.municipality):
        staff.display_name, staff.roles, staff.active = display_name, list(chosen), active
        staff.session_epoch += 1
        staff.save(update_fields=["display_name", "roles", "active", "session_epoch"])
        append(audit)


def reset_second_factor(staff: Staff, *, audit: AuditEvent) -> None:
    """Forget authenticator, passkeys and recovery codes (a lost telephone); the next sign-in sets up new ones."""
    with under(staff.municipality):
        staff.sealed_totp, staff.totp_confirmed = None, False
        staff.session_epoch += 1
        staff.save(update_fields=["sealed_totp", "totp_confirmed", "session_epoch"])
        Passkey.objects.filter(staff=staff).delete()
        RecoveryCode.objects.filter(staff=staff).delete()
        append(audit)
