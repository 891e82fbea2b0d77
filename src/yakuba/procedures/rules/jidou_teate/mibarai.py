"""未支払の児童手当等の請求: what a recipient who died had not been paid goes to the child (児童手当法12条; 施行規則9条)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.procedures.rules.ages import anniversary
from yakuba.procedures.rules.answers import Known, answers_of, day, items, name, number, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.jidou_teate.later_reasons import REASON
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters
from yakuba.procedures.rules.proxies import proxy_finding

PROCEDURE = "jidou-teate-mibarai"
REGISTER = "jidou_teate_moushide"


@dataclass(frozen=True, slots=True)
class Facts:
    """A claim for what was left unpaid.

    ``was_recipient``, ``unpaid`` (yen) and ``raised`` (that the dead raised these children) are what a clerk found in
    the register of the dead. ``account_is_childs``: whether the account is the child's own.
    """

    applicant: str
    received_on: date
    deceased: str
    died_on: date | None
    children: tuple[str, ...]
    was_recipient: bool | None = None
    raised: bool | None = None
    unpaid: int | None = None
    account_is_childs: bool | None = None
    proof_shown: bool | None = None


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts of a claim.

    ``register``: ``applicant``, ``was_recipient``, ``raised``, ``unpaid``, ``account_is_childs``, ``proof_shown``, every one
    optional.
    """
    answers = answers_of(application)
    return Facts(
        applicant=str(register.get("applicant", "applicant")),
        received_on=received_on,
        deceased=name(answers.get("deceased_name")),
        died_on=day(answers.get("died_on")),
        children=tuple(name(item.get("name")) for item in items(answers.get("children"))),
        was_recipient=yes_no(register.get("was_recipient")),
        raised=yes_no(register.get("raised")),
        unpaid=number(register.get("unpaid")),
        account_is_childs=yes_no(register.get("account_is_childs")),
        proof_shown=yes_no(register.get("proof_shown")),
    )


def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether the unpaid allowance is paid to the child, and how much. ``as_of`` plays no part."""
    del as_of
    due = due_date(PROCEDURE, facts.received_on, parameters)
    unsure = parameters.unsure((f"clock.{PROCEDURE}",), facts.received_on)
    reasons = tuple(_findings(application, facts, parameters))
    if concluded(reasons) != "eligible" or not facts.unpaid or facts.died_on is None:
        return Decision(concluded(reasons), reasons, due=due, unsure=unsure)
    last = Month.of(facts.died_on)
    told = (REASON("unpaid_paid_to_child", amount=f"{facts.unpaid:,}", month=last), *reasons)
    results: dict[str, Json] = {
        "unpaid_yen": facts.unpaid,
        "deceased": facts.deceased,
        "until_month": str(last),
    }
    return Decision("eligible", told, results, (_effect(facts),), due, unsure)


def _findings(application: Mapping[str, Any], facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    proxy = proxy_finding(application, facts.proof_shown)
    if proxy:
        yield proxy
    if facts.died_on is None:
        yield REASON("event_unknown")
    elif _barred(facts.died_on, facts.received_on, parameters):
        yield REASON("claim_barred")
    yield from _of_the_dead(facts)
    if facts.account_is_childs is not True:
        yield REASON("account_unchecked" if facts.account_is_childs is None else "account_not_the_childs")


def _barred(died_on: date, received_on: date, parameters: Parameters) -> bool:
    """Two years after it could be claimed the right is gone (23条1項); the first day is not counted."""
    years = parameters.number("jidou_teate.limitation_years", died_on)
    return received_on > anniversary(died_on, years)


def _of_the_dead(facts: Facts) -> Iterator[Reason]:
    if facts.was_recipient is None or facts.raised is None or facts.unpaid is None:
        yield REASON("dead_unchecked")
    elif not facts.was_recipient:
        yield REASON("dead_no_recipient")
    elif not facts.raised:
        yield REASON("dead_did_not_raise")
    elif facts.unpaid == 0:
        yield REASON("nothing_unpaid")


def _effect(facts: Facts) -> RegisterEffect:
    entry: dict[str, Json] = {
        "kind": "mibarai",
        "received_on": facts.received_on.isoformat(),
        "status": "decided",
        "total_yen": facts.unpaid,
        "deceased": facts.deceased,
    }
    return RegisterEffect(REGISTER, entry, facts.received_on, subject=facts.applicant)
