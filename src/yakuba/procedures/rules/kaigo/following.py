"""What renewals, changes of level and carried-over certifications share (介護保険法28条, 29条, 33条, 33条の2, 36条)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from yakuba.procedures.rules.answers import Known, answers_of, day, one_of, slots_of
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json
from yakuba.procedures.rules.kaigo.common import items_of
from yakuba.procedures.rules.kaigo.facts import CareLevel, Facts, Judgement
from yakuba.procedures.rules.kaigo.from_answers import facts_from as first_facts
from yakuba.procedures.rules.kaigo.insured import BirthUncertainError, InsuredClass
from yakuba.procedures.rules.kaigo.reasons import REASON
from yakuba.procedures.rules.parameters import NotInForceError, Parameters

_NOT_CARRIED = (
    "certified_from",
    "certified_until",
    "status",
    "investigation_on",
    "decide_by",
    "valid_from",
    "valid_until",
)


@dataclass(frozen=True, slots=True)
class Running:
    """A certification that exists: its level and its days, both inclusive."""

    level: CareLevel
    valid_from: date | None
    valid_until: date


@dataclass(frozen=True, slots=True)
class FollowingFacts:
    """An application that follows a certification.

    ``base.certified_until`` is not set: that a certification runs is what this kind asks for. ``running``: the
    last certification here, None when the register knows none; ``carried``: the one of the town left, as its
    certificate says. ``entry``: the register's items, carried over where the decision does not change them.
    ``hindered_until``: the day a hindrance that made a renewal late ended, as stated and confirmed.
    ``qualified_on``: the day of becoming insured here. ``paper_shown``: whether the other town's certificate
    (受給資格証明書) is there.
    """

    base: Facts
    running: Running | None = None
    carried: Running | None = None
    entry: Mapping[str, Json] = field(default_factory=dict)
    hindered_until: date | None = None
    hindrance_confirmed: bool | None = None
    qualified_on: date | None = None
    paper_shown: bool = False


Deciding = Callable[[Mapping[str, Any], FollowingFacts, date, Parameters], Decision]


def facts_from(application: Known, register: Known, received_on: date) -> FollowingFacts:
    """The facts of a renewal, change or transfer.

    ``register``: the keys of the first application's facts, and ``entry`` (the last items of the care insurance
    register), ``hindrance_confirmed``, ``qualified_on``, ``carried`` (``level``, ``until``: read off the other town's
    certificate).
    """
    answers = answers_of(application)
    base = replace(first_facts(application, register, received_on), certified_until=None)
    carried = _carried(register.get("carried"))
    entry: Known = register.get("entry") or {}
    return FollowingFacts(
        base,
        running=_in_register(entry),
        carried=carried,
        entry=entry,
        hindered_until=day(answers.get("hindered_until")),
        hindrance_confirmed=register.get("hindrance_confirmed"),
        qualified_on=day(register.get("qualified_on")) or day(answers.get("moved_in_on")),
        paper_shown=carried is not None or "former_certificate" in slots_of(application),
    )


def _carried(known: Known | None) -> Running | None:
    return _running(known.get("level"), known.get("from"), known.get("until")) if known else None


def _in_register(entry: Known) -> Running | None:
    """The certification an entry tells of; none where the last decision found no need (非該当)."""
    if entry.get("status") != "certified":
        return None
    return _running(entry.get("care_level"), entry.get("certified_from"), entry.get("certified_until"))


def _running(level: object, start: object, end: object) -> Running | None:
    known, until = one_of(level, CareLevel), day(end)
    return Running(known, day(start), until) if known and until else None


def guarded(procedure: str, decide: Deciding) -> Deciding:
    """``decide``, answering in words where the law is not in the data or a birth leaves the class open."""

    def decided(
        application: Mapping[str, Any], facts: FollowingFacts, as_of: date, parameters: Parameters
    ) -> Decision:
        try:
            return decide(application, facts, as_of, parameters)
        except NotInForceError as missing:
            return Decision("cannot_tell", (REASON("law_not_in_data", name=missing.name),))
        except BirthUncertainError:
            due = due_date(procedure, facts.base.applied_on, parameters)
            return Decision("cannot_tell", (REASON("birth_uncertain"),), due=due)

    return decided


def carried_items(
    facts: FollowingFacts,
    insured: InsuredClass | None,
    judgement: Judgement,
    found: Decision,
    as_of: date,
    kind: str,
) -> dict[str, Json]:
    """What the register gets: what it held, with what this decision changes."""
    kept = {name: value for name, value in facts.entry.items() if name not in _NOT_CARRIED}
    return {**kept, **items_of(facts.base, insured, judgement, found.due, as_of, kind)}
