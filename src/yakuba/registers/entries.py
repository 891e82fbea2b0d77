"""Business registers: what holds for a person on a day, and writing what a decision changed, with history.

Runs inside ``under(municipality)``. A row that was written is never changed, except to say until when it held
(``valid_to``, once) or which later row replaces it (``superseded_by``, once).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q, QuerySet

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import now
from yakuba.base.tenancy import current_municipality
from yakuba.registers import catalogue
from yakuba.registers.models import AppliedEffect, NamedPerson, RegisterEntry, Resident
from yakuba.registers.people import NoSuchPerson, in_force


class DecidedEffect(Protocol):
    """What a rule says a register would get (``procedures.rules.decision.RegisterEffect`` is one)."""

    @property
    def register(self) -> str: ...
    @property
    def items(self) -> Mapping[str, object]: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Effect:
    """One change to one person's entry. ``id`` makes it happen once however often it is applied."""

    id: UUID
    register: str
    atena_number: str
    items: Mapping[str, object]
    valid_from: date
    valid_until: date | None = None

    @classmethod
    def decided(cls, effect: DecidedEffect, *, effect_id: UUID, atena_number: str) -> "Effect":
        """The rule's effect, for this person."""
        return cls(
            effect_id, effect.register, atena_number, effect.items, effect.valid_from, effect.valid_until
        )


class SameIdOtherEffect(ValueError):
    """An effect with this id was applied before, with other contents: nothing was changed."""

    def __init__(self, effect_id: UUID) -> None:
        self.effect_id = effect_id
        super().__init__(
            f"処分{effect_id}は、ちがう内容ですでに台帳へ登録されています。新しい処分には新しい番号を付けてください。"
        )


class PeriodBackwards(ValueError):
    """The effect ends before it begins."""


def current(register: str, atena_number: str, as_of: date, series: str | None = None) -> RegisterEntry | None:
    """The entry that holds on ``as_of``; of several series the latest one, unless ``series`` names one."""
    found = standing(register, atena_number).filter(in_force(as_of))
    if series is not None:
        found = found.filter(series=series)
    return found.order_by("-series", "-history_number").first()


def held(register: str, atena_number: str, as_of: date) -> RegisterEntry | None:
    """The entry that holds on ``as_of``, or else the next one already decided that begins later: what a second
    decision would collide with."""
    now_or_later = standing(register, atena_number).filter(Q(valid_to=None) | Q(valid_to__gte=as_of))
    return now_or_later.order_by("valid_from", "-series", "-history_number").first()


def listing(register: str, group: str, key: str, value: str, as_of: date) -> list[RegisterEntry]:
    """Whose entries, in force on ``as_of`` or beginning later, name ``value`` as ``key`` in their list ``group``.

    Raises:
        KeyError: the register's data-item list does not say that people are named there.
    """
    if catalogue.register(register).named[group] != key:
        raise KeyError(key)
    found = NamedPerson.objects.filter(register=register, group=group, value=value)
    naming = set(found.values_list("atena_number", "series", "history_number"))
    rows = RegisterEntry.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=as_of), register=register, superseded_by=None,
        atena_number__in={atena_number for atena_number, _, _ in naming},
    ).order_by("valid_from", "atena_number", "-history_number")  # fmt: skip
    return [row for row in rows if (row.atena_number, row.series, row.history_number) in naming]


def all_current(atena_number: str, as_of: date) -> list[RegisterEntry]:
    """Everything that holds for the person that day, in all registers."""
    found = RegisterEntry.objects.filter(in_force(as_of), atena_number=atena_number, superseded_by=None)
    found = found.filter(register__in=catalogue.codes())
    return list(found.order_by("register", "-series", "-history_number"))


def history(register: str, atena_number: str) -> list[RegisterEntry]:
    """Every row of the person in the register, replaced ones too, the newest first."""
    found = RegisterEntry.objects.filter(register=register, atena_number=atena_number)
    return list(found.order_by("-recorded_at", "-history_number"))


def standing(register: str, atena_number: str) -> QuerySet[RegisterEntry]:
    """The person's rows that no later row replaces."""
    return RegisterEntry.objects.filter(register=register, atena_number=atena_number, superseded_by=None)


