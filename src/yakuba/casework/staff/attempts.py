"""Slowing down guesses without locking people out.

After five failures in a row each further one doubles the wait, up to fifteen minutes. Failures are counted apart
for each browser that has signed in to the account before (its cookie proves it) and for all unknown browsers
together: whoever hammers an account from outside slows down outsiders, not the person at her own desk.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db.models import F

from yakuba.casework.staff.models import Attempt

FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)
DEVICE_COOKIE = "yakuba_known_desk"
DEVICE_AGE = 180 * 24 * 3600
_SALT = "yakuba.staff.device"
UNKNOWN_DEVICE = "unknown"


def wait_after(failures: int) -> timedelta:
    """How long after the ``failures``-th failure in a row the next try is refused unseen."""
    if failures < FREE_TRIES:
        return timedelta()
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(failures - FREE_TRIES + 1, 12)))


def device_cookie_name() -> str:
    """With the prefix the zone's other cookies have over TLS."""
    return f"__Host-{DEVICE_COOKIE}" if settings.SESSION_COOKIE_SECURE else DEVICE_COOKIE


def device_of(cookie: str | None, login: str) -> str:
    """The browser's own counter if its cookie shows that it has signed in to ``login`` before."""
    try:
        known = signing.loads(cookie or "", salt=_SALT, max_age=DEVICE_AGE)
    except signing.BadSignature:
        return UNKNOWN_DEVICE
    return str(known["device"]) if known.get("login") == login else UNKNOWN_DEVICE


def device_cookie(login: str, device: str) -> str:
    """What a browser keeps after it has signed in."""
    return signing.dumps({"login": login, "device": device}, salt=_SALT)


def still_waiting(login: str, device: str, at: datetime) -> timedelta:
    """How much longer this browser must wait before another try at ``login`` (zero: not at all)."""
    row = Attempt.objects.filter(login=login, device=device).first()
    return max(timedelta(), row.wait_until - at) if row and row.wait_until else timedelta()


def failed(login: str, device: str, at: datetime) -> None:
    """Count one failure; safe under concurrent tries (the database adds)."""
    Attempt.objects.get_or_create(login=login, device=device, defaults={"last_at": at})
    Attempt.objects.filter(login=login, device=device).update(failures=F("failures") + 1, last_at=at)
    row = Attempt.objects.get(login=login, device=device)
    Attempt.objects.filter(pk=row.pk).update(wait_until=at + wait_after(row.failures))


def succeeded(login: str, device: str) -> None:
    """A success ends the row of failures of this browser."""
    Attempt.objects.filter(login=login, device=device).delete()
