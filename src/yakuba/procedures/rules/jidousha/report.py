"""自動車税の賦課徴収に関する事項の申告又は報告, and 住所変更届: notifications that a prefecture enters as they are
(地方税法177条の13)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.rules.answers import Known, address, answers_of, day, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Catalogue, Decision, Json, Reason, concluded
from yakuba.procedures.rules.jidousha.filing import applicant_findings, car, kept, needs_law
from yakuba.procedures.rules.parameters import Parameters

PROCEDURE = "jidousha-shinkoku"
_CLAUSE = "地方税法177条の13"
EVENTS: Mapping[str, Text] = {
    "new": Text("新規登録", "new registration", "はじめての{登録|とうろく}"),
    "transfer": Text("移転登録(名義の変更)", "change of owner", "{名前|なまえ}を{変|か}える"),
    "change": Text(
        "変更登録(住所・氏名など)",
        "change of address or name",
        "{住所|じゅうしょ}や{名前|なまえ}が{変|か}わった",
    ),
    "erasure": Text("抹消登録", "erasure", "{車|くるま}をやめる"),
}
REASON = Catalogue.of(
    Reason(
        "report_noted",
        Text(
            "「<car>」について、<event>の申告・報告を受け付けました。",
            "The report on “<car>” (<event>) has been taken.",
            "「<car>」の{申告|しんこく}を{受|う}け{取|と}りました（<event>）。",
        ),
        _CLAUSE,
    ),
    Reason(
        "event_missing",
        Text(
            "申告の理由または事由が生じた日がわかりません。",
            "What is reported, or since when, is not known.",
            "{理由|りゆう}か{日|ひ}がわかりません。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A report about one car."""

    reported_on: date
    event: str | None
    happened_on: date | None
    answers: Known
    kept_here: bool | None = None
    proof_shown: bool | None = None
    applicant: str = "applicant"


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """``register``: ``applicant``, ``kept_here``, ``proof_shown``."""
    answers = answers_of(application)
    event = answers.get("event")
    return Facts(
        received_on,
        str(event) if event in EVENTS else None,
        day(answers.get("happened_on")),
        answers,
        yes_no(register.get("kept_here")),
        yes_no(register.get("proof_shown")),
        str(register.get("applicant", "applicant")),
    )


@needs_law
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether the report can be entered as it is."""
    due = due_date(PROCEDURE, facts.reported_on, parameters)
    reasons = tuple(_findings(application, facts))
    outcome = concluded(reasons)
    if outcome != "eligible" or facts.event is None:
        return Decision(outcome, reasons, due=due)
    why = REASON("report_noted", car=car(facts.answers), event=EVENTS[facts.event])
    moved = address(facts.answers.get("new_address")) or None
    items: dict[str, Json] = {"event": EVENTS[facts.event].ja, "address": moved}
    effect = kept("申告・報告", facts.answers, facts.reported_on, items, facts.applicant)
    results: dict[str, Json] = {"event": EVENTS[facts.event].ja, "decision": why.text.ja}
    return Decision(outcome, (why, *reasons), results, (effect,), due)


def _findings(application: Mapping[str, Any], facts: Facts) -> Iterator[Reason]:
    yield from applicant_findings(application, facts.proof_shown, facts.kept_here)
    if facts.event is None or facts.happened_on is None:
        yield REASON("event_missing")
