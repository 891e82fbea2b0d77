"""児童手当等の額の改定の請求及び届出: the amount changes (児童手当法9条; 施行規則2条・3条).

More children: the claimant claims, and it counts as a claim does (9条1項・2項, 8条3項). Fewer: it counts from the month
after the event, whenever it is told (9条3項).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from yakuba.procedures.rules.answers import Known, answers_of, day, items, name, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.jidou_teate.amounts import Monthly, monthly
from yakuba.procedures.rules.jidou_teate.decide import amount_items, granted_already, lines_of, payment_line
from yakuba.procedures.rules.jidou_teate.facts import Child, Event
from yakuba.procedures.rules.jidou_teate.facts import Facts as ClaimFacts
from yakuba.procedures.rules.jidou_teate.from_answers import children_from, event_from
from yakuba.procedures.rules.jidou_teate.later_reasons import REASON
from yakuba.procedures.rules.jidou_teate.payments import payments
from yakuba.procedures.rules.jidou_teate.reasons import REASON as CLAIM_REASON
from yakuba.procedures.rules.jidou_teate.recipient import REGISTER, Recipient, not_running, recipient_from
from yakuba.procedures.rules.jidou_teate.start import start_month
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import NotInForceError, Parameters
from yakuba.procedures.rules.proxies import proxy_finding

PROCEDURE = "jidou-teate-kaitei"
_PAYMENTS_SHOWN = 3
Direction = Literal["increase", "decrease"]


@dataclass(frozen=True, slots=True)
class Facts:
    """A change of the amount. ``added``: the children named (those only counted too); ``removed``: their keys."""

    recipient: Recipient
    received_on: date
    direction: Direction
    event: Event | None
    added: tuple[Child, ...] = ()
    removed: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    civil_servant: bool | None = False
    proof_shown: bool | None = None


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts of a claim or notification that arrived on ``received_on``.

    ``register``: as :func:`recipient_from` reads it, and ``children`` (by the item's ``id``: ``atena``, ``birth``),
    ``proof_shown``.
    """
    answers = answers_of(application)
    direction: Direction = "decrease" if answers.get("direction") == "decrease" else "increase"
    recipient = recipient_from(register)
    removed, unmatched = _removed(answers, recipient)
    return Facts(
        recipient=recipient,
        received_on=received_on,
        direction=direction,
        event=event_from(answers) if direction == "increase" else _event(answers),
        added=tuple(children_from(answers, register)) if direction == "increase" else (),
        removed=removed,
        unmatched=unmatched,
        proof_shown=yes_no(register.get("proof_shown")),
    )


def _event(answers: Known) -> Event | None:
    on = day(answers.get("event_date"))
    return Event("other", on) if on else None


