"""The one clock. Rules never read it: callers at the edge read it once and hand the time in."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date in Japan: the date every deadline and every age is counted in."""
    return now().astimezone(JAPAN).date()


def japan_day(moment: datetime) -> date:
    """The day in Japan, where days that count legally are counted.

    Raises:
        ValueError: ``moment`` has no time zone.
    """
    return _aware(moment).astimezone(JAPAN).date()


def utc_text(moment: datetime) -> str:
    """``moment`` as RFC 3339 in UTC to the second, ``2026-11-23T09:00:00Z``: the only form that is signed.

    Raises:
        ValueError: ``moment`` has no time zone.
    """
    return _aware(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone: datetime(..., tzinfo=UTC)")
    return moment
