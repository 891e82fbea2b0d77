"""The decision on the certification of childcare need, child by child, with what is missing for it.

Which place a child gets (利用調整) is decided later, from the points; certification does not wait for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from yakuba.procedures.rules.ages import attains, starts_school
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Outcome, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.hoiku.facts import Child, Facts, Guardian, Hours
from yakuba.procedures.rules.hoiku.need import Need, need, need_reasons, shorter
from yakuba.procedures.rules.hoiku.points import points
from yakuba.procedures.rules.hoiku.reasons import CLASSES, DOCUMENTS, LENGTHS, REASON, SIBLINGS
from yakuba.procedures.rules.hoiku.validity import age_limit, reason_limit, valid_until
from yakuba.procedures.rules.law_needed import law_needed
from yakuba.procedures.rules.parameters import Parameters
from yakuba.procedures.rules.proxies import proxy_finding
from yakuba.procedures.rules.words import together

PROCEDURE = "hoiku-moushikomi"
REGISTER = "kodomo_kosodate"
_UNSURE_OF = (
    "hoiku.minimum_work_hours",
    "hoiku.documents",
    "hoiku.points.reasons",
    "hoiku.points.adjustments",
)


@dataclass(frozen=True, slots=True)
class _Certificate:
    """What one child is certified for."""

    child: Child
    classification: str
    hours: Hours | None
    start: date
    end: date


@law_needed(REASON)
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether childcare need is certified for each child, in which class, for how long a day and until when.

    ``application`` is the canonical application (only its applicant's role is read). The law is that of the
    day of application; ``as_of``, the day of the decision, is written into nothing: certification starts on
    the day wanted. The outcome speaks for all children together: eligible when every one is certified.
    """
    del as_of
    due = due_date(PROCEDURE, facts.applied_on, parameters)
    unsure = parameters.unsure(_UNSURE_OF, facts.applied_on)
    against = [*_standing(application, facts)]
    needs = [need(guardian, facts.applied_on, parameters) for guardian in facts.guardians]
    if facts.wants == "care":
        against += _needs(needs, facts, parameters)
    per_child = [_child(child, facts, needs, concluded(against), parameters) for child in facts.children]
    reasons = (*against, *(reason for _, told in per_child for reason in told), *_siblings(facts))
    certificates = [found for found, _ in per_child if found]
    outcome = concluded(reasons)
    effects = (
        tuple(_effect(each, facts, parameters) for each in certificates) if outcome == "eligible" else ()
    )
    results = _results(facts, certificates, parameters)
    return Decision(outcome, reasons, results, effects, due, unsure)


def _standing(application: Mapping[str, Any], facts: Facts) -> Iterator[Reason]:
    proxy = proxy_finding(application, facts.proof_shown, ("household",))
    if proxy:
        yield proxy
    if facts.resident_here is not True:
        yield REASON("residence_unknown" if facts.resident_here is None else "not_resident_here")
    if not facts.children:
        yield REASON("no_child")
    if not facts.guardians:
        yield REASON("no_guardian")