def _removed(answers: Known, recipient: Recipient) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of the children no longer raised, by name and birth; and the names nobody on record fits."""
    keys, unmatched = [], []
    for item in items(answers.get("removed_children")):
        born, called = day(item.get("birth_date")), _plain(name(item.get("name")))
        fitting = [one.key for one in recipient.children if one.birth == born and _plain(one.name) == called]
        if len(fitting) == 1:
            keys.append(fitting[0])
        else:
            unmatched.append(name(item.get("name")))
    return tuple(keys), tuple(unmatched)


def _plain(text: str) -> str:
    return "".join(text.split())


def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """From which month the amount changes, and to how much.

    ``application`` is the canonical application (only its applicant's role is read); ``as_of`` the day of deciding.
    """
    due = due_date(PROCEDURE, facts.received_on, parameters)
    unsure = parameters.unsure((f"clock.{PROCEDURE}",), facts.received_on)
    against = tuple(_standing(application, facts))
    if concluded(against) != "eligible":
        return Decision(concluded(against), against, due=due, unsure=unsure)
    try:
        changed = _changed(facts, as_of, parameters)
    except NotInForceError as missing:
        changed = Decision("cannot_tell", (CLAIM_REASON("law_not_in_data", name=missing.name),))
    return replace(changed, due=due, unsure=(*unsure, *changed.unsure))


def _standing(application: Mapping[str, Any], facts: Facts) -> Iterator[Reason]:
    proxy = proxy_finding(application, facts.proof_shown)
    if proxy:
        yield proxy
    yield from not_running(facts.recipient)
    if facts.direction == "decrease" and facts.event is None:
        yield REASON("event_unknown")
    for called in facts.unmatched:
        yield REASON("child_not_on_record", child=called)


def _changed(facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    now = _claim(facts, facts.recipient.children)
    later = _claim(facts, _children_then(facts))
    month = _month(facts, later, parameters)
    before, after = monthly(now, month, parameters), monthly(later, month, parameters)
    twice = granted_already(_claim(facts, facts.added))
    reasons = (*twice, *_children(facts, after), *_amounts(facts, before, after), *_late(facts, month, as_of))
    outcome = concluded(reasons)
    if outcome == "eligible":
        code = "revised_up" if facts.direction == "increase" else "revised_down"
        first = REASON(code, month=month, before=f"{before.yen:,}", after=f"{after.yen:,}")
        reasons = (first, *reasons)
    paid = payments(later, month, Month.of(as_of), _PAYMENTS_SHOWN, parameters)
    results: dict[str, Json] = {
        "revision": facts.direction,
        "start_month": str(month),
        "previous_amount": before.yen,
        "monthly_amount": after.yen,
        "children": lines_of(after),
        "payments": [payment_line(each) for each in paid],
    }
    effects = (_effect(facts, month, after),) if outcome == "eligible" else ()
    return Decision(outcome, reasons, results, effects)


def _claim(facts: Facts, children: tuple[Child, ...]) -> ClaimFacts:
    return ClaimFacts(
        facts.recipient.applicant, facts.received_on, children, role=facts.recipient.role, event=facts.event
    )  # fmt: skip


def _children_then(facts: Facts) -> tuple[Child, ...]:
    """Those on record without the removed, and the added ones; who is named again is taken as named now."""
    again = {child.key for child in facts.added}
    kept = tuple(
        child
        for child in facts.recipient.children
        if child.key not in again and child.key not in facts.removed
    )
    return (*kept, *facts.added)


def _month(facts: Facts, later: ClaimFacts, parameters: Parameters) -> Month:
    if facts.direction == "decrease" and facts.event:
        return Month.of(facts.event.on).plus(1)
    return start_month(later, parameters).month


def _children(facts: Facts, after: Monthly) -> Iterator[Reason]:
    """What is to be said of the children named now; those on record were looked at before."""
    named = {child.key for child in facts.added}
    for each in after.standings:
        told = each.child.key in named and each.code not in ("child_payable", "child_not_yet")
        if told or each.standing == "unclear":
            yield CLAIM_REASON(each.code, child=each.child.name, missing=each.missing)
    older = sum(each.standing == "counted" for each in after.standings)
    if facts.recipient.uncounted > older:
        yield REASON("older_children_unconfirmed")


def _amounts(facts: Facts, before: Monthly, after: Monthly) -> Iterator[Reason]:
    if "unknown" in (before.band, after.band):
        yield CLAIM_REASON("income_for_limit_unknown", month=after.month)
    if facts.direction == "increase" and after.yen <= before.yen:
        yield REASON("no_increase", amount=f"{before.yen:,}")
    if facts.direction == "decrease" and not after.lines:
        yield REASON("no_child_left")
    elif facts.direction == "decrease" and after.yen >= before.yen:
        yield REASON("no_decrease", amount=f"{before.yen:,}")


def _late(facts: Facts, month: Month, as_of: date) -> Iterator[Reason]:
    """Told after it was paid: what was paid too much is set off or returned."""
    if facts.direction == "decrease" and month < Month.of(as_of):
        yield REASON("paid_too_much_possible", month=month)


def _effect(facts: Facts, month: Month, after: Monthly) -> RegisterEffect:
    items = facts.recipient.carried_on(**amount_items(after), revised_month=str(month))
    return RegisterEffect(REGISTER, items, month.first, subject=facts.recipient.applicant)
