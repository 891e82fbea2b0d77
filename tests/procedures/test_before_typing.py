"""By-laws of the questions before typing of several procedures on one page."""

from datetime import date

from yakuba.procedures.before_typing import gathered, merged, spread, to_ask
from yakuba.procedures.context import Context
from yakuba.procedures.for_household import for_you
from yakuba.procedures.registry import procedure
from yakuba.procedures.shared import Form

_CONTEXT = Context(date(2026, 11, 27), "self")
_BIRTH = tuple(
    Form(name, procedure(name), _CONTEXT)
    for name in ("jidou-teate-nintei", "jidou-teate-kaitei", "ninshin-todokede")
)


def test_what_two_procedures_ask_alike_is_one_question_and_answers_both() -> None:
    (lives_here,) = (one for one in merged(_BIRTH) if "q_here" in {each.id for each in one.places.values()})
    assert set(lives_here.places) == {"jidou-teate-nintei", "ninshin-todokede"}
    said = spread([lives_here], {lives_here.id: True}, {})
    assert said == {"jidou-teate-nintei": {"q_live_here": True}, "ninshin-todokede": {"q_here": True}}
    assert gathered([lives_here], said) == {lives_here.id: True}
    assert spread([lives_here], {}, said) == {"jidou-teate-nintei": {}, "ninshin-todokede": {}}


def test_no_question_before_typing_must_be_answered() -> None:
    assert not any(one.field.required for one in merged(_BIRTH))


def test_a_procedure_settled_already_asks_nothing_more() -> None:
    answers: dict[str, dict[str, object]] = {"jidou-teate-nintei": {"q_live_here": False}}
    open_ = {one.key: for_you(one.procedure, answers.get(one.key, {}), _CONTEXT).open for one in _BIRTH}
    asked = to_ask(merged(_BIRTH), _BIRTH, answers, open_)
    assert not any(set(one.places) == {"jidou-teate-nintei"} for one in asked)
