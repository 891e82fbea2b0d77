"""What a rule answers: an outcome, the reasons in words with their clause, results, and what it would write.

A decision is a value. It never acts: a clerk confirms it, and casework applies its effects.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from yakuba.base.texts import LANGUAGES, Language, Text
from yakuba.procedures.rules.words import in_words

Outcome = Literal["eligible", "not_eligible", "cannot_tell"]
Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One finding: what was found, in words, and the clause of law (or setting) it rests on.

    ``tells`` is what the finding means on its own: a decision is refused by one ``not_eligible`` reason,
    left to a person by one ``cannot_tell``.
    """

    code: str
    text: Text
    clause: str
    tells: Outcome = "eligible"


@dataclass(frozen=True, slots=True)
class RegisterEffect:
    """An entry that a standard register would get when the decision is confirmed.

    ``subject`` is the key of the person as the caller gave it in the facts (宛名番号 once matched).
    """

    register: str
    items: Mapping[str, Json]
    valid_from: date
    valid_until: date | None = None
    subject: str = "applicant"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of a rule. ``results`` holds JSON values only, dates as ``YYYY-MM-DD``, months ``YYYY-MM``.

    ``unsure`` names the parameters used that are marked as not certain in the data.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    results: Mapping[str, Json] = field(default_factory=dict)
    effects: tuple[RegisterEffect, ...] = ()
    due: date | None = None
    unsure: tuple[str, ...] = ()

    def in_words(self, language: Language) -> tuple[str, ...]:
        """The reasons as sentences for people, each followed by its clause."""
        return tuple(f"{reason.text.in_language(language)} ({reason.clause})" for reason in self.reasons)

    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in order."""
        return tuple(reason.code for reason in self.reasons)


def concluded(reasons: Iterable[Reason]) -> Outcome:
    """The outcome that ``reasons`` add up to: a clear refusal first, then doubt, then yes."""
    told = {reason.tells for reason in reasons}
    if "not_eligible" in told:
        return "not_eligible"
    return "cannot_tell" if "cannot_tell" in told else "eligible"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The reasons a procedure can give, by code."""

    by_code: Mapping[str, Reason]

    @classmethod
    def of(cls, *reasons: Reason) -> "Catalogue":
        """A catalogue of ``reasons``. Raises ValueError when two share a code."""
        by_code = {reason.code: reason for reason in reasons}
        if len(by_code) != len(reasons):
            raise ValueError("two reasons of one procedure share a code; give each its own")
        return cls(by_code)

    def __call__(self, code: str, **facts: object) -> Reason:
        """The reason ``code`` with its ``<name>`` places filled from ``facts``, each in its language."""
        reason = self.by_code[code]
        words = {name: in_words(value) for name, value in facts.items() if value not in (None, "")}
        text = reason.text
        for name, word in words.items():
            text = Text(
                *(text.in_language(at).replace(f"<{name}>", word.in_language(at)) for at in LANGUAGES)
            )
        return replace(reason, text=text)
