"""居宅(介護予防)サービス計画作成(変更)依頼の届出 (介護保険法46条4項, 58条4項; 施行規則77条, 95条の2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from yakuba.base.texts import Text
from yakuba.procedures.rules.answers import Known, answers_of, day, one_of, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Catalogue, Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.kaigo_futan.benefits import (
    applicant_findings,
    certification_finding,
    certified_on,
    insured_here_of,
    needs_law,
)
from yakuba.procedures.rules.parameters import Parameters

PROCEDURE = "kaigo-keikaku"
Planner = Literal["care_management", "community_centre", "small_multi", "self"]
_CLAUSE = "介護保険法46条4項・58条4項、同法施行規則77条・95条の2"
REASON = Catalogue.of(
    Reason(
        "plan_noted",
        Text(
            "<start>から「<office>」がサービス計画を作成することの届出を受け付けました。",
            "Noted: from <start> “<office>” makes the service plan.",
            "<start>から「<office>」が{計画|けいかく}を{作|つく}ります。",
        ),
        _CLAUSE,
    ),
    Reason(
        "still_applying",
        Text(
            "認定の申請中です。認定の結果を待たずに届け出ることができ、結果が出たときに確認します。",
            "Certification has been applied for. The notification may come before the result and is checked with it.",
            "{認定|にんてい}を{申|もう}しこんでいます。{結果|けっか}が{出|で}たら{確認|かくにん}します。",
        ),
        _CLAUSE,
    ),
    Reason(
        "planner_does_not_fit",
        Text(
            "認定の区分(要支援か要介護か)と、計画を作成する事業者の種類が合っていません。確認する必要があります。",
            "The kind of office does not fit the level (support or care need); it must be confirmed.",
            "{認定|にんてい}と{事業所|じぎょうしょ}が{合|あ}っていません。{確認|かくにん}します。",
        ),
        "介護保険法46条1項・58条1項",
        "cannot_tell",
    ),
    Reason(
        "office_not_designated",
        Text(
            "この事業者は指定を受けた事業者ではありません。",
            "This office is not a designated one.",
            "この{事業所|じぎょうしょ}は{使|つか}えません。",
        ),
        "介護保険法46条1項・58条1項",
        "not_eligible",
    ),
    Reason(
        "office_unchecked",
        Text(
            "事業者が指定を受けているかどうかを確認する必要があります。",
            "Whether the office is designated must be confirmed.",
            "{事業所|じぎょうしょ}を{確認|かくにん}します。",
        ),
        "介護保険法46条1項・58条1項",
        "cannot_tell",
    ),
    Reason(
        "start_unknown",
        Text(
            "計画の作成を始める日がわかりません。",
            "The day from which the plan is made is not known.",
            "いつからかわかりません。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A notification. ``entry``: the care insurance register's items of today, carried over with the new planner."""

    insured: str
    notified_on: date
    planner: Planner
    office: str
    starts_on: date | None
    manager: str | None = None
    entry: Mapping[str, Any] | None = None
    applying: bool = False
    insured_here: bool | None = None
    proof_shown: bool | None = None
    designated: bool | None = None


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """``register``: ``insured``, ``insured_here``, ``proof_shown``, ``entry``, and what a clerk found: ``designated``,
    ``applying`` (a certification is applied for)."""
    answers = answers_of(application)
    planner: Planner = one_of(answers.get("planner"), Planner) or "care_management"
    return Facts(
        str(register.get("insured", "insured")),
        received_on,
        planner,
        str(answers.get("planner_name") or ("本人" if planner == "self" else "")),
        day(answers.get("starts_on")),
        answers.get("manager_name"),
        register.get("entry"),
        yes_no(register.get("applying")) is True,
        insured_here_of(register),
        yes_no(register.get("proof_shown")),
        yes_no(register.get("designated")),
    )


@needs_law
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether the notification can be taken as it is. Nothing is granted: a 届出 that is complete has its effect."""
    del as_of
    reasons = [
        *applicant_findings(
            application, facts.proof_shown, facts.insured_here, facts.notified_on, parameters
        ),
        *_certification(facts),
        *_planner(facts),
    ]
    outcome, due = concluded(reasons), due_date(PROCEDURE, facts.notified_on, parameters)
    if outcome != "eligible" or facts.starts_on is None:
        return Decision(outcome, tuple(reasons), due=due)
    why = REASON("plan_noted", start=facts.starts_on, office=facts.office)
    results: dict[str, Json] = {
        "office": facts.office,
        "starts_on": facts.starts_on.isoformat(),
        "decision": why.text.ja,
    }
    return Decision(outcome, (why, *reasons), results, _effects(facts, facts.starts_on), due)


def _certification(facts: Facts) -> Iterator[Reason]:
    if facts.applying:
        yield REASON("still_applying")
        return
    finding = certification_finding(certified_on(facts.entry or {}, facts.starts_on or facts.notified_on))
    if finding:
        yield finding


def _planner(facts: Facts) -> Iterator[Reason]:
    if facts.starts_on is None:
        yield REASON("start_unknown")
    if facts.planner != "self" and facts.designated is not True:
        yield REASON("office_unchecked" if facts.designated is None else "office_not_designated")
    level = str((facts.entry or {}).get("care_level", ""))
    # a community care centre plans for support need; since April 2024 a care management office may be designated to
    if level.startswith("care_") and facts.planner == "community_centre":
        yield REASON("planner_does_not_fit")


def _effects(facts: Facts, starts_on: date) -> tuple[RegisterEffect, ...]:
    """The register's entry with the new planner, until its certification ends; none while only applied for."""
    entry = {
        name: value
        for name, value in (facts.entry or {}).items()
        if name not in ("valid_from", "valid_until")
    }
    if not entry:
        return ()
    items: dict[str, Json] = {**entry, "care_manager_office": facts.office}
    if facts.manager:
        items["care_manager_name"] = facts.manager
    end = day(entry.get("certified_until"))
    return (RegisterEffect("kaigo_hoken", items, starts_on, end, facts.insured),)
