"""nftables rule sets: one per machine of the municipality, IPv4 and IPv6, everything dropped that no flow permits.

Every flow has a counter of its own in each IP version, on both ends and on every gateway on its way. Packets are let
in by interface, hardware address of the neighbour they come from, both IP addresses, protocol and port (特定通信).
"""

from collections.abc import Iterator

from yakuba.zones.topology.model import Address, Flow, Gateway, Host, Model
from yakuba.zones.topology.paths import behind, path

_NEIGHBOURS = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept"
_LISTENERS = (
    "icmpv6 type { mld-listener-report, mld2-listener-report } accept"  # so that switches forward the above
)
_FAMILY = {4: "ip", 6: "ip6"}
_VERSIONS = (4, 6)


def rule_sets(model: Model) -> dict[str, str]:
    """The rule set of each machine that is the municipality's, by name; ``model`` has been checked."""
    sets = {
        host.id: _ruleset(model, host.name, _host_chains(model, host))
        for host in model.hosts.values()
        if model.layer(host.zone)
    }
    return sets | {
        gateway.id: _ruleset(model, gateway.name, _gateway_chains(model, gateway))
        for gateway in model.gateways.values()
    }


def counter(flow: Flow, version: int) -> str:
    """The name of the flow's counter."""
    return f"flow-{flow.id}-v{version}"


Chains = dict[str, list[str]]


def _ruleset(model: Model, name: str, chains: Chains) -> str:
    counters = {"invalid", *(f"refused-{chain}" for chain in chains)}
    counters |= {
        part.split()[0]
        for rules in chains.values()
        for rule in rules
        for part in rule.split("counter name ")[1:]
    }
    lines = [
        "#!/usr/sbin/nft -f",
        f"# {name}({model.name})。yakuba zones render が作りました。直すのはトポロジーのファイルです。",
        "table inet yakuba",
        "delete table inet yakuba",
        "table inet yakuba {",
        *(f"  counter {each} {{ }}" for each in sorted(counters)),
    ]
    for chain in ("input", "forward", "output"):
        lines += _chain(chain, chains.get(chain))
    return "\n".join([*lines, "}", ""])


def _chain(name: str, rules: list[str] | None) -> Iterator[str]:
    yield f"  chain {name} {{"
    yield f"    type filter hook {name} priority filter; policy drop;"
    for rule in rules or ():
        yield f"    {rule}"
    if rules is not None:
        yield f"    counter name refused-{name}"
    yield "  }"


def _stateful() -> list[str]:
    return ["ct state invalid counter name invalid drop", "ct state established,related accept"]


def _host_chains(model: Model, host: Host) -> Chains:
    come = [flow for flow in model.flows.values() if flow.target == host.id]
    go = [flow for flow in model.flows.values() if flow.source == host.id]
    return {
        "input": ["iif lo accept", _NEIGHBOURS, *_stateful(), *(r for f in come for r in _arrivals(model, f, host))],
        "output": [
            "oif lo accept", _NEIGHBOURS, _LISTENERS, *_stateful(), *(r for f in go for r in _departures(model, f, host)),
        ],
    }  # fmt: skip


def _gateway_chains(model: Model, gateway: Gateway) -> Chains:
    return {
        "input": [_NEIGHBOURS, *_stateful()],
        "forward": [
            *_forged(model, gateway),
            *_stateful(),
            *(r for f in model.flows.values() for r in _passages(model, f, gateway)),
        ],
        "output": [_NEIGHBOURS, _LISTENERS, *_stateful()],
    }


def _arrivals(model: Model, flow: Flow, host: Host) -> Iterator[str]:
    """At the target: from the neighbour that the way ends with."""
    source = model.hosts[flow.source]
    hops = path(model, source.zone, host.zone) or ()
    neighbour = hops[-1].far if hops else source.address
    for version in _VERSIONS:
        yield " ".join(
            filter(
                None,
                [f'iifname "{host.address.interface}"', _from_mac(neighbour), _match(model, flow, version)],
            )
        )


def _departures(model: Model, flow: Flow, host: Host) -> Iterator[str]:
    for version in _VERSIONS:
        yield f'oifname "{host.address.interface}" {_match(model, flow, version)}'


def _passages(model: Model, flow: Flow, gateway: Gateway) -> Iterator[str]:
    """On a gateway on the way: from the neighbour before it, in by one interface and out by the other."""
    source, target = model.hosts[flow.source], model.hosts[flow.target]
    hops = path(model, source.zone, target.zone) or ()
    neighbour = source.address
    for hop in hops:
        if hop.gateway.id == gateway.id:
            mac = "" if source.anyone and hop is hops[0] else _from_mac(neighbour)
            ways = f'iifname "{hop.near.interface}" oifname "{hop.far.interface}"'
            for version in _VERSIONS:
                yield " ".join(filter(None, [ways, mac, _match(model, flow, version)]))
        neighbour = hop.far


def _match(model: Model, flow: Flow, version: int) -> str:
    return " ".join(
        [
            _end(model, model.hosts[flow.source], "saddr", version),
            _end(model, model.hosts[flow.target], "daddr", version),
            f"{flow.protocol} dport {flow.port} ct state new counter name {counter(flow, version)} accept",
        ]
    )


def _end(model: Model, host: Host, field: str, version: int) -> str:
    """One address; for "anyone" every address that is not the municipality's."""
    family = _FAMILY[version]
    if not host.anyone:
        return f"{family} {field} {host.address.of(version)}"
    return f"{family} {field} != {_networks(model, [zone.id for zone in model.own_zones()], version)}"


def _from_mac(neighbour: Address) -> str:
    return f"ether saddr {neighbour.mac}" if neighbour.mac else ""


def _networks(model: Model, zones: list[str], version: int) -> str:
    return "{ " + ", ".join(str(model.zones[zone].network(version)) for zone in sorted(zones)) + " }"


def _forged(model: Model, gateway: Gateway) -> Iterator[str]:
    """Source addresses that cannot come in by an interface (RFC 2827, ingress filtering)."""
    for side, address in gateway.joins.items():
        here = behind(model, gateway, side)
        outside = any(not model.layer(zone) for zone in here)
        for version in _VERSIONS:
            elsewhere = [zone.id for zone in model.own_zones() if zone.id not in here]
            wrong = (
                _networks(model, elsewhere, version)
                if outside
                else f"!= {_networks(model, list(here), version)}"
            )
            yield (
                f'iifname "{address.interface}" {_FAMILY[version]} saddr {wrong} counter name forged-{side}-v{version} drop'
            )
