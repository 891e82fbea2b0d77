"""The facts of a claim, from the answers of the form (definition ``jidou-teate-nintei``) and the registers."""

from collections.abc import Iterator, Mapping
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
    yes_no,
)
from yakuba.procedures.rules.jidou_teate.facts import (
    ApartReason,
    Child,
    Event,
    Facts,
    Granted,
    Residence,
    Role,
    Spouse,
)
from yakuba.procedures.rules.months import Month

_EVENTS = {"birth": "birth", "moved_in": "move", "began_care": "other", "left_public_service": "other"}


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts of a claim that arrived on ``received_on``.

    ``register`` says what the town knows, every key optional: ``applicant`` (宛名番号), ``resident_here``,
    ``lives_in_japan``, ``already_recipient``, ``income``, ``spouse_income``, ``spouse_receives``,
    ``main_earner`` and ``proof_shown`` (as a clerk found), ``limit_income``, ``dependants``,
    ``elderly_dependants``, ``children`` (by the item's ``id``: ``atena``, ``birth``, ``residence``,
    ``lives_with_claimant``, ``in_facility``),
    ``granted`` (by 宛名番号 or item: ``holder``, ``since``). Who is the main earner is read from incomes or the clerk, not
    from the claimant's own word.
    """
    answers = answers_of(application)
    return Facts(
        applicant=str(register.get("applicant", "applicant")),
        claimed_on=received_on,
        children=tuple(children_from(answers, register)),
        role=one_of(answers.get("claimant_capacity"), Role) or "parent",
        resident_here=yes_no(register.get("resident_here")),
        lives_in_japan=first_known(
            yes_no(register.get("lives_in_japan")), yes_no(register.get("resident_here"))
        ),
        civil_servant=_civil_servant(answers.get("claimant_occupation")),
        already_recipient=yes_no(register.get("already_recipient")),
        event=event_from(answers),
        spouse=_spouse(answers, register),
        income=number(register.get("income")),
        main_earner=yes_no(register.get("main_earner")),
        separated=answers.get("separated") is True,
        limit_income=number(register.get("limit_income")),
        dependants=number(register.get("dependants")) or 0,
        elderly_dependants=number(register.get("elderly_dependants")) or 0,
        proof_shown=yes_no(register.get("proof_shown")),
    )


def _civil_servant(occupation: object) -> bool | None:
    return None if occupation is None else occupation == "civil_servant"


def event_from(answers: Known) -> Event | None:
    """Why the claim is made now, from the answers ``claim_reason``, ``event_date`` and those about a hindrance.

    A hindrance counts from its own beginning, but never from before the event itself."""
    on = day(answers.get("event_date"))
    kind = _EVENTS.get(str(answers.get("claim_reason")))
    if on is None or kind is None:
        return None
    ended = day(answers.get("hindrance_ended_on"))
    if answers.get("was_hindered") is True and ended:
        return Event("hindrance", max(on, day(answers.get("hindrance_began_on")) or on), ended)
    return Event(kind, on)  # type: ignore[arg-type]  # the table above holds only the literal's values


def _spouse(answers: Known, register: Known) -> Spouse | None:
    if answers.get("has_spouse") is not True:
        return None
    receives = first_known(
        yes_no(register.get("spouse_receives")), yes_no(answers.get("spouse_receives_allowance"))
    )
    return Spouse(number(register.get("spouse_income")), receives)


def children_from(answers: Known, register: Known) -> Iterator[Child]:
    """The children of the groups ``children`` and ``older_children``.

    ``register``: ``children`` (by the item's ``id``), ``granted`` (by 宛名番号, or by the
    item's ``id``) and ``applicant``.
    """
    known: Mapping[str, Known] = register.get("children") or {}
    for item in [*items(answers.get("children")), *items(answers.get("older_children"))]:
        yield _child(item, known.get(str(item.get("id")), {}), register)


def _child(item: Known, known: Known, register: Known) -> Child:
    return Child(
        key=str(known.get("atena") or item.get("id") or ""),
        name=name(item.get("name")),
        birth=first_known(day(known.get("birth")), day(item.get("birth_date"))),
        cared_for=yes_no(item.get("cared_for")),
        shares_livelihood=yes_no(item.get("shares_livelihood")),
        lives_with_claimant=_known(known, item, "lives_with_claimant"),
        with_other_parent=item.get("with_other_parent") is True,
        apart_reason=one_of(item.get("apart_reason"), ApartReason),
        residence=_residence(item, known),
        left_japan_on=day(item.get("left_japan_on")),
        lived_in_japan_before=yes_no(item.get("lived_in_japan_before")),
        in_facility=_in_facility(item, known),
        granted=_granted(_holder(item, known, register), register.get("applicant")),
    )


def _holder(item: Known, known: Known, register: Known) -> Known:
    """Who holds the allowance for the child: by its 宛名番号 in the household's entries, by the item's id in others'."""
    granted: Known = register.get("granted") or {}
    return granted.get(known.get("atena", "")) or granted.get(str(item.get("id"))) or {}


def _granted(known: Known, applicant: object) -> Granted | None:
    since = day(known.get("since"))
    return Granted(Month.of(since), known.get("holder") == applicant) if since else None


def _known(known: Known, item: Known, key: str) -> bool | None:
    found: bool | None = first_known(yes_no(known.get(key)), yes_no(item.get(key)))
    return found


def _residence(item: Known, known: Known) -> Residence | None:
    """Older children are not asked: the rule on residence does not reach them."""
    if "residence" not in item and "occupation" in item:
        return "japan"
    found: Residence | None = one_of(known.get("residence"), Residence) or one_of(
        item.get("residence"), Residence
    )
    return found


def _in_facility(item: Known, known: Known) -> bool | None:
    return False if "in_facility" not in item and "occupation" in item else _known(known, item, "in_facility")
