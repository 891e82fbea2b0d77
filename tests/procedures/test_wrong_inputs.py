"""What is typed wrong gets its message, in the user's words, with a right example; what is typed oddly is understood."""

from datetime import date
from typing import Any

import pytest

from tests.procedures.samples import field, options, procedure
from yakuba.base.texts import LANGUAGES, Text
from yakuba.procedures.context import Context
from yakuba.procedures.forms import parse_form
from yakuba.procedures.rendering import render_page
from yakuba.procedures.schema import accepts
from yakuba.procedures.validation import validate_page

CONTEXT = Context(date(2026, 11, 23))


def typed(definition: dict[str, Any], post: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, Text]]]:
    """The answers after a post, and the problems with them (the schema must agree)."""
    sample = procedure(fields=[definition])
    answers = parse_form(sample, "one", post, {})
    problems = validate_page(sample, "one", answers, CONTEXT)
    assert accepts(sample, answers, CONTEXT) is (problems == [])
    return answers, [(problem.path, problem.message) for problem in problems]


def date_post(era: str, year: str, month: str, day: str) -> dict[str, str]:
    return {"it-era": era, "it-year": year, "it-month": month, "it-day": day}


def bank(**changes: str) -> dict[str, str]:
    right = {
        "bank_name": "みなと信用金庫",
        "bank_code": "9999",
        "branch_name": "葉山",
        "branch_code": "001",
        "account_type": "ordinary",
        "account_number": "0012345",
        "account_holder": "ヤマダ ハナコ",
    }
    return {f"it-{key}": value for key, value in {**right, **changes}.items()}


RANKED = field("ranked", options=options("a", "b", "c"), maximum=3)
WRONG: list[tuple[str, dict[str, Any], dict[str, Any], str, str]] = [
    ("nothing", field("text", example="葉山 花子"), {"it": "　"}, "it", "書いてください。例：葉山 花子"),
    ("too long", field("text", example="あ", max_length=5), {"it": "あいうえおか"}, "it", "5文字まで"),
    ("kanji as kana", field("kana"), {"it": "山田"}, "it", "全角カタカナ"),
    ("short phone", field("phone"), {"it": "1234"}, "it", "0から始まる"),
    ("no at sign", field("email"), {"it": "hanako.example.jp"}, "it", "「@」"),
    ("two at signs", field("email"), {"it": "a@b@example.jp"}, "it", "「@」"),
    ("nine digits", field("digits", digits=10), {"it": "123456789"}, "it", "数字10桁"),
    ("letters in digits", field("digits", digits=3), {"it": "12a"}, "it", "数字3桁"),
    ("postal code", field("postal_code"), {"it": "24001"}, "it", "数字7桁"),
    ("words as number", field("number"), {"it": "三人"}, "it", "数字だけ"),
    ("fraction", field("number"), {"it": "1.5"}, "it", "数字だけ"),
    ("negative", field("yen"), {"it": "-1"}, "it", "0以上"),
    ("too much", field("number", maximum=10), {"it": "11"}, "it", "10以下"),
    ("30 February", field("date"), date_post("western", "2026", "2", "30"), "it-year", "ない日付"),
    ("no era", field("date"), date_post("", "63", "5", "14"), "it-year", "元号"),
    ("beyond an era", field("date"), date_post("平成", "31", "5", "1"), "it-year", "その元号にはない"),
    ("month missing", field("date"), date_post("令和", "8", "", "1"), "it-year", "（月なし）"),
    ("unknown day", field("date"), date_post("昭和", "20", "3", "不詳"), "it-year", "すべてが必要"),
    (
        "in the future",
        field("date", latest="today"),
        date_post("令和", "8", "11", "24"),
        "it-year",
        "令和8年11月23日",
    ),
    (
        "too early",
        field("date", earliest="today"),
        date_post("令和", "8", "11", "22"),
        "it-year",
        "それより後",
    ),
    ("no such option", field("choice", options=options("a")), {"it": "z"}, "it-0", "示された中から"),
    ("no option", field("choice", options=options("a")), {}, "it-0", "選んでください"),
    (
        "no such options",
        field("multi_choice", options=options("a")),
        {"it": ["a", "z"]},
        "it-0",
        "示された中から",
    ),
    ("chosen twice", RANKED, {"it-0": "a", "it-1": "b", "it-2": "a"}, "it-2", "「a」を2回"),
    ("not ticked", field("declaration"), {}, "it", "チェック"),
    (
        "name missing",
        field("person_name"),
        {"it-kana": "ヤマダ"},
        "it-name",
        "「氏名」を書いてください。例：山田 花子",
    ),
    ("kana missing", field("person_name"), {"it-name": "山田"}, "it-kana", "フリガナ"),
    ("address missing", field("address"), {"it-postal_code": "2400112"}, "it-address", "住所"),
    ("bank code", field("bank_account"), bank(bank_code="12"), "it-bank_code", "数字4桁"),
    (
        "account number",
        field("bank_account"),
        bank(account_number="12345678"),
        "it-account_number",
        "数字7桁",
    ),
    ("account type", field("bank_account"), bank(account_type=""), "it-account_type", "選んでください"),
    (
        "account holder",
        field("bank_account"),
        bank(account_holder="山田花子"),
        "it-account_holder",
        "カタカナ",
    ),
]


