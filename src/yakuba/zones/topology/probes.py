"""What is to be tried on the real network: every source, target, port, protocol and IP version, with what must happen."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from itertools import product

from yakuba.zones.topology.model import Flow, Model, Protocol

EXTRA_PORTS: tuple[tuple[int, Protocol], ...] = ((22, "tcp"), (5432, "tcp"), (53, "udp"))
"""Ports that no flow permits: remote login, the database, names. Tried on every machine."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A host, or one side of a gateway."""

    name: str
    zone: str
    ipv4: IPv4Address
    ipv6: IPv6Address

    def address(self, version: int) -> str:
        """The address in IP version 4 or 6."""
        return str(self.ipv4 if version == 4 else self.ipv6)


@dataclass(frozen=True, slots=True)
class Probe:
    """One attempt; ``flow`` is the id of the flow that permits it, or empty if it must be blocked."""

    source: str
    target: str
    side: str
    address: str
    port: int
    protocol: Protocol
    version: int
    flow: str

    @property
    def open(self) -> bool:
        """Whether it must get through."""
        return bool(self.flow)


def ports(model: Model) -> list[tuple[int, Protocol]]:
    """Every port that any host offers, and some that none does."""
    offered = {(s.port, s.protocol) for host in model.hosts.values() for s in host.services}
    return sorted(offered | set(EXTRA_PORTS))


def machines(model: Model) -> list[Machine]:
    """Every address there is to try."""
    found = [Machine(h.id, h.zone, h.address.ipv4, h.address.ipv6) for h in model.hosts.values()]
    for gateway in model.gateways.values():
        found += [Machine(gateway.id, zone, a.ipv4, a.ipv6) for zone, a in gateway.joins.items()]
    return found


def probes(model: Model) -> Iterator[Probe]:
    """All attempts. Between two machines outside there is nothing of ours to try."""
    sources = [*model.hosts, *model.gateways]
    for source, target, (port, protocol), version in product(sources, machines(model), ports(model), (4, 6)):
        ours = source in model.gateways or model.layer(model.hosts[source].zone) > 0
        if source == target.name or not (ours or model.layer(target.zone) or target.name in model.gateways):
            continue
        flow = permitting(model, source, target.name, port, protocol)
        yield Probe(
            source,
            target.name,
            target.zone,
            target.address(version),
            port,
            protocol,
            version,
            flow.id if flow else "",
        )


def permitting(model: Model, source: str, target: str, port: int, protocol: str) -> Flow | None:
    """The flow that permits an attempt, said independently of how the packet filters are made."""
    for flow in model.flows.values():
        if (flow.port, flow.protocol) != (port, protocol):
            continue
        if _stands_for(model, flow.source, source) and _stands_for(model, flow.target, target):
            return flow
    return None


def _stands_for(model: Model, named: str, machine: str) -> bool:
    if named == machine:
        return True
    host = model.hosts.get(machine)
    return host is not None and model.hosts[named].anyone and host.zone == model.hosts[named].zone


@dataclass(frozen=True, slots=True)
class Forgery:
    """A packet to ``target`` that ``attacker`` sends with the address of the flow's permitted source.

    Attributes:
        mac: whether the hardware address is forged, too (then only mTLS is left to refuse it).
        passes: whether it reaches the target's service port.
    """

    flow: str
    attacker: str
    forged: str
    target: str
    port: int
    version: int
    mac: bool
    passes: bool


def forgeries(model: Model) -> Iterator[Forgery]:
    """Every permitted TCP source, forged by every other host. With the hardware address of the neighbour forged as
    well, a packet from inside the source's or the target's own segment cannot be told apart by any packet filter."""
    for flow, attacker, version in product(model.flows.values(), model.hosts.values(), (4, 6)):
        source, target = model.hosts[flow.source], model.hosts[flow.target]
        if flow.protocol != "tcp" or source.anyone or target.anyone or attacker.id in (source.id, target.id):
            continue
        if not model.layer(target.zone) and attacker.zone == target.zone:
            continue  # both outside: nothing of ours lies between
        forged, real = str(source.address.of(version)), str(target.address.of(version))
        yield Forgery(flow.id, attacker.id, forged, real, flow.port, version, mac=False, passes=False)
        if attacker.zone in (source.zone, target.zone):
            yield Forgery(flow.id, attacker.id, forged, real, flow.port, version, mac=True, passes=True)