def apply_effect(effect: Effect, audit: AuditEvent) -> RegisterEntry:
    """Write what was decided: close the row that held, open the next one.

    A state ends where the next begins. A decision that reaches back replaces what it overlaps, which stays
    readable; what held before its first and after its last day is kept.
    Applying the same effect again returns the row it made.

    Raises:
        NoSuchPerson, catalogue.UnknownRegister, catalogue.UnfitItems, SameIdOtherEffect, PeriodBackwards.
    """
    items = catalogue.check_items(effect.register, effect.items)
    if effect.valid_until and effect.valid_until < effect.valid_from:
        raise PeriodBackwards("終了日が開始日より前です。例: 開始日 2026-12-01、終了日 2027-11-30")
    series = catalogue.register(effect.register).series_of(items)
    _lock(effect.atena_number)
    digest = _digest(effect, items)
    if (before := AppliedEffect.objects.filter(effect_id=effect.id).first()) is not None:
        return _made_by(before, digest)
    entry = _open(effect, items, series)
    AppliedEffect.objects.create(
        municipality=entry.municipality, effect_id=effect.id, register=effect.register, series=series,
        atena_number=effect.atena_number, history_number=entry.history_number, digest=digest,
        applied_at=entry.recorded_at,
    )  # fmt: skip
    log.append(audit)
    return entry


def _lock(atena_number: str) -> None:
    """One writer a person at a time: the person's present row exists even before the first entry does."""
    locked = Resident.objects.select_for_update(no_key=True).filter(atena_number=atena_number, valid_to=None)
    if locked.first() is None:
        raise NoSuchPerson(atena_number)


def _digest(effect: Effect, items: Mapping[str, object]) -> str:
    return sha256_hex(
        canonical_bytes(
            {
                "register": effect.register,
                "atena_number": effect.atena_number,
                "items": items,
                "valid_from": effect.valid_from.isoformat(),
                "valid_until": effect.valid_until.isoformat() if effect.valid_until else None,
            }
        )
    )


def _made_by(applied: AppliedEffect, digest: str) -> RegisterEntry:
    if applied.digest != digest:
        raise SameIdOtherEffect(applied.effect_id)
    return RegisterEntry.objects.get(
        register=applied.register, atena_number=applied.atena_number, series=applied.series,
        history_number=applied.history_number,
    )  # fmt: skip


def _open(effect: Effect, items: dict[str, object], series: str) -> RegisterEntry:
    rows = RegisterEntry.objects.filter(
        register=effect.register, atena_number=effect.atena_number, series=series
    )
    last = rows.order_by("-history_number").first()
    number = last.history_number + 1 if last else 1
    kept = _make_room(rows.filter(superseded_by=None), effect, number)
    entry = _write(
        municipality=current_municipality(), register=effect.register, atena_number=effect.atena_number,
        series=series, history_number=number, valid_from=effect.valid_from, valid_to=effect.valid_until,
        items=items, effect_id=effect.id,
    )  # fmt: skip
    for offset, part in enumerate(kept, start=1):
        _copy(part, number + offset)
    return entry


@dataclass(frozen=True, slots=True)
class _Part:
    """What is left of a replaced row beside the effect's period."""

    row: RegisterEntry
    valid_from: date
    valid_to: date | None


def _make_room(rows: QuerySet[RegisterEntry], effect: Effect, number: int) -> list[_Part]:
    """Close the row that holds; mark as replaced what overlaps otherwise, and return what is left of it."""
    kept: list[_Part] = []
    eve = effect.valid_from - timedelta(days=1)
    for row in rows.order_by("history_number"):
        if not _overlaps(row, effect):
            continue
        if row.valid_from < effect.valid_from and row.valid_to is None:
            _set(row, valid_to=eve)
            continue
        _set(row, superseded_by=number)
        if row.valid_from < effect.valid_from:
            kept.append(_Part(row, row.valid_from, eve))
        elif effect.valid_until and (row.valid_to is None or row.valid_to > effect.valid_until):
            kept.append(_Part(row, effect.valid_until + timedelta(days=1), row.valid_to))
    return kept


def _overlaps(row: RegisterEntry, effect: Effect) -> bool:
    ends_before = row.valid_to is not None and row.valid_to < effect.valid_from
    begins_after = effect.valid_until is not None and row.valid_from > effect.valid_until
    return not (ends_before or begins_after)


def _set(row: RegisterEntry, **values: object) -> None:
    RegisterEntry.objects.filter(pk=row.pk).update(**values)


def _copy(part: _Part, number: int) -> None:
    row = part.row
    _write(
        municipality=row.municipality, register=row.register, atena_number=row.atena_number, series=row.series,
        history_number=number, valid_from=part.valid_from, valid_to=part.valid_to, items=row.items,
        effect_id=row.effect_id,
    )  # fmt: skip


def _write(**columns: Any) -> RegisterEntry:
    """One row, and whom it names."""
    entry = RegisterEntry.objects.create(recorded_at=now(), **columns)
    NamedPerson.objects.bulk_create(
        NamedPerson(
            municipality=entry.municipality, register=entry.register, group=group, value=value,
            atena_number=entry.atena_number, series=entry.series, history_number=entry.history_number,
        )
        for group, value in catalogue.register(entry.register).people_named(entry.items)
    )  # fmt: skip
    return entry
