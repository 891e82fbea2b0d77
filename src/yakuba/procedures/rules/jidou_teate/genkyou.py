"""現況届: the yearly report of how things stand on 1 June (児童手当法26条1項; 施行規則4条).

Since June 2022 it need not be handed in where the town can see the same in its public registers (施行規則4条ただし書). So
this rule first says whether it was needed at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from yakuba.procedures.rules.answers import Known, answers_of, number, one_of, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.jidou_teate.amounts import Monthly, monthly
from yakuba.procedures.rules.jidou_teate.decide import lines_of
from yakuba.procedures.rules.jidou_teate.facts import Child
from yakuba.procedures.rules.jidou_teate.facts import Facts as ClaimFacts
from yakuba.procedures.rules.jidou_teate.from_answers import children_from
from yakuba.procedures.rules.jidou_teate.later_reasons import REASON
from yakuba.procedures.rules.jidou_teate.reasons import REASON as CLAIM_REASON
from yakuba.procedures.rules.jidou_teate.recipient import REGISTER, Recipient, not_running, recipient_from
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import NotInForceError, Parameters
from yakuba.procedures.rules.proxies import proxy_finding

PROCEDURE = "jidou-teate-genkyou"
Insured = Literal["employee", "other"]


@dataclass(frozen=True, slots=True)
class Facts:
    """A report. ``grounds``: why it is still needed (codes of the form); ``children`` as they stand on 1 June."""

    recipient: Recipient
    received_on: date
    year: int
    grounds: frozenset[str]
    children: tuple[Child, ...]
    insured: Insured | None = None
    separated: bool = False
    limit_income: int | None = None
    dependants: int = 0
    elderly_dependants: int = 0
    proof_shown: bool | None = None


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts of a report.

    ``register``: as :func:`recipient_from` reads it, and ``children``, ``limit_income``, ``dependants``,
    ``elderly_dependants``, ``proof_shown``. Raises ValueError without the year, which the form does not let pass.
    """
    answers = answers_of(application)
    year = number(answers.get("year"))
    if year is None:
        raise ValueError("the year of the report is missing; write it as 2026")
    pension = answers.get("claimant_pension")
    return Facts(
        recipient=recipient_from(register),
        received_on=received_on,
        year=year,
        grounds=frozenset(str(one) for one in answers.get("grounds") or ()) - {"none"},
        children=tuple(children_from(answers, register)),
        insured=one_of(
            {"national": "other", "none": "other"}.get(str(pension), "employee" if pension else None), Insured
        ),
        separated="divorce_talks" in (answers.get("grounds") or ()),
        limit_income=number(register.get("limit_income")),
        dependants=number(register.get("dependants")) or 0,
        elderly_dependants=number(register.get("elderly_dependants")) or 0,
        proof_shown=yes_no(register.get("proof_shown")),
    )


def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether the entitlement goes on, with the amount that follows from the report. ``as_of`` plays no part."""
    del as_of
    due = due_date(PROCEDURE, facts.received_on, parameters)
    unsure = parameters.unsure((f"clock.{PROCEDURE}",), facts.received_on)
    try:
        against = tuple(_standing(application, facts, parameters))
        if concluded(against) != "eligible":
            return Decision(concluded(against), against, due=due, unsure=unsure)
        june = monthly(_claim(facts), Month(facts.year, 6), parameters)
    except NotInForceError as missing:
        reason = CLAIM_REASON("law_not_in_data", name=missing.name)
        return Decision("cannot_tell", (reason,), due=due, unsure=unsure)
    reasons = (*against, *_children(june), *_amount(facts, june))
    outcome = concluded(reasons)
    effects = (_effect(facts),) if outcome == "eligible" else ()
    return Decision(outcome, reasons, _results(facts, june, parameters), effects, due, unsure)


def _claim(facts: Facts) -> ClaimFacts:
    return ClaimFacts(
        facts.recipient.applicant, facts.received_on, facts.children, role=facts.recipient.role,
        separated=facts.separated, limit_income=facts.limit_income, dependants=facts.dependants,
        elderly_dependants=facts.elderly_dependants,
    )  # fmt: skip


def _standing(application: Mapping[str, Any], facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    proxy = proxy_finding(application, facts.proof_shown)
    if proxy:
        yield proxy
    yield from not_running(facts.recipient)
    if facts.received_on < date(facts.year, 6, 1):
        yield REASON("report_too_early", day=date(facts.year, 6, 1))
    if "corporate_guardian" in facts.grounds:
        yield REASON("corporation_on_paper")
    if not facts.grounds and _waived(facts, parameters):
        yield REASON("report_not_needed")


def _waived(facts: Facts, parameters: Parameters) -> bool:
    """Whether, that year, the report was left out where the public registers show the same."""
    waived: bool = parameters.value("jidou_teate.report_waived", date(facts.year, 6, 1))
    return waived


def _children(june: Monthly) -> Iterator[Reason]:
    for each in june.standings:
        if each.code not in ("child_payable", "child_not_yet", "child_counted_only"):
            yield CLAIM_REASON(each.code, child=each.child.name, missing=each.missing)
    if not any(each.standing in ("payable", "unclear") for each in june.standings):
        yield REASON("no_child_left")


def _amount(facts: Facts, june: Monthly) -> Iterator[Reason]:
    """The report changes no amount of its own: a difference is a change of the amount, and a person looks."""
    if june.band == "unknown":
        yield CLAIM_REASON("income_for_limit_unknown", month=june.month)
        return
    now = facts.recipient.items.get("monthly_amount")
    if june.band == "none":
        yield CLAIM_REASON("over_income_ceiling", month=june.month)
    elif now == june.yen:
        yield REASON("goes_on", amount=f"{june.yen:,}")
    elif june.lines:
        yield REASON("amount_differs", now=f"{now or 0:,}", reported=f"{june.yen:,}")


def _results(facts: Facts, june: Monthly, parameters: Parameters) -> dict[str, Json]:
    return {
        "decision": "引き続き支給します。",
        "year": str(facts.year),
        "report_needed": bool(facts.grounds) or not _waived(facts, parameters),
        "monthly_amount": june.yen,
        "children": lines_of(june),
    }


def _effect(facts: Facts) -> RegisterEffect:
    changes: dict[str, Json] = {"confirmed_year": str(facts.year)}
    if facts.insured:
        changes["insured_kind"] = facts.insured
    begins = max(date(facts.year, 6, 1), facts.received_on)
    items_then = facts.recipient.carried_on(**changes)
    return RegisterEffect(REGISTER, items_then, begins, subject=facts.recipient.applicant)
