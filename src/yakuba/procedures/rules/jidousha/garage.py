"""保管場所証明の申請: that a car has a place to be kept (自動車の保管場所の確保等に関する法律4条; 施行令1条)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.rules.answers import Known, address, answers_of, number, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Catalogue, Decision, Json, Reason, concluded
from yakuba.procedures.rules.jidousha.filing import applicant_findings, kept, needs_law
from yakuba.procedures.rules.parameters import Parameters

PROCEDURE = "jidousha-shako"
_LAW = "自動車の保管場所の確保等に関する法律"
REASON = Catalogue.of(
    Reason(
        "place_certified",
        Text(
            "「<place>」を保管場所として証明します。",
            "“<place>” is certified as the place where the car is kept.",
            "「<place>」に{車|くるま}を{置|お}いていいです。",
        ),
        f"{_LAW}4条1項",
    ),
    Reason(
        "too_far",
        Text(
            "使用の本拠から保管場所まで<metres>mあり、<limit>mを超えています。",
            "The place is <metres> m from the base of use; at most <limit> m are allowed.",
            "{家|いえ}から<metres>mです。<limit>mより{遠|とお}い{所|ところ}には{置|お}けません。",
        ),
        f"{_LAW}施行令1条1号",
        "not_eligible",
    ),
    Reason(
        "place_unchecked",
        Text(
            "警察署が現地などで保管場所を確認していません。",
            "The police have not checked the place yet.",
            "{警察|けいさつ}が{場所|ばしょ}を{確認|かくにん}します。",
        ),
        f"{_LAW}4条・同法施行令1条",
        "cannot_tell",
    ),
    Reason(
        "place_unfit",
        Text(
            "車の全体を収め、支障なく出入りできる場所と認められませんでした。",
            "The place does not hold the whole car, or the car cannot get in and out.",
            "{車|くるま}が{全部|ぜんぶ}{入|はい}らないなど、この{場所|ばしょ}には{置|お}けません。",
        ),
        f"{_LAW}施行令1条2号",
        "not_eligible",
    ),
    Reason(
        "no_right_to_the_place",
        Text(
            "保管場所を使用する権原が確認できません。",
            "A right to use the place is not shown.",
            "この{場所|ばしょ}を{使|つか}っていい{紙|かみ}がありません。",
        ),
        f"{_LAW}施行令1条3号",
        "not_eligible",
    ),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """An application. ``metres`` from the base of use in a straight line; ``fit``, ``right``: as the police found."""

    applied_on: date
    place: str
    metres: int | None
    answers: Known
    fit: bool | None = None
    right: bool | None = None
    kept_here: bool | None = None
    proof_shown: bool | None = None
    applicant: str = "applicant"


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """``register``: ``applicant``, ``kept_here``, ``proof_shown``, and what the police found: ``fit``, ``right``,
    ``metres``."""
    answers = answers_of(application)
    found = number(register.get("metres"))
    return Facts(
        received_on,
        address(answers.get("kept_at")),
        number(answers.get("metres")) if found is None else found,
        answers,
        yes_no(register.get("fit")),
        yes_no(register.get("right")),
        yes_no(register.get("kept_here")),
        yes_no(register.get("proof_shown")),
        str(register.get("applicant", "applicant")),
    )


@needs_law
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether the place is certified."""
    due = due_date(PROCEDURE, facts.applied_on, parameters)
    reasons = tuple(_findings(application, facts, parameters))
    outcome = concluded(reasons)
    if outcome != "eligible":
        return Decision(outcome, reasons, due=due)
    why = REASON("place_certified", place=facts.place)
    effect = kept("保管場所", facts.answers, as_of, {"kept_at": facts.place}, facts.applicant)
    results: dict[str, Json] = {"place": facts.place, "decision": why.text.ja}
    return Decision(outcome, (why, *reasons), results, (effect,), due)


def _findings(application: Mapping[str, Any], facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    yield from applicant_findings(application, facts.proof_shown, facts.kept_here)
    limit = parameters.number("jidousha.garage.distance", facts.applied_on)
    if facts.metres is not None and facts.metres > limit:
        yield REASON("too_far", metres=f"{facts.metres:,}", limit=f"{limit:,}")
    if facts.fit is None or facts.right is None or facts.metres is None:
        yield REASON("place_unchecked")
    if facts.fit is False:
        yield REASON("place_unfit")
    if facts.right is False:
        yield REASON("no_right_to_the_place")
