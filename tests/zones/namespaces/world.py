"""Builds and removes the namespaces of a model, loads its rule sets, reads counters."""

import contextlib
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from yakuba.zones.topology.firewall import rule_sets
from yakuba.zones.topology.model import Address, Model
from yakuba.zones.topology.paths import path
from yakuba.zones.topology.probes import ports

_PREFIX = "yk"
_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
_numbers = itertools.count(1)
_AGENT = Path(__file__).with_name("agent.py")
WITNESS = """
table inet witness {
  set seen4 { type ipv4_addr . inet_service . inet_service; flags dynamic; size 65535; }
  set seen6 { type ipv6_addr . inet_service . inet_service; flags dynamic; size 65535; }
  chain after {
    type filter hook input priority 100;
    tcp flags & (syn | ack) == syn update @seen4 { ip saddr . tcp sport . tcp dport }
    tcp flags & (syn | ack) == syn update @seen6 { ip6 saddr . tcp sport . tcp dport }
  }
}
"""
"""Notes what a host has let in: it comes after the filter (priority 0), in the run without rules as well."""


def tool(*command: str, text: str = "") -> str:
    """Run a system tool; its words if it fails."""
    done = subprocess.run(
        command, input=text, text=True, capture_output=True, check=False, env={"PATH": _PATH, "LC_ALL": "C"}
    )
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}\n{text[:2000]}"
    return done.stdout


