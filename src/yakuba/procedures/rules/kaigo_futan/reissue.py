"""Reissuing what the insurer hands out: the insurance card (介護保険法施行規則27条) and the certificate of the share (28条の2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from yakuba.base.texts import Text
from yakuba.procedures.rules.answers import Known, answers_of, number, one_of, yes_no
from yakuba.procedures.rules.decision import Catalogue, Reason
from yakuba.procedures.rules.kaigo_futan.benefits import applicant_findings, insured_here_of
from yakuba.procedures.rules.parameters import Parameters

Why = Literal["lost", "stolen", "torn", "soiled", "not_arrived"]
_CLAUSE = "介護保険法施行規則27条・28条の2"
REASON = Catalogue.of(
    Reason(
        "reissued",
        Text(
            "<what>を再交付します。前のものが見つかったときは返してください。",
            "<what> is issued again. Should the old one turn up, please hand it in.",
            "<what>をもう{一度|いちど}{出|だ}します。{前|まえ}のものが{出|で}てきたら{返|かえ}してください。",
        ),
        _CLAUSE,
    ),
    Reason(
        "old_one_outstanding",
        Text(
            "破れた、または汚れた<what>を返していただく必要があります。",
            "The torn or soiled one must be handed in (<what>).",
            "{古|ふる}い<what>を{返|かえ}してください。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
    Reason(
        "not_entitled_to_card",
        Text(
            "40歳から64歳の方の被保険者証は、認定を受けた方または交付を求めた方に交付します。交付を求める申請として確認します。",
            "Between 40 and 64 a card is issued on certification or on request; this is checked as a request.",
            "40{歳|さい}から64{歳|さい}の{人|ひと}は、{確認|かくにん}してから{出|だ}します。",
        ),
        "介護保険法12条3項・同法施行規則26条",
        "cannot_tell",
    ),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A request for a second one. ``why``: what happened to the first. ``old_handed_in``: the torn or soiled one came."""

    insured: str
    applied_on: date
    why: Why | None = None
    entry: Mapping[str, Any] | None = None
    members: tuple[Known, ...] = ()
    welfare: bool | None = None
    insured_here: bool | None = None
    proof_shown: bool | None = None
    old_handed_in: bool | None = None
    own_percent: int | None = None


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """``register``: ``insured``, ``insured_here``, ``proof_shown``, ``entry``, ``household``, and what a clerk found:
    ``old_handed_in``, ``welfare``, ``own_percent``."""
    return Facts(
        str(register.get("insured", "insured")),
        received_on,
        one_of(answers_of(application).get("why"), Why),
        register.get("entry"),
        tuple(register.get("household") or ()),
        yes_no(register.get("welfare")),
        insured_here_of(register),
        yes_no(register.get("proof_shown")),
        yes_no(register.get("old_handed_in")),
        number(register.get("own_percent")),
    )


def findings(
    application: Mapping[str, Any], facts: Facts, what: Text, parameters: Parameters
) -> Iterator[Reason]:
    """What stands against a second one: who asks, and whether a damaged first one came back."""
    yield from applicant_findings(
        application, facts.proof_shown, facts.insured_here, facts.applied_on, parameters
    )
    if facts.why in ("torn", "soiled") and facts.old_handed_in is not True:
        yield REASON("old_one_outstanding", what=what)
