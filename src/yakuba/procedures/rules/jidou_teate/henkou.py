"""氏名変更・住所変更等の届出: what changed about the recipient, the children or the account (施行規則5条・6条)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yakuba.procedures.rules.answers import Known, answers_of, day, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.jidou_teate.later_reasons import CHANGES, REASON
from yakuba.procedures.rules.jidou_teate.recipient import REGISTER, Recipient, not_running, recipient_from
from yakuba.procedures.rules.parameters import Parameters
from yakuba.procedures.rules.proxies import proxy_finding
from yakuba.procedures.rules.words import together

PROCEDURE = "jidou-teate-henkou"
_ACCOUNT = (
    *("bank_name", "bank_code", "branch_name", "branch_code"),
    *("account_type", "account_number", "account_holder"),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What changed (codes of :data:`CHANGES`), since when, and the new account where that is among it.

    ``account_is_own``: whether a clerk found the account to be the recipient's; ``public_account``: the 公金受取口座.
    """

    recipient: Recipient
    received_on: date
    changes: tuple[str, ...]
    changed_on: date | None
    resident_here: bool | None = None
    public_account: bool = False
    account: Mapping[str, Json] = field(default_factory=dict)
    account_is_own: bool | None = None
    proof_shown: bool | None = None


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts of a notification.

    ``register``: as :func:`recipient_from` reads it, and ``resident_here``, ``account_is_own``, ``proof_shown``.
    """
    answers = answers_of(application)
    return Facts(
        recipient=recipient_from(register),
        received_on=received_on,
        changes=tuple(str(one) for one in answers.get("changes") or ()),
        changed_on=day(answers.get("changed_on")),
        resident_here=yes_no(register.get("resident_here")),
        public_account=answers.get("account_choice") == "public",
        account=answers.get("account") or {},
        account_is_own=yes_no(register.get("account_is_own")),
        proof_shown=yes_no(register.get("proof_shown")),
    )


def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether what was notified can be entered. ``as_of`` plays no part: a change holds from its notification."""
    del as_of
    due = due_date(PROCEDURE, facts.received_on, parameters)
    unsure = parameters.unsure((f"clock.{PROCEDURE}",), facts.received_on)
    reasons = tuple(_findings(application, facts))
    if concluded(reasons) != "eligible":
        return Decision(concluded(reasons), reasons, due=due, unsure=unsure)
    what = together(CHANGES[one] for one in facts.changes if one in CHANGES)
    results: dict[str, Json] = {
        "decision": what.ja if what else None,
        "effective_on": facts.received_on.isoformat(),
    }
    told = (REASON("change_entered", changes=what), *reasons)
    return Decision("eligible", told, results, (_effect(facts),), due, unsure)


def _findings(application: Mapping[str, Any], facts: Facts) -> Iterator[Reason]:
    proxy = proxy_finding(application, facts.proof_shown)
    if proxy:
        yield proxy
    yield from not_running(facts.recipient)
    if not facts.changes:
        yield REASON("nothing_changed")
    if "own_address" in facts.changes and facts.resident_here is False:
        yield REASON("moved_out_is_an_end")
    if {"own_name", "own_address"} & set(facts.changes):
        yield REASON("resident_record_suffices")
    if "account" in facts.changes and not facts.public_account:
        yield from _account(facts)


def _account(facts: Facts) -> Iterator[Reason]:
    if facts.account_is_own is None:
        yield REASON("account_unchecked")
    elif not facts.account_is_own:
        yield REASON("account_of_another")


def _effect(facts: Facts) -> RegisterEffect:
    changed: dict[str, Json] = {
        "changed_on": (facts.changed_on or facts.received_on).isoformat(),
        "changed_items": "、".join(CHANGES[one].ja for one in facts.changes if one in CHANGES),
    }
    if "account" in facts.changes:
        changed |= {part: None if facts.public_account else facts.account.get(part) for part in _ACCOUNT}
        changed["public_account"] = facts.public_account
    items = facts.recipient.carried_on(**changed)
    known = {key: value for key, value in items.items() if value is not None}
    return RegisterEffect(REGISTER, known, facts.received_on, subject=facts.recipient.applicant)
