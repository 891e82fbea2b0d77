"""The zone's time-stamping authority (``YAKUBA_TSA``): it stamps the evidence of signatures, and notices."""

from functools import cache
from pathlib import Path

from django.conf import settings

from yakuba.base.clock import now
from yakuba.card.tsa import TestTsa


@cache
def _opened(folder: str, _keys: tuple[str, ...]) -> TestTsa:
    return TestTsa(Path(folder))


def authority() -> TestTsa:
    """The zone's authority; a new key in its folder is taken at once."""
    folder = Path(str(settings.TSA))
    return _opened(str(folder), tuple(sorted(path.name for path in folder.glob("private/stamp-*.key"))))


def can_stamp() -> bool:
    """Whether an authority is set; without one there is no evidence to keep, and notices carry no stamp."""
    return bool(getattr(settings, "TSA", ""))


def stamp(digest: bytes) -> bytes:
    """A token over ``digest`` by the zone's authority, now."""
    return authority().stamp(digest, at=now())
