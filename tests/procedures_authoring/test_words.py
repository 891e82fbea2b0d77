"""Every mistake a definition can have is told in Japanese."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import yakuba.procedures
from tests.procedures.samples import document
from yakuba.procedures.authoring import edits
from yakuba.procedures.authoring.documents import blank, faults_of
from yakuba.procedures.authoring.words import in_words, where_in_words
from yakuba.procedures.faults import DefinitionFault

_ROOM = Path(yakuba.procedures.__file__).parent


def _words(node: ast.expr) -> str:
    """The text of a literal, what is filled in as ``x``; empty where the words come from elsewhere."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return ""


def _messages() -> Iterator[str]:
    for file in _ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            if node.func.id == "DefinitionFault" and len(node.args) == 2:
                yield _words(node.args[1])
            elif node.func.id == "BadCondition":
                yield f"the condition {_words(node.args[0])}"


@pytest.mark.parametrize(
    "says", sorted({one for one in _messages() if len(one.removeprefix("the condition ")) > 1})
)
def test_every_message_of_the_checks_has_japanese_words(says: str) -> None:
    words = in_words(DefinitionFault("pages", says))
    assert words != says
    assert not words.startswith("条件が合いません")


def test_there_are_messages_to_look_at() -> None:
    assert len(set(_messages())) > 40


@pytest.mark.parametrize(
    "wrong",
    [
        blank("machi-x", ""),
        document(colour="blue"),
        document(category=5),
        document(category="nowhere"),
        document(id="日本"),
        document(keywords=[]),
        document(laws="条例"),
        {"id": "machi-x"},
        edits.put_field(
            document(), edits.Place("one"), None, {"id": "b", "type": "text", "label": {"ja": "b"}}
        ),
    ],
)
def test_a_wrong_shape_is_told_in_japanese(wrong: dict[str, Any]) -> None:
    faults = faults_of(wrong)
    assert faults
    for fault in faults:
        assert any("ぁ" <= letter <= "ん" for letter in in_words(fault)), fault


def test_a_place_is_called_as_the_workshop_calls_it() -> None:
    fault = DefinitionFault("pages/page1/fields/school/label/en", "")
    assert where_in_words(fault) == "ページ › page1 › 質問 › school › 質問の言葉 › English"
