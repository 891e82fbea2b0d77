"""Which way a message goes: internet – lgwan – mynumber, a line of three with lgwan in the middle."""

from yakuba.gateway.envelope import ZONES

_NEIGHBOURS = {"internet": ("lgwan",), "lgwan": ("internet", "mynumber"), "mynumber": ("lgwan",)}


def next_hop(here: str, recipient: str) -> str:
    """The neighbour of ``here`` that is nearer to ``recipient``."""
    if recipient in _NEIGHBOURS[here]:
        return recipient
    (only,) = _NEIGHBOURS[here]  # from either end everything goes through the middle
    return only


def outward_neighbour(here: str) -> str | None:
    """The zone that ``here`` opens connections to (nearer to the internet), or ``None`` at the outer end."""
    position = ZONES.index(here)
    return ZONES[position - 1] if position else None


def inward_neighbour(here: str) -> str | None:
    """The zone that opens connections to ``here``, or ``None`` at the inner end."""
    position = ZONES.index(here)
    return ZONES[position + 1] if position + 1 < len(ZONES) else None


def goes_inward(sender: str, recipient: str) -> bool:
    """Whether a message leaves the internet's side, so that its files are sanitised on the way."""
    return ZONES.index(sender) < ZONES.index(recipient)
