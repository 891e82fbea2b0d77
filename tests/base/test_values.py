"""Codes, canonical bytes, receipt numbers, eras and uncertain dates."""

import json
import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.base import ids, wareki
from yakuba.base.canonical import canonical_bytes
from yakuba.base.dates import UncertainDate
from yakuba.base.municipality import InvalidMunicipalityCode, municipality_code
from yakuba.base.texts import Text, ruby, without_readings

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize("code", ["143014", "143421", "011002", "131016", "472077"])
def test_real_codes_are_accepted(code: str) -> None:
    assert municipality_code(code) == code


@pytest.mark.parametrize("code", ["143015", "14301", "1430144", "１４３０１４", "", "abcdef", "143014\n"])
def test_a_wrong_check_digit_or_form_is_refused_with_an_example(code: str) -> None:
    with pytest.raises(InvalidMunicipalityCode, match="143014"):
        municipality_code(code)


@given(JSON)
def test_canonical_bytes_say_the_same_value_whatever_the_key_order(value: object) -> None:
    text = canonical_bytes(value)
    assert json.loads(text) == value
    assert canonical_bytes(json.loads(text, object_pairs_hook=lambda pairs: dict(reversed(pairs)))) == text


def test_keys_sort_by_utf16_code_units() -> None:
    # RFC 8785 section 3.2.3: U+1F600 (surrogates D83D…) sorts before U+FB33
    assert canonical_bytes({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize("value", [1.5, {1: "x"}, b"bytes", {"a": {1, 2}}])
def test_what_json_cannot_say_exactly_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_bytes(value)


@given(st.uuids())
def test_a_receipt_number_has_a_check_character_that_catches_one_wrong_character(value: uuid.UUID) -> None:
    number = ids.receipt_number(value)
    assert ids.is_receipt_number(number)
    for position, char in enumerate(number):
        if char != "-":
            wrong = number[:position] + ("0" if char != "0" else "1") + number[position + 1 :]
            assert not ids.is_receipt_number(wrong)


def test_uuid7_sorts_by_time_and_says_its_version() -> None:
    made = [ids.uuid7() for _ in range(50)]
    assert all(value.version == 7 and value.variant == uuid.RFC_4122 for value in made)
    assert [value.int >> 80 for value in made] == sorted(value.int >> 80 for value in made)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(2026, 11, 23), "令和8年11月23日"),
    ],
)
def test_era_changes_on_its_first_day(day: date, text: str) -> None:
    assert wareki.wareki(day) == text


def test_a_day_outside_its_era_is_refused() -> None:
    with pytest.raises(wareki.NoSuchDate, match="期間の外"):
        wareki.from_wareki("平成", 31, 5, 1)
    with pytest.raises(wareki.NoSuchDate, match="ありません"):
        wareki.from_wareki("令和", 5, 2, 29)


@given(st.dates(date(1868, 10, 23), date(2100, 12, 31)))
def test_every_day_reads_back_from_its_era(day: date) -> None:
    era = wareki.era_of(day)
    assert wareki.from_wareki(era.letter, day.year - era.first_day.year + 1, day.month, day.day) == day
    assert wareki.era_digit_date(day) == f"{era.digit}{day:%Y%m%d}"


@pytest.mark.parametrize(
    ("text", "japanese", "earliest", "latest"),
    [
        ("1945-03-10", "昭和20年3月10日", date(1945, 3, 10), date(1945, 3, 10)),
        ("1945-03-00", "昭和20年3月日不詳", date(1945, 3, 1), date(1945, 3, 31)),
        ("1945-00-00", "昭和20年月日不詳", date(1945, 1, 1), date(1945, 12, 31)),
        ("0000-00-00", "年月日不詳", date(1, 1, 1), date.max),
        ("2024-02-00", "令和6年2月日不詳", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12-00", "令和6年12月日不詳", date(2024, 12, 1), date(2024, 12, 31)),
    ],
)
def test_unknown_parts_stay_unknown(text: str, japanese: str, earliest: date, latest: date) -> None:
    value = UncertainDate.parse(text)
    assert (str(value), value.in_japanese(), value.earliest, value.latest) == (
        text,
        japanese,
        earliest,
        latest,
    )


@pytest.mark.parametrize("text", ["1945-02-30", "1945-00-10", "0000-03-00", "1945-13-00", "昭和20年"])
def test_a_date_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        UncertainDate.parse(text)


def test_readings_become_ruby_and_everything_else_is_escaped() -> None:
    assert ruby("{申請|しんせい}<b>") == "<ruby>申請<rp>(</rp><rt>しんせい</rt><rp>)</rp></ruby>&lt;b&gt;"
    assert without_readings("{申請|しんせい}する") == "申請する"


def test_a_text_without_a_language_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="easy"):
        Text(ja="申請", en="Apply", easy="")
