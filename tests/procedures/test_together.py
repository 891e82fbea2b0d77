"""By-laws of filling in several forms together: what is shared is asked once, and each application has the answer."""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yakuba.base.texts import Text
from yakuba.procedures.checks import definition_faults
from yakuba.procedures.context import Context
from yakuba.procedures.for_household import for_you
from yakuba.procedures.known import NOTHING, TownKnows, asks_about_household, known_answers, known_items
from yakuba.procedures.life_events import EVENTS
from yakuba.procedures.registry import procedure
from yakuba.procedures.search import by_life_event
from yakuba.procedures.shared import (
    Form,
    Shared,
    asked_elsewhere,
    changed_rows,
    copied,
    meaning,
    offered,
    page_of,
    same_answer,
    shared_questions,
)
from yakuba.procedures.workload import asked, documents, workload

TODAY = date(2026, 11, 27)
SELF = Context(TODAY, "self")
PAIRS = sorted(
    {
        tuple(one.id for one in pair)
        for event in EVENTS
        for pair in combinations(by_life_event(event, TODAY), 2)
    }
)
FAMILY = ("jidou-teate-nintei", "hoiku-moushikomi")


def forms(*ids: str, context: Context = SELF) -> list[Form]:
    return [Form(one, procedure(one, as_of=TODAY), context) for one in ids]


def children(*ages: int) -> list[dict[str, Any]]:
    births = [date(TODAY.year - age, 4, 2).isoformat() for age in ages]
    return [
        {"id": f"i{number}", "name": {"name": f"葉山 {number}"}, "birth_date": birth}
        for number, birth in enumerate(births)
    ]


def test_a_family_with_small_children_is_asked_its_names_and_children_once() -> None:
    found = {one.id: one for one in shared_questions(forms(*FAMILY))}
    assert set(found) == {
        "own_name", "own_birth_date", "own_address", "phone", "email", "household_children",
    }  # fmt: skip
    assert [one.id for one in found["household_children"].field.fields] == ["name", "birth_date"]
    assert found["household_children"].field.household == {"at_least": 0, "less_than": 18}


@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_each_shared_question_is_asked_once_and_never_of_a_file_or_a_declaration(
    pair: tuple[str, str],
) -> None:
    found = shared_questions(forms(*pair))
    ids = [one.id for one in found]
    assert len(set(ids)) == len(ids)
    for one in found:
        assert set(one.places) == set(pair)
        first, second = one.places.values()
        assert meaning(first) == meaning(second) == one.id
        assert same_answer(first, second)
        assert first.type not in ("file", "declaration", "static")
    load = workload(forms(*pair), found)
    assert load.together == load.alone - load.shared
    assert load.minutes >= 5


@given(data=st.data())
@settings(max_examples=60)
def test_an_answer_given_once_is_the_same_in_every_application(data: st.DataObject) -> None:
    pair = data.draw(st.sampled_from(PAIRS))
    these = forms(*pair)
    shared = shared_questions(these)
    given_ = {one.id: _any_answer(data, one) for one in shared}
    results = {form.key: copied(shared, form.key, given_, _own(data, form), SELF, {}) for form in these}
    for one in shared:
        values = [results[key][field.id] for key, field in one.places.items() if field.id in results[key]]
        if one.field.is_group:
            _rows_agree(one, values)
        else:
            assert values == [given_[one.id]] * len(one.places)


def _any_answer(data: st.DataObject, one: Shared) -> Any:
    if one.field.is_group:
        return children(*data.draw(st.lists(st.integers(0, 25), max_size=4)))
    return data.draw(
        st.text(min_size=1, max_size=8) | st.booleans() | st.fixed_dictionaries({"name": st.text()})
    )


def _own(data: st.DataObject, form: Form) -> dict[str, Any]:
    """Something already typed into the form itself, shared fields among it."""
    names = [field.id for _, field in form.procedure.fields() if not field.is_group]
    return dict.fromkeys(data.draw(st.sets(st.sampled_from(names), max_size=5)), "前の答え")


def _rows_agree(one: Shared, values: list[list[dict[str, Any]]]) -> None:
    columns = [column.id for column in one.field.fields]
    told: dict[str, Any] = {}
    for row in (row for rows in values for row in rows):
        shown = {name: row.get(name) for name in columns}
        assert told.setdefault(row["id"], shown) == shown


def test_each_form_takes_the_children_of_its_own_ages_and_keeps_its_own_columns() -> None:
    shared, everybody = shared_questions(forms(*FAMILY)), {"household_children": children(3, 10)}
    before = {"children": [{"id": "i0", "current_care": "home"}, {"id": "own", "health": "元気"}]}
    nursery = copied(shared, "hoiku-moushikomi", everybody, before, SELF, {})
    assert [row["id"] for row in nursery["children"]] == ["i0", "own"]
    assert nursery["children"][0]["current_care"] == "home"
    assert nursery["children"][0]["name"] == {"name": "葉山 0"}
    allowance = copied(shared, "jidou-teate-nintei", everybody, {}, SELF, {})
    assert [row["id"] for row in allowance["children"]] == ["i0", "i1"]
    gone = copied(shared, "jidou-teate-nintei", {"household_children": []}, allowance, SELF, everybody)
    assert gone["children"] == []


