"""受給事由消滅の届出: the entitlement ends (児童手当法8条2項; 施行規則7条)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.procedures.rules.answers import Known, answers_of, day, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.jidou_teate.later_reasons import CAUSES, REASON
from yakuba.procedures.rules.jidou_teate.recipient import REGISTER, Recipient, not_running, recipient_from
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters
from yakuba.procedures.rules.proxies import proxy_finding

PROCEDURE = "jidou-teate-shoumetsu"


@dataclass(frozen=True, slots=True)
class Facts:
    """A notification of the end. ``cause``: why (:data:`CAUSES`); ``event``: the day the reason ceased to hold."""

    recipient: Recipient
    received_on: date
    cause: str | None
    event: date | None
    proof_shown: bool | None = None


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts of a notification; ``register`` as :func:`recipient_from` reads it, and ``proof_shown``."""
    answers = answers_of(application)
    return Facts(
        recipient_from(register), received_on, answers.get("end_cause"), day(answers.get("event_date")),
        yes_no(register.get("proof_shown")),
    )  # fmt: skip


def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """The last month paid: that of the day on which the reason ceased (8条2項)."""
    due = due_date(PROCEDURE, facts.received_on, parameters)
    unsure = parameters.unsure((f"clock.{PROCEDURE}",), facts.received_on)
    reasons = tuple(_standing(application, facts))
    if concluded(reasons) != "eligible" or facts.event is None:
        return Decision(concluded(reasons), reasons, due=due, unsure=unsure)
    last = Month.of(facts.event)
    cause = CAUSES[str(facts.cause)]
    told = (REASON("ended", month=last, cause=cause), *_next_step(facts), *_late(last, as_of))
    results: dict[str, Json] = {"end_month": str(last), "cause": cause.ja}
    return Decision("eligible", (*told, *reasons), results, (_effect(facts, last),), due, unsure)


def _standing(application: Mapping[str, Any], facts: Facts) -> Iterator[Reason]:
    proxy = proxy_finding(application, facts.proof_shown)
    if proxy:
        yield proxy
    yield from not_running(facts.recipient)
    if facts.event is None or facts.cause not in CAUSES:
        yield REASON("event_unknown")


def _next_step(facts: Facts) -> Iterator[Reason]:
    """Where to claim next, lest a month be lost (8条3項)."""
    if facts.cause == "moved_out":
        yield REASON("claim_where_you_moved")
    elif facts.cause == "became_civil_servant":
        yield REASON("claim_at_work")


def _late(last: Month, as_of: date) -> Iterator[Reason]:
    if last.plus(1) < Month.of(as_of):
        yield REASON("paid_too_much_possible", month=last.plus(1))


def _effect(facts: Facts, last: Month) -> RegisterEffect:
    """A state of nothing paid, from the month after the last."""
    items = facts.recipient.carried_on(
        end_month=str(last), ended_because=str(facts.cause), monthly_amount=0, children=[], counted=[]
    )
    return RegisterEffect(REGISTER, items, last.plus(1).first, subject=facts.recipient.applicant)
