"""The picture of a model as SVG: machines in columns from outside inward, one arrow per flow, a dot per gateway."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from yakuba.zones.topology.model import Flow, Model
from yakuba.zones.topology.paths import path

_COLUMN, _TOP, _ROW, _LEFT = 124, 150, 46, 20
_FONT = "'Noto Sans JP','Hiragino Sans','Yu Gothic',sans-serif"
# light fills with dark text: at least 7:1
_FILL = {"outside": "#f2f2f2", "internet": "#e8f1fe", "lgwan": "#eaf6ea", "mynumber": "#fdeff0"}
_LINE = {
    "public": "#0017c1",
    "mtls": "#115a36",
    "screen": "#5d3a9b",
    "browsing": "#5a5a5a",
    "breakout": "#a13a00",
}
_METHODS = {
    "public": "公開", "mtls": "受け渡し (mTLS)", "screen": "画面転送", "browsing": "外を見る",
    "breakout": "ローカルブレイクアウト", "internal": "層の中",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Column:
    id: str
    name: str
    zone: str
    gateway: bool


def picture(model: Model) -> str:
    """A whole SVG document."""
    columns = _columns(model)
    place = {column.id: _LEFT + _COLUMN * number + _COLUMN // 2 for number, column in enumerate(columns)}
    width = 2 * _LEFT + _COLUMN * len(columns)
    height = _TOP + _ROW * (len(model.flows) + 1) + 10
    label = f"{model.name}のネットワーク。層 {len(model.zones)}、通信 {len(model.flows)}。"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(label)}" font-family="{_FONT}" font-size="12" fill="#1a1a1a">',
        f'<title>{escape(label)}</title><rect width="{width}" height="{height}" fill="#ffffff"/>',
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="5" markerHeight="5" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 z" fill="context-stroke"/></marker></defs>',
        *_bands(model, columns, height),
        *(part for column in columns for part in _head(column, place[column.id], height)),
        *(part for row, flow in enumerate(model.flows.values()) for part in _arrow(model, flow, row, place)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _columns(model: Model) -> list[_Column]:
    """From outside inward; a gateway stands before the inner of the zones it joins."""
    columns: list[_Column] = []
    for zone in sorted(model.zones.values(), key=lambda zone: model.layer(zone.id)):
        columns += [
            _Column(gateway.id, gateway.name, "", True)
            for gateway in model.gateways.values()
            if max(gateway.joins, key=model.layer) == zone.id
        ]
        columns += [_Column(h.id, h.name, zone.id, False) for h in model.hosts.values() if h.zone == zone.id]
    return columns


def _bands(model: Model, columns: list[_Column], height: int) -> Iterator[str]:
    for zone in model.zones.values():
        numbers = [number for number, column in enumerate(columns) if column.zone == zone.id]
        if not numbers:
            continue
        left, right = _LEFT + _COLUMN * numbers[0] + 3, _LEFT + _COLUMN * (numbers[-1] + 1) - 3
        yield (
            f'<rect x="{left}" y="10" width="{right - left}" height="{height - 20}" rx="8" fill="{_FILL[zone.layer]}" '
            f'stroke="#767676"/><text x="{(left + right) // 2}" y="32" text-anchor="middle" font-size="14" '
            f'font-weight="bold">{escape(zone.name)}</text>'
        )
        yield (
            f'<text x="{(left + right) // 2}" y="48" text-anchor="middle" font-size="10">{zone.ipv4}</text>'
            f'<text x="{(left + right) // 2}" y="61" text-anchor="middle" font-size="10">{zone.ipv6}</text>'
        )


def _head(column: _Column, x: int, height: int) -> Iterator[str]:
    fill, dash = ("#ffffff", ' stroke-dasharray="4 3"') if not column.gateway else ("#ffe9a8", "")
    yield (
        f'<line x1="{x}" y1="{_TOP - 24}" x2="{x}" y2="{height - 18}" stroke="#949494"{dash}/>'
        f'<rect x="{x - 56}" y="72" width="112" height="54" rx="4" fill="{fill}" stroke="#1a1a1a"/>'
    )
    lines = _lines(column.name)
    for number, line in enumerate(lines):
        y = 103 + 14 * number - 7 * (len(lines) - 1)
        yield f'<text x="{x}" y="{y}" text-anchor="middle" font-size="11">{escape(line)}</text>'


def _lines(name: str, most: int = 10) -> list[str]:
    """At most three lines; what does not fit is in the table beside the picture."""
    parts = [
        piece[start : start + most]
        for piece in name.replace("(", "\n(").replace("・", "・\n").split("\n")
        for start in range(0, len(piece), most)
    ]
    return parts[:3] if len(parts) <= 3 else [*parts[:2], parts[2][: most - 1] + "…"]


def _arrow(model: Model, flow: Flow, row: int, place: dict[str, int]) -> Iterator[str]:
    y = _TOP + _ROW * row + 26
    start, end = place[flow.source], place[flow.target]
    colour = _LINE.get(flow.method, "#1a1a1a")
    service = model.service(flow)
    words = f"{flow.id} {_METHODS[flow.method]} {flow.port}/{flow.protocol}" + (
        " 特定通信" if flow.special else ""
    )
    title = f"{flow.purpose}({service.name if service else flow.port})"
    yield (
        f'<g><title>{escape(title)}</title><line x1="{start}" y1="{y}" x2="{end}" y2="{y}" stroke="{colour}" '
        'stroke-width="2" marker-end="url(#head)"/>'
        f'<circle cx="{start}" cy="{y}" r="4" fill="{colour}"/>'
    )
    for hop in path(model, model.hosts[flow.source].zone, model.hosts[flow.target].zone) or ():
        yield f'<rect x="{place[hop.gateway.id] - 6}" y="{y - 6}" width="12" height="12" fill="#ffe9a8" stroke="{colour}"/>'
    yield (
        f'<text x="{(start + end) // 2}" y="{y - 8}" text-anchor="middle" font-size="11" stroke="#ffffff" '
        f'stroke-width="3" paint-order="stroke">{escape(words)}</text></g>'
    )


def methods() -> dict[str, str]:
    """The methods in words."""
    return dict(_METHODS)
