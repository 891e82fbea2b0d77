"""What a topology consists of."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal

Layer = Literal["outside", "internet", "lgwan", "mynumber"]
LAYERS: tuple[Layer, ...] = ("outside", "internet", "lgwan", "mynumber")
"""From the outside world inward; ``outside`` is not the municipality's."""
Form = Literal["alpha", "alpha-dash", "beta", "beta-dash"]
Method = Literal["internal", "public", "mtls", "screen", "browsing", "breakout"]
Protocol = Literal["tcp", "udp"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a host or one side of a gateway is on its segment.

    Attributes:
        mac: the interface's hardware address; empty only for hosts that are not the municipality's.
    """

    interface: str
    ipv4: IPv4Address
    ipv6: IPv6Address
    mac: str

    def of(self, version: int) -> IPv4Address | IPv6Address:
        """The address in IP version 4 or 6."""
        return self.ipv4 if version == 4 else self.ipv6


@dataclass(frozen=True, slots=True)
class Zone:
    """One segment (層)."""

    id: str
    name: str
    layer: Layer
    ipv4: IPv4Network
    ipv6: IPv6Network

    def network(self, version: int) -> IPv4Network | IPv6Network:
        """The prefix in IP version 4 or 6."""
        return self.ipv4 if version == 4 else self.ipv6


@dataclass(frozen=True, slots=True)
class Service:
    """What a host listens for.

    Attributes:
        link: for a gateway's door, the mTLS link whose authority alone it trusts (``<outer>-<inner>``).
    """

    id: str
    name: str
    port: int
    protocol: Protocol
    link: str


@dataclass(frozen=True, slots=True)
class Host:
    """A machine with one address.

    Attributes:
        role: ``server``, ``terminal`` (業務端末), ``business`` (業務システム), ``cloud`` or ``anyone`` (the outside world).
        personal_number: whether it holds or shows 個人番号.
        endpoint: protections of a terminal, e.g. ``epp``, ``edr``.
    """

    id: str
    name: str
    zone: str
    role: str
    address: Address
    services: tuple[Service, ...]
    personal_number: bool
    endpoint: tuple[str, ...]

    @property
    def anyone(self) -> bool:
        """Whether it stands for every address of its zone."""
        return self.role == "anyone"


@dataclass(frozen=True, slots=True)
class Gateway:
    """A packet filter that forwards between the zones it joins (境界FW)."""

    id: str
    name: str
    joins: Mapping[str, Address]


@dataclass(frozen=True, slots=True)
class Flow:
    """A permitted communication; connections are opened by ``source`` only.

    Attributes:
        special: 特定通信, limited to one pair of addresses (MAC, IP) and one port.
        sanitised: whether every file that comes inward with it is rebuilt first (無害化).
    """

    id: str
    source: str
    target: str
    direction: Literal["inward", "outward", "within"]
    port: int
    protocol: Protocol
    method: Method
    purpose: str
    special: bool
    sanitised: bool


@dataclass(frozen=True, slots=True)
class Model:
    """One variant of the three-layer model (三層の対策), complete."""

    id: str
    name: str
    form: Form
    zones: Mapping[str, Zone]
    hosts: Mapping[str, Host]
    gateways: Mapping[str, Gateway]
    flows: Mapping[str, Flow]

    def layer(self, zone: str) -> int:
        """How far inside ``zone`` lies: 0 is outside."""
        return LAYERS.index(self.zones[zone].layer)

    def service(self, flow: Flow) -> Service | None:
        """The service at the flow's target, if there is one with its port and protocol."""
        found = self.hosts.get(flow.target)
        for service in found.services if found else ():
            if (service.port, service.protocol) == (flow.port, flow.protocol):
                return service
        return None

    def own_zones(self) -> list[Zone]:
        """The municipality's zones."""
        return [zone for zone in self.zones.values() if zone.layer != "outside"]


@dataclass(frozen=True, slots=True)
class Control:
    """A rule of the guideline, a specification or a decision of ours that a topology is checked against."""

    id: str
    name: str
    source: str
    says: str
    sure: bool
    note: str


@dataclass(frozen=True, slots=True)
class Violation:
    """What a topology breaks.

    Attributes:
        code: stable number, ``Z`` and three digits.
        control: id of the :class:`Control`.
        where: what in the file it is about, e.g. ``flows.lgwan-pull``.
    """

    code: str
    control: str
    where: str
    wrong: str
    mend: str
