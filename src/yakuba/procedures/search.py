"""Finds procedures by the words residents use: kana or kanji, any width, synonyms, all three languages at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import yaml

from yakuba.base.texts import Language, Text, ruby, without_readings
from yakuba.procedures.definition import Procedure
from yakuba.procedures.folders import national_folder
from yakuba.procedures.life_events import life_events
from yakuba.procedures.normalise import for_search
from yakuba.procedures.registry import all_procedures

__all__ = ["Found", "by_life_event", "search"]


@dataclass(frozen=True, slots=True)
class Found:
    """A procedure that fits, the better the higher its score."""

    procedure: Procedure
    score: int


def search(text: str, language: Language, as_of: date) -> tuple[Found, ...]:
    """The procedures valid on ``as_of`` that fit ``text``, best first; all of them for an empty text.

    Every word must fit somewhere; a language's own title weighs more. Words may run together (じどうてあて申請).
    """
    words = [word for piece in text.replace("　", " ").split() if (word := for_search(piece))]
    found = [Found(one, _score(one, words, language)) for one in all_procedures(as_of)]
    if words:
        found = [one for one in found if one.score > 0]
    return tuple(sorted(found, key=_best_first))


def _best_first(found: Found) -> tuple[int, bool, str]:
    """Of two that fit alike, the one that comes first in life: the claim before the changes of what was granted."""
    return -found.score, bool(found.procedure.follows), found.procedure.id


def by_life_event(event: str, as_of: date) -> tuple[Procedure, ...]:
    """The procedures that belong to a life event."""
    return tuple(one for one in all_procedures(as_of) if event in one.life_events)


def _score(procedure: Procedure, words: list[str], language: Language) -> int:
    total = 0
    forms = _forms(procedure, language)
    for word in words:
        best = max((_fit(word, weight, form) for weight, form in forms), default=0)
        if best == 0:
            return 0
        # of procedures whose titles all hold the word, the one that names it as its keyword comes first
        total += best + any(word == form for _, form in forms)
    together = "".join(words)  # words that stand together as they were typed fit better than each somewhere
    return total + any(together in form for _, form in forms)


def _fit(word: str, weight: int, form: str) -> int:
    alternatives = (word, *_synonyms(word))
    for penalty, one in enumerate(alternatives):
        if one == form:
            return weight * 4 - min(penalty, 1)
        if one in form or (len(form) >= 2 and form in one):
            return weight * 2 - min(penalty, 1)
    return 0


@lru_cache(maxsize=1024)
def _forms(procedure: Procedure, language: Language) -> tuple[tuple[int, str], ...]:
    return tuple((weight, form) for weight, text in _texts(procedure, language) if (form := for_search(text)))


def _texts(procedure: Procedure, language: Language) -> Iterator[tuple[int, str]]:
    for text, weight in ((procedure.title, 10), (procedure.summary, 2)):
        for one in _spellings(text):
            yield weight + 2 * (one == text.in_language(language)), one
    for keyword in procedure.keywords:
        yield 6, keyword
    for event in life_events():
        if event.id in procedure.life_events:
            yield from ((3, one) for one in _spellings(event.title))


def _spellings(text: Text) -> tuple[str, ...]:
    """A text in all languages, the easy one both in kanji and in its readings."""
    return (text.ja, text.en, without_readings(text.easy), _readings(text.easy))


def _readings(easy: str) -> str:
    html = ruby(easy)
    out, rest = "", html
    while "<ruby>" in rest:
        before, _, tail = rest.partition("<ruby>")
        inner, _, rest = tail.partition("</ruby>")
        out += before + inner.partition("<rt>")[2].partition("</rt>")[0]
    return out + rest


@lru_cache(maxsize=1)
def _groups() -> tuple[tuple[str, ...], ...]:
    file = national_folder() / "_synonyms.yaml"
    listed = yaml.safe_load(file.read_text(encoding="utf-8"))
    return tuple(tuple(for_search(word) for word in group) for group in listed)


@lru_cache(maxsize=4096)
def _synonyms(word: str) -> tuple[str, ...]:
    return tuple(
        other for group in _groups() if any(one == word for one in group) for other in group if other != word
    )
