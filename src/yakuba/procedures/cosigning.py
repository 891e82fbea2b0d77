"""A second person's signature over the same application (もう一人の署名): when it is asked for, and whose it may be.

No law makes two guardians sign the application for childcare: 子ども・子育て支援法20条1項 speaks of the guardian (保護者), and
民法818条2項 of parents who exercise parental authority jointly while married. Whether a town asks for both is its own practice, so
it is a municipal setting. Functions of values.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yakuba.procedures.context import Answers, Role
from yakuba.procedures.definition import Procedure, SecondSignature


def asked(procedure: Procedure, answers: Answers, role: Role) -> SecondSignature:
    """Whether a second signature is asked for with these answers.

    Only of somebody who applies for themselves (a representative signs for whom they represent), and only where the
    form names a second person: a single parent signs alone.
    """
    if procedure.cosigning is None or role != "self":
        return "off"
    return procedure.second_signature if len(people(procedure, answers)) > 1 else "off"


def people(procedure: Procedure, answers: Answers) -> list[Mapping[str, Any]]:
    """The rows of the group that names who may sign; empty where there is none."""
    rows = answers.get(procedure.cosigning.group) if procedure.cosigning else None
    return [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, list) else []


def may_sign(procedure: Procedure, answers: Answers, birth: date | None) -> bool:
    """Whether somebody born on ``birth`` stands in the form as a person who may sign.

    Names are not compared here: a certificate writes them with substitute characters. Where the form or the certificate
    states no birth date, nothing speaks against it; the desk looks at the register.
    """
    stated = {str(one["birth_date"]) for one in people(procedure, answers) if one.get("birth_date")}
    return birth is None or not stated or birth.isoformat() in stated
