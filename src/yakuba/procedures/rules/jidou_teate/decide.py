"""The decision on a claim for child allowance (認定, 児童手当法7条)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.jidou_teate.amounts import Monthly, monthly
from yakuba.procedures.rules.jidou_teate.children import ChildStanding
from yakuba.procedures.rules.jidou_teate.facts import Facts
from yakuba.procedures.rules.jidou_teate.payments import Payment, payments
from yakuba.procedures.rules.jidou_teate.reasons import REASON
from yakuba.procedures.rules.jidou_teate.start import Start, start_month
from yakuba.procedures.rules.law_needed import law_needed
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters
from yakuba.procedures.rules.proxies import proxy_finding

PROCEDURE = "jidou-teate-nintei"
REGISTER = "jidou_teate"
_PAYMENTS_SHOWN = 6
_BAND_CODES = {
    "none": "over_income_ceiling",
    "special": "special_benefit",
    "unknown": "income_for_limit_unknown",
}
_EVENT_WORDS = {
    "birth": Text("出生日", "the birth", "{生|う}まれた{日|ひ}"),
    "move": Text("住所を変更した日", "the move", "{引|ひ}っこした{日|ひ}"),
    "other": Text("事由が生じた日", "the event", "{変|か}わった{日|ひ}"),
    "hindrance": Text("やむを得ない理由がやんだ日", "the end of the hindrance", "できるようになった{日|ひ}"),
}


@law_needed(REASON)
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether, from which month and how much child allowance is paid.

    ``application`` is the canonical application (only its applicant's role is read); ``as_of`` the day of
    deciding: no payment is shown for a month before it. Amounts follow the law of each month paid.
    """
    due = due_date(PROCEDURE, facts.claimed_on, parameters)
    unsure = parameters.unsure((f"clock.{PROCEDURE}",), facts.claimed_on)
    against = [*_claimant(application, facts)]
    if concluded(against) == "not_eligible":
        return Decision("not_eligible", tuple(against), due=due, unsure=unsure)
    start = start_month(facts, parameters)
    first = monthly(facts, start.month, parameters)
    reasons = (*against, *_children(first), *_money(first), _start_reason(start, facts))
    outcome = concluded(reasons)
    if outcome == "not_eligible":
        return Decision(outcome, reasons, due=due, unsure=unsure)
    paid = payments(facts, start.month, Month.of(as_of), _PAYMENTS_SHOWN, parameters)
    effects = (_effect(facts, start, first),) if outcome == "eligible" else ()
    if outcome == "eligible":
        reasons = (REASON("entitled", month=start.month, amount=f"{first.yen:,}"), *reasons)
    unsure = (*unsure, *_unsure(start, facts, parameters))
    return Decision(outcome, reasons, _results(start, first, paid), effects, due, unsure)


def _unsure(start: Start, facts: Facts, parameters: Parameters) -> tuple[str, ...]:
    if start.deadline is None:
        return ()
    if start.code == "start_at_reform":
        return parameters.unsure(("jidou_teate.reform_claim_until",), facts.claimed_on)
    return parameters.unsure(("office.holidays.equinoxes", "office.year_end_days"), start.deadline)


def _claimant(application: Mapping[str, Any], facts: Facts) -> Iterator[Reason]:
    proxy = proxy_finding(application, facts.proof_shown)
    if proxy:
        yield proxy
    yield from _residence(facts)
    if facts.civil_servant is not False:
        yield REASON("civil_servant" if facts.civil_servant else "civil_servant_unknown")
    if facts.already_recipient:
        yield REASON("already_recipient")
    yield from granted_already(facts)
    yield from _main_earner(facts)


def granted_already(facts: Facts) -> Iterator[Reason]:
    """A child is paid for once: what the register holds for it stands against a second recognition."""
    for child in facts.children:
        if child.granted:
            code = "child_granted_already" if child.granted.to_claimant else "child_granted_to_other"
            yield REASON(code, child=child.name, month=child.granted.since)


