"""Which notice follows a decision, and what it says: from the case and the proposal to the notice's own value."""

from collections.abc import Mapping
from datetime import datetime

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import japan_day
from yakuba.base.texts import LANGUAGES, Language, Text
from yakuba.casework.models import Case, Proposal
from yakuba.casework.notice_facts import Reader
from yakuba.casework.notices import service
from yakuba.casework.notices.data import Addressee, Json, NoticeData, Reason
from yakuba.casework.notices.kinds import kind as kind_named
from yakuba.casework.procedure_desk import Follows, desk_of
from yakuba.casework.steps import newest
from yakuba.procedures import registry
from yakuba.procedures.definition import Procedure
from yakuba.procedures.faults import UnknownProcedure
from yakuba.registers import people
from yakuba.registers.models import Resident

Facts = dict[str, Json]


def ask_for_notice(case: Case, proposal: Proposal, at: datetime, audit: AuditEvent) -> None:
    """Ask for the notice of a decision, in its transaction; a worker lays it out, signs and sends it."""
    kind, facts = _kind_and_facts(case, proposal)
    payload = NoticeData(
        application_id=case.id,
        receipt_number=case.receipt_number,
        applied_on=japan_day(case.claimed_at),
        decided_on=japan_day(at),
        addressee=_addressee(case),
        language=_language(case.language),
        facts=facts,
        office=desk_of(case.procedure).notices.office,
        reasons=tuple(Reason(_text(one), one["clause"]) for one in proposal.reasons),
    )
    service.issue(case.id, kind, payload, audit)


def _kind_and_facts(case: Case, proposal: Proposal) -> tuple[str, Facts]:
    kind = _kind_of(desk_of(case.procedure).notices, proposal)
    reader = Reader(_document(case, proposal), _resident_as_facts, _form(case))
    return kind, reader.facts(kind_named(kind))


def _kind_of(follows: Follows, proposal: Proposal) -> str:
    if proposal.outcome == "granted":
        return follows.granted
    # 非該当 is a refusal by law but has its own result notice (介護保険法第27条第9項)
    if proposal.outcome == "refused" and proposal.effects and follows.refused_with_effect:
        return follows.refused_with_effect
    return "refusal" if proposal.outcome == "rejected" else follows.refused


def _document(case: Case, proposal: Proposal) -> Facts:
    """The decided case as the notices' paths read it (:mod:`~yakuba.casework.notice_facts`)."""
    person = _person(case.atena_number)
    household = people.household(case.atena_number) if person else []
    return {
        "procedure_title": procedure_title(case),
        "answers": case.document.answers,
        "results": proposal.results,
        "effects": list(proposal.effects),
        "steps": {
            kind: {**step.results, "on": step.done_on.isoformat()} for kind, step in newest(case).items()
        },
        "applicant": _as_facts(person) if person else None,
        "claimant_name": case.claimant_name,
        "household": [_as_facts(one) for one in household],
    }


def _resident_as_facts(atena_number: str) -> Facts | None:
    person = _person(atena_number)
    return _as_facts(person) if person else None


def _as_facts(person: Resident) -> Facts:
    return {"name": person.name, "birth": str(person.birth), "relationship": person.relationship}


def _form(case: Case) -> Procedure | None:
    try:
        return registry.procedure(case.procedure, version=case.version)
    except UnknownProcedure:
        return None


def procedure_title(case: Case) -> str:
    """The procedure's name, or its id where its definition is not known here."""
    try:
        return registry.procedure(case.procedure).title.ja
    except UnknownProcedure:
        return case.procedure


def _addressee(case: Case) -> Addressee:
    person = _person(case.atena_number)
    if person is None:  # a rejection of somebody never identified goes by the name that was written
        return Addressee(case.claimant_name or "申請者")
    lines = tuple(line for line in (person.address, person.building) if line)
    return Addressee(person.name, lines, person.postcode)


def _person(atena_number: str) -> Resident | None:
    try:
        return people.person(atena_number) if atena_number else None
    except people.NoSuchPerson:
        return None


def _text(stated: Mapping[str, str]) -> Text:
    return Text(stated["ja"], stated["en"], stated["easy"])


def _language(language: str) -> Language:
    return next((one for one in LANGUAGES if one == language), "ja")
