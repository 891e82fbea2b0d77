"""Makes what people type uniform without changing what they mean.

Digits, Latin letters and kana readings are unified (full-width, half-width, many kinds of hyphens). Names and
addresses are never altered beyond their outer blanks: NFKC or even NFC would turn 神 (U+FA19) into 神 and drop
what tells one family's name from another's; variation selectors (IVS) stay.
"""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_HYPHENS = re.compile(r"[-‐‑‒–—―−ー－ｰ─━]")
_BLANKS = " \t\r\n\v\f\u00a0\u3000\u2000\u2001\u2002\u2003\u2009\u200b\u2028\u2029\u0085"
_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


def clean_text(text: str) -> str:
    """``text`` without control characters and lone surrogates, line ends as ``\\n``."""
    text = text.encode("utf-8", "replace").decode("utf-8") if _has_surrogate(text) else text
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)


def line(text: str) -> str:
    """One line of free text: outer blanks gone, pasted tabs and line breaks as blanks, the rest as typed."""
    return re.sub(r"[\t\n]+", " ", clean_text(text)).strip(_BLANKS)


def lines(text: str) -> str:
    """Several lines of free text: outer blanks gone, everything else as typed."""
    return clean_text(text).replace("\t", " ").strip(_BLANKS)


def ascii_text(text: str) -> str:
    """Latin letters, digits and signs as ASCII: ``ＡＢ１２`` → ``AB12``; blanks gone."""
    return "".join(unicodedata.normalize("NFKC", line(text)).split())


def digits(text: str) -> str:
    """Digits only in sense: ``１２３－４５６７`` → ``1234567``. Letters stay, so that they can be pointed at."""
    return re.sub(r"[()（）・.\s]", "", _HYPHENS.sub("", ascii_text(text)))


def number(text: str) -> str:
    """A whole number's text: ``１２，３４５円`` → ``12345``; a leading minus stays."""
    plain = re.sub(r"^[‐‑‒–—―−－ー]", "-", ascii_text(text))
    return re.sub(r"[,、円人個枚才歳]|^[¥\\]", "", plain)


def phone(text: str) -> str:
    """``０９０ー１２３４ー５６７８`` and ``+81 90 1234 5678`` → ``09012345678``."""
    plain = digits(text)
    return "0" + plain[3:].removeprefix("0") if plain.startswith("+81") else plain


def email(text: str) -> str:
    """Full-width letters and signs as ASCII; the local part's case is kept."""
    return ascii_text(text)


def kana(text: str) -> str:
    """Readings in full-width katakana: ``ﾔﾏﾀﾞ　たろう`` → ``ヤマダ タロウ``. Blanks become one ASCII space."""
    plain = unicodedata.normalize("NFKC", line(text))
    plain = unicodedata.normalize("NFC", plain).translate(_TO_KATAKANA)
    plain = re.sub(r"(?<=[ァ-ヶー])[-‐‑‒–—―−－─━]", "ー", plain)
    return " ".join(plain.split())


def account_holder(text: str) -> str:
    """An account holder's name as banks exchange it, in full-width katakana and capital Latin letters."""
    return kana(text).upper()


def for_search(text: str) -> str:
    """A form for comparing search words: NFKC, lower case, hiragana for katakana, blanks and marks gone."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = "".join(chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char for char in plain)
    return re.sub(r"[\s・、。「」()（）{}|/／-]+", "", plain)