def why_not_here() -> str:
    """Why namespaces cannot be made on this machine; empty if they can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "network namespaces with packet filters need root on Linux"
    missing = [name for name in ("ip", "nft") if shutil.which(name, path=_PATH) is None]
    if missing:
        return f"{', '.join(missing)} not installed (scripts/debian-packages.sh installs them)"
    name = f"{_PREFIX}{os.getpid()}-try"
    try:
        tool("ip", "netns", "add", name)
        tool("ip", "netns", "exec", name, "nft", "-f", "-", text=WITNESS)
        tool("ip", "-n", name, "link", "add", "br0", "type", "bridge")
    except AssertionError as error:
        return f"the kernel refuses: {error}"
    finally:
        subprocess.run(["ip", "netns", "del", name], env={"PATH": _PATH}, capture_output=True, check=False)
    return ""


def needed() -> None:
    """Skip with the reason where there are no namespaces; as root in CI that is a failure."""
    reason = why_not_here()
    if reason and os.environ.get("CI") == "true" and os.geteuid() == 0:
        pytest.fail(f"CI as root must run this: {reason}")
    if reason:
        pytest.skip(reason)


class World:
    """The namespaces of one model. Machines are called by their names in the topology."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.prefix = f"{_PREFIX}{os.getpid()}-{next(_numbers)}-"
        self.machines = [*model.hosts, *model.gateways]
        self.agents: dict[str, subprocess.Popen[str]] = {}

    def space(self, machine: str) -> str:
        """The name of the machine's namespace."""
        return f"{self.prefix}{machine}"

    def inside(self, machine: str, *command: str) -> list[str]:
        """``command`` as it is run on the machine."""
        return ["ip", "netns", "exec", self.space(machine), *command]

    def interfaces(self) -> Iterator[tuple[str, str, Address]]:
        """(machine, zone, address) of every interface."""
        for host in self.model.hosts.values():
            yield host.id, host.zone, host.address
        for gateway in self.model.gateways.values():
            for zone, address in gateway.joins.items():
                yield gateway.id, zone, address

    def plug(self, host: str) -> str:
        """The switch's side of the wire to a host."""
        return f"p{[machine for machine, _, _ in self.interfaces()].index(host)}"

    def mac(self, host: str) -> str:
        """The hardware address of a host; those outside get theirs from the kernel."""
        address = self.model.hosts[host].address
        if address.mac:
            return address.mac
        return str(
            json.loads(tool("ip", "-n", self.space(host), "-j", "link", "show", address.interface))[0][
                "address"
            ]
        )

    # -- building -------------------------------------------------------------------------------

    def build(self) -> None:
        """Namespaces, wires, addresses, routes in all directions, and forwarding on: without rules all is open."""
        switch = self.space("switch")
        tool(
            "ip",
            "-batch",
            "-",
            text="".join(f"netns add {self.space(m)}\n" for m in (*self.machines, "switch")),
        )
        # ageing 0: a hub that sends every frame everywhere, so that taking a neighbour's MAC address cuts nobody off
        bridges = "".join(
            f"link add br-{zone} type bridge mcast_snooping 0 ageing_time 0\nlink set br-{zone} up\n"
            for zone in self.model.zones
        )
        tool("ip", "-n", switch, "-batch", "-", text=bridges)
        wires = list(self.interfaces())
        plug = "".join(
            f"link add {a.interface} netns {self.space(m)}{f' address {a.mac}' if a.mac else ''} type veth "
            f"peer name p{n} netns {switch}\n"
            for n, (m, _, a) in enumerate(wires)
        )
        tool("ip", "-batch", "-", text=plug)
        joined = "".join(f"link set p{n} master br-{zone} up\n" for n, (_, zone, _) in enumerate(wires))
        tool("ip", "-n", switch, "-batch", "-", text=joined)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self._configure, self.machines))

    def _configure(self, machine: str) -> None:
        forwarding = int(machine in self.model.gateways)
        settings = {
            "ipv4/ip_forward": forwarding, "ipv6/conf/all/forwarding": forwarding,
            "ipv4/conf/all/rp_filter": 0, "ipv4/conf/default/rp_filter": 0, "ipv6/conf/all/disable_ipv6": 0,
        }  # fmt: skip
        script = "".join(f"echo {value} > /proc/sys/net/{name}\n" for name, value in settings.items())
        tool(*self.inside(machine, "sh", "-e"), text=script)
        lines = ["link set lo up"]
        for name, zone, address in self.interfaces():
            if name != machine:
                continue
            network = self.model.zones[zone]
            lines += [
                f"addr add {address.ipv4}/{network.ipv4.prefixlen} dev {address.interface}",
                f"addr add {address.ipv6}/{network.ipv6.prefixlen} dev {address.interface} nodad",
                f"link set {address.interface} up",
            ]
        lines += self.routes(machine)
        tool("ip", "-n", self.space(machine), "-batch", "-", text="\n".join(lines) + "\n")
        if machine in self.model.hosts:
            tool(*self.inside(machine, "nft", "-f", "-"), text=WITNESS)

    def routes(self, machine: str) -> Iterator[str]:
        """To every zone the machine is not in, by the first gateway on the way."""
        here = [zone for name, zone, _ in self.interfaces() if name == machine]
        for zone in self.model.zones.values():
            if zone.id in here:
                continue
            ways = [hops for start in here if (hops := path(self.model, start, zone.id))]
            hops = min((way for way in ways if way[0].gateway.id != machine), key=len)
            for version in (4, 6):
                yield f"route add {zone.network(version)} via {hops[0].near.of(version)}"

    def listen(self) -> None:
        """On every machine every port of the town answers; ready when this returns."""
        for machine in self.machines:
            self.agents[machine] = subprocess.Popen(
                self.inside(machine, sys.executable, "-S", str(_AGENT)), stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, text=True, env={"PATH": _PATH},
            )  # fmt: skip
        addresses: dict[str, list[str]] = {machine: [] for machine in self.machines}
        for machine, _, address in self.interfaces():
            addresses[machine] += [str(address.ipv4), str(address.ipv6)]
        self.order({
            machine: {"do": "listen", "name": machine, "addresses": its, "ports": ports(self.model)}
            for machine, its in addresses.items()
        })  # fmt: skip

    def order(self, orders: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """Give each machine its order, all at once; their answers."""
        for machine, order in orders.items():
            stdin = self.agents[machine].stdin
            assert stdin
            stdin.write(json.dumps(order) + "\n")
            stdin.flush()
        answers = {}
        for machine in orders:
            stdout = self.agents[machine].stdout
            assert stdout
            answers[machine] = json.loads(stdout.readline())
        return answers

    # -- rules ----------------------------------------------------------------------------------

    def load_rules(self, change: Callable[[str], str] = str) -> None:
        """What `yakuba zones render` writes, on every machine (``change`` spoils it, to see that this is noticed)."""
        for machine, text in rule_sets(self.model).items():
            tool(*self.inside(machine, "nft", "-f", "-"), text=change(text))

    def take_over_hosts(self) -> None:
        """As if every host were in an attacker's hands: their own filters let everything out."""
        for host in self.model.hosts.values():
            if self.model.layer(host.zone):
                freed = "flush chain inet yakuba output\nchain inet yakuba output { policy accept; }\n"
                tool(*self.inside(host.id, "nft", "-f", "-"), text=freed)

    def counters(self, machine: str) -> dict[str, int]:
        """Packets by counter."""
        listed = json.loads(tool(*self.inside(machine, "nft", "-j", "list", "counters")))["nftables"]
        return {each["counter"]["name"]: each["counter"]["packets"] for each in listed if "counter" in each}

    def let_in(self, machine: str) -> set[tuple[str, int, int]]:
        """(source address, source port, port) of the connections the host's filter has let in."""
        seen = set()
        for name in ("seen4", "seen6"):
            told = json.loads(
                tool(*self.inside(machine, "nft", "-j", "list", "set", "inet", "witness", name))
            )
            for part in told["nftables"]:
                for each in part.get("set", {}).get("elem", []):
                    value = each["elem"]["val"] if "elem" in each else each
                    seen.add(tuple(value["concat"]))
        return seen

    # -- removing -------------------------------------------------------------------------------

    def remove(self) -> None:
        """Whatever has been made, in whatever state it is."""
        for agent in self.agents.values():
            agent.kill()
            agent.wait()
            for pipe in (agent.stdin, agent.stdout):
                if pipe:
                    with contextlib.suppress(OSError):
                        pipe.close()
        for line in tool("ip", "netns", "list").splitlines():
            name = line.split()[0]
            if name.startswith(self.prefix):
                tool("ip", "netns", "del", name)


def _forget_the_dead() -> None:
    """Namespaces of a test run that was killed."""
    for line in tool("ip", "netns", "list").splitlines():
        name = line.split()[0]
        owner = name.removeprefix(_PREFIX).split("-")[0]
        if name.startswith(_PREFIX) and owner.isdigit() and not Path(f"/proc/{owner}").exists():
            tool("ip", "netns", "del", name)


@contextlib.contextmanager
def world(model: Model) -> Iterator[World]:
    """A network that is there, and gone afterwards."""
    _forget_the_dead()
    made = World(model)
    try:
        made.build()
        yield made
    finally:
        made.remove()