@pytest.mark.parametrize(
    ("definition", "post", "path", "says"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG]
)
def test_a_wrong_input_gets_its_message(
    definition: dict[str, Any], post: dict[str, Any], path: str, says: str
) -> None:
    _, problems = typed(definition, post)
    assert len(problems) == 1
    assert problems[0][0] == path
    assert says in problems[0][1].ja
    for language in LANGUAGES:
        words = problems[0][1].in_language(language)
        assert words
        assert "<" not in words


@pytest.mark.parametrize(("definition", "post"), [one[1:3] for one in WRONG], ids=[one[0] for one in WRONG])
def test_what_was_typed_wrong_is_shown_again(definition: dict[str, Any], post: dict[str, Any]) -> None:
    """Free input comes back as typed; a choice that does not exist cannot."""
    sample = procedure(fields=[definition])
    answers = parse_form(sample, "one", post, {})
    problems = validate_page(sample, "one", answers, CONTEXT)
    html = render_page(sample, "one", answers, CONTEXT, "ja", problems=problems)
    for name, value in post.items():
        if isinstance(value, str) and value.strip(" 　") and value != "z" and "era" not in name:
            assert f'"{value}"' in html
    assert f'href="#{problems[0].path}"' in html
    assert f'id="{problems[0].path}"' in html


UNDERSTOOD: list[tuple[str, dict[str, Any], dict[str, Any], Any]] = [
    ("full-width phone", field("phone"), {"it": "０９０ー１２３４－５６７８"}, "09012345678"),
    ("country code", field("phone"), {"it": "+81 90-1234-5678"}, "09012345678"),
    ("full-width e-mail", field("email"), {"it": " ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ "}, "hana@example.jp"),
    ("hiragana", field("kana"), {"it": "やまだ　はなこ"}, "ヤマダ ハナコ"),
    ("half-width kana", field("kana"), {"it": "ﾔﾏﾀﾞ ﾊﾅｺ"}, "ヤマダ ハナコ"),
    ("a hyphen for a long vowel", field("kana"), {"it": "マリ-"}, "マリー"),
    ("postal mark", field("postal_code"), {"it": "２４０－０１１２"}, "2400112"),
    ("thousands", field("yen"), {"it": "１２，３４５円"}, 12345),
    ("first year", field("date"), date_post("令和", "元", "５", "1日"), "2019-05-01"),
    ("western year", field("date"), date_post("western", "２０２６", "11", "3"), "2026-11-03"),
    ("no era is western", field("date"), date_post("", "1988", "5", "14"), "1988-05-14"),
    ("unknown day", field("date", uncertain=True), date_post("昭和", "20", "3", "不詳"), "1945-03-00"),
    ("unknown day as 0", field("date", uncertain=True), date_post("昭和", "20", "3", "０"), "1945-03-00"),
    ("unknown month", field("date", uncertain=True), date_post("昭和", "20", "不詳", "不詳"), "1945-00-00"),
    ("ranks with a gap", RANKED, {"it-0": "", "it-1": "b", "it-2": "a"}, ["b", "a"]),
    ("options in order", field("multi_choice", options=options("a", "b")), {"it": ["b", "a"]}, ["a", "b"]),
    ("yes", field("yes_no"), {"it": "yes"}, True),
    ("no", field("yes_no"), {"it": "no"}, False),
]


@pytest.mark.parametrize(
    ("definition", "post", "answer"), [one[1:] for one in UNDERSTOOD], ids=[one[0] for one in UNDERSTOOD]
)
def test_an_odd_way_of_typing_is_understood(
    definition: dict[str, Any], post: dict[str, Any], answer: Any
) -> None:
    answers, problems = typed(definition, post)
    assert problems == []
    assert answers == {"it": answer}


@pytest.mark.parametrize(
    "name", ["\ufa19山　隆", "葛\U000e0100城 花子", "髙\ufa11", "\U00020bb7野家", "か\u3099山"]
)
def test_a_name_is_never_altered(name: str) -> None:
    """Compatibility ideographs, variation selectors and decomposed kana stay code point for code point."""
    answers, problems = typed(field("person_name", kana="optional"), {"it-name": f"　{name} "})
    assert problems == []
    assert answers["it"]["name"] == name


def test_an_account_holder_is_written_as_banks_do() -> None:
    answers, problems = typed(
        field("bank_account"), bank(account_holder="やまだ　はなこ", account_number="００１２３４５")
    )
    assert problems == []
    assert answers["it"]["account_holder"] == "ヤマダ ハナコ"
    assert answers["it"]["account_number"] == "0012345"
