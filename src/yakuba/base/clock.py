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


def utc_text(moment: datetime) -> str:
    """``moment`` as RFC 3339 in UTC to the second, ``2026-11-23T09:00:00Z``: the only form that is signed."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
