"""Search keys: what is typed and what is kept are folded the same way, so that small differences do not hide anyone.

A key of a beginning is the beginning of the key, which is what makes searching by prefix honest.
"""

import re
import unicodedata

from yakuba.registers.names import fold
from yakuba.registers.variants import VariantTable

_KATAKANA_FROM_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_BIG = str.maketrans("ァィゥェォッャュョヮヵヶヴヂヅヲヰヱ", "アイウエオツヤユヨワカケブジズオイエ")
_ROWS = {
    "ア": "アカガサザタダナハバパマヤラワ",
    "イ": "イキギシジチニヒビピミリ",
    "ウ": "ウクグスズツヌフブプムユル",
    "エ": "エケゲセゼテデネヘベペメレ",
    "オ": "オコゴソゾトドノホボポモヨロ",
}
_VOWEL = {kana: vowel for vowel, row in _ROWS.items() for kana in row}
# A long vowel is written several ways: ユーコ/ユウコ, コージ/コウジ/コオジ, ケーコ/ケイコ.
_SPELLED_LONG = {"ウ": "オ", "イ": "エ"}
_NOT_KANA = re.compile(r"[^ァ-ヺー]")
_NOT_LATIN = re.compile(r"[^a-z0-9]")


def name_key(name: str, table: VariantTable) -> str:
    """The key of a name in characters: spaces, selectors and variants folded, including what people confuse."""
    return fold(name, table).translate(table.searching).casefold()


def kana_key(kana: str) -> str:
    """The key of a reading: half and full width, hiragana and katakana, small kana and long vowels are one.

    >>> kana_key("ﾕｰｺ") == kana_key("ゆうこ")
    True
    """
    full = unicodedata.normalize("NFKC", kana).translate(_KATAKANA_FROM_HIRAGANA).translate(_BIG)
    key: list[str] = []
    for character in _NOT_KANA.sub("", full):
        key.append(_folded_vowel(key[-1] if key else "", character))
    return "".join(key)


def _folded_vowel(before: str, character: str) -> str:
    vowel = _VOWEL.get(before, "")
    if character == "ー":
        return vowel
    return vowel if vowel and _SPELLED_LONG.get(character) == vowel else character


def alphabet_key(name: str) -> str:
    """The key of a name in Latin letters: no case, no accents, no spaces or signs."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return _NOT_LATIN.sub("", plain)


def is_kana(text: str) -> bool:
    """Whether ``text`` is a reading: kana of any width, spaces and long-vowel marks only."""
    full = unicodedata.normalize("NFKC", text)
    return bool(full.strip()) and all(
        "\u3041" <= character <= "\u30ff" or character.isspace() for character in full
    )


def is_latin(text: str) -> bool:
    """Whether ``text`` has Latin letters and no Japanese ones."""
    return bool(alphabet_key(text)) and not any(character > "\u2fff" for character in text)
