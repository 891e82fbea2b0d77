"""Trying everything on a world, and what came of it."""

import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.zones.namespaces.world import World, world
from yakuba.zones.topology.firewall import rule_sets
from yakuba.zones.topology.model import Model
from yakuba.zones.topology.paths import path
from yakuba.zones.topology.probes import Forgery, Probe, forgeries, probes

PATIENCE = 2.5
"""Seconds for all attempts of a machine together. A SYN is sent again after one second."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A probe and what answered: a machine's name, or ``!`` and what happened instead."""

    probe: Probe
    answer: str

    @property
    def through(self) -> bool:
        """Whether the very machine that was meant has answered."""
        return self.answer == self.probe.target

    @property
    def as_demanded(self) -> bool:
        """Whether what happened is what the topology says."""
        return self.through == self.probe.open


def try_all(world: World, *, all_open: bool = False) -> list[Tried]:
    """Every probe of the model, all machines at once. What should have answered and was too slow (a busy machine)
    is asked once more; what must be blocked has had its chance.

    Args:
        all_open: whether everything should answer: the run without rules.
    """
    wanted = list(probes(world.model))
    tried = _try(world, wanted, PATIENCE)
    late = [each.probe for each in tried if not each.through and (all_open or each.probe.open)]
    again = {each.probe: each for each in _try(world, late, 4 * PATIENCE)} if late else {}
    return [again.get(each.probe, each) for each in tried]


def _try(world: World, wanted: list[Probe], seconds: float) -> list[Tried]:
    by_source: dict[str, list[Probe]] = defaultdict(list)
    for probe in wanted:
        by_source[probe.source].append(probe)
    answers = world.order({
        source: {
            "do": "attempt",
            "seconds": seconds,
            "attempts": [
                {"address": p.address, "port": p.port, "protocol": p.protocol, "version": p.version} for p in group
            ],
        }
        for source, group in by_source.items()
    })  # fmt: skip
    return [
        Tried(probe, answer)
        for source, group in by_source.items()
        for probe, answer in zip(group, answers[source], strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Forged:
    """A forgery and whether the target's host has let it in."""

    forgery: Forgery
    arrived: bool


def forge_all(world: World, first_mark: int, *, macs: bool) -> list[Forged]:
    """Every forgery of the model (with forged hardware addresses or without), told apart by source port."""
    wanted = [forgery for forgery in forgeries(world.model) if forgery.mac == macs]
    orders: dict[str, list[dict[str, object]]] = defaultdict(list)
    for mark, forgery in enumerate(wanted, first_mark):
        mac_from, mac_to = _macs(world, forgery)
        orders[forgery.attacker].append({
            "from": forgery.forged, "to": forgery.target, "port": forgery.port, "version": forgery.version,
            "mark": mark, "mac_from": mac_from, "mac_to": mac_to,
        })  # fmt: skip
    world.order({
        attacker: {"do": "forge", "interface": world.model.hosts[attacker].address.interface, "packets": packets}
        for attacker, packets in orders.items()
    })  # fmt: skip
    let_in = _settled(world)
    return [
        Forged(f, (f.forged, mark, f.port) in let_in[world.model.flows[f.flow].target])
        for mark, f in enumerate(wanted, first_mark)
    ]


def _settled(world: World) -> dict[str, set[tuple[str, int, int]]]:
    """What each host has let in, once nothing more comes."""
    before: dict[str, set[tuple[str, int, int]]] = {}
    while True:
        time.sleep(0.4)
        now = {host: world.let_in(host) for host in world.model.hosts}
        if now == before:
            return now
        before = now


def _macs(world: World, forgery: Forgery) -> tuple[str, str]:
    """The hardware addresses a frame of the attacker goes from and to."""
    model = world.model
    attacker, flow = model.hosts[forgery.attacker], model.flows[forgery.flow]
    hops = path(model, attacker.zone, model.hosts[flow.target].zone) or ()
    mac_to = hops[0].near.mac if hops else world.mac(flow.target)
    return (neighbour_mac(model, forgery) if forgery.mac else world.mac(attacker.id)), mac_to


def neighbour_mac(model: Model, forgery: Forgery) -> str:
    """Whose hardware address the attacker must take: the source's own in its segment, the last gateway's in the target's."""
    flow, attacker = model.flows[forgery.flow], model.hosts[forgery.attacker]
    source, target = model.hosts[flow.source], model.hosts[flow.target]
    if attacker.zone == source.zone:
        return source.address.mac
    return (path(model, source.zone, target.zone) or ())[-1].far.mac


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was tried on one model.

    Attributes:
        control: without any rules.
        ruled: with the rule sets loaded.
        taken_over: with the rule sets, but no host holds anything back that it sends.
        forged_free: forged source addresses without rules; ``forged`` and ``forged_macs`` with them.
        counters: packets, by machine and counter, at the end.
    """

    model: Model
    control: list[Tried]
    forged_free: list[Forged]
    ruled: list[Tried]
    taken_over: list[Tried]
    forged: list[Forged]
    forged_macs: list[Forged]
    counters: dict[str, dict[str, int]]


def find_out_all(models: Iterable[Model]) -> list[Findings]:
    """Two at a time: most of it is waiting for what does not answer."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(find_out, models))


def find_out(model: Model) -> Findings:
    """Build the model's network and try everything on it."""
    with world(model) as made:
        made.listen()
        control, forged_free = try_all(made, all_open=True), forge_all(made, 20_000, macs=False)
        made.load_rules()
        ruled = try_all(made)
        made.take_over_hosts()
        taken_over = try_all(made)
        forged, macs = forge_all(made, 24_000, macs=False), forge_all(made, 28_000, macs=True)
        counters = {name: made.counters(name) for name in rule_sets(model)}
    return Findings(model, control, forged_free, ruled, taken_over, forged, macs, counters)
