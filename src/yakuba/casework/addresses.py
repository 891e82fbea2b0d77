"""Comparing addresses as people and registers write them. Functions of values."""

import re
import unicodedata

_DASHES = str.maketrans("‐‑‒–—―−ー", "--------")
_KANJI_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
_KANJI_CHOME = re.compile(r"[一二三四五六七八九](?=丁目)")
_PREFECTURE = re.compile(r"^(東京都|北海道|(?:京都|大阪)府|.{2,3}県)")
_COUNTY = re.compile(r"^.{1,4}郡(?=.{1,5}[町村])")


def plain(address: str) -> str:
    """``address`` with widths, dashes and 丁目/番地/番/号 folded, without spaces, prefecture and county."""
    folded = unicodedata.normalize("NFKC", address).translate(_DASHES)
    folded = _KANJI_CHOME.sub(lambda found: found[0].translate(_KANJI_DIGITS), folded)
    for word in ("丁目", "番地の", "番地", "番", "の"):
        folded = re.sub(rf"(?<=\d){word}(?=\d)", "-", folded)
        folded = re.sub(rf"(?<=\d){word}", "", folded) if word != "の" else folded
    folded = re.sub(r"(?<=\d)号", "", folded)
    folded = "".join(folded.split()).casefold()
    return _COUNTY.sub("", _PREFECTURE.sub("", folded))


def same_place(left: str, right: str) -> bool:
    """Whether both say the same place (the building may be missing on one side)."""
    one, other = plain(left), plain(right)
    if not one or not other:
        return False
    shorter, longer = sorted((one, other), key=len)
    # 「…1234-5」 and 「…1234-5ハイツ203」 agree; 「…123」 and 「…1234」 do not
    return longer.startswith(shorter) and not longer[len(shorter) :][:1].isdigit()
