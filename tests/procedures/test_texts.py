"""Every word residents read exists in three languages, and easy Japanese (やさしい日本語) can be read by who knows kana."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.procedures.samples import definitions_folder
from yakuba.base.catalog import catalog
from yakuba.base.texts import Text

FILES = {
    str(file.relative_to(definitions_folder())): file
    for pattern in ("*/definition.yaml", "*/notices/*.yaml", "_fragments.yaml")
    for file in sorted(definitions_folder().glob(pattern))
}
KANJI = re.compile("[㐀-䶿一-鿿豈-﫿々]")
JAPANESE = re.compile("[ぁ-ヿ㐀-鿿]")
READING = re.compile(r"\{[^{}|]+\|([^{}|]+)\}")
KANA = re.compile("[ぁ-ゖァ-ヶー・]+")
# Words that stay Japanese in English: what the resident has to find or type.
JAPANESE_IN_ENGLISH = {"未定", "不詳"}


def texts(node: Any, where: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(node, dict) and {"ja", "en", "easy"} <= set(node):
        yield where, node
    elif isinstance(node, dict):
        for key, child in node.items():
            yield from texts(child, f"{where}/{key}")
    elif isinstance(node, list):
        for number, child in enumerate(node):
            name = child.get("id", number) if isinstance(child, dict) else number
            yield from texts(child, f"{where}/{name}")


def catalog_texts() -> list[tuple[str, dict[str, str]]]:
    def plain(text: Text) -> dict[str, str]:
        return {"ja": text.ja, "en": text.en, "easy": text.easy}

    return [(key, plain(text)) for key, text in catalog("yakuba.procedures").items()]


SOURCES = {
    name: list(texts(yaml.safe_load(file.read_text(encoding="utf-8")))) for name, file in FILES.items()
} | {"texts": catalog_texts()}
each_source = pytest.mark.parametrize("source", SOURCES)


@each_source
def test_every_kanji_of_easy_japanese_has_its_reading(source: str) -> None:
    bare = [
        (where, text["easy"])
        for where, text in SOURCES[source]
        if KANJI.search(READING.sub("", text["easy"]))
    ]
    assert bare == []


@each_source
def test_readings_are_kana(source: str) -> None:
    for where, text in SOURCES[source]:
        for reading in READING.findall(text["easy"]):
            assert KANA.fullmatch(reading), (where, reading)


@each_source
def test_plain_japanese_and_english_carry_no_readings(source: str) -> None:
    for where, text in SOURCES[source]:
        assert "{" not in text["ja"] + text["en"], where


@each_source
def test_english_is_english(source: str) -> None:
    for where, text in SOURCES[source]:
        words = text["en"]
        for allowed in JAPANESE_IN_ENGLISH:
            words = words.replace(allowed, "")
        assert not JAPANESE.search(words), (where, words)


def test_every_source_has_texts() -> None:
    assert all(SOURCES.values())
    assert sum(len(found) for found in SOURCES.values()) > 500
