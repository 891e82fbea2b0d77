"""Formal checks on what arrived: is the procedure known, does the form hold, may it be applied for this way?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from yakuba.base.rows import fetch
from yakuba.base.tenancy import current_municipality
from yakuba.base.texts import Text
from yakuba.casework.models import ProcedureSetting
from yakuba.casework.municipal import overrides_in_force
from yakuba.procedures import registry
from yakuba.procedures.application import context_of
from yakuba.procedures.context import ROLES, Context
from yakuba.procedures.definition import Procedure
from yakuba.procedures.faults import InvalidOverrides, UnknownProcedure
from yakuba.procedures.overrides import effective
from yakuba.procedures.validation import validate_all


@dataclass(frozen=True, slots=True)
class Form:
    """An application's form as the desk reads it; ``procedure`` is None where its version is not known here."""

    procedure: Procedure | None
    context: Context | None
    problems: tuple[dict[str, str], ...] = ()

    @property
    def known(self) -> bool:
        """Whether the desk can read the form by its definition."""
        return self.procedure is not None and self.context is not None


def setting_of(procedure: str) -> ProcedureSetting | None:
    """How this municipality runs the procedure, if it has said so."""
    found = fetch(
        ProcedureSetting,
        "WHERE municipality = %s AND procedure = %s",
        [current_municipality(), procedure],
    )
    return found[0] if found else None


def read_form(
    application: Mapping[str, Any], setting: ProcedureSetting | None, uploaded: Collection[str] | None
) -> Form:
    """The form of an application and everything that does not hold in it, in the clerk's words.

    Args:
        uploaded: the slots that hold a file; None leaves attachments unchecked.
    """
    procedure = definition(str(application.get("procedure")), str(application.get("version")), setting)
    if procedure is None:
        return Form(None, None, (_problem("", "この手続または版の定義がありません。"),))
    context = _context(application)
    if context is None:
        return Form(procedure, None, (_problem("", "申請の作成日時または申請者の区分が読めません。"),))
    answers = application.get("answers")
    if not isinstance(answers, Mapping):
        return Form(procedure, context, (_problem("", "回答(answers)がありません。"),))
    found = validate_all(procedure, answers, context, uploaded)
    return Form(procedure, context, tuple(_worded(one.path, one.message) for one in found))


def definition(procedure: str, version: str, setting: ProcedureSetting | None) -> Procedure | None:
    """The definition in the version applied for, as this municipality offers it; None if unknown here."""
    try:
        national = registry.procedure(procedure, version=version)
        return effective(national, overrides_in_force(national, setting))
    except UnknownProcedure:
        return None
    except InvalidOverrides:  # settings made for another version: the national definition still holds
        return national


def signature_needed(procedure: Procedure | None, setting: ProcedureSetting | None) -> bool:
    """Whether this municipality asks for an electronic signature here (national rule first)."""
    if procedure is None:
        return False
    if procedure.signature_rule == "required":
        return True
    return (setting.signature if setting else procedure.signature) != "login"


def _context(application: Mapping[str, Any]) -> Context | None:
    try:
        context = context_of(application)
    except (KeyError, TypeError, ValueError):
        return None
    return context if context.role in ROLES else None


def _worded(path: str, message: Text) -> dict[str, str]:
    return _problem(path, message.ja)


def _problem(path: str, message: str) -> dict[str, str]:
    return {"path": path, "message": message}
