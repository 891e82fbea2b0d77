"""By-laws of the definition files: what cannot be wrong in one that is used."""

import os
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.procedures.samples import definitions_folder, document, field, options, procedure, text
from yakuba.procedures import registry
from yakuba.procedures.faults import InvalidDefinition, UnknownProcedure
from yakuba.procedures.paths import answer_paths, answers_page

PROMISED = ("jidou-teate-nintei", "risai-shoumei", "kaigo-nintei", "hoiku-moushikomi")
CHILDREN = {  # 子育て: the official names of the plan
    "jidou-teate-nintei": "児童手当等の認定請求",
    "jidou-teate-kaitei": "児童手当等の額の改定の請求及び届出",
    "jidou-teate-henkou": "氏名変更・住所変更等の届出",
    "jidou-teate-shoumetsu": "受給事由消滅の届出",
    "jidou-teate-mibarai": "未支払の児童手当等の請求",
    "jidou-teate-kifu": "児童手当等に係る寄附の申出",
    "jidou-teate-kifu-henkou": "児童手当等に係る寄附変更等の申出",
    "jidou-teate-kyushoku": "受給資格者の申出による学校給食費等の徴収等の申出",
    "jidou-teate-kyushoku-henkou": "受給資格者の申出による学校給食費等の徴収等の変更等の申出",
    "jidou-teate-genkyou": "児童手当等の現況届",
    "kyouiku-hoiku-nintei": "支給認定の申請",
    "hoiku-moushikomi": "保育施設等の利用申込",
    "hoiku-genkyou": "保育施設等の現況届",
    "jidou-fuyou-genkyou": "児童扶養手当の現況届の事前送信",
    "ninshin-todokede": "妊娠の届出",
}
TODAY = date(2026, 11, 23)


def mistakes(**changes: Any) -> str:
    with pytest.raises(InvalidDefinition) as caught:
        procedure(**changes)
    return str(caught.value)


def test_the_four_procedures_are_there() -> None:
    assert {one.id for one in registry.all_procedures(TODAY)} >= set(PROMISED)


def test_the_names_are_the_official_ones() -> None:
    titles = {one: registry.procedure(one).title.ja for one in PROMISED}
    assert titles == {
        "jidou-teate-nintei": "児童手当等の認定請求",
        "risai-shoumei": "罹災証明書の発行申請",
        "kaigo-nintei": "要介護・要支援認定の申請",
        "hoiku-moushikomi": "保育施設等の利用申込",
    }


def test_the_procedures_for_children_have_their_official_names_and_three_examples() -> None:
    for one, name in CHILDREN.items():
        newest = registry.procedure(one)
        assert newest.title.ja == name
        assert sum(len(version.examples) for version in registry.versions(one)) >= 3
        assert newest.offline, "what cannot be done online is said"


def test_what_a_procedure_follows_exists() -> None:
    follows = {one.follows for one in registry.all_procedures(TODAY)}
    assert follows - {""} <= set(registry.procedure_ids())


def test_every_definition_has_at_least_two_full_examples() -> None:
    for one in PROMISED:
        assert sum(len(version.examples) for version in registry.versions(one)) >= 2


def test_versions_of_a_procedure_do_not_overlap() -> None:
    for one in PROMISED:
        found = registry.versions(one)
        for earlier, later in pairwise(found):
            assert earlier.valid_until is not None
            assert earlier.valid_until < later.valid_from


def test_child_allowance_is_claimed_on_the_form_of_its_day() -> None:
    before = registry.procedure("jidou-teate-nintei", as_of=date(2024, 9, 30))
    after = registry.procedure("jidou-teate-nintei", as_of=date(2024, 10, 1))
    assert (before.version, after.version) == ("2022-06", "2024-10")
    assert "15歳" in before.field("children").label.ja
    assert "18歳" in after.field("children").label.ja


def test_a_procedure_that_does_not_exist_is_named_in_the_error() -> None:
    with pytest.raises(UnknownProcedure, match="no-such-thing"):
        registry.procedure("no-such-thing")
    with pytest.raises(UnknownProcedure, match="1999-01-01"):
        registry.procedure("risai-shoumei", as_of=date(1999, 1, 1))


def test_no_form_asks_for_the_personal_number() -> None:
    """個人番号 exists only in the My Number zone; these forms run in the internet zone."""
    for one in registry.all_procedures(TODAY):
        for _, found in one.fields():
            for each in (found, *found.fields):
                assert "my_number" not in each.id
                assert not any("number.my" in item or "kojin" in item for item in each.register.values())


