"""A model as a page of Markdown: the picture, the flows, the gateways' filters by name, the controls."""

from collections.abc import Iterator

from yakuba.zones.topology.model import Control, Model
from yakuba.zones.topology.paths import path
from yakuba.zones.topology.picture import methods

DIRECTIONS = {"inward": "内へ", "outward": "外へ", "within": "層の中"}


def page(model: Model) -> str:
    """The flows of ``model`` as a table, under its picture ``<id>.svg``."""
    lines = [
        f"# {model.name}",
        "",
        "*Made by `yakuba zones render`; change the topology file instead.*",
        "",
        f"![{model.name}のネットワーク]({model.id}.svg)",
        "",
        "Only what stands here is permitted; connections are opened from left to right only (「から」→「へ」).",
        "",
        "| 通信 | から | へ | 向き | ポート | 方法 | 境界 | 目的 |",
        "|---|---|---|---|---|---|---|---|",
        *_rows(model),
    ]
    return "\n".join(lines) + "\n"


def _rows(model: Model) -> Iterator[str]:
    for flow in model.flows.values():
        source, target = model.hosts[flow.source], model.hosts[flow.target]
        ways = "、".join(hop.gateway.name for hop in path(model, source.zone, target.zone) or ()) or "–"
        marks = (", 無害化" if flow.sanitised else "") + (", 特定通信" if flow.special else "")
        yield (
            f"| `{flow.id}` | {source.name} | {target.name} | {DIRECTIONS[flow.direction]} | {flow.port}/{flow.protocol} "
            f"| {methods()[flow.method]}{marks} | {ways} | {flow.purpose} |"
        )


def controls_page(controls: dict[str, Control]) -> str:
    """The controls, with what is not sure about them."""
    lines = [
        "# What the rules rest on",
        "",
        "*Made from `zones/topology/controls.yaml`.* The wording is ours, not the source's.",
        "",
        "| control | source | says | sure? |",
        "|---|---|---|---|",
    ]
    for control in controls.values():
        sure = "yes" if control.sure else "**not compared with the official text**"
        note = f"({control.note})" if control.note else ""
        lines.append(
            f"| {control.name} (`{control.id}`) | {control.source} | {control.says} | {sure}{note} |"
        )
    return "\n".join(lines) + "\n"
