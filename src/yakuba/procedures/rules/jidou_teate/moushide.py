"""寄附の申出・変更等 (児童手当法20条) and 学校給食費等の徴収等の申出・変更等 (21条): part of a payment goes elsewhere.

Four procedures, one shape: an instruction before a payment month, its change, its withdrawal.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from yakuba.procedures.rules.ages import school_year_end
from yakuba.procedures.rules.answers import Known, answers_of, day, items, name, number, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.jidou_teate.later_reasons import COSTS, REASON
from yakuba.procedures.rules.jidou_teate.recipient import Recipient, not_running, recipient_from
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import NotInForceError, Parameters
from yakuba.procedures.rules.proxies import role_of
from yakuba.procedures.rules.words import together

REGISTER = "jidou_teate_moushide"
Kind = Literal["kifu", "kyushoku"]
KINDS: Mapping[str, Kind] = {
    "jidou-teate-kifu": "kifu",
    "jidou-teate-kifu-henkou": "kifu",
    "jidou-teate-kyushoku": "kyushoku",
    "jidou-teate-kyushoku-henkou": "kyushoku",
}
_CHANGES = frozenset({"jidou-teate-kifu-henkou", "jidou-teate-kyushoku-henkou"})


@dataclass(frozen=True, slots=True)
class Facts:
    """An instruction. ``each``: yen of every payment, None for the whole of it; ``first``: the payment month it begins with;
    ``once``: only that one.

    ``standing``: the instruction on record (empty: none; None: nobody looked); ``costs``: what is paid, for
    ``children`` as (name, birth).
    """

    procedure: str
    recipient: Recipient
    received_on: date
    first: Month | None
    whole: bool
    each: int | None = None
    once: bool = False
    withdraws: bool = False
    costs: tuple[str, ...] = ()
    children: tuple[tuple[str, date | None], ...] = ()
    standing: Mapping[str, Json] | None = field(default_factory=dict)
    owed: bool | None = None

    @property
    def kind(self) -> Kind:
        """Whether it is a donation or a set-off."""
        return KINDS[self.procedure]

    @property
    def is_change(self) -> bool:
        """Whether an instruction on record is changed or withdrawn."""
        return self.procedure in _CHANGES


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts of an instruction.

    ``register``: as :func:`recipient_from` reads it, and ``instruction`` (the entry on record), ``owed`` (whether such costs
    are owed, as a clerk found).
    """
    answers = answers_of(application)
    instruction = register.get("instruction")
    return Facts(
        procedure=str(application["procedure"]),
        recipient=recipient_from(register),
        received_on=received_on,
        first=_payment_month(answers.get("from_month"), received_on),
        whole=answers.get("share") == "all",
        each=number(answers.get("each_yen")),
        once=answers.get("repeats") == "once",
        withdraws=answers.get("change") == "withdraw",
        costs=tuple(str(one) for one in answers.get("costs") or ()),
        children=tuple(
            (name(one.get("name")), day(one.get("birth_date"))) for one in items(answers.get("children"))
        ),
        standing=dict(instruction) if isinstance(instruction, Mapping) else None,
        owed=yes_no(register.get("owed")),
    )


def _payment_month(value: object, received_on: date) -> Month | None:
    """The next month of this number, that of the application included."""
    wanted, now = number(value), Month.of(received_on)
    if wanted is None or not 1 <= wanted <= 12:
        return None
    return now.plus((wanted - now.month) % 12)