def test_what_is_not_sure_says_why() -> None:
    for one in registry.all_procedures(TODAY):
        for term in (one.deadline, one.processing):
            assert term.sure or term.note


def test_an_unknown_key_is_pointed_at() -> None:
    assert "colour" in mistakes(colour="red")


def test_a_missing_language_is_pointed_at() -> None:
    wrong = {"ja": "見本", "en": "sample"}
    assert "every text needs ja, en and easy" in mistakes(title=wrong)


def test_a_condition_on_a_field_that_does_not_exist_lists_those_that_do() -> None:
    first = {"id": "first", "type": "yes_no", "label": text("はじめ")}
    second = field("yes_no", when={"field": "frist", "equals": True})
    words = mistakes(fields=[first, second])
    assert "frist" in words
    assert "first" in words
    assert "pages/one/fields/it/when" in words


def test_a_condition_may_only_look_back() -> None:
    first = field("yes_no", when={"field": "later", "equals": True})
    later = {"id": "later", "type": "yes_no", "label": text("あと")}
    assert "may only look back" in mistakes(fields=[first, later])


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ({"field": "first"}, "compares the field 'first' with nothing"),
        ({"field": "first", "at_least": 3}, "works for number, yen"),
        ({"age_of": "first", "at_least": 3}, "works for date"),
        ({"role": "neighbour"}, "neighbour"),
        ({"any_item": "nobody", "where": {"field": "x", "equals": 1}}, "repeating group 'nobody'"),
        ({"fields": "first"}, "has none of"),
        ({"field": "first", "equals": True, "unlike": 3}, "has ['unlike']"),
        ({"field": "day", "before": "yesterday"}, "names the moment 'yesterday'"),
        ({"field": "first", "equals": 1.5}, "compare with text"),
    ],
)
def test_a_condition_that_makes_no_sense_is_explained(condition: dict[str, Any], says: str) -> None:
    first = {"id": "first", "type": "yes_no", "label": text("はじめ")}
    day = {"id": "day", "type": "date", "label": text("日")}
    assert says in mistakes(fields=[first, day, field("yes_no", when=condition)])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (field("choice"), "needs options"),
        (field("choice", options=options("a", "a")), "'a' is used twice"),
        (field("digits"), "how many"),
        (field("text"), "needs an example"),
        (field("date", latest="soon"), "'soon' is no moment"),
        (field("group"), "needs fields"),
        (field("group", fields=[field("group", fields=[field("yes_no")])]), "cannot stand inside another"),
        (field("group", fields=[{**field("yes_no"), "id": "id"}]), "is taken in this group"),
        (field("static", register="juki.name"), "no answer to map"),
        (field("telepathy"), "telepathy"),
    ],
)
def test_a_field_that_makes_no_sense_is_explained(wrong: dict[str, Any], says: str) -> None:
    assert says in mistakes(fields=[wrong])


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ({"field": "colour", "equals": "green"}, "none of its options: red, blue"),
        ({"field": "colours", "includes": "green"}, "none of its options: red, blue"),
        ({"field": "sure", "equals": "yes"}, "true or false"),
        ({"field": "count", "equals": "3"}, "a whole number"),
        ({"field": "person", "equals": "x"}, "use exists or includes"),
        ({"field": "count", "at_least": 4, "at_most": 3}, "which is never"),
        ({"age_of": "day", "at_least": 65, "less_than": 65}, "which is never"),
        ({"role": "care_manager"}, "may not apply here"),
        ({"not": {"any": [{"field": "colour", "in": ["red", "pink"]}]}}, "pink"),
    ],
)
def test_a_condition_that_can_never_be_true_is_refused(condition: dict[str, Any], says: str) -> None:
    before = [
        {**field("choice", options=options("red", "blue")), "id": "colour"},
        {**field("multi_choice", options=options("red", "blue")), "id": "colours"},
        {**field("yes_no"), "id": "sure"},
        {**field("number"), "id": "count"},
        {**field("date"), "id": "day"},
        {**field("person_name"), "id": "person"},
    ]
    assert says in mistakes(fields=[*before, field("yes_no", when=condition)])


def test_a_register_mapping_names_parts_that_exist() -> None:
    assert "'surname' is none of its parts" in mistakes(
        fields=[field("person_name", register={"surname": "juki.name"})]
    )
    assert "has no parts" in mistakes(fields=[field("yes_no", register={"name": "juki.name"})])


def test_a_value_nobody_works_out_cannot_stand_in_a_text() -> None:
    assert "<start>" in mistakes(fields=[{**field("static"), "label": text("<start>から")}])


