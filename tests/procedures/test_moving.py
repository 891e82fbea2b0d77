"""A draft outlives a new version of its form: what fits stays, what does not is named, what is new is said."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.procedures.samples import options, procedure, text
from yakuba.procedures import registry
from yakuba.procedures.context import Context
from yakuba.procedures.moving import Moved, moved

CONTEXT = Context(date(2026, 11, 27))


def field(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    example = {"example": "例"} if kind == "text" else {}
    return {"id": name, "type": kind, "label": text(f"質問{name}"), **example, **more}


def move(old: list[dict[str, Any]], new: list[dict[str, Any]], answers: dict[str, Any]) -> Moved:
    empty = {"sets": [{"id": "e", "title": text("例"), "role": "self", "today": "2026-11-23", "answers": {}}]}
    before, after = (procedure(fields=fields, examples=empty) for fields in (old, new))
    return moved(before, after, answers, CONTEXT, "ja")


def test_answers_of_the_same_question_stay_word_for_word() -> None:
    found = move([field("a"), field("b")], [field("b"), field("a", required=False)], {"a": "い", "b": " ろ"})
    assert (found.answers, found.silent) == ({"a": "い", "b": " ろ"}, True)


def test_an_answer_whose_question_is_gone_is_named_with_its_value() -> None:
    found = move([field("a"), field("b")], [field("b")], {"a": "い", "b": "ろ"})
    assert found.answers == {"b": "ろ"}
    assert [(one.label.ja, one.value) for one in found.lost] == [("質問a", "い")]


def test_an_answer_of_another_kind_is_not_forced_into_the_new_question() -> None:
    found = move([field("a")], [field("a", "number")], {"a": "三人"})
    assert (found.answers, [one.value for one in found.lost], found.pages) == ({}, ["三人"], ("one",))


def test_a_choice_that_is_no_longer_offered_is_asked_again() -> None:
    old, new = (
        field("a", "choice", options=options("x", "y")),
        field("a", "choice", options=options("y", "z")),
    )
    assert move([old], [new], {"a": "y"}).silent
    found = move([old], [new], {"a": "x"})
    assert (found.answers, found.pages) == ({}, ("one",))


def test_a_new_question_is_said_where_it_is_asked() -> None:
    shown = field("b", when={"field": "a", "equals": "い"})
    hidden = field("c", when={"field": "a", "equals": "は"})
    found = move([field("a")], [field("a"), shown, hidden], {"a": "い"})
    assert ([one.ja for one in found.fresh], found.pages) == (["質問b"], ("one",))


def test_items_of_a_group_keep_their_ids_so_that_their_files_stay_with_them() -> None:
    inside = [field("name"), field("school")]
    old = field("children", "group", fields=inside)
    new = field("children", "group", fields=[field("name")])
    item = {"id": "i1", "name": "はな", "school": "葉山小"}
    found = move([old], [new], {"children": [item]})
    assert found.answers == {"children": [{"id": "i1", "name": "はな"}]}
    assert [(one.label.ja, one.value) for one in found.lost] == [("質問children 1：質問school", "葉山小")]


@given(st.sampled_from([one.id for one in registry.national(CONTEXT.today)]), st.data())
def test_moving_to_the_same_form_changes_and_tells_nothing(name: str, data: st.DataObject) -> None:
    same = registry.procedure(name, as_of=CONTEXT.today)
    example = data.draw(st.sampled_from(same.examples))
    found = moved(same, same, example.answers, Context(example.today, example.role), "ja")
    assert (dict(found.answers), found.silent) == (dict(example.answers), True)