def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether the instruction holds from the payment it names. ``as_of`` plays no part: what counts is its arrival."""
    del as_of
    due = due_date(facts.procedure, facts.received_on, parameters)
    unsure = parameters.unsure(
        (f"clock.{facts.procedure}", "jidou_teate.instruction_days_before"), facts.received_on
    )
    try:
        reasons = tuple(_findings(application, facts, parameters))
    except NotInForceError as missing:
        reasons = (REASON("month_not_in_data", name=missing.name),)
    if concluded(reasons) != "eligible" or facts.first is None:
        return Decision(concluded(reasons), reasons, due=due, unsure=unsure)
    told = (_accepted(facts), *reasons)
    results: dict[str, Json] = {
        "decision": told[0].text.ja,
        "from_month": str(facts.first),
        "each_yen": None if facts.whole or facts.withdraws else facts.each,
        "effective_on": facts.first.first.isoformat(),
    }
    return Decision("eligible", told, results, (_effect(facts, facts.first),), due, unsure)


def _accepted(facts: Facts) -> Reason:
    if facts.withdraws:
        return REASON("instruction_withdrawn", month=facts.first)
    words = together(COSTS[one] for one in facts.costs if one in COSTS)
    share = "whole" if facts.whole else "part"
    amount = None if facts.whole else f"{facts.each or 0:,}"
    return REASON(f"{facts.kind}_{share}", month=facts.first, amount=amount, costs=words)


def _findings(application: Mapping[str, Any], facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    if role_of(application) != "self":
        yield REASON("only_the_recipient")
    yield from not_running(facts.recipient)
    yield from _about_the_month(facts, parameters)
    if facts.is_change:
        yield from _about_what_stands(facts)
    if facts.withdraws:
        return
    yield from _about_the_amount(facts, parameters)
    if facts.kind == "kyushoku":
        yield from _about_the_costs(facts, parameters)


def _about_the_month(facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    if facts.first is None:
        yield REASON("event_unknown")
    elif facts.first.month not in parameters.value("jidou_teate.payment_months", facts.first.first):
        yield REASON("no_payment_month", month=facts.first)
    elif facts.received_on > (limit := _limit(facts.first, facts.received_on, parameters)):
        yield REASON("after_the_limit", month=facts.first, limit=limit)


def _limit(first: Month, received_on: date, parameters: Parameters) -> date:
    """The last day for the payment of ``first``: the mayor's, else the day before the month of the payment begins."""
    days: int | None = parameters.value("jidou_teate.instruction_days_before", received_on)
    return first.first - timedelta(days=max(1, days or 0))


def _about_what_stands(facts: Facts) -> Iterator[Reason]:
    if facts.standing is None:
        yield REASON("instruction_unknown")
    elif facts.standing.get("status") != "standing":
        yield REASON("no_instruction_stands")


def _about_the_amount(facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    """No more than one payment: the months since the payment before, at the amount that runs."""
    monthly = facts.recipient.items.get("monthly_amount")
    if facts.whole or facts.first is None:
        return
    months = 12 // len(parameters.value("jidou_teate.payment_months", facts.first.first))
    if not facts.each:
        yield REASON("amount_missing")
    elif isinstance(monthly, int) and facts.each > monthly * months:
        yield REASON("more_than_is_paid", paid=f"{monthly * months:,}", amount=f"{facts.each:,}")


def _about_the_costs(facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    if not facts.costs or not facts.children:
        yield REASON("costs_missing")
    age = parameters.number("jidou_teate.school_costs_until_school_year_of", facts.received_on)
    for called, birth in facts.children:
        if birth and facts.first and school_year_end(birth, age) < facts.first.first:
            yield REASON("past_junior_high", child=called)
    if facts.owed is not True:
        yield REASON("costs_unchecked" if facts.owed is None else "no_costs_owed")


def _effect(facts: Facts, first: Month) -> RegisterEffect:
    entry: dict[str, Json] = {
        "kind": facts.kind,
        "received_on": facts.received_on.isoformat(),
        "status": "withdrawn" if facts.withdraws else "standing",
        "from_month": str(first),
    }
    if not facts.withdraws:
        entry |= {"whole": facts.whole, "each_yen": None if facts.whole else facts.each}
        entry |= {"until_month": str(first) if facts.once else None}
        entry |= {"costs": "、".join(COSTS[one].ja for one in facts.costs if one in COSTS) or None}
    known = {key: value for key, value in entry.items() if value is not None}
    return RegisterEffect(REGISTER, known, facts.received_on, subject=facts.recipient.applicant)
