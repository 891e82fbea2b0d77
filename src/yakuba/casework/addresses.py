"""Comparing addresses as people and registers write them. Functions of values."""

import re
import unicodedata

_DASHES = str.maketrans("‐‑‒–—―−ー", "--------")
_KANJI_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
_KANJI_NUMBER = re.compile(
    r"(?:[〇一二三四五六七八九]+|[一二三四五六七八九]?十[一二三四五六七八九]?)(?=丁目|番地|番(?!町)|号)"
)
_SPACE_IN_NUMBER = re.compile(r"(?<=丁目|番地)\s+(?=\d)|(?<=番)\s+(?=\d)|(?<=\d)\s+(?=丁目|番|号)")
_PREFECTURE = re.compile(r"^(東京都|北海道|(?:京都|大阪)府|.{2,3}県)")
_COUNTY = re.compile(r"^.{1,4}郡(?=.{1,5}[町村])")


def plain(address: str) -> str:
    """``address`` with widths, dashes and 丁目/番地/番/号 folded, without spaces, prefecture and county."""
    folded = unicodedata.normalize("NFKC", address).translate(_DASHES)
    folded = _KANJI_NUMBER.sub(lambda found: _digits(found[0]), folded)
    folded = _SPACE_IN_NUMBER.sub("", folded)  # 「1234番地 5」 is 1234-5, not 12345
    for word in ("丁目", "番地の", "番地", "番", "の"):
        folded = re.sub(rf"(?<=\d){word}(?=\d)", "-", folded)
        folded = re.sub(rf"(?<=\d){word}", "", folded) if word != "の" else folded
    folded = re.sub(r"(?<=\d)号", "", folded)
    folded = "".join(folded.split()).casefold()
    return _COUNTY.sub("", _PREFECTURE.sub("", folded))


def _digits(kanji: str) -> str:
    """一二 → 12, 十 → 10, 二十三 → 23."""
    tens, ten, ones = kanji.partition("十")
    if not ten:
        return kanji.translate(_KANJI_DIGITS)
    return (tens or "一").translate(_KANJI_DIGITS) + (ones or "〇").translate(_KANJI_DIGITS)


def same_place(left: str, right: str) -> bool:
    """Whether both say the same place (the building may be missing on one side)."""
    one, other = plain(left), plain(right)
    if not one or not other:
        return False
    shorter, longer = sorted((one, other), key=len)
    # 「…1234-5」 and 「…1234-5ハイツ203」 agree; 「…123」 and 「…1234」 do not
    return longer.startswith(shorter) and not longer[len(shorter) :][:1].isdigit()