def test_a_childs_name_corrected_in_one_form_is_corrected_in_the_other() -> None:
    shared, everybody = shared_questions(forms(*FAMILY)), {"household_children": children(3)}
    own = copied(shared, "hoiku-moushikomi", everybody, {}, SELF, {})
    own["children"][0]["name"] = {"name": "葉山 花"}
    changed = changed_rows(shared, "hoiku-moushikomi", own, everybody)
    other = copied(shared, "jidou-teate-nintei", changed, {}, SELF, everybody)
    assert other["children"][0]["name"] == {"name": "葉山 花"}


def test_an_account_that_only_an_answer_calls_for_is_offered_to_the_other_form_and_never_laid_over() -> None:
    source, target = procedure("jidou-teate-mibarai"), procedure("jidou-teate-nintei")
    account = {"bank_code": "0001"}
    assert offered(source, {"account": account}, target, {})["account"] == account
    typed = {"account": {"bank_code": "0005"}}
    assert offered(source, {"account": account}, target, typed) == typed


def test_what_the_shared_page_asks_is_not_asked_again_by_the_form_but_groups_keep_their_columns() -> None:
    shared = shared_questions(forms(*FAMILY))
    left_out = asked_elsewhere(shared, "hoiku-moushikomi")
    assert left_out == {
        "applicant_name", "applicant_birth_date", "applicant_address", "applicant_phone", "applicant_email",
    }  # fmt: skip
    assert page_of(shared, Text("a", "a", "a")).fields[0].id == "own_name"


def test_documents_are_told_with_whether_everybody_needs_them() -> None:
    (form,) = forms("jidou-teate-mibarai")
    told = {field.id: certain for field, certain in documents(form)}
    assert {name for name, certain in told.items() if certain} == {"account_proof"}
    assert told["relation_proof"] is False
    assert "mandate" not in told  # only somebody else's application opens it
    assert sum(one.type == "file" and one.required for one in asked(form)) == sum(told.values())


# --- for you


def family(*births: str, **values: str) -> TownKnows:
    return TownKnows(True, values, [{"juki.birth_date": one} for one in births])


def test_what_the_town_knows_is_not_asked_and_what_it_does_not_know_stays_open() -> None:
    allowance = procedure("jidou-teate-nintei", as_of=TODAY)
    known = known_answers(allowance, family("2020-01-01", "2024-05-01", "1990-01-01"), SELF)
    assert known == {"q_live_here": True, "q_youngest_birth_date": "2024-05-01"}
    found = for_you(allowance, known, SELF)
    assert found.standing == "cannot_tell"
    assert [one.id for one in found.open] == ["q_civil_servant", "q_receiving"]
    sure = for_you(allowance, {**known, "q_civil_servant": False, "q_receiving": False}, SELF)
    assert (sure.standing, [one.verdict for one in sure.reasons]) == ("applies", ["likely"])


def test_whoever_receives_the_allowance_here_is_told_why_the_first_claim_is_not_for_them() -> None:
    allowance = procedure("jidou-teate-nintei", as_of=TODAY)
    known = known_answers(allowance, family(**{"jidou_teate.start_month": "2025-04"}), SELF)
    found = for_you(allowance, known, SELF)
    assert found.standing == "does_not"
    assert "額の改定" in found.reasons[0].text.ja


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_certification_counts_to_its_last_day(days: int) -> None:
    last = (TODAY + timedelta(days=days)).isoformat()
    known = known_answers(
        procedure("kaigo-henkou", as_of=TODAY), family(**{"kaigo_hoken.certified_until": last}), SELF
    )
    assert known["q_certified"] is (days >= 0)


def test_the_record_of_whoever_signs_says_nothing_of_the_person_they_act_for() -> None:
    care = procedure("kaigo-nintei", as_of=TODAY)
    assert known_answers(care, family(**{"juki.birth_date": "1980-01-01"}), Context(TODAY, "household")) == {}
    assert known_answers(care, NOTHING, SELF) == {}


@pytest.mark.parametrize("event", EVENTS)
def test_nothing_answered_yet_means_that_it_cannot_be_told(event: str) -> None:
    for one in by_life_event(event, TODAY):
        found = for_you(one, {}, SELF)
        assert found.standing == "cannot_tell", one.id
        assert found.open or not one.eligibility.fields


def test_what_may_cross_for_the_questions_is_named_by_the_definition() -> None:
    allowance = procedure("jidou-teate-nintei", as_of=TODAY)
    assert known_items(allowance) == ("jidou_teate.start_month", "juki.birth_date")
    assert asks_about_household(allowance)
    assert known_items(procedure("risai-shoumei", as_of=TODAY)) == ()


def test_no_definition_misuses_a_meaning_or_what_the_town_knows() -> None:
    for event in EVENTS:
        for one in by_life_event(event, TODAY):
            assert not list(definition_faults(one)), one.id
