"""What was found, as tables anyone can read. ``python -m tests.zones.namespaces.report`` makes docs/zones/report.md anew."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.zones.namespaces.trials import Findings, find_out_all
from yakuba.zones.topology.loading import load, own_text
from yakuba.zones.topology.model import Model

EXAMPLE = Path(__file__).parents[3] / "docs" / "zones" / "report.md"


def report(all_found: list[Findings]) -> str:
    """A page: what was tried on each model and what came of it, then who reaches whom."""
    lines = [
        "# What got through, on real hosts",
        "",
        "*Made by `python -m tests.zones.namespaces.report` from network namespaces: every machine of the topology is one, with its",
        "own interfaces, routes and packet filter. The test suite makes the same trials at every run.*",
        "",
        "| trial | " + " | ".join(found.model.name for found in all_found) + " |",
        "|---|" + "---|" * len(all_found),
        *_summary(all_found),
        "",
        "An attempt is one source, one target address, one port and one IP version; it got through if the very machine that was meant",
        "answered. A forged packet got through if the target's packet filter let it in.",
        "",
    ]
    for found in all_found:
        lines += [f"## {found.model.name}", "", *_matrix(found), "", *_counters(found), ""]
    return "\n".join(lines).rstrip() + "\n"


def _summary(all_found: list[Findings]) -> Iterator[str]:
    rows = {
        "no rules: attempts": lambda f: len(f.control),
        "no rules: got through (all must, or \"blocked\" would prove nothing)": lambda f: sum(t.through for t in f.control),
        "no rules: forged source addresses let in": lambda f: f"{sum(t.arrived for t in f.forged_free)} of {len(f.forged_free)}",
        "rules: attempts that a flow permits": lambda f: sum(t.probe.open for t in f.ruled),
        "rules: of the permitted got through": lambda f: sum(t.through for t in f.ruled if t.probe.open),
        "rules: attempts that nothing permits": lambda f: sum(not t.probe.open for t in f.ruled),
        "rules: of the others got through": lambda f: sum(t.through for t in f.ruled if not t.probe.open),
        "every host taken over (sends what it likes): forbidden attempts that got through":
            lambda f: sum(t.through for t in f.taken_over if not t.probe.open),
        "forged source address: let in": lambda f: f"{sum(t.arrived for t in f.forged)} of {len(f.forged)}",
        "forged source and hardware address inside the segment: let in (mTLS must hold, see the services test)":
            lambda f: f"{sum(t.arrived for t in f.forged_macs)} of {len(f.forged_macs)}",
    }  # fmt: skip
    for title, figure in rows.items():
        yield f"| {title} | " + " | ".join(str(figure(found)) for found in all_found) + " |"


def _matrix(found: Findings) -> Iterator[str]:
    """Rows are sources, columns targets; a cell names the ports that answered, in both IP versions."""
    model = found.model
    names = [*model.hosts, *model.gateways]
    yield "| from ＼ to | " + " | ".join(_name(model, name) for name in names) + " |"
    yield "|---|" + "---|" * len(names)
    for source in names:
        cells = [_cell(found, source, target) for target in names]
        yield f"| **{_name(model, source)}** | " + " | ".join(cells) + " |"


def _cell(found: Findings, source: str, target: str) -> str:
    tried = [t for t in found.ruled if (t.probe.source, t.probe.target) == (source, target)]
    if not tried:
        return ""
    through = {
        version: {t.probe.port for t in tried if t.through and t.probe.version == version}
        for version in (4, 6)
    }
    if through[4] != through[6]:
        return f"IPv4 {sorted(through[4])} ≠ IPv6 {sorted(through[6])}"
    return ", ".join(f"**{port}**" for port in sorted(through[4])) or "–"


def _name(model: Model, name: str) -> str:
    return (model.hosts.get(name) or model.gateways[name]).name


def _counters(found: Findings) -> Iterator[str]:
    yield "| machine | flows counted (IPv4 / IPv6 packets) | refused | forged |"
    yield "|---|---|---|---|"
    for machine, counts in found.counters.items():
        flows = sorted({name[5:-3] for name in counts if name.startswith("flow-")})
        told = (
            ", ".join(f"{flow} {counts[f'flow-{flow}-v4']} / {counts[f'flow-{flow}-v6']}" for flow in flows)
            or "none"
        )
        refused = sum(count for name, count in counts.items() if name.startswith("refused-"))
        forged = sum(count for name, count in counts.items() if name.startswith("forged-"))
        yield f"| {_name(found.model, machine)} | {told} | {refused} | {forged if machine in found.model.gateways else '–'} |"


def shape(page: str) -> str:
    """A report without the counters' figures, which differ from run to run."""
    return "\n".join(
        re.sub(r"\d+", "N", line) if line.count("|") == 5 else line for line in page.splitlines()
    )


if __name__ == "__main__":
    EXAMPLE.write_text(report(find_out_all(load(own_text()).values())), encoding="utf-8")
    print(f"wrote {EXAMPLE}")
