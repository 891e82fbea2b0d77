"""The texts residents read, in three languages side by side: ``<room>/texts/*.yaml``.

Each file maps a dotted key to ``{ja: …, en: …, easy: …}``. One file shows a translator all three at once, and a text
that lacks a language cannot be loaded (see docs/decisions: texts are data in three languages).
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import yaml

from yakuba.base.texts import Text


class UnknownText(KeyError):
    """No text has this key."""


def read_catalog(folder: Traversable) -> dict[str, Text]:
    """Every text of the YAML files in ``folder``, by key ``<file stem>.<dotted key>``.

    Raises:
        ValueError: an entry lacks a language.
    """
    found: dict[str, Text] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".yaml"):
            stem = file.name.removesuffix(".yaml")
            _collect(stem, yaml.safe_load(file.read_text(encoding="utf-8")) or {}, found)
    return found


def _collect(prefix: str, node: object, found: dict[str, Text]) -> None:
    if not isinstance(node, Mapping):
        raise TypeError(f"{prefix}: a text is {{ja, en, easy}} or a group of texts, not {node!r}")
    if set(node) <= {"ja", "en", "easy"}:
        found[prefix] = Text(**{language: str(node.get(language) or "") for language in ("ja", "en", "easy")})
        return
    for key, child in node.items():
        _collect(f"{prefix}.{key}", child, found)


@cache
def catalog(package: str) -> Mapping[str, Text]:
    """The texts of the room ``package`` (e.g. ``yakuba.portal``)."""
    return read_catalog(resources.files(package) / "texts")


def text(package: str, key: str) -> Text:
    """One text of a room.

    Raises:
        UnknownText: no such key.
    """
    try:
        return catalog(package)[key]
    except KeyError as error:
        raise UnknownText(f"{package} has no text {key!r}") from error
