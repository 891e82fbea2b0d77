"""The engine and the JSON Schema it generates are two readings of one definition: they never disagree."""

import json
import os
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.procedures.filling import JSON, all_procedures, contexts, filled, gone_wrong
from yakuba.base.canonical import canonical_bytes
from yakuba.base.texts import LANGUAGES
from yakuba.procedures.answers import clean, is_clean
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Procedure
from yakuba.procedures.rendering import render_page
from yakuba.procedures.schema import accepts, json_schema
from yakuba.procedures.slots import attachment_slots
from yakuba.procedures.summary import summary
from yakuba.procedures.validation import validate_all

PROCEDURES = all_procedures()
each_procedure = pytest.mark.parametrize(
    "procedure", PROCEDURES, ids=[f"{one.id}-{one.version}" for one in PROCEDURES]
)
# a sample of answers for each form, since there are many forms; `make proofs` looks longer
WHOLE = bool(os.environ.get("YAKUBA_PROOFS"))
thorough = settings(max_examples=60 if WHOLE else 6, deadline=None, suppress_health_check=list(HealthCheck))


@each_procedure
@given(data=st.data())
@thorough
def test_what_is_filled_in_right_is_accepted_by_both(procedure: Procedure, data: st.DataObject) -> None:
    context = data.draw(contexts(procedure))
    answers = data.draw(filled(procedure, context))
    problems = validate_all(procedure, answers, context)
    checked = {check.field for page in procedure.pages for check in page.checks}
    unexpected = [one for one in problems if one.path not in checked and one.path != "role"]
    assert unexpected == []
    assert accepts(procedure, answers, context) is (problems == [])


@each_procedure
@given(data=st.data())
@thorough
def test_engine_and_schema_agree_on_cleaned_answers(procedure: Procedure, data: st.DataObject) -> None:
    context = data.draw(contexts(procedure))
    cleaned = clean(procedure, data.draw(gone_wrong(procedure, context)), context)
    assert accepts(procedure, cleaned, context) is (validate_all(procedure, cleaned, context) == [])


@each_procedure
@given(data=st.data())
@thorough
def test_the_schema_rejects_what_is_hidden_or_foreign(procedure: Procedure, data: st.DataObject) -> None:
    context = data.draw(contexts(procedure))
    answers = data.draw(gone_wrong(procedure, context))
    if not is_clean(procedure, answers, context) and _same_json(answers):
        assert not accepts(procedure, answers, context)


def _same_json(answers: dict[str, Any]) -> bool:
    """Whether cleaning would only drop things, not rewrite numbers or ids (1.0 as 1, a second item called the same)."""
    lists = [found for found in answers.values() if isinstance(found, list)]
    ids = [[item.get("id") for item in found if isinstance(item, dict)] for found in lists]
    return not _has_floats(answers) and all(len({str(one) for one in found}) == len(found) for found in ids)


def _has_floats(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_floats(one) for one in value.values())
    if isinstance(value, list):
        return any(_has_floats(one) for one in value)
    return isinstance(value, float) or (isinstance(value, int) and abs(value) >= 2**53)


@each_procedure
@given(data=st.data())
@thorough
def test_hidden_answers_never_survive(procedure: Procedure, data: st.DataObject) -> None:
    context = data.draw(contexts(procedure))
    cleaned = clean(procedure, data.draw(gone_wrong(procedure, context)), context)
    assert clean(procedure, cleaned, context) == cleaned
    assert is_clean(procedure, cleaned, context)
    canonical_bytes(cleaned)


@each_procedure
@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_the_answers_are_everything_can_be_shown(procedure: Procedure, data: st.DataObject) -> None:
    context = data.draw(contexts(procedure))
    answers = data.draw(
        gone_wrong(procedure, context) | st.dictionaries(st.text(max_size=5), JSON, max_size=3)
    )
    problems = validate_all(procedure, answers, context, uploaded=())
    language = data.draw(st.sampled_from(LANGUAGES))
    for page in procedure.pages:
        on_page = [one for one in problems if one.page == page.id]
        render_page(procedure, page.id, answers, context, language, problems=on_page)
    summary(procedure, answers, [], language, context)
    attachment_slots(procedure, answers, context)


@each_procedure
def test_a_role_that_may_not_apply_is_refused_by_both(procedure: Procedure) -> None:
    for role in ("self", "household", "proxy_by_law", "proxy_by_mandate", "care_manager"):
        context = Context(date(2026, 11, 23), role)  # type: ignore[arg-type]
        if not procedure.allows(context.role):
            assert "role" in [problem.path for problem in validate_all(procedure, {}, context)]
            assert not accepts(procedure, {}, context)


@each_procedure
def test_the_schema_is_plain_json(procedure: Procedure) -> None:
    schema = json_schema(procedure, Context(date(2026, 11, 23)))
    assert json.loads(json.dumps(schema)) == schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
