"""Who may call which gateway door over mTLS: what the certificates must say, for those who run and audit a link."""

from yakuba.zones.topology.model import Model


def allow_list(model: Model) -> dict[str, dict[str, object]]:
    """By link: the one caller, the one server, and the names their certificates carry (yakuba.gateway.keys)."""
    doors: dict[str, dict[str, object]] = {}
    for flow in model.flows.values():
        service = model.service(flow)
        if service is None or not service.link:
            continue
        target = model.hosts[flow.target]
        outer, inner = (model.zones[host.zone].layer for host in (target, model.hosts[flow.source]))
        doors[service.link] = {
            "flow": flow.id,
            "purpose": flow.purpose,
            "server": target.id,
            "addresses": [str(target.address.ipv4), str(target.address.ipv6)],
            "port": flow.port,
            "caller": flow.source,
            "authority": f"CN=yakuba link {service.link}",
            "server_certificate": f"CN=yakuba {outer}",
            "client_certificate": f"CN=yakuba {inner}",
            "tls": "1.3",
        }
    return doors
