"""The facts of an application for care need, from its answers (definition ``kaigo-nintei``) and the
registers.
"""

from datetime import date

from yakuba.base.dates import UncertainDate
from yakuba.procedures.rules.answers import (
    Known,
    answers_of,
    day,
    first_known,
    number,
    one_of,
    uncertain_day,
    yes_no,
)
from yakuba.procedures.rules.kaigo.facts import CareLevel, Facts, Judgement


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts of an application that arrived on ``received_on``.

    ``register`` says what the town knows, every key optional: ``insured`` (宛名番号), ``birth``,
    ``insured_here``, ``has_medical_insurance``, ``certified_until`` (of a certification that runs),
    ``identity_settled`` (default: whether ``insured`` is known), ``agent_designated``, ``proof_shown``,
    ``surveyed_on``, ``opinion_on``, ``postponed_until``, ``judgement`` (``level``, ``on``, ``months``,
    ``disease_confirmed``).
    """
    answers = answers_of(application)
    settled = yes_no(register.get("identity_settled"))
    return Facts(
        insured=str(register.get("insured", "insured")),
        birth=_birth(register.get("birth"), answers.get("insured_birth_date")),
        applied_on=received_on,
        insured_here=yes_no(register.get("insured_here")),
        has_medical_insurance=_medical_insurance(answers, register),
        disease=answers.get("specified_disease"),
        certified_until=day(register.get("certified_until")),
        identity_settled="insured" in register if settled is None else settled,
        agent_designated=yes_no(register.get("agent_designated")),
        proof_shown=yes_no(register.get("proof_shown")),
        surveyed_on=day(register.get("surveyed_on")),
        opinion_on=day(register.get("opinion_on")),
        judgement=_judgement(register.get("judgement")),
        postponed_until=day(register.get("postponed_until")),
    )


def _birth(known: object, written: object) -> date | UncertainDate:
    birth = first_known(day(known), uncertain_day(known), day(written), uncertain_day(written))
    unknown = UncertainDate(0, 0, 0)
    found: date | UncertainDate = unknown if birth is None else birth
    return found


def _medical_insurance(answers: Known, register: Known) -> bool | None:
    known = yes_no(register.get("has_medical_insurance"))
    written = answers.get("medical_insurance")
    if known is not None or written is None:
        return known
    return bool(written != "none")


def _judgement(known: Known | None) -> Judgement | None:
    """What the review board judged. Raises ValueError for a level the law does not know or a missing day."""
    if not known:
        return None
    level, on = one_of(known.get("level"), CareLevel), day(known.get("on"))
    if level is None or on is None:
        raise ValueError(
            f"a judgement needs a level such as care_2 and a day such as 2026-11-20, not {dict(known)!r}"
        )
    return Judgement(level, on, number(known.get("months")), yes_no(known.get("disease_confirmed")))
