"""What the forms map to registers exists there: a wrong path would fill in nothing and be noticed by nobody."""

from datetime import date

import pytest

from yakuba.procedures import registry
from yakuba.procedures.definition import Procedure
from yakuba.procedures.prefill import prefill_items, register_mapping
from yakuba.registers.prefill import is_item

PROCEDURES = registry.all_procedures(date(2026, 11, 23))
each_procedure = pytest.mark.parametrize("procedure", PROCEDURES, ids=[one.id for one in PROCEDURES])


@each_procedure
def test_every_mapped_answer_has_its_register_item(procedure: Procedure) -> None:
    assert [item for item in register_mapping(procedure).values() if not is_item(item)] == []


@each_procedure
def test_everything_asked_for_can_be_answered(procedure: Procedure) -> None:
    items = prefill_items(procedure)
    assert items
    assert all(is_item(item) for item in items)
