"""The spine: everything of a procedure stands in its folder, and what its files name exists."""

from pathlib import Path
from typing import Any

import pytest

from yakuba.casework.lookups import LOOKS
from yakuba.casework.notice_facts import Reader
from yakuba.casework.notices.kinds import Kind, kinds
from yakuba.casework.notices.kinds import kind as kind_named
from yakuba.casework.procedure_desk import InvalidDesk, ProcedureDesk, desk_from, desk_of, desks, read_desk
from yakuba.procedures import registry
from yakuba.procedures.folders import parts
from yakuba.procedures.rules.parameters import load_parameters
from yakuba.procedures.rules.registry import NoSuchRule, rule_named, rules

EVERY = sorted(registry.procedure_ids())


@pytest.mark.parametrize("procedure", EVERY)
def test_every_national_procedure_has_all_its_parts(procedure: str) -> None:
    for part in ("definition.yaml", "desk.yaml", "parameters.yaml", "handover.yaml"):
        assert procedure in dict(parts(part)), part
    assert procedure in rules()
    assert {f"clock.{procedure}", f"clock.{procedure}.extendable"} <= set(load_parameters().by_name)


@pytest.mark.parametrize("procedure", EVERY)
def test_what_a_desk_names_exists(procedure: str) -> None:
    desk = desks()[procedure]
    assert {one.look for one in desk.knows} <= set(LOOKS)
    for kind in (desk.notices.granted, desk.notices.refused, desk.notices.refused_with_effect):
        assert not kind or kind in kinds()
    assert desk.pauses, "say whether a correction stops the clock"


@pytest.mark.parametrize("name", sorted(kinds()))
def test_every_fact_a_decision_notice_needs_has_a_source(name: str) -> None:
    kind: Kind = kind_named(name)
    if name != "correction_request":  # its facts come from the request, not from a decision
        for field in (*kind.facts, *(column for table in kind.facts for column in table.columns)):
            assert field.source.paths or not field.required, field.key


def test_a_procedure_without_a_desk_has_nothing_particular() -> None:
    assert desk_of("nothing") == ProcedureDesk()
    assert desk_of("nothing").notices.granted == "decision"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("step: []", "step: unknown; there are knows"),
        ("steps: [{kind: a}]", "fields"),
        ("notices: {given: x}", "given"),
    ],
)
def test_a_wrong_desk_is_refused_with_whose_it_is_and_what_is_wrong(
    text: str, says: str, tmp_path: Path
) -> None:
    file = tmp_path / "desk.yaml"
    file.write_text(text)
    with pytest.raises(InvalidDesk, match=rf"mine/desk\.yaml: .*{says}"):
        desk_from("mine", file)


def test_a_lookup_keeps_what_is_its_own() -> None:
    row = {"fact": "income", "look": "item", "of": {"name": "n", "birth": "b"}, "register": "juminzei"}
    lookup = read_desk({"knows": [row]}).knows[0]
    assert (lookup.fact, lookup.of["name"], lookup.settings) == ("income", "n", {"register": "juminzei"})


@pytest.mark.parametrize("name", ["nothing", "decision"])
def test_a_rule_that_decides_nothing_is_none(name: str) -> None:
    with pytest.raises(NoSuchRule, match="facts_from and decide"):
        rule_named(name)


def facts(kind: str, **document: Any) -> dict[str, Any]:
    """What a notice of ``kind`` says of ``document``; one resident is known."""
    known = {"0000000001": {"name": "葉山　ひなた", "birth": "2024-05-05"}}
    form = registry.procedure(kind_named(kind).procedure) if kind_named(kind).procedure else None
    return dict(Reader(document, known.get, form).facts(kind_named(kind)))


def test_a_notice_says_the_register_name_of_a_person_and_else_what_was_written() -> None:
    rows = [
        {"key": "0000000001", "classification": 3, "hours": "standard"},
        {"key": "i1", "name": "書いた名", "birth": "2025-01-01", "classification": 2},
    ]
    answers = {"guardians": [{"reason": "work"}, {"reason": "illness"}], "wanted_from": "2027-04-01"}
    said = facts("childcare_certified", results={"children": rows}, answers=answers)
    assert [(row["name"], row["birth"], row["category"], row["hours"]) for row in said["children"]] == [
        ("葉山　ひなた", "2024-05-05", "3号認定", "保育標準時間"),
        ("書いた名", "2025-01-01", "2号認定", "-"),
    ]
    assert said["need"] == "就労、疾病・負傷・障害"
    assert said["wished_from"] == "2027-04-01"


def test_of_several_places_the_first_that_was_answered_is_said() -> None:
    home = {"address": "葉山町堀内1", "building": "海荘"}
    said = facts(
        "disaster_certificate",
        answers={"applicant_address": home, "damaged_on": "2026-10-00"},
        results={"method": "second"},
    )
    assert (said["building_address"], said["damaged_on"], said["survey_method"]) == (
        "葉山町堀内1 海荘",
        None,
        "第2次調査",
    )


def test_a_decision_of_no_particular_kind_says_so_in_the_forms_name() -> None:
    said = facts("decision", procedure_title="架空の手続")
    assert said == {"procedure": "架空の手続", "decision": "申請のとおり認めます。"}
