"""Write docs/zones/ (pictures, tables, controls) from the topology: ``python scripts/write_zones_pages.py``."""

from pathlib import Path

from yakuba.zones.topology.loading import controls, load, own_text
from yakuba.zones.topology.page import controls_page, page
from yakuba.zones.topology.picture import picture

FOLDER = Path(__file__).parent.parent / "docs" / "zones"


def pages() -> dict[str, str]:
    """File name → content."""
    made = {"controls.md": controls_page(controls())}
    for model in load(own_text()).values():
        made |= {f"{model.id}.md": page(model), f"{model.id}.svg": picture(model)}
    return made


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in pages().items():
        (FOLDER / name).write_text(content, encoding="utf-8")
    print(f"wrote {FOLDER}")
