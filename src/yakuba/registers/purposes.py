"""For which purposes a 個人番号 may be looked at: a closed list, each with its law."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose. ``item`` is the number in 番号法別表; ``sure`` whether it was checked against the official text."""

    id: str
    ja: str
    law: str
    item: str | None
    sure: bool
    old_item: str | None


class NotAPurpose(ValueError):
    """個人番号 may not be looked at for this: it is not in the list."""

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        super().__init__(
            f"「{purpose}」は個人番号を見る目的として認められていません。例: {'、'.join(purposes())}(番号法9条1項・別表)"
        )


def purpose(purpose_id: str) -> Purpose:
    """The purpose with this id.

    Raises:
        NotAPurpose: it is not in the list.
    """
    found = purposes().get(purpose_id)
    if found is None:
        raise NotAPurpose(purpose_id)
    return found


@cache
def purposes() -> Mapping[str, Purpose]:
    """The whole list, by id."""
    text = resources.files("yakuba.registers").joinpath("data/my_number_purposes.yaml").read_text("utf-8")
    return {entry["id"]: Purpose(**entry) for entry in yaml.safe_load(text)["purposes"]}