def _residence(facts: Facts) -> Iterator[Reason]:
    if facts.lives_in_japan is False:
        yield REASON("not_in_japan")
    elif facts.resident_here is False:
        yield REASON("not_resident_here")
    elif facts.resident_here is None or facts.lives_in_japan is None:
        yield REASON("residence_unknown")


def _main_earner(facts: Facts) -> Iterator[Reason]:
    """4条3項 speaks of two parents (or guardians) who both care.

    Apart from each other, 4項 decides by the home.
    """
    if facts.spouse is None or facts.role not in ("parent", "guardian") or facts.separated:
        return
    if facts.spouse.receives_allowance is not False:
        yield REASON("spouse_receives" if facts.spouse.receives_allowance else "spouse_receives_unknown")
    if facts.main_earner is False:
        yield REASON("not_main_earner")
    elif facts.main_earner is None:
        yield from _by_income(facts.income, facts.spouse.income)


def _by_income(own: int | None, others: int | None) -> Iterator[Reason]:
    if own is None or others is None:
        yield REASON("incomes_unknown")
    elif own < others:
        yield REASON("spouse_earns_more")


def _children(first: Monthly) -> Iterator[Reason]:
    for each in first.standings:
        if each.code not in ("child_payable", "child_not_yet"):
            yield REASON(each.code, child=each.child.name, missing=each.missing)
    if not any(each.standing in ("payable", "unclear") for each in first.standings):
        yield REASON("no_payable_child")


def _money(first: Monthly) -> Iterator[Reason]:
    code = {
        "none": "over_income_ceiling",
        "special": "special_benefit",
        "unknown": "income_for_limit_unknown",
    }
    if first.band in code:
        yield REASON(code[first.band], month=first.month)


def _start_reason(start: Start, facts: Facts) -> Reason:
    event = _EVENT_WORDS[facts.event.kind] if facts.event else None
    return REASON(start.code, month=start.month, event=event, deadline=start.deadline)


def _results(start: Start, first: Monthly, paid: tuple[Payment, ...]) -> dict[str, Json]:
    return {
        "start_month": str(start.month),
        "claim_deadline": start.deadline.isoformat() if start.deadline else None,
        "monthly_amount": first.yen,
        "children": lines_of(first),
        "counted_only": [each.child.key for each in first.standings if each.standing == "counted"],
        "excluded": [_excluded(each) for each in first.standings if each.standing == "outside"],
        "payments": [payment_line(each) for each in paid],
    }


def amount_items(month: Monthly) -> dict[str, Json]:
    """What the register holds of a month's amount: the sum, its kind, the children paid for and those only counted."""
    return {
        "monthly_amount": month.yen,
        "category": "tokurei_kyuufu" if month.band == "special" else "jidou_teate",
        "children": lines_of(month),
        "counted": [{"key": each.child.key} for each in month.standings if each.standing == "counted"],
    }


def lines_of(first: Monthly) -> list[Json]:
    """The children paid for, as results and the register write them."""
    return [
        {"key": line.child.key, "rank": line.rank, "stage": line.stage, "amount": line.yen}
        for line in first.lines
    ]


def _excluded(each: ChildStanding) -> Json:
    return {"key": each.child.key, "reason": each.code}


def payment_line(payment: Payment) -> Json:
    """One payment, as results write it."""
    return {
        "month": str(payment.month),
        "covers": [str(m.month) for m in payment.covers],
        "amount": payment.yen,
    }


def _effect(facts: Facts, start: Start, first: Monthly) -> RegisterEffect:
    items: dict[str, Json] = {
        "claimed_on": facts.claimed_on.isoformat(),
        "start_month": str(start.month),
        "recipient_kind": facts.role,
        **amount_items(first),
    }
    return RegisterEffect(REGISTER, items, start.month.first, subject=facts.applicant)
