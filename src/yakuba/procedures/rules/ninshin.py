"""妊娠の届出 (母子保健法15条; 施行規則3条): a pregnancy is notified, and the town hands over the handbook (16条1項).

A notification, no application: it is entered if it says what the ordinance asks. The handbook itself is given by hand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.procedures.rules.answers import Known, answers_of, day, number, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.ninshin_reasons import REASON
from yakuba.procedures.rules.parameters import Parameters
from yakuba.procedures.rules.proxies import proxy_finding

PROCEDURE = "ninshin-todokede"
REGISTER = "boshi_hoken"


@dataclass(frozen=True, slots=True)
class Facts:
    """A notification. ``weeks``: of pregnancy on the day of notifying; ``examined_by``: the doctor or midwife, if any."""

    applicant: str
    received_on: date
    weeks: int | None
    due_on: date | None
    examined: bool | None
    examined_by: str = ""
    fetuses: int = 1
    resident_here: bool | None = None
    known_already: bool | None = False
    proof_shown: bool | None = None


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts of a notification; ``register``: ``applicant``, ``resident_here``, ``pregnancy`` (the entry), ``proof_shown``."""
    answers = answers_of(application)
    return Facts(
        applicant=str(register.get("applicant", "applicant")),
        received_on=received_on,
        weeks=number(answers.get("weeks")),
        due_on=day(answers.get("due_on")),
        examined=yes_no(answers.get("examined")),
        examined_by=str(answers.get("examined_by") or ""),
        fetuses=number(answers.get("fetuses")) or 1,
        resident_here=yes_no(register.get("resident_here")),
        known_already=_known_already(register.get("pregnancy"), day(answers.get("due_on"))),
        proof_shown=yes_no(register.get("proof_shown")),
    )


def _known_already(entry: object, due_on: date | None) -> bool:
    """Whether this pregnancy was notified before: the same expected day."""
    return isinstance(entry, Mapping) and due_on is not None and day(entry.get("due_on")) == due_on


def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether the notification is entered. ``as_of`` plays no part."""
    del as_of
    due = due_date(PROCEDURE, facts.received_on, parameters)
    unsure = parameters.unsure((f"clock.{PROCEDURE}",), facts.received_on)
    reasons = tuple(_findings(application, facts))
    if concluded(reasons) != "eligible":
        return Decision(concluded(reasons), reasons, due=due, unsure=unsure)
    told = (REASON("entered", count=facts.fetuses), *reasons)
    results: dict[str, Json] = {"decision": told[0].text.ja, "handbooks": facts.fetuses}
    return Decision("eligible", told, results, (_effect(facts),), due, unsure)


def _findings(application: Mapping[str, Any], facts: Facts) -> Iterator[Reason]:
    proxy = proxy_finding(application, facts.proof_shown, ("household",))
    if proxy:
        yield proxy
    if facts.resident_here is not True:
        yield REASON("residence_unknown" if facts.resident_here is None else "lives_elsewhere")
    if facts.known_already:
        yield REASON("known_already")
    if facts.weeks is None:
        yield REASON("weeks_unknown")
    if facts.examined is False:
        yield REASON("not_examined")


def _effect(facts: Facts) -> RegisterEffect:
    entry: dict[str, Json] = {
        "notified_on": facts.received_on.isoformat(),
        "pregnancy_weeks": facts.weeks,
        "due_on": facts.due_on.isoformat() if facts.due_on else None,
        "examined_by": facts.examined_by or None,
        "fetuses": facts.fetuses,
        "handbooks": facts.fetuses,
    }
    known = {key: value for key, value in entry.items() if value is not None}
    return RegisterEffect(REGISTER, known, facts.received_on, subject=facts.applicant)
