"""Help texts and further places for files are rows of the settings form: added, changed, removed, nothing lost."""

import json
from typing import Any

import pytest
from django.urls import reverse

from tests.casework.cast import Desk
from tests.casework.test_desk import signed_in
from tests.casework.test_procedure_settings import RISAI, form_of, published, send
from yakuba.casework import setting_form, setting_rows
from yakuba.casework.errors import Incomplete
from yakuba.procedures import registry
from yakuba.procedures.overrides import effective

HINT = {"ja": "全体を1枚に。", "en": "The whole in one.", "easy": "ぜんぶを 1まいに。"}
PLAN = {"ja": "間取り図", "en": "Floor plan", "easy": "まどりず"}


def row(at: str, words: dict[str, str], **more: str) -> dict[str, str]:
    return {f"{at}{key}": value for key, value in {**words, **more}.items()}


def typed(posted: dict[str, str]) -> Any:
    return setting_form.read(registry.procedure(RISAI), [], {"open": "yes", **posted}).overrides


def problems(posted: dict[str, str]) -> dict[str, str]:
    with pytest.raises(Incomplete) as refused:
        typed(posted)
    return refused.value.problems


def first_page() -> str:
    return registry.procedure(RISAI).pages[0].id


def a_field() -> str:
    return next(field.id for _, field in registry.procedure(RISAI).fields() if not field.is_group)


@pytest.mark.django_db
def test_a_help_text_and_a_place_for_files_are_typed_looked_at_published_and_shown_again(desk: Desk) -> None:
    client, field, page = signed_in(desk.admin), a_field(), first_page()
    added = row("help-0-", HINT, field=field) | row("place-0-", PLAN, page=page, type="file", required="yes")
    preview = send(client, RISAI, confirm=False, **added)
    shown = preview.content.decode()
    assert "全体を1枚に。 / The whole in one." in shown
    assert "「間取り図 / Floor plan / まどりず」(書類を付ける欄" in shown
    assert published() == []
    assert send(client, RISAI, **added).status_code == 302
    settings = published()[-1]["procedures"][RISAI]
    assert settings["help"] == {field: HINT}
    assert settings["attachments"] == [
        {"page": page, "field": {"id": "town_floor_plan", "type": "file", "label": PLAN, "required": True}}
    ]
    ours = {one.id: one for _, one in effective(registry.procedure(RISAI), settings).fields()}
    assert ours["town_floor_plan"].required
    assert str(ours[field].hint.ja if ours[field].hint else "").endswith("全体を1枚に。")
    assert form_of(client, RISAI)["place-0-id"] == "town_floor_plan"
    again = client.get(reverse("casework:setting", args=[RISAI])).content.decode()
    assert ">The whole in one.</textarea>" in again
    assert f'<option value="{field}" selected>' in again


@pytest.mark.django_db
def test_what_is_missing_is_said_in_plain_words_and_what_was_typed_stays(desk: Desk) -> None:
    half = row("help-0-", {"ja": "日本語だけ"}, field=a_field()) | row("place-0-", PLAN)
    answer = send(signed_in(desk.admin), RISAI, **half)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "説明1: 英語の文も書いてください。例:" in page
    assert "書類の欄1: どのページに出すかを選んでください。" in page
    assert ">日本語だけ</textarea>" in page
    assert ">Floor plan</textarea>" in page
    assert published() == []


def test_a_row_whose_texts_are_emptied_leaves_and_the_others_keep_their_names() -> None:
    two = row("place-0-", PLAN, page=first_page()) | row("place-1-", PLAN, page=first_page())
    kept = typed(two)["attachments"]
    assert [one["field"]["id"] for one in kept] == ["town_floor_plan", "town_floor_plan_2"]
    form = setting_form.posted_from(registry.procedure(RISAI), {"attachments": kept}, {})
    emptied = {**form, **row("place-0-", dict.fromkeys(PLAN, ""))}
    assert [one["field"]["id"] for one in typed(emptied)["attachments"]] == ["town_floor_plan_2"]


def test_a_changed_name_keeps_the_name_in_the_records() -> None:
    changed = row("place-0-", {**PLAN, "en": "Plan of the house"}, page=first_page(), id="town_floor_plan")
    field = typed(changed)["attachments"][0]["field"]
    assert (field["id"], field["label"]["en"]) == ("town_floor_plan", "Plan of the house")


def test_a_place_with_kinds_of_files_of_its_own_stays_as_data_and_is_not_lost() -> None:
    special = {"id": "town_table", "type": "file", "label": PLAN, "accepts": ["excel"]}
    settings = {"attachments": [{"page": first_page(), "field": special}]}
    form = setting_form.posted_from(registry.procedure(RISAI), settings, {})
    assert json.loads(form["rest"]) == settings
    both = typed(form | row("place-0-", PLAN, page=first_page()))["attachments"]
    assert [one["field"]["id"] for one in both] == ["town_floor_plan", "town_table"]


@pytest.mark.parametrize(
    ("posted", "where", "says"),
    [
        (row("help-0-", HINT), "help-0-field", "どの項目の説明かを選んでください"),
        (row("help-0-", HINT, field="nonsense"), "help-0-field", "どの項目の説明かを選んでください"),
        (row("help-0-", HINT, field="x") | row("help-1-", HINT), "help-1-field", "説明2"),
        (row("place-0-", {}, hint_ja="説明だけ"), "place-0-ja", "名前も書いてください"),
        (row("place-0-", PLAN, page="nonsense"), "place-0-page", "どのページに出すか"),
        ({"rest": '{"help": {}}'}, "rest", "help はここでは使えません"),
        ({"rest": '{"attachments": 1}'}, "rest", "JSONの形で"),
    ],
)
def test_each_mistake_has_its_own_plain_words(posted: dict[str, str], where: str, says: str) -> None:
    assert says in problems(posted)[where]


def test_one_field_has_one_help_text() -> None:
    twice = row("help-0-", HINT, field=a_field()) | row("help-1-", HINT, field=a_field())
    assert "1つの行にまとめて" in problems(twice)["help-1-field"]


def test_lines_of_a_text_become_one_and_an_explanation_is_never_required() -> None:
    lines = {**PLAN, "ja": "間取り図\r\n(平面)"}
    field = typed(row("place-0-", lines, page=first_page(), type="static", required="yes"))["attachments"][0][
        "field"
    ]
    assert field == {"id": "town_floor_plan", "type": "static", "label": {**PLAN, "ja": "間取り図 (平面)"}}


def test_an_english_name_without_letters_still_gives_a_name_for_the_records() -> None:
    assert (
        setting_rows.places(
            registry.procedure(RISAI), row("place-0-", {**PLAN, "en": "間取り図"}, page=first_page()), [], {}
        )[0]["field"]["id"]
        == "town_file"
    )
