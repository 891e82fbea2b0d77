"""The facts of an application for childcare, from its answers (``hoiku-moushikomi``) and the registers."""

from collections.abc import Iterator
from datetime import date

from yakuba.procedures.rules.answers import (
    Known,
    answers_of,
    day,
    first_known,
    items,
    name,
    number,
    one_of,
    slots_of,
    yes_no,
)
from yakuba.procedures.rules.hoiku.facts import Child, Facts, Guardian, Hours, Siblings


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts of an application that arrived on ``received_on``.

    ``register`` says what the town knows, every key optional: ``applicant`` (宛名番号), ``resident_here``,
    ``proof_shown``, ``guardians`` and ``children`` (by the item's ``id``: ``atena``, ``birth``).
    Who is yet to move in is neither resident nor not: the town must look. Raises ValueError without a day
    wanted, which the form does not let pass.
    """
    answers = answers_of(application)
    wanted_from = day(answers.get("wanted_from"))
    if wanted_from is None:
        raise ValueError("the day from which care is wanted is missing; write it as 2027-04-01")
    return Facts(
        applied_on=received_on,
        wanted_from=wanted_from,
        children=tuple(_children(answers, register.get("children") or {})),
        guardians=tuple(_guardians(application, register.get("guardians") or {})),
        applicant=str(register.get("applicant", "applicant")),
        resident_here=_resident(answers, register),
        wants="education" if answers.get("wants") == "education" else "care",
        hours_wanted=one_of(answers.get("hours_wanted"), Hours),
        siblings=one_of(answers.get("siblings"), Siblings) or "any",
        situation=frozenset(_situation(answers)),
        proof_shown=yes_no(register.get("proof_shown")),
    )


def _resident(answers: Known, register: Known) -> bool | None:
    resident = yes_no(register.get("resident_here"))
    return None if resident is False and answers.get("moving_in_on") else resident


def _children(answers: Known, known: Known) -> Iterator[Child]:
    for item in items(answers.get("children")):
        found: Known = known.get(str(item.get("id"))) or {}
        yield Child(
            key=str(found.get("atena") or item.get("id") or ""),
            name=name(item.get("name")),
            birth=first_known(day(found.get("birth")), day(item.get("birth_date"))),
            choices=tuple(str(choice) for choice in item.get("choices") or ()),
            with_disability=item.get("with_disability") is True,
        )


def _guardians(application: Known, known: Known) -> Iterator[Guardian]:
    for item in items(answers_of(application).get("guardians")):
        found: Known = known.get(str(item.get("id"))) or {}
        yield Guardian(
            key=str(found.get("atena") or item.get("id") or ""),
            name=name(item.get("name")),
            reason=item.get("reason"),
            hours=number(item.get("hours")),
            until=first_known(day(item.get("due_on")), day(item.get("until"))),
            documents=_documents(application, item),
        )


def _documents(application: Known, guardian: Known) -> frozenset[str]:
    """The guardian's own slots: ``guardians-<id>-employment_certificate`` → ``employment_certificate``."""
    own = f"guardians-{guardian.get('id')}-"
    return frozenset(slot.removeprefix(own) for slot in slots_of(application) if slot.startswith(own))


def _situation(answers: Known) -> Iterator[str]:
    if answers.get("public_assistance") is True:
        yield "public_assistance"
    if answers.get("sibling_enrolled") is True:
        yield "sibling_enrolled"
    if any(item.get("on_leave") is True for item in items(answers.get("guardians"))):
        yield "returning_from_leave"
