"""Everything that is generated from one model, as files by name."""

import json
from dataclasses import asdict

from yakuba.zones.topology.allow_list import allow_list
from yakuba.zones.topology.firewall import rule_sets
from yakuba.zones.topology.model import Model
from yakuba.zones.topology.page import page
from yakuba.zones.topology.picture import picture
from yakuba.zones.topology.probes import forgeries, probes


def rendered(model: Model) -> dict[str, str]:
    """Relative path → content: packet filters, mTLS allow-list, what to probe, picture and page."""
    return {
        **{f"nftables/{name}.nft": text for name, text in rule_sets(model).items()},
        "mtls-allow.json": _json(allow_list(model)),
        "probes.json": _json(
            {
                "probes": [asdict(probe) for probe in probes(model)],
                "forgeries": [asdict(forgery) for forgery in forgeries(model)],
            }
        ),
        f"{model.id}.svg": picture(model),
        f"{model.id}.md": page(model),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
