"""Who sends a notice: the municipality's head, offices and address, as data per municipality."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from yakuba.base.municipality import municipality_code
from yakuba.base.texts import Text


class NoLetterhead(LookupError):
    """The municipality has no letterhead; says where one is put."""

    def __init__(self, municipality: str) -> None:
        self.municipality = municipality
        super().__init__(
            f"{municipality} の発出者(首長名・担当課・住所)が登録されていません。"
            f"YAKUBA_LETTERHEADS のフォルダーに {municipality}.yaml を置いてください。"
        )


@dataclass(frozen=True, slots=True)
class Office:
    """担当課: its mark in document numbers (葉福第…号 → 福), name and telephone."""

    mark: str
    name: str
    english: str
    phone: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """発出者. ``demo`` marks every page 【見本・架空のデータ】."""

    municipality: str
    town: Text
    head_title: str
    head_name: str
    prefecture: str
    postal_code: str
    address: str
    mark: str
    offices: Mapping[str, Office]
    demo: bool

    def series(self, office: str) -> str:
        """The series its numbers are counted in: 葉福."""
        return self.mark + self.offices[office].mark


def letterhead(municipality: str) -> Letterhead:
    """The municipality's letterhead: the town's own file first, then the demonstration ones.

    Raises:
        NoLetterhead: there is none.
    """
    return _load(municipality_code(municipality), _own_folder())


def municipalities() -> tuple[str, ...]:
    """The codes of all municipalities that have a letterhead: those this zone makes notices for."""
    own = _own_folder()
    names = {file.stem for file in Path(own).glob("??????.yaml")} if own else set()
    shipped = {file.name.removesuffix(".yaml") for file in _shipped().iterdir() if ".yaml" in file.name}
    return tuple(sorted(names | shipped))


def _own_folder() -> str:
    """The town's folder of letterheads; commands outside a zone (making keys) have the environment only."""
    if settings.configured:
        return str(getattr(settings, "NOTICE_LETTERHEADS", ""))
    return os.environ.get("YAKUBA_LETTERHEADS", "")


def _shipped() -> Any:
    return resources.files("yakuba.casework.notices") / "letterheads"


@cache
def _load(municipality: str, folder: str) -> Letterhead:
    own = Path(folder) / f"{municipality}.yaml"
    source = own if folder and own.is_file() else _shipped() / f"{municipality}.yaml"
    if not source.is_file():
        raise NoLetterhead(municipality)
    raw = yaml.safe_load(source.read_text(encoding="utf-8"))
    return Letterhead(
        municipality=municipality,
        town=Text(**raw["town"]),
        head_title=raw["head"]["title"],
        head_name=raw["head"]["name"],
        prefecture=raw["prefecture"],
        postal_code=raw["postal_code"],
        address=raw["address"],
        mark=raw["mark"],
        offices={key: Office(**office) for key, office in raw["offices"].items()},
        demo=bool(raw.get("demo", False)),
    )
