"""The form on paper is made from the definition: nothing is left out, nothing shows what it should not."""

import re

import pytest

from yakuba.base.clock import today
from yakuba.procedures import registry
from yakuba.procedures.authoring.documents import in_example_town
from yakuba.procedures.components.kinds import component
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Procedure
from yakuba.procedures.paper import blank_sheets, filled_sheets
from yakuba.procedures.summary import summary

ALL = [one.id for one in registry.national(today())]


def offered(name: str) -> Procedure:
    return in_example_town(registry.procedure(name, as_of=today()))


@pytest.mark.parametrize("name", ALL)
def test_a_blank_form_asks_every_question_and_offers_every_choice(name: str) -> None:
    one = offered(name)
    lines = [line for sheet in blank_sheets(one, "ja") for line in sheet.lines]
    asked = {line.label.ja for line in lines}
    fields = [inner for _, field in one.fields() for inner in (field.fields or (field,))]
    for field in fields:
        if field.type == "file" or component(field).answered:
            assert field.label.ja in asked
    choices = {choice.label.ja for line in lines for choice in line.choices}
    assert {option.label.ja for field in fields for option in field.options} <= choices
    assert not any(line.value or any(each.ticked for each in line.choices) for line in lines)


@pytest.mark.parametrize("name", ALL)
def test_a_filled_form_shows_each_answer_as_the_review_page_does(name: str) -> None:
    one = offered(name)
    for example in one.examples:
        context = Context(example.today, example.role)
        lines = [line for sheet in filled_sheets(one, example.answers, context, "ja") for line in sheet.lines]
        written = " ".join(
            [line.value for line in lines] + [c.label.ja for x in lines for c in x.choices if c.ticked]
        )
        for section in summary(one, example.answers, (), "ja", context):
            for row in section.rows:
                if row.answered and row.slot is None:
                    for word in re.split(r"、|\n|第\d+希望: |確認しました", row.value):
                        assert word in written
