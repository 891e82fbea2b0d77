"""Which gateways lie between two zones."""

from collections import deque
from dataclasses import dataclass
from itertools import permutations

from yakuba.zones.topology.model import Address, Gateway, Model


@dataclass(frozen=True, slots=True)
class Hop:
    """One gateway on the way, entered from one zone and left into another."""

    gateway: Gateway
    enters: str
    leaves: str

    @property
    def near(self) -> Address:
        """Its address on the side of the source."""
        return self.gateway.joins[self.enters]

    @property
    def far(self) -> Address:
        """Its address on the side of the target."""
        return self.gateway.joins[self.leaves]


def path(model: Model, source: str, target: str) -> tuple[Hop, ...] | None:
    """The shortest way between two zones, the same both ways; ``None`` if no gateways join them."""
    if (
        source > target
    ):  # one of the two directions is searched, so that answers come the way the questions went
        back = path(model, target, source)
        return back and tuple(Hop(hop.gateway, hop.leaves, hop.enters) for hop in reversed(back))
    waiting: deque[tuple[str, tuple[Hop, ...]]] = deque([(source, ())])
    seen = {source}
    while waiting:
        zone, hops = waiting.popleft()
        if zone == target:
            return hops
        for hop in _onward(model, zone):
            if hop.leaves not in seen:
                seen.add(hop.leaves)
                waiting.append((hop.leaves, (*hops, hop)))
    return None


def _onward(model: Model, zone: str) -> list[Hop]:
    return [
        Hop(gateway, zone, other)
        for gateway in model.gateways.values()
        if zone in gateway.joins
        for other in gateway.joins
        if other != zone
    ]


def behind(model: Model, gateway: Gateway, side: str) -> set[str]:
    """The zones whose packets ``gateway`` forwards come in on its ``side``."""
    return {
        source
        for source, target in permutations(model.zones, 2)
        if any(hop.gateway == gateway and hop.enters == side for hop in path(model, source, target) or ())
    }
