"""Whether a topology agrees with itself: the checks that come before any control."""

from collections import Counter
from collections.abc import Iterator

from yakuba.zones.topology.model import LAYERS, Address, Model, Violation
from yakuba.zones.topology.paths import path


def _wrong(code: str, where: str, wrong: str, mend: str, control: str = "data") -> Violation:
    return Violation(code, control, where, wrong, mend)


def layers(model: Model) -> Iterator[Violation]:
    """Each layer is one zone."""
    count = Counter(zone.layer for zone in model.zones.values())
    for layer in LAYERS:
        if count[layer] != 1:
            yield _wrong(
                "Z001",
                "zones",
                f"layer が {layer} の層が {count[layer]} 個あります。",
                "ちょうど一つにしてください。",
            )


def prefixes(model: Model) -> Iterator[Violation]:
    """No two zones share addresses."""
    zones = list(model.zones.values())
    for place, one in enumerate(zones):
        for other in zones[place + 1 :]:
            if one.ipv4.overlaps(other.ipv4) or one.ipv6.overlaps(other.ipv6):
                yield _wrong(
                    "Z002",
                    f"zones.{one.id}",
                    f"{other.id} とアドレスの範囲が重なっています。",
                    "重ならない範囲に分けてください。例: 10.20.1.0/24 と 10.20.2.0/24",
                )


def addresses(model: Model) -> Iterator[Violation]:
    """Every address lies in its zone and belongs to one interface."""
    seen: dict[str, str] = {}
    for where, zone, address in _interfaces(model):
        if zone not in model.zones:
            yield _wrong(
                "Z003",
                where,
                f"層 {zone} はありません。",
                f"{', '.join(model.zones)} のどれかにしてください。",
            )
            continue
        for version in (4, 6):
            network = model.zones[zone].network(version)
            if address.of(version) not in network:
                yield _wrong(
                    "Z004",
                    where,
                    f"{address.of(version)} は {zone} の範囲 {network} にありません。",
                    f"{network} の中のアドレスにしてください。例: {network[10]}",
                )
        for value in filter(None, (str(address.ipv4), str(address.ipv6), address.mac)):
            if value in seen:
                yield _wrong(
                    "Z004", where, f"{value} は {seen[value]} も使っています。", "別の値にしてください。"
                )
            seen.setdefault(value, where)


def _interfaces(model: Model) -> Iterator[tuple[str, str, Address]]:
    for host in model.hosts.values():
        yield f"hosts.{host.id}", host.zone, host.address
    for gateway in model.gateways.values():
        for zone, address in gateway.joins.items():
            yield f"gateways.{gateway.id}.joins.{zone}", zone, address


def names(model: Model) -> Iterator[Violation]:
    """A machine has one name, and a gateway's interfaces differ."""
    for name in sorted(set(model.hosts) & set(model.gateways)):
        yield _wrong(
            "Z005", f"hosts.{name}", "同じ名前の境界があります。", "どちらかの名前を変えてください。"
        )
    for gateway in model.gateways.values():
        if len({address.interface for address in gateway.joins.values()}) < len(gateway.joins):
            yield _wrong(
                "Z005",
                f"gateways.{gateway.id}",
                "同じ interface を二度使っています。",
                "口ごとに名前を分けてください。",
            )


def services(model: Model) -> Iterator[Violation]:
    """A host listens once on each port."""
    for host in model.hosts.values():
        count = Counter((service.port, service.protocol) for service in host.services)
        for (port, protocol), times in count.items():
            if times > 1:
                yield _wrong(
                    "Z006",
                    f"hosts.{host.id}",
                    f"{port}/{protocol} が {times} 回あります。",
                    "ポートを分けてください。",
                )


def anyone(model: Model) -> Iterator[Violation]:
    """Only the outside world is "anyone"."""
    for host in model.hosts.values():
        if host.anyone and model.layer(host.zone):
            yield _wrong(
                "Z007",
                f"hosts.{host.id}",
                "「だれでも」(anyone) は外 (outside) にしか置けません。",
                "通信する相手を一台ずつ書いてください。",
                "special-communication",
            )


def macs(model: Model) -> Iterator[Violation]:
    """The municipality's machines are named by hardware address, too."""
    for host in model.hosts.values():
        if model.layer(host.zone) and not host.address.mac:
            yield _wrong(
                "Z008",
                f"hosts.{host.id}.address",
                "mac がありません。",
                '通信路を MAC アドレスでも限るために書いてください。例: mac: "02:59:4b:00:01:10"',
                "special-communication",
            )


def flow_ends(model: Model) -> Iterator[Violation]:
    """Both ends of a flow exist, and something listens there."""
    for flow in model.flows.values():
        where = f"flows.{flow.id}"
        missing = [end for end in (flow.source, flow.target) if end not in model.hosts]
        for end in missing:
            yield _wrong("Z009", where, f"ホスト {end} はありません。", "hosts にある名前にしてください。")
        if missing:
            continue
        target = model.hosts[flow.target]
        if flow.source == flow.target:
            yield _wrong("Z009", where, "自分への通信です。", "この行を消してください。")
        if not target.anyone and model.service(flow) is None:
            offered = ", ".join(f"{s.port}/{s.protocol}" for s in target.services) or "なし"
            yield _wrong(
                "Z010",
                where,
                f"{flow.target} は {flow.port}/{flow.protocol} で待ち受けていません(待ち受け: {offered})。",
                "ポートを合わせるか、hosts にサービスを足すか、この通信を消してください。",
            )


def doubles(model: Model) -> Iterator[Violation]:
    """A communication is permitted once, so that its counter counts it alone."""
    seen: dict[tuple[str, str, int, str], str] = {}
    for flow in model.flows.values():
        key = (flow.source, flow.target, flow.port, flow.protocol)
        if key in seen:
            yield _wrong(
                "Z011", f"flows.{flow.id}", f"{seen[key]} と同じ通信です。", "一つにまとめてください。"
            )
        seen.setdefault(key, flow.id)


def routes(model: Model) -> Iterator[Violation]:
    """Direction is what the zones say, and there is a way."""
    for flow in model.flows.values():
        if flow.source not in model.hosts or flow.target not in model.hosts:
            continue
        source, target = model.hosts[flow.source].zone, model.hosts[flow.target].zone
        where, step = f"flows.{flow.id}", model.layer(target) - model.layer(source)
        real = "within" if step == 0 else "inward" if step > 0 else "outward"
        if flow.direction != real:
            yield _wrong(
                "Z012",
                where,
                f"向き (direction) が {flow.direction} ですが、実際は {real} です。",
                f"{real} に直してください。",
            )
        if path(model, source, target) is None:
            yield _wrong(
                "Z013",
                where,
                f"{source} と {target} をつなぐ境界がありません。",
                "gateways に境界を足すか、この通信を消してください。",
            )


STAGES = (
    (layers, prefixes, addresses, names, services),
    (anyone, macs, flow_ends, doubles, routes),
)
"""Each stage relies on the one before it having found nothing."""
