"""From decided cases to files: every value converted as the table says, or named as one that could not be."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.handover.cast import ANSWERS, AT, HAYAMA, decided
from yakuba.base.canonical import sha256_hex
from yakuba.casework.handover.batching import MANIFEST, PROBLEMS, make_files
from yakuba.casework.handover.encoding import GETA, cut, fit
from yakuba.casework.handover.formats import FORMATS, harmless, write
from yakuba.casework.handover.mapping import NoMapping, apply, look_up, read_table, table_for, tables
from yakuba.casework.handover.record import document
from yakuba.casework.handover.values import KINDS, Unconvertible, convert
from yakuba.procedures import registry


def files_of(procedure: str, form: str, *cases: Any) -> dict[str, bytes]:
    documents = [document(case, HAYAMA) for case in cases or (decided(procedure),)]
    return dict(make_files(table_for(procedure), FORMATS[form], documents, batch="b", at=AT).files)


def rows_of(data: bytes, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(encoding), newline="")))


def test_there_is_a_table_for_every_procedure_defined() -> None:
    known = {procedure.id for procedure in registry.all_procedures(AT.date())}
    assert known == set(tables())
    with pytest.raises(NoMapping, match=r"「nothing」.*handover\.yaml"):
        table_for("nothing")


@pytest.mark.parametrize("procedure", sorted(tables()))
def test_every_path_of_a_table_is_a_question_or_a_result_that_exists(procedure: str) -> None:
    """A table that asks for an answer nobody is ever asked for would send empty columns for ever."""
    asked = {component.id for component in _components(procedure)}
    for record in table_for(procedure).records:
        for field in record.fields:
            if field.source.startswith("answers."):
                assert field.source.split(".")[1] in asked, field.source
        if record.rows.startswith("answers."):
            assert record.rows.split(".")[1] in asked


@pytest.mark.parametrize("procedure", sorted(tables()))
def test_every_code_list_covers_every_choice_of_its_question(procedure: str) -> None:
    by_id: dict[str, set[str]] = {}
    for component in _components(procedure):
        by_id.setdefault(component.id, set()).update(
            str(option.value) for option in getattr(component, "options", ()) or ()
        )
    for record in table_for(procedure).records:
        for field in record.fields:
            if field.codes and field.source.startswith("answers.") and field.source.count(".") == 1:
                missing = by_id[field.source.split(".")[1]] - set(field.codes)
                assert not missing, f"{field.name}: {missing}"


def _components(procedure: str) -> list[Any]:
    found: list[Any] = []

    def walk(components: Any) -> None:
        for component in components:
            found.append(component)
            walk(getattr(component, "fields", ()) or ())

    for page in registry.procedure(procedure).pages:
        walk(page.fields)
    return found


@pytest.mark.parametrize("procedure", sorted(ANSWERS))
def test_a_case_becomes_one_row_a_record_and_one_an_item(procedure: str) -> None:
    mapped = apply(table_for(procedure), document(decided(procedure), HAYAMA))
    assert mapped.difficulties == ()
    assert {name: len(rows) for name, rows in mapped.rows.items()} == {
        record.name: 1 for record in table_for(procedure).records
    }


def test_answers_become_codes_dates_and_amounts() -> None:
    [row] = rows_of(files_of("jidou-teate-nintei", "csv-bom")["jidou-teate-nintei-claim.csv"])
    expected = {
        "市区町村コード": "143014",
        "宛名番号": "100000000000009",
        "請求年月日": "20261123",
        "決定区分": "1",
        "請求者氏名": "葉山 健太",
        "住所": "神奈川県三浦郡葉山町堀内1234番地5 海荘1",
        "事由": "1",
        "支給開始年月": "202612",
        "手当月額": "15000",
        "公金受取口座": "0",
        "口座番号": "0012345",
    }
    assert {key: row[key] for key in expected} == expected


def test_a_list_is_coded_item_by_item_and_an_unknown_day_stays_unknown() -> None:
    made = files_of("risai-shoumei", "csv")
    assert rows_of(made["risai-shoumei-household.csv"])[0]["損傷箇所"] == "01;07"
    assert rows_of(made["risai-shoumei-member.csv"])[0]["生年月日"] == "19700000"


def test_a_value_without_a_code_holds_the_case_and_is_named() -> None:
    good, odd = decided(), decided(answers={"claim_reason": "because"})
    made = make_files(
        table_for("jidou-teate-nintei"), FORMATS["csv"], [document(one, HAYAMA) for one in (good, odd)],
        batch="b", at=AT,
    )  # fmt: skip
    assert made.included == (good.receipt_number,)
    [difficulty] = made.held[odd.receipt_number]
    assert (difficulty.field, difficulty.value, difficulty.reason) == ("事由", "because", "no_code")
    for name, data in made.files.items():
        held_here = odd.receipt_number.encode() in data
        assert held_here == (name in (PROBLEMS, MANIFEST)), name


def test_a_required_field_that_is_empty_holds_the_case() -> None:
    mapped = apply(table_for("kaigo-nintei"), document(decided("kaigo-nintei", atena_number=""), HAYAMA))
    assert mapped.blocked
    assert [(one.field, one.reason) for one in mapped.difficulties] == [("宛名番号", "missing")]


def test_the_manifest_names_every_file_with_rows_size_and_digest() -> None:
    made = files_of("hoiku-moushikomi", "jsonl", decided("hoiku-moushikomi"), decided("hoiku-moushikomi"))
    manifest = json.loads(made.pop(MANIFEST))
    assert {file["name"]: (file["size"], file["sha256"]) for file in manifest["files"]} == {
        name: (len(data), sha256_hex(data)) for name, data in made.items()
    }
    assert [file["rows"] for file in manifest["files"]] == [2, 2, 2, 2]
    assert len(manifest["cases"]) == 2
    lines = made["hoiku-moushikomi-child.jsonl"].decode().splitlines()
    assert json.loads(lines[0])["希望施設"] == "hayama-nursery;nagae-small"


def test_the_same_cases_make_the_same_files() -> None:
    case = decided()
    assert files_of("jidou-teate-nintei", "csv-sjis", case) == files_of(
        "jidou-teate-nintei", "csv-sjis", case
    )


NAME = {"claimant_name": {"name": "髙﨑 𠮷邉󠄂子〜", "kana": "タカサキ"}}


def test_shift_jis_reports_each_character_it_lacks_and_loses_none() -> None:
    made = files_of("jidou-teate-nintei", "csv-sjis", decided(answers=NAME))
    [row] = rows_of(made["jidou-teate-nintei-claim.csv"], "cp932")
    assert row["請求者氏名"] == f"髙﨑 {GETA}邉子\uff5e"
    [problem] = rows_of(made[PROBLEMS])
    assert problem["項目"] == "請求者氏名"
    assert problem["元の値"] == NAME["claimant_name"]["name"]
    assert problem["理由"] == "unmappable U+20BB7, U+9089 U+E0102"
    assert problem["送信を止めたか"] == "いいえ"


def test_utf8_keeps_every_character() -> None:
    made = files_of("jidou-teate-nintei", "csv", decided(answers=NAME))
    assert (
        rows_of(made["jidou-teate-nintei-claim.csv"], "utf-8")[0]["請求者氏名"]
        == NAME["claimant_name"]["name"]
    )
    assert PROBLEMS not in made


def test_the_byte_order_mark_is_there_only_where_asked_for() -> None:
    name = "kaigo-nintei-application.csv"
    assert files_of("kaigo-nintei", "csv-bom")[name].startswith(b"\xef\xbb\xbf")
    assert not files_of("kaigo-nintei", "csv")[name].startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("procedure", sorted(ANSWERS))
def test_fixed_width_lines_are_all_as_long_as_the_table_says(procedure: str) -> None:
    made = files_of(procedure, "fixed-sjis", decided(procedure), decided(procedure))
    for record in table_for(procedure).records:
        width = sum(field.width for field in record.fields)
        data = made[f"{procedure}-{record.name}.dat"]
        lines = data.split(b"\r\n")
        assert lines.pop() == b""
        assert [len(line) for line in lines] == [width, width]


def test_a_value_too_long_is_cut_between_characters_and_kept_whole_beside() -> None:
    long = "長" * 61
    made = files_of(
        "kaigo-nintei", "fixed-sjis", decided("kaigo-nintei", answers={"insured_name": {"name": long}})
    )
    [problem] = rows_of(made[PROBLEMS])
    assert (problem["元の値"], problem["理由"]) == (long, "longer_than 60")
    made["kaigo-nintei-application.dat"].decode("cp932")


@pytest.mark.parametrize("cell", ["=1+1", "+81", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")'])
def test_a_file_for_spreadsheets_holds_no_formula_and_a_file_for_systems_is_unchanged(cell: str) -> None:
    case = decided(answers={"claimant_name": {"name": cell}})
    people = rows_of(files_of("jidou-teate-nintei", "spreadsheet", case)["jidou-teate-nintei-claim.csv"])
    machines = rows_of(files_of("jidou-teate-nintei", "csv", case)["jidou-teate-nintei-claim.csv"], "utf-8")
    assert people[0]["請求者氏名"] == f"'{cell}"
    assert machines[0]["請求者氏名"] == cell


def test_the_list_of_problems_holds_no_formula_either() -> None:
    case = decided(answers={"claim_reason": "=cmd|' /C calc'!A0"})
    [problem] = rows_of(files_of("jidou-teate-nintei", "csv", case)[PROBLEMS])
    assert problem["元の値"].startswith("'=")


_WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


@given(_WORDS)
def test_any_text_goes_through_csv_and_back(name: str) -> None:
    record = table_for("kaigo-nintei").records[0]
    cells = [name] + [""] * (len(record.fields) - 1)
    data, difficulties = write(FORMATS["csv"], record, [("r", cells)])
    assert rows_of(data, "utf-8")[0][record.fields[0].name] == name[:6]
    assert bool(difficulties) == (len(name) > 6)


@given(_WORDS)
def test_any_text_fits_shift_jis_and_every_change_is_reported(text: str) -> None:
    encoded = fit(text, "cp932")
    encoded.text.encode("cp932")
    if not encoded.lost:
        assert GETA not in encoded.text.replace(GETA, "", text.count(GETA))
        assert len(encoded.text) == len(text)


@given(_WORDS, st.integers(0, 20))
def test_a_cut_never_splits_a_character(text: str, width: int) -> None:
    fitted = fit(text, "cp932").text
    shorter = cut(fitted, width, "cp932")
    assert fitted.startswith(shorter)
    assert len(shorter.encode("cp932")) <= width


@given(_WORDS)
def test_a_harmless_cell_never_starts_a_formula(cell: str) -> None:
    assert not harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("value", "kind", "written"),
    [
        ("2026-12-04", "date", "20261204"),
        ("1935-03-00", "date", "19350300"),
        ("2026-12", "month", "202612"),
        ("2026-12-04", "era_date", "5081204"),
        ("1945-08-15", "era_date", "3200815"),
        (True, "flag", "1"),
        (0, "int", "0"),
        (["a", "b"], "list", "a;b"),
        ({"address": "堀内1", "building": "海荘"}, "address", "堀内1 海荘"),
    ],
)
def test_values_are_written_as_their_type_says(value: Any, kind: str, written: str) -> None:
    assert convert(value, kind) == written


@pytest.mark.parametrize(
    ("value", "kind"),
    [("4 December", "date"), ("2026-12-04", "month"), ("1935-03-00", "era_date"), ("yes", "flag"), (True, "int"), ("3", "int"), ({}, "text"), ("x", "list")],
)  # fmt: skip
def test_a_value_of_another_type_is_never_guessed_at(value: Any, kind: str) -> None:
    assert kind in KINDS
    with pytest.raises(Unconvertible):
        convert(value, kind)


def test_a_table_with_two_fields_of_one_name_is_refused() -> None:
    field = {"field": "x", "from": "receipt_number"}
    raw = {
        "version": 1, "title": "t", "sure": False,
        "records": [{"name": "r", "title": "t", "fields": [field, field]}],
    }  # fmt: skip
    with pytest.raises(ValueError, match="share a name"):
        read_table("sample", raw)


def test_paths_lead_through_objects_and_lists() -> None:
    value = {"effects": [{"items": {"a": 1}}]}
    assert look_up(value, "effects.0.items.a") == 1
    assert look_up(value, "effects.1.items.a") is None
    assert look_up(value, "effects.items") is None


def test_a_batch_says_when_it_was_made() -> None:
    made = make_files(
        table_for("kaigo-nintei"), FORMATS["csv"], [], batch="b", at=datetime(2026, 1, 2, tzinfo=UTC)
    )
    assert json.loads(made.files[MANIFEST])["made_at"] == "2026-01-02T00:00:00Z"


@pytest.mark.parametrize("procedure", sorted(ANSWERS))
def test_every_example_of_a_procedure_goes_out_without_difficulty(procedure: str) -> None:
    examples = registry.procedure(procedure).examples
    assert examples
    for example in examples:
        case = decided(procedure)
        stated = {
            **document(case, HAYAMA),
            "answers": json.loads(json.dumps(dict(example.answers), default=str)),
        }
        mapped = apply(table_for(procedure), stated)
        assert mapped.difficulties == (), example.id
