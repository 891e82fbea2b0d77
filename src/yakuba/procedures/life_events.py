"""Life events (ライフイベント): the occasions by which residents find procedures."""

from dataclasses import dataclass

from yakuba.base.catalog import catalog
from yakuba.base.texts import Text

EVENTS = (
    "birth",
    "moving_in",
    "moving_out",
    "childcare",
    "care_begins",
    "disaster",
    "bereavement",
    "vehicle",
)


@dataclass(frozen=True, slots=True)
class LifeEvent:
    id: str
    title: Text
    summary: Text


def life_events() -> tuple[LifeEvent, ...]:
    """Every life event, in the order shown."""
    texts = catalog("yakuba.procedures")
    return tuple(
        LifeEvent(event, texts[f"life_events.{event}.title"], texts[f"life_events.{event}.summary"])
        for event in EVENTS
    )