def _needs(needs: list[Need], facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    """Every guardian must have a reason (施行規則1条の5: 保護者のいずれもが)."""
    names = need_reasons(facts.applied_on, parameters)
    for each in needs:
        guardian = each.guardian
        reason = names[guardian.reason].name if guardian.reason and guardian.reason in names else None
        minimum = parameters.number("hoiku.minimum_work_hours", facts.applied_on)
        yield REASON(
            each.finding, guardian=guardian.name, reason=reason, hours=guardian.hours, minimum=minimum
        )
        missing = _missing(guardian, facts.applied_on, parameters)
        if missing:
            documents = together(DOCUMENTS[code] for code in missing)
            yield REASON("document_missing", guardian=guardian.name, documents=documents)


def _missing(guardian: Guardian, on: date, parameters: Parameters) -> tuple[str, ...]:
    asked: tuple[str, ...] = parameters.value("hoiku.documents", on).get(guardian.reason, ())
    return tuple(code for code in asked if code not in guardian.documents)


def _child(
    child: Child, facts: Facts, needs: list[Need], so_far: Outcome, parameters: Parameters
) -> tuple[_Certificate | None, tuple[Reason, ...]]:
    start = max(facts.wanted_from, facts.applied_on)
    if child.birth is None:
        return None, (REASON("birth_unknown", child=child.name),)
    if child.birth > start:
        return None, (REASON("not_born", child=child.name),)
    if starts_school(child.birth) <= start:
        return None, (REASON("at_school", child=child.name),)
    three = attains(child.birth, parameters.number("hoiku.class_two_from_age", facts.applied_on)) <= start
    if facts.wants == "education":
        return _education(child, child.birth, three, start, facts, parameters)
    if so_far != "eligible":
        possible = so_far == "not_eligible" and three
        return None, (REASON("education_possible", child=child.name),) if possible else ()
    classification = "2" if three else "3"
    end = age_limit(child.birth, classification, facts.applied_on, parameters)
    return _care(_Certificate(child, classification, None, start, end), facts, needs, parameters)


def _education(
    child: Child, birth: date, three: bool, start: date, facts: Facts, parameters: Parameters
) -> tuple[_Certificate | None, tuple[Reason, ...]]:
    if not three:
        return None, (REASON("education_from_three", child=child.name),)
    end = age_limit(birth, "1", facts.applied_on, parameters)
    return _told(_Certificate(child, "1", None, start, end))


def _care(
    by_age: _Certificate, facts: Facts, needs: list[Need], parameters: Parameters
) -> tuple[_Certificate | None, tuple[Reason, ...]]:
    """``by_age`` cut to the guardians' reasons, with the length of care they come to."""
    start = by_age.start
    lengths = tuple(each.hours for each in needs if each.hours)
    hours: Hours = "short" if facts.hours_wanted == "short" else shorter(lengths)
    end = valid_until(by_age.end, (reason_limit(each.guardian, start, parameters) for each in needs))
    if end < start:
        return None, (REASON("already_over", child=by_age.child.name, start=start),)
    return _told(replace(by_age, hours=hours, end=end))


def _told(found: _Certificate) -> tuple[_Certificate, tuple[Reason, ...]]:
    words = {
        "child": found.child.name,
        "classification": CLASSES[found.classification],
        "start": found.start,
        "end": found.end,
    }
    if found.hours is None:
        return found, (REASON("certified_education", **words),)
    return found, (REASON("certified", hours=LENGTHS[found.hours], **words),)


def _siblings(facts: Facts) -> Iterator[Reason]:
    if len(facts.children) > 1:
        yield REASON("siblings_together", count=len(facts.children), wish=SIBLINGS[facts.siblings])


def _results(facts: Facts, certificates: list[_Certificate], parameters: Parameters) -> dict[str, Json]:
    missing: dict[str, Json] = {
        guardian.key: list(_missing(guardian, facts.applied_on, parameters)) for guardian in facts.guardians
    }
    return {
        "children": [_row(each, facts, parameters) for each in certificates],
        "documents_missing": missing if facts.wants == "care" else {},
        "siblings": facts.siblings if len(facts.children) > 1 else None,
    }


def _row(found: _Certificate, facts: Facts, parameters: Parameters) -> Json:
    a_day = parameters.number(f"hoiku.{found.hours}.hours_a_day", facts.applied_on) if found.hours else None
    return {
        "key": found.child.key,
        "classification": found.classification,
        "hours": found.hours,
        "hours_a_day": a_day,
        "certified_from": found.start.isoformat(),
        "certified_until": found.end.isoformat(),
        "points": points(found.child, facts, parameters) if found.hours else None,
    }


def _effect(found: _Certificate, facts: Facts, parameters: Parameters) -> RegisterEffect:
    items: dict[str, Json] = {
        "guardian": facts.applicant,
        "applied_on": facts.applied_on.isoformat(),
        "classification": found.classification,
        "certified_from": found.start.isoformat(),
        "certified_until": found.end.isoformat(),
        "wanted_from": facts.wanted_from.isoformat(),
        "status": "waiting",
    }
    if found.hours:
        items |= _care_items(found, facts, parameters)
    known = {name: value for name, value in items.items() if value is not None}
    return RegisterEffect(REGISTER, known, found.start, found.end, found.child.key)


def _care_items(found: _Certificate, facts: Facts, parameters: Parameters) -> dict[str, Json]:
    choices: list[Json] = [
        {"rank": rank, "facility": facility} for rank, facility in enumerate(found.child.choices, start=1)
    ]
    return {
        "need_reason": "・".join(guardian.reason or "" for guardian in facts.guardians),
        "hours": found.hours,
        "score": points(found.child, facts, parameters),
        "choices": choices,
        "siblings_together": facts.siblings if len(facts.children) > 1 else None,
    }
