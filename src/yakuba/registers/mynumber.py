"""The one door to 個人番号: look up a person by number, read a person's number, keep a number.

Looking up and reading open a transaction of their own, write who looked for what purpose, commit, and only then
answer: an access that was answered is logged, whatever the caller does next. Keeping a number is a write like any
other, in the caller's transaction.
"""

from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base.clock import now
from yakuba.base.tenancy import alone, current_municipality
from yakuba.registers.models import MyNumberAccess, MyNumberRecord
from yakuba.registers.mynumber_digits import MyNumber
from yakuba.registers.mynumber_keys import (
    MyNumberKeys,
    blind_index,
    read_keys,
    row_binding,
    sealed,
    unseal,
)
from yakuba.registers.purposes import purpose as purpose_named


def look_up(municipality: str, number: MyNumber, *, purpose: str, staff: str) -> str | None:
    """The 宛名番号 of the person with this 個人番号, or ``None``. Must not run inside a transaction.

    Raises:
        NotAPurpose: the purpose is not in the list (nothing is looked up).
        RuntimeError: inside a transaction, which could take the log entry back.
    """
    purpose_named(purpose)
    with alone(municipality):
        index = blind_index(keys(), municipality, number.reveal())
        found = MyNumberRecord.objects.filter(blind_index=index, valid_to=None).first()
        atena_number = found.atena_number if found else ""
        _log("look_up", purpose, staff, atena_number, found is not None)
    return atena_number or None


def read(municipality: str, atena_number: str, *, purpose: str, staff: str) -> MyNumber | None:
    """The person's present 個人番号, or ``None`` if none is kept. Must not run inside a transaction.

    Raises: as :func:`look_up`; InvalidTag where the stored value was changed or moved.
    """
    purpose_named(purpose)
    with alone(municipality):
        found = MyNumberRecord.objects.filter(atena_number=atena_number, valid_to=None).first()
        number = _opened(keys(), found) if found else None
        _log("read", purpose, staff, atena_number, found is not None)
    return number


def keep(
    atena_number: str, number: MyNumber, *, valid_from: date, audit: AuditEvent, synthetic: bool = False
) -> None:
    """Keep a person's 個人番号 (a changed number closes the one before). Inside ``under(municipality)``."""
    rows = MyNumberRecord.objects.select_for_update().filter(atena_number=atena_number)
    before = rows.order_by("-history_number").first()
    if before is not None and before.valid_to is None:
        eve = max(before.valid_from, valid_from - timedelta(days=1))
        MyNumberRecord.objects.filter(pk=before.pk).update(valid_to=eve)
    history_number = before.history_number + 1 if before else 1
    municipality, present = current_municipality(), keys()
    MyNumberRecord.objects.create(
        municipality=municipality, atena_number=atena_number, history_number=history_number,
        key_version=present.newest, sealed=sealed(present, municipality, atena_number, history_number, number.reveal()),
        blind_index=blind_index(present, municipality, number.reveal()), valid_from=valid_from, synthetic=synthetic,
    )  # fmt: skip
    log.append(audit)


def reseal(municipality: str, *, staff: str, batch: int = 500) -> int:
    """Seal up to ``batch`` numbers that an older key sealed again with the newest one; returns how many were left
    to do at the start. Repeat until 0. No number leaves this function."""
    with alone(municipality):
        present = keys()
        old = MyNumberRecord.objects.exclude(key_version=present.newest)
        count = old.count()
        for record in old.select_for_update().order_by("atena_number", "history_number")[:batch]:
            number = _opened(present, record)
            fresh = sealed(present, municipality, record.atena_number, record.history_number, number.reveal())
            MyNumberRecord.objects.filter(pk=record.pk).update(sealed=fresh, key_version=present.newest)
        if count:
            _log("reseal", "key_rotation", staff, "", found=True)
    return count


def keys() -> MyNumberKeys:
    """The zone's keys, from ``settings.MYNUMBER_KEYS``."""
    path = getattr(settings, "MYNUMBER_KEYS", "")
    if not path:
        raise ImproperlyConfigured("YAKUBA_MYNUMBER_KEYS is not set. Example: /srv/yakuba/keys/mynumber.json")
    return read_keys(Path(path))


def _opened(keys: MyNumberKeys, record: MyNumberRecord) -> MyNumber:
    bound_to = row_binding(record.municipality, record.atena_number, record.history_number)
    return MyNumber(unseal(keys, record.key_version, bytes(record.sealed), bound_to).decode())


def _log(operation: str, purpose: str, staff: str, atena_number: str, found: bool) -> None:
    municipality = current_municipality()
    MyNumberAccess.objects.create(
        municipality=municipality, at=now(), staff=staff, purpose=purpose, operation=operation,
        atena_number=atena_number, found=found,
    )  # fmt: skip
    subject = f"atena:{atena_number}" if atena_number else "atena:-"
    log.append(AuditEvent(staff, f"my_number.{operation}", subject, municipality, {"purpose": purpose}))


def accesses(atena_number: str, limit: int = 200) -> list[MyNumberAccess]:
    """Who has looked at the person's 個人番号, the latest first. Inside ``under(municipality)``; shows no number."""
    return list(MyNumberAccess.objects.filter(atena_number=atena_number).order_by("-at", "-id")[:limit])
