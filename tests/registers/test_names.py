"""Comparing names: same, perhaps a variant, or different; and keys that hide nobody."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.registers.keys import alphabet_key, is_kana, kana_key, name_key
from yakuba.registers.names import Likeness, compare
from yakuba.registers.variants import VariantTable, national_variants

TABLE = national_variants()
SAME, MAY, DIFFERENT = Likeness.SAME, Likeness.MAY_DIFFER_BY_VARIANT, Likeness.DIFFERENT


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("山田　花子", "山田 花子", SAME),
        ("山田花子", "山田　花子", SAME),
        ("髙橋　花子", "高橋　花子", MAY),
        ("山﨑　実", "山崎　實", MAY),
        ("渡邉　大輔", "渡邊　大輔", MAY),
        ("渡邉\U000e0100　大輔", "渡邉　大輔", MAY),
        ("葛\U000e0100城　𠮷乃", "葛城　吉乃", MAY),
        ("葛\U000e0100城", "葛\U000e0101城", MAY),
        ("\ufa19山", "\u795e山", MAY),  # a compatibility ideograph
        ("〓城　吉乃", "葛城　吉乃", MAY),
        ("ＳＭＩＴＨ", "SMITH", MAY),
        ("斉藤　誠", "斎藤　誠", DIFFERENT),
        ("山田　花子", "山田　華子", DIFFERENT),
        ("〓〓〓〓", "山田花子", DIFFERENT),
        ("山田　花", "山田　花子", DIFFERENT),
    ],
)
def test_two_names_are_the_same_perhaps_or_not(left: str, right: str, expected: Likeness) -> None:
    assert compare(left, right, TABLE) is expected
    assert compare(right, left, TABLE) is expected


@pytest.mark.parametrize(
    ("on_card", "flags", "registered", "expected"),
    [
        ("葛城　吉乃", "10010", "葛\U000e0100城　𠮷乃", MAY),
        ("山田　花子", "10000", "辻田　花子", MAY),
        ("山田　花子", "10000", "辻井　花子", DIFFERENT),
        ("山田　花子", "00000", "山田　花子", SAME),
        ("山田　花子", "10000", "山田　花子", MAY),
    ],
)
def test_a_substitute_on_the_card_may_stand_for_any_character(
    on_card: str, flags: str, registered: str, expected: Likeness
) -> None:
    assert compare(on_card, registered, TABLE, flags) is expected


@given(st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x9FFF), min_size=1, max_size=8))
def test_every_name_is_the_same_as_itself(name: str) -> None:
    assert compare(name, name, TABLE) is SAME or not name.strip()


def test_no_character_stands_twice_in_the_table() -> None:
    with pytest.raises(ValueError, match="twice"):
        VariantTable.of(["高髙", "橋高"])


@pytest.mark.parametrize(
    "spellings",
    [
        ("ユウコ", "ゆうこ", "ﾕｳｺ", "ユーコ", "ゆーこ", "ユ ウ コ"),
        ("コウジ", "コージ", "コオジ", "ｺｳｼﾞ", "こーじ"),
        ("ケイコ", "ケーコ", "けえこ"),
        ("ハットリ", "ハツトリ", "はっとり"),
        ("ジョウ", "ジヨウ", "じょー"),
        ("ミヅホ", "ミズホ"),
    ],
)
def test_spellings_of_one_reading_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({kana_key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("left", "right"), [("サキ", "サギ"), ("オノ", "オオノ"), ("ハル", "ハルオ"), ("タナカ", "タナベ")]
)
def test_different_readings_have_different_keys(left: str, right: str) -> None:
    assert kana_key(left) != kana_key(right)


_kana = st.text(st.characters(min_codepoint=0x30A1, max_codepoint=0x30F6) | st.just("ー"), max_size=12)


@given(_kana, st.integers(0, 12))
def test_the_key_of_a_beginning_is_the_beginning_of_the_key(kana: str, length: int) -> None:
    assert kana_key(kana).startswith(kana_key(kana[:length]))


@given(_kana)
def test_folding_a_key_again_changes_nothing(kana: str) -> None:
    assert kana_key(kana_key(kana)) == kana_key(kana)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=10), st.integers(0, 10))
def test_the_same_holds_for_names(name: str, length: int) -> None:
    assert name_key(name, TABLE).startswith(name_key(name[:length], TABLE))


def test_what_people_confuse_is_found_together() -> None:
    assert len({name_key(name, TABLE) for name in ("斉藤", "斎藤", "齊藤", "齋藤")}) == 1


def test_latin_names_are_found_without_accents_case_or_signs() -> None:
    assert alphabet_key("Gutiérrez-Hernández, María") == alphabet_key("GUTIERREZ HERNANDEZ MARIA")
    assert unicodedata.is_normalized("NFC", alphabet_key("Ångström"))


def test_a_reading_is_kana_only() -> None:
    assert is_kana("たかはし ハナコ")
    assert is_kana("ﾕｰｺ")
    assert not is_kana("高橋ハナコ")
    assert not is_kana(" ")
