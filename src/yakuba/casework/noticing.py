"""Which notice follows a decision, and what it says: from the case and the proposal to the notice's own value."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import JAPAN
from yakuba.base.texts import LANGUAGES, Language, Text
from yakuba.casework.models import Case, Proposal
from yakuba.casework.notices import service
from yakuba.casework.notices.data import Addressee, Json, NoticeData, Reason
from yakuba.procedures import registry
from yakuba.procedures.faults import UnknownProcedure
from yakuba.procedures.rules.answers import address, day, name
from yakuba.registers import people
from yakuba.registers.models import Resident

Facts = dict[str, Json]

# procedure → (notice that grants, notice that refuses)
KINDS: Mapping[str, tuple[str, str]] = {
    "jidou-teate-nintei": ("child_allowance_approved", "child_allowance_refused"),
    "risai-shoumei": ("disaster_certificate", "refusal"),
    "kaigo-nintei": ("care_need_result", "refusal"),
    "hoiku-moushikomi": ("childcare_certified", "childcare_refused"),
}


def ask_for_notice(case: Case, proposal: Proposal, at: datetime, audit: AuditEvent) -> None:
    """Ask for the notice of a decision, in its transaction; a worker lays it out, signs and sends it."""
    kind, facts = _kind_and_facts(case, proposal)
    payload = NoticeData(
        application_id=case.id,
        receipt_number=case.receipt_number,
        applied_on=case.claimed_at.astimezone(JAPAN).date(),
        decided_on=at.astimezone(JAPAN).date(),
        addressee=_addressee(case),
        language=_language(case.language),
        facts=facts,
        reasons=tuple(Reason(_text(one), one["clause"]) for one in proposal.reasons),
    )
    service.issue(case.id, kind, payload, audit)


def _kind_and_facts(case: Case, proposal: Proposal) -> tuple[str, Facts]:
    grants, refuses = KINDS.get(case.procedure, ("decision", "refusal"))
    if proposal.outcome == "rejected":
        return "refusal", {"procedure": procedure_title(case)}
    # 非該当 is a refusal by law but has its own result notice (介護保険法第27条第9項)
    if proposal.outcome == "refused" and case.procedure == "kaigo-nintei" and proposal.effects:
        return grants, _FACTS[grants](case, proposal)
    if proposal.outcome == "refused":
        return refuses, {"procedure": procedure_title(case)} if refuses == "refusal" else {}
    return grants, _FACTS[grants](case, proposal)


def _decision(case: Case, _proposal: Proposal) -> Facts:
    return {"procedure": procedure_title(case), "decision": "申請のとおり認めます。"}


def _child_allowance(_case: Case, proposal: Proposal) -> Facts:
    results = proposal.results
    return {
        "start_month": results.get("start_month"),
        "monthly_amount": results.get("monthly_amount"),
        "children": [_child(line) for line in results.get("children", [])],
        "payments": [{"month": one["month"], "amount": one["amount"]} for one in results.get("payments", [])],
    }


def _child(line: Mapping[str, Any]) -> Json:
    person = _person(str(line["key"]))
    return {
        "name": person.name if person else str(line["key"]),
        "birth": str(person.birth) if person else None,
        "rank": f"第{line['rank']}子",
        "amount": line["amount"],
    }


def _disaster(case: Case, proposal: Proposal) -> Facts:
    answers = case.document.answers
    household = people.household(case.atena_number)
    damaged_on = day(answers.get("damaged_on"))
    place = "applicant_address" if answers.get("same_address") is True else "damaged_address"
    method = {"first": "第1次調査", "second": "第2次調査", "self_assessed": "自己判定方式"}
    return {
        "household_head": household[0].name if household else None,
        "household": [{"name": one.name, "relationship": one.relationship} for one in household],
        "disaster": proposal.results.get("disaster"),
        "damaged_on": damaged_on.isoformat() if damaged_on else None,
        "building_address": address(answers.get(place)),
        "damage_class": proposal.results.get("damage_class_name"),
        "survey_method": method.get(str(proposal.results.get("method"))),
    }


def _care_need(case: Case, proposal: Proposal) -> Facts:
    person = _person(case.atena_number)
    items = proposal.effects[0]["items"] if proposal.effects else {}
    board = case.steps.filter(kind="board").order_by("-at").first()
    return {
        "insured_number": items.get("insured_number"),
        "insured_name": person.name if person else name(case.claimant_name),
        "care_level": proposal.results.get("care_level_name") or "非該当",
        "decided_by_board_on": board.done_on.isoformat() if board else None,
        "valid_from": proposal.results.get("certified_from"),
        "valid_until": proposal.results.get("certified_until"),
    }


def _childcare(case: Case, proposal: Proposal) -> Facts:
    rows = proposal.results.get("children", [])
    return {
        "children": [_cared_for(row) for row in rows],
        "need": _need(case) or "-",
        "valid_from": rows[0]["certified_from"] if rows else None,
        "wished_from": case.document.answers.get("wanted_from"),
    }


def _need(case: Case) -> str:
    """Each guardian's reason, in the words of the form."""
    guardians = registry.procedure(case.procedure, version=case.version).field("guardians")
    reason = next(field for field in guardians.fields if field.id == "reason")
    words = {option.value: option.label.ja for option in reason.options}
    stated = [one.get("reason") for one in case.document.answers.get("guardians") or []]
    return "、".join(words.get(str(one), str(one)) for one in stated if one)


def _cared_for(row: Mapping[str, Any]) -> Json:
    person = _person(str(row.get("key")))
    return {
        "name": person.name if person else str(row.get("name") or row.get("key")),
        "birth": str(person.birth) if person else row.get("birth"),
        "category": f"{row.get('classification')}号認定",
        "hours": {"standard": "保育標準時間", "short": "保育短時間"}.get(str(row.get("hours")), "-"),
        "valid_until": row.get("certified_until"),
    }


_FACTS: Mapping[str, Callable[[Case, Proposal], Facts]] = {
    "decision": _decision,
    "child_allowance_approved": _child_allowance,
    "disaster_certificate": _disaster,
    "care_need_result": _care_need,
    "childcare_certified": _childcare,
}


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
