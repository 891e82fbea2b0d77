"""Seats for another town's staff (応援職員): proposed, approved by a second person, stopped at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.municipality import InvalidMunicipalityCode, municipality_code
from yakuba.casework.errors import Incomplete, NotAllowed, NotNow
from yakuba.casework.staff.accounts import end_sessions, make_account
from yakuba.casework.staff.models import AidSeat, LoginName, Staff

STATES = {
    "proposed": "承認待ち",
    "not_yet": "開始前",
    "in_force": "利用中",
    "over": "期間終了",
    "ended": "停止",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A seat as an administrator asks for it."""

    name: str
    login: str
    home: str
    home_name: str
    begins_at: datetime | None
    ends_at: datetime | None


def problems_of(wanted: Wanted, host: str, longest: int, at: datetime) -> dict[str, str]:
    """What is wrong with it, by field; ``longest``: days a seat may last (``risai.aid_seat_days``). A function of values."""
    problems = _problems_of_home(wanted, host)
    if not wanted.name:
        problems["name"] = "氏名を書いてください。例: 応援 一子"
    if wanted.begins_at is None:
        problems["begins_at"] = "始まりの日時を選んでください。例: 2026-12-01 09:00"
    if wanted.ends_at is None:
        problems["ends_at"] = "終わりの日時を選んでください。例: 2026-12-14 17:00"
    if wanted.begins_at and wanted.ends_at:
        if wanted.ends_at <= max(wanted.begins_at, at):
            problems["ends_at"] = "終わりは、始まりよりも、いまよりも後にしてください。"
        elif wanted.ends_at - wanted.begins_at > timedelta(days=longest):
            problems["ends_at"] = (
                f"席は長くても{longest}日です。続けるときは、期間の終わるころに新しく申し出てください。"
            )
    return problems


def _problems_of_home(wanted: Wanted, host: str) -> dict[str, str]:
    problems = {}
    try:
        if municipality_code(wanted.home) == host:
            problems["home"] = "この町の職員は「職員」の画面で加えてください。"
    except InvalidMunicipalityCode as wrong:
        problems["home"] = str(wrong)
    if not wanted.home_name:
        problems["home_name"] = "応援元の市町村名を書いてください。例: 二宮町"
    return problems


def propose(wanted: Wanted, by: Staff, longest: int, at: datetime) -> AidSeat:
    """Ask for a seat. Nobody can sign in before a second person approves.

    Raises:
        Incomplete: with what is wrong.
    """
    problems = problems_of(wanted, by.municipality, longest, at)
    if LoginName.objects.filter(pk=wanted.login).exists():
        problems["login"] = f"職員ID「{wanted.login}」はすでに使われています。例: {wanted.login}2"
    if problems or wanted.begins_at is None or wanted.ends_at is None:
        raise Incomplete(problems)
    seat = AidSeat.objects.create(
        municipality=by.municipality, name=wanted.name, login=wanted.login, home=wanted.home,
        home_name=wanted.home_name, begins_at=wanted.begins_at, ends_at=wanted.ends_at, proposed_by=by, proposed_at=at,
    )  # fmt: skip
    append(_event(seat, "seat.proposed", by))
    return seat


def approve(seat: AidSeat, by: Staff, password: str, at: datetime) -> Staff:
    """Let the locked ``seat`` be taken: the account is made, its holder chooses a password and a second factor.

    Raises:
        NotAllowed: by who proposed it. NotNow: it does not wait for approval. Incomplete: the login name is impossible.
    """
    if seat.proposed_by_id == by.id:
        raise NotAllowed("自分が申し出た席は、自分では承認できません。別の管理者か決裁者に頼んでください。")
    if seat.state(at) != "proposed":
        raise NotNow(f"この席は「{STATES[seat.state(at)]}」です。承認を待っていません。")
    event = _event(seat, "seat.approved", by)
    shown = f"{seat.name}({seat.home_name}・応援)"
    seat.staff = make_account(seat.municipality, seat.login, shown, (), password, audit=event, home=seat.home)
    seat.approved_by, seat.approved_at = by, at
    seat.save(update_fields=["staff", "approved_by", "approved_at"])
    return seat.staff


def end(seat: AidSeat, by: Staff, at: datetime) -> None:
    """Stop the locked ``seat`` (or take the proposal back): every session of it ends with this transaction.

    Raises:
        NotNow: it is over already.
    """
    if seat.state(at) in ("over", "ended"):
        raise NotNow("この席は、もう終わっています。")
    seat.ended_by, seat.ended_at = by, at
    seat.save(update_fields=["ended_by", "ended_at"])
    event = _event(seat, "seat.ended", by)
    if seat.staff is None:
        append(event)
        return
    seat.staff.active = False
    seat.staff.save(update_fields=["active"])
    end_sessions(seat.staff, audit=event)


def _event(seat: AidSeat, action: str, by: Staff) -> AuditEvent:
    facts = {
        "home": seat.home,
        "login": seat.login,
        "begins": seat.begins_at.isoformat(),
        "ends": seat.ends_at.isoformat(),
    }
    return AuditEvent(by.actor, action, f"seat:{seat.id}", seat.municipality, facts)
