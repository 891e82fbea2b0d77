"""Small made-up procedures for tests of one thing each."""

from pathlib import Path
from typing import Any

import yaml

from yakuba.procedures.definition import Procedure
from yakuba.procedures.registry import load_definition


def text(words: str) -> dict[str, str]:
    return {"ja": words, "en": f"{words} (en)", "easy": words}


def document(**changes: Any) -> dict[str, Any]:
    """A definition with one page and one field; ``changes`` replace its top-level parts."""
    fields = changes.pop(
        "fields", [{"id": "nickname", "type": "text", "label": text("呼び名"), "example": "はな"}]
    )
    base: dict[str, Any] = {
        "id": "sample",
        "versions": [{"version": "1", "valid_from": "2020-01-01"}],
        "title": text("見本の手続き"),
        "summary": text("見本"),
        "category": "town",
        "laws": [{"law": "見本条例", "article": "第1条"}],
        "life_events": [],
        "keywords": ["見本"],
        "deadline": {"text": text("期限なし")},
        "processing": {"text": text("3日"), "days": 3},
        "applicants": [{"role": "self", "label": text("本人")}],
        "signature": {"rule": "municipality_decides", "default": "login"},
        "availability": "always",
        "notices": {},
        "eligibility": {"questions": [], "hints": []},
        "pages": [{"id": "one", "title": text("1枚目"), "fields": fields}],
        "examples": {
            "sets": [{"id": "e", "title": text("例"), "role": "self", "today": "2026-11-23", "answers": {}}]
        },
    }
    return {**base, **changes}


def procedure(**changes: Any) -> Procedure:
    return load_definition(yaml.safe_dump(document(**changes), allow_unicode=True), "sample.yaml")[-1]


def field(kind: str, **more: Any) -> dict[str, Any]:
    """A field called ``it``."""
    return {"id": "it", "type": kind, "label": text("答え"), **more}


def options(*values: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": text(value)} for value in values]


def definitions_folder() -> Path:
    return Path(__file__).parents[2] / "src/yakuba/procedures/definitions"
