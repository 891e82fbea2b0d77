"""Every example of every version of every procedure is a complete, right application."""

from collections.abc import Iterator
from datetime import date

import pytest

from yakuba.base.texts import LANGUAGES
from yakuba.procedures import registry
from yakuba.procedures.answers import is_clean
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Example, Procedure
from yakuba.procedures.overrides import effective
from yakuba.procedures.rendering import render_page
from yakuba.procedures.schema import accepts, validator
from yakuba.procedures.slots import attachment_slots
from yakuba.procedures.summary import rows, summary
from yakuba.procedures.validation import validate_all


def all_versions() -> Iterator[Procedure]:
    for one in registry.all_procedures(date(2026, 11, 23)):
        yield from registry.versions(one.id)


def examples() -> list[object]:
    return [
        pytest.param(effective(version, version.example_settings), example, id=f"{version.id}-{example.id}")
        for version in all_versions()
        for example in version.examples
    ]


each_example = pytest.mark.parametrize(("procedure", "example"), examples())


def context_for(example: Example) -> Context:
    return Context(example.today, example.role)


@each_example
def test_an_example_has_no_problems(procedure: Procedure, example: Example) -> None:
    context = context_for(example)
    assert validate_all(procedure, example.answers, context, example.attachments) == []
    assert is_clean(procedure, example.answers, context)


@each_example
def test_the_json_schema_accepts_an_example(procedure: Procedure, example: Example) -> None:
    errors = list(validator(procedure, context_for(example)).iter_errors(dict(example.answers)))
    assert [error.message for error in errors] == []
    assert accepts(procedure, example.answers, context_for(example))


@each_example
def test_an_example_falls_into_its_versions_validity(procedure: Procedure, example: Example) -> None:
    assert registry.procedure(procedure.id, as_of=example.today).version == procedure.version


@each_example
def test_an_examples_attachments_have_slots(procedure: Procedure, example: Example) -> None:
    keys = {slot.key for slot in attachment_slots(procedure, example.answers, context_for(example))}
    assert set(example.attachments) <= keys


@each_example
def test_every_page_of_an_example_renders_in_three_languages(procedure: Procedure, example: Example) -> None:
    for language in LANGUAGES:
        for page in procedure.pages:
            html = render_page(procedure, page.id, example.answers, context_for(example), language)
            assert "{" not in html
        shown = rows(summary(procedure, example.answers, [], language, context_for(example)))
        assert len(shown) >= len(example.answers)