def test_all_mistakes_are_said_at_once() -> None:
    words = mistakes(fields=[field("digits"), {**field("choice"), "id": "other"}])
    assert "2 mistake(s)" in words


def test_two_fields_of_one_name_are_refused() -> None:
    assert "used twice" in mistakes(fields=[field("yes_no"), field("yes_no")])


def test_a_life_event_has_to_exist() -> None:
    assert "winning-the-lottery" in mistakes(life_events=["winning-the-lottery"])


def test_an_example_answers_only_questions_that_exist() -> None:
    wrong = document()["examples"]
    wrong["sets"][0]["answers"] = {"shoe_size": 27}
    assert "shoe_size" in mistakes(examples=wrong)


def test_a_computed_value_names_its_inputs() -> None:
    assert "needs the input(s) days" in mistakes(
        computed=[{"id": "x", "kind": "deadline", "inputs": {"of": "nickname"}}]
    )
    assert "'magic' is unknown" in mistakes(computed=[{"id": "x", "kind": "magic", "inputs": {}}])
    assert "does not exist" in mistakes(computed=[{"id": "x", "kind": "age", "inputs": {"of": "birthday"}}])


def test_a_fragment_has_to_exist() -> None:
    with pytest.raises(InvalidDefinition, match="no fragment"):
        registry.load_definition(yaml.safe_dump(document(fields=[{"id": "it", "like": "nothing"}])), "s.yaml")


def test_a_part_for_some_versions_is_only_in_those() -> None:
    versions = [
        {"version": "old", "valid_from": "2020-01-01", "valid_until": "2020-12-31"},
        {"version": "new", "valid_from": "2021-01-01"},
    ]
    fields = [field("yes_no", versions=["new"]), {**field("yes_no"), "id": "always"}]
    old, new = registry.load_definition(
        yaml.safe_dump(document(versions=versions, fields=fields), allow_unicode=True), "sample.yaml"
    )
    assert [found.id for _, found in old.fields()] == ["always"]
    assert [found.id for _, found in new.fields()] == ["it", "always"]


def test_the_page_of_answers_is_that_of_the_definitions() -> None:
    page = (definitions_folder().parents[3] / "docs/answers.md").read_text(encoding="utf-8")
    assert page == answers_page(), "run: python scripts/write_answers_page.py"


def test_every_answer_of_an_example_is_in_the_list_of_paths() -> None:
    for one in registry.all_procedures(TODAY):
        paths = {path.path for path in answer_paths(one)}
        for example in one.examples:
            assert set(_paths_of(example.answers)) <= paths


def _paths_of(answers: Any, prefix: str = "") -> list[str]:
    found: list[str] = []
    for key, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            found += [path for item in value for path in _paths_of(item, f"{prefix}{key}[].")]
        elif isinstance(value, dict):
            found += _paths_of(value, f"{prefix}{key}.")
        elif key != "id":
            found.append(prefix + key)
    return found


def own_definitions(folder: Path, name: str, **changes: Any) -> Path:
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(document(id=name, **changes), allow_unicode=True))
    return folder


def test_a_municipality_adds_its_own_procedure_beside_the_national_ones(tmp_path: Path) -> None:
    national = {one: registry.versions(one) for one in PROMISED}
    found = registry.with_own(national, own_definitions(tmp_path, "machi-hanami"))
    assert set(found) == {*PROMISED, "machi-hanami"}
    assert found["machi-hanami"][-1].title.ja == "見本の手続き"


def test_a_municipality_cannot_put_its_own_in_the_place_of_a_national_procedure(tmp_path: Path) -> None:
    national = {one: registry.versions(one) for one in PROMISED}
    with pytest.raises(InvalidDefinition, match="machi-kaigo-nintei"):
        registry.with_own(national, own_definitions(tmp_path, "kaigo-nintei"))


def test_the_zones_that_read_forms_serve_the_folder_that_the_setting_names(tmp_path: Path) -> None:
    own_definitions(tmp_path, "machi-hanami")
    code = "import django; django.setup(); from yakuba.procedures import registry; print(*registry.procedure_ids())"
    zone = {"DJANGO_SETTINGS_MODULE": "yakuba.zones.settings.everything", "YAKUBA_DEFINITIONS": str(tmp_path)}

    def started() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **zone},
            capture_output=True,
            text=True,
            check=False,
        )

    assert "machi-hanami" in started().stdout.split()
    own_definitions(tmp_path, "machi-hanami", pages=[])
    broken = started()
    assert broken.returncode != 0
    assert "machi-hanami.yaml has" in broken.stderr
