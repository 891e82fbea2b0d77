"""住宅改修費の支給申請, in two stages: approval before the works, then the claim (介護保険法45条, 57条; 施行規則75条, 76条)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from yakuba.procedures.rules.answers import Known, answers_of, day, number, one_of, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.kaigo.facts import CareLevel
from yakuba.procedures.rules.kaigo_futan.benefits import REASON as COMMON
from yakuba.procedures.rules.kaigo_futan.benefits import (
    applicant_findings,
    certification_finding,
    certified_on,
    insured_here_of,
    kept,
    lapsed,
    needs_law,
)
from yakuba.procedures.rules.kaigo_futan.share import own_share
from yakuba.procedures.rules.kaigo_kyufu.paying import Payment, payment
from yakuba.procedures.rules.kaigo_kyufu.works_limit import Room, Used, room_left
from yakuba.procedures.rules.kaigo_kyufu.works_reasons import REASON
from yakuba.procedures.rules.parameters import Parameters

PROCEDURE = "kaigo-kaishu"
Stage = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Facts:
    """One application. Amounts in yen, tax included; ``counts_found``: the cost that counts, as a clerk checked it.

    ``entry``: the last certification. ``used``: what the register holds of works before. ``approved_on``: of the
    first stage. ``needed``: whether a clerk found the works needed and of a covered kind.
    """

    insured: str
    applied_on: date
    stage: Stage
    cost: int
    kinds: tuple[str, ...]
    address: str
    at_home: bool | None
    begins_on: date | None
    paid_on: date | None = None
    entry: Mapping[str, Any] | None = None
    members: tuple[Known, ...] = ()
    welfare: bool | None = None
    insured_here: bool | None = None
    proof_shown: bool | None = None
    used: Used | None = None
    approved_on: date | None = None
    hindered: bool | None = None
    needed: bool | None = None
    counts_found: int | None = None
    own_percent: int | None = None

    @property
    def level(self) -> CareLevel | None:
        """The level of the last certification."""
        found: CareLevel | None = one_of((self.entry or {}).get("care_level"), CareLevel)
        return found


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """``register``: ``insured``, ``insured_here``, ``proof_shown``, ``address``, ``entry``, ``household``, ``held`` (the
    benefits' register by series), and what a clerk found: ``needed``, ``counts_found``, ``hindered``, ``welfare``,
    ``at_home``, ``own_percent``."""
    answers = answers_of(application)
    held: Known = register.get("held") or {}
    works, plan = held.get("works") or {}, held.get("works_plan") or {}
    at_home = yes_no(register.get("at_home"))
    return Facts(
        str(register.get("insured", "insured")),
        received_on,
        one_of(answers.get("works_stage"), Stage) or "before",
        number(answers.get("cost")) or 0,
        tuple(answers.get("works_kinds") or ()),
        str(register.get("address") or ""),
        answers.get("at_home") is True if at_home is None else at_home,
        day(answers.get("begins_on")) or day(answers.get("began_on")),
        day(answers.get("paid_on")),
        register.get("entry"),
        tuple(register.get("household") or ()),
        yes_no(register.get("welfare")),
        insured_here_of(register),
        yes_no(register.get("proof_shown")),
        _used(works),
        day(plan.get("approved_on")) if plan.get("address") == register.get("address") else None,
        yes_no(register.get("hindered")),
        yes_no(register.get("needed")),
        number(register.get("counts_found")),
        number(register.get("own_percent")),
    )


def _used(works: Known) -> Used | None:
    if not works:
        return None
    level = one_of(works.get("first_level"), CareLevel)
    return Used(str(works.get("address")), number(works.get("used")) or 0, level, works.get("reset") is True)


@needs_law
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether the works may begin (first stage), or what is paid for them (second). The law is that of the day applied."""
    on = facts.begins_on or facts.applied_on
    room = room_left(facts.used, facts.address, facts.level, on, parameters)
    own = own_share(facts.members, facts.welfare, facts.own_percent, on, parameters)
    reasons = [
        *applicant_findings(application, facts.proof_shown, facts.insured_here, facts.applied_on, parameters),
        *_certification(facts, on),
        *_works(facts),
        *(_before(facts) if facts.stage == "before" else _after(facts, parameters)),
        own.reason,
        *_limit(room),
    ]
    due = due_date(PROCEDURE, facts.applied_on, parameters)
    if room is None or own.percent is None or room.remaining == 0:
        return Decision(concluded(reasons), tuple(reasons), due=due)
    cost = facts.cost if facts.counts_found is None else facts.counts_found
    return _with_payment(
        facts, payment(cost, room.remaining, own.percent), room, own.percent, reasons, due, as_of
    )


def _with_payment(
    facts: Facts,
    paid: Payment,
    room: Room,
    percent: int,
    reasons: list[Reason],
    due: date | None,
    as_of: date,
) -> Decision:
    outcome = concluded(reasons)
    results: dict[str, Json] = {
        "works_stage": facts.stage,
        "cost_yen": paid.cost,
        "counts_yen": paid.counts,
        "own_percent": percent,
        "payable_amount": paid.paid,
        "remaining_before_yen": room.remaining,
        "remaining_yen": paid.remains,
        "reset": room.reset,
    }
    if outcome != "eligible":
        return Decision(outcome, tuple(reasons), results, due=due)
    approving = facts.stage == "before"
    said = {"amount": f"{paid.paid:,}", "counts": f"{paid.counts:,}"}
    remaining = room.remaining if approving else paid.remains
    why = REASON("works_approved" if approving else "works_paid", remaining=f"{remaining:,}", **said)
    results["decision"] = why.text.ja
    effects = (_approval(facts, paid, as_of),) if approving else _paid(facts, paid, room, as_of)
    return Decision(outcome, (why, *reasons), results, effects, due)


def _approval(facts: Facts, paid: Payment, as_of: date) -> RegisterEffect:
    items: dict[str, Json] = {"address": facts.address, "approved_on": as_of.isoformat(), "cost": paid.cost}
    return kept("works_plan", items, as_of, subject=facts.insured)


def _paid(facts: Facts, paid: Payment, room: Room, as_of: date) -> tuple[RegisterEffect, ...]:
    """The steps are counted from the first works at the dwelling, a reset by need is kept as used; the approval is spent."""
    before = facts.used if facts.used and facts.used.address == facts.address else None
    items: dict[str, Json] = {
        "address": facts.address,
        "used": room.counted + paid.counts,
        "first_level": before.first_level if before else facts.level,
        "reset": room.reset == "three_steps" or (before.reset if before else False),
        "amount": paid.paid,
        "paid_on": as_of.isoformat(),
    }
    spent = kept("works_plan", {}, as_of, subject=facts.insured)
    return (kept("works", items, as_of, subject=facts.insured), spent)


def _certification(facts: Facts, on: date) -> Iterator[Reason]:
    finding = certification_finding(certified_on(facts.entry or {}, on))
    if finding:
        yield finding


def _works(facts: Facts) -> Iterator[Reason]:
    if not set(facts.kinds) - {"other"}:
        yield REASON("kind_not_covered")
    if facts.at_home is False:
        yield REASON("not_the_home")
    if facts.needed is not True:
        yield REASON("works_need_checking" if facts.needed is None else "works_not_needed")


def _before(facts: Facts) -> Iterator[Reason]:
    if facts.begins_on is not None and facts.begins_on < facts.applied_on:
        yield REASON("begun_before_approval")


def _after(facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    if facts.paid_on is not None and lapsed(facts.paid_on, facts.applied_on, parameters):
        yield COMMON("time_barred", since=facts.paid_on)
    if facts.hindered:
        yield REASON("late_application_excused")
    elif facts.approved_on is None:
        yield REASON("not_approved" if facts.hindered is None else "begun_before_approval")
    elif facts.begins_on is not None and facts.begins_on < facts.approved_on:
        yield REASON("begun_before_approval")


def _limit(room: Room | None) -> Iterator[Reason]:
    if room is None:
        yield REASON("limit_unclear")
    elif room.remaining == 0:
        yield REASON("limit_used_up")
    elif room.reset != "none":
        yield REASON("limit_anew_by_move" if room.reset == "moved" else "limit_anew_by_need")
