"""住所変更届: where the notice of the car tax is sent from now on. The registration of the car is another matter
(道路運送車両法12条)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.rules.answers import Known, address, answers_of, day, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Catalogue, Decision, Json, Reason, concluded
from yakuba.procedures.rules.jidousha.filing import applicant_findings, kept, needs_law
from yakuba.procedures.rules.parameters import Parameters

PROCEDURE = "jidousha-juusho"
REASON = Catalogue.of(
    Reason(
        "address_noted",
        Text(
            "自動車税の通知の送り先を「<address>」に変更しました。",
            "Notices of the car tax now go to “<address>”.",
            "{車|くるま}の{税金|ぜいきん}のお{知|し}らせを「<address>」に{送|おく}ります。",
        ),
        "地方税法20条・177条の13",
    ),
    Reason(
        "registration_needed_too",
        Text(
            "車検証の住所の変更登録は、この届出では済みません。<until>までに運輸支局などで申請してください。",
            "The address on the car's registration is not changed by this. Apply for that by <until>.",
            "{車検証|しゃけんしょう}の{住所|じゅうしょ}は{別|べつ}の{手続|てつづ}きです。<until>までにしてください。",
        ),
        "道路運送車両法12条1項",
    ),
    Reason(
        "address_missing",
        Text(
            "新しい住所または移った日がわかりません。",
            "The new address, or since when, is not known.",
            "{新|あたら}しい{住所|じゅうしょ}か{日|ひ}がわかりません。",
        ),
        "地方税法20条",
        "cannot_tell",
    ),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A notification of a new address. ``registered``: whether the car's registration has been changed already."""

    notified_on: date
    moved_on: date | None
    to: str
    answers: Known
    registered: bool | None = None
    kept_here: bool | None = None
    proof_shown: bool | None = None
    applicant: str = "applicant"


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """``register``: ``applicant``, ``kept_here``, ``proof_shown``."""
    answers = answers_of(application)
    return Facts(
        received_on,
        day(answers.get("moved_on")),
        address(answers.get("new_address")),
        answers,
        yes_no(answers.get("registration_changed")),
        yes_no(register.get("kept_here")),
        yes_no(register.get("proof_shown")),
        str(register.get("applicant", "applicant")),
    )


@needs_law
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether the new address can be entered."""
    del as_of
    due = due_date(PROCEDURE, facts.notified_on, parameters)
    reasons = tuple(_findings(application, facts, parameters))
    outcome = concluded(reasons)
    if outcome != "eligible":
        return Decision(outcome, reasons, due=due)
    why = REASON("address_noted", address=facts.to)
    effect = kept("住所変更", facts.answers, facts.notified_on, {"address": facts.to}, facts.applicant)
    results: dict[str, Json] = {"address": facts.to, "decision": why.text.ja}
    return Decision(outcome, (why, *reasons), results, (effect,), due)


def _findings(application: Mapping[str, Any], facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    yield from applicant_findings(application, facts.proof_shown, facts.kept_here)
    if facts.moved_on is None or not facts.to:
        yield REASON("address_missing")
    elif facts.registered is not True:
        days = parameters.number("jidousha.address.registration_days", facts.moved_on)
        yield REASON("registration_needed_too", until=facts.moved_on + timedelta(days=days))
