"""The case page: everything a clerk needs to decide, on one page."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import japan_day, today
from yakuba.base.ids import receipt_number
from yakuba.casework import (
    checks_shown,
    clock_rules,
    cosigning,
    formal,
    mandates,
    people_found,
    permissions,
    representation,
    steps,
)
from yakuba.casework.bundles import bundle_of
from yakuba.casework.checked import Check
from yakuba.casework.claimant import claimant_of
from yakuba.casework.comparison import Block, Mark, side_by_side
from yakuba.casework.corrections import USUAL_DAYS
from yakuba.casework.counter.holder import DOCUMENTS
from yakuba.casework.desk import desk
from yakuba.casework.files_shown import files_shown
from yakuba.casework.matching import REASONS
from yakuba.casework.models import Case, CaseDocument, CounterVisit, Proposal
from yakuba.casework.moves import open_proposal
from yakuba.casework.notices.models import Notice
from yakuba.casework.noticing import procedure_title
from yakuba.casework.policies import Situation, can_move, took_in
from yakuba.casework.procedure_desk import StepKind, desk_of
from yakuba.casework.refused_files import why
from yakuba.casework.results_shown import results_in_words
from yakuba.casework.roles import Permission
from yakuba.casework.rulings import ruling
from yakuba.casework.staff.models import Staff
from yakuba.casework.staff.sessions import StaffRequest
from yakuba.procedures.components.dates import show_date
from yakuba.procedures.datetext import is_date
from yakuba.procedures.prefill import prefill_items
from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.summary import summary
from yakuba.registers import catalogue, entries, people, prefill
from yakuba.registers.models import Resident

_OTHER_CASES = 20


@desk(Permission.SEE_CASES, aid=True)
@require_GET
def case_page(request: StaffRequest, case_id: str) -> HttpResponse:
    """Answers beside the registers, files, the verdict, the rule, the clock, the history, and what can be done."""
    case = get_object_or_404(Case.objects.select_related("document", "assigned_to"), pk=case_id)
    context = page_context(case, request.staff)
    response = render(request, "casework/case.html", context)
    append(AuditEvent(request.staff.actor, "case.viewed", case.subject, case.municipality))
    return response


# What another town's staff need not know for a 罹災 case: registers, other applications, other notices.
_NOT_FOR_AID: dict[str, Any] = {
    "entries": [],
    "other_cases": [],
    "notices": [],
    "bundle": None,
    "identifications": [],
}


def page_context(case: Case, staff: Staff) -> dict[str, Any]:
    """What the case page (and a form on it that was sent incomplete) shows."""
    context = _whole_context(case, staff)
    return context | _NOT_FOR_AID if staff.home else context


def _whole_context(case: Case, staff: Staff) -> dict[str, Any]:
    person = _person(case)
    newest = steps.newest(case)
    decision = ruling(case, case.document.application, newest, today())
    proposal = open_proposal(case)
    attachments = list(case.attachments.order_by("position"))
    blocks = blocks_of(case)
    return {
        "case": case,
        "title": procedure_title(case),
        "manual": REASONS.get(case.manual_reason, ""),  # type: ignore[call-overload]
        "blocks": blocks,
        "earlier": _earlier(case, blocks),
        "at_counter": _at_counter(case),
        "bundle": bundle_of(case, case.document),
        "mandate": mandates.shown(case.document),
        "represented": _represented(case, person),
        "cosigned": cosigning.shown(case.document, cosigning.FLAG_MISSING in case.flags),
        "later": receipt_number(case.replaced_by) if case.replaced_by else "",
        "attention": _attention(case, blocks, decision),
        "files": list(files_shown(attachments)),
        "signature": checks_shown.of_signature(case.document),
        "overall": checks_shown.OUTCOMES[case.verdict_outcome],
        "portal_agrees": checks_shown.portal_agrees(case.document),
        "holder": holder_of(case.document),
        "formal": list(checks_shown.of_form(case, case.document, attachments)),
        "rule": checks_shown.of_rule(decision),
        "rule_outcome": checks_shown.RULE_OUTCOMES[decision.outcome] if decision else "",
        "rule_unsure": checks_shown.unsure_in_words(decision),
        "results": results_in_words(case.procedure, decision.results) if decision else [],
        "decision": decision,
        "clock": clock_of(case),
        "steps": _steps_shown(case, newest),
        "trail": case.trail.select_related("by").order_by("-at", "-id"),
        "identifications": case.identifications.select_related("by").order_by("-at"),
        "corrections": case.corrections.select_related("asked_by").order_by("-asked_at"),
        "proposal": proposal,
        "effects": _effects(proposal),
        "notices": Notice.objects.filter(case_id=case.id).order_by("-made_at"),
        "proposals": case.proposals.select_related("proposed_by", "decided_by").order_by("-proposed_at"),
        "decided": case.proposals.filter(state="decided").select_related("proposed_by", "decided_by").first(),
        "usual_due": (today() + timedelta(days=USUAL_DAYS)).isoformat(),
        "suggested": [
            *((one["path"], one["message"]) for one in case.document.schema_problems),
            *(
                (one.slot, why(str(one.evidence.get("refused"))).ja)
                for one in attachments
                if one.state == "refused"
            ),
        ],
        "reviewers": [
            one
            for one in Staff.objects.filter(active=True)
            if Permission.REVIEW in one.permissions and one.only_procedure in ("", case.procedure)
        ],
        **_person_context(case, person),
        **actions(case, proposal, staff, decision),
    }


def _represented(case: Case, person: Resident | None) -> tuple[Check, ...]:
    """What the registers say on the power of whoever applied by law; empty for every other role."""
    if case.role != "proxy_by_law":
        return ()
    signers = [one.person for one in people.by_certificate(case.issuer_key_id, case.serial)]
    if person is None:
        procedure = formal.definition(case.procedure, case.version, formal.setting_of(case.procedure))
        named = people_found.by_name_and_birth(claimant_of(procedure, case.document.application))
        person = named[0] if len(named) == 1 else None
    return representation.judge(signers, person, japan_day(case.submitted_at))


def _at_counter(case: Case) -> dict[str, Any] | None:
    """How the application was taken in, if that was at the counter."""
    if not case.taken_in_by:
        return None
    visit = CounterVisit.objects.select_related("clerk").get(pk=case.pk)
    return {
        "clerk": visit.clerk,
        "found_by": visit.found_by,
        "shown_document": DOCUMENTS.get(visit.document, ""),
        "document_note": visit.document_note,
        "originals": visit.originals,
    }


def _earlier(case: Case, blocks: tuple[Block, ...]) -> dict[str, Any] | None:
    """The application this one corrects: its number, and what reads otherwise now (path for path, old and new words)."""
    if case.previous is None:
        return None
    before = Case.objects.select_related("document").filter(pk=case.previous).first()
    old = _answers(blocks_of(before)) if before else {}
    new = _answers(blocks)
    changed = [
        (label or old[path][0], old.get(path, ("", ""))[1], said)
        for path, (label, said) in (dict.fromkeys(old, ("", "")) | new).items()
        if said != old.get(path, ("", ""))[1]
    ]
    return {"number": receipt_number(case.previous), "here": before is not None, "changed": changed}


def _answers(blocks: tuple[Block, ...]) -> dict[str, tuple[str, str]]:
    """Label and words of each answer by its path."""
    return {line.path: (line.label, line.answer) for block in blocks for line in block.lines}


def _attention(case: Case, blocks: tuple[Block, ...], decision: Decision | None) -> list[tuple[str, str]]:
    """What a clerk has to look at before anything else: where to find it on the page, and in words."""
    lines = [line for block in blocks for line in block.lines if line.mark >= Mark.MAY_DIFFER]
    found = [("answers", f"「{line.label}」が台帳と{line.mark_name}") for line in lines]
    if case.document.schema_problems:
        found.append(("checks", f"記入の不備が{len(case.document.schema_problems)}件あります"))
    found += [
        ("files", f"添付書類「{one.filename}」{'の一部' if one.state == 'ok' else ''}を渡せませんでした")
        for one in case.attachments.all()
        if one.state != "ok" or one.evidence.get("outcome") == "partly"
    ]
    found += [
        ("checks", one.text.ja) for one in (decision.reasons if decision else ()) if one.tells != "eligible"
    ]
    return found


def blocks_of(case: Case) -> tuple[Block, ...]:
    """The answers beside the registers; nothing where the form's definition is not known."""
    document: CaseDocument = case.document
    form = formal.read_form(document.application, formal.setting_of(case.procedure), None)
    if form.procedure is None or form.context is None:
        return ()
    wanted = prefill_items(form.procedure)
    person: dict[str, object] = {}
    household: list[dict[str, object]] = []
    if case.identified:
        person = prefill.values(case.atena_number, wanted, today())
        household = prefill.household(case.atena_number, wanted, today())
    files = [*(document.application.get("attachments") or []), *_originals(case)]
    sections = summary(form.procedure, document.answers, files, "ja", form.context)
    return side_by_side(form.procedure, document.answers, sections, person, household)


def holder_of(document: CaseDocument) -> dict[str, Any] | None:
    """What the certificate says of its holder, the birth date in words."""
    said: dict[str, Any] | None = document.verdict.get("holder")
    if said is None or not is_date(said.get("birth", "")):
        return said
    return {**said, "birth": show_date(said["birth"], "ja")}


def _effects(proposal: Proposal | None) -> list[dict[str, str]]:
    """What approving writes into the registers, each register by its name."""
    return [
        {
            "register": catalogue.register(one["register"]).name_ja,
            "atena_number": str(one.get("atena_number", "")),
            "from": show_date(one["valid_from"], "ja") if is_date(str(one.get("valid_from"))) else "",
        }
        for one in (proposal.effects if proposal else ())
    ]


def _originals(case: Case) -> list[dict[str, str]]:
    """Documents a clerk looked at at the counter, as the places of the form they fill."""
    if not case.taken_in_by:
        return []
    visit = CounterVisit.objects.get(pk=case.pk)
    return [
        {"slot": slot, "filename": f"原本を窓口で確認{'(' + mark['note'] + ')' if mark['note'] else ''}"}
        for slot, mark in visit.originals.items()
    ]


def clock_of(case: Case) -> dict[str, Any]:
    """The statutory clock as the page shows it."""
    rule = clock_rules.pause_rule(desk_of(case.procedure).pauses, today())
    running = case.due is not None and case.is_open and case.clock_paused_on is None
    return {
        "due": case.due,
        "paused_on": case.clock_paused_on,
        "days_left": (case.due - today()).days if running and case.due else None,
        "rule": rule,
    }


def actions(
    case: Case, proposal: Proposal | None, staff: Staff, decision: Decision | None
) -> dict[str, bool]:
    """Which buttons this person sees in this state."""
    now = Situation(case, proposal, staff)

    def can(name: str, permission: Permission) -> bool:
        return permissions.can(staff, permission) and can_move(name, now)

    return {
        "can_identify": can("identify", Permission.IDENTIFY),
        "can_doubt": can("doubt", Permission.IDENTIFY),
        "can_verify_again": case.verdict_outcome == "unknown" and permissions.can(staff, Permission.IDENTIFY),
        "can_take": can("take", Permission.REVIEW),
        "can_ask_correction": can("ask_correction", Permission.ASK_CORRECTION),
        "can_stop_waiting": can(
            "stop_waiting", Permission.REVIEW if case.identified else Permission.IDENTIFY
        ),
        "can_propose": can("propose", Permission.REVIEW),
        "can_propose_rejection": can(
            "propose_rejection", Permission.REVIEW if case.identified else Permission.IDENTIFY
        ),
        "can_decide": permissions.can_decide(staff, proposal),
        "own_proposal": permissions.can_take_back(staff, proposal),
        "own_intake": took_in(case, staff),
        "can_step": case.status in ("received", "in_review", "correction")
        and permissions.can(staff, Permission.RECORD_STEP),
        "can_note": permissions.can(staff, Permission.NOTE),
        "can_assign": case.is_open and permissions.can(staff, Permission.REVIEW) and not staff.home,
        "rule_says_grant": decision is not None and decision.outcome == "eligible",
        "rule_says_refuse": decision is not None and decision.outcome == "not_eligible",
    }


def _person(case: Case) -> Resident | None:
    try:
        return people.person(case.atena_number) if case.identified else None
    except people.NoSuchPerson:
        return None


def _person_context(case: Case, person: Resident | None) -> dict[str, Any]:
    if person is None:
        return {"person": None}
    others = Case.objects.filter(atena_number=person.atena_number).exclude(pk=case.pk)
    return {
        "person": person,
        "household": people.household(person.atena_number),
        "guardians": people.guardians(person.atena_number, today()),
        "entries": [
            (catalogue.register(one.register).name_ja, one)
            for one in entries.all_current(person.atena_number, today())
        ],
        "other_cases": [
            (one, procedure_title(one)) for one in others.order_by("-submitted_at")[:_OTHER_CASES]
        ],
        "moved_since": case.history_number is not None and case.history_number != person.history_number,
    }


def _steps_shown(case: Case, newest: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "kind": kind,
            "form": f"step-{kind.kind}",
            "step": newest.get(kind.kind),
            "words": _words(kind, newest.get(kind.kind)),
            "fields": [(one, "", "") for one in kind.fields],
        }
        for kind in steps.kinds_for(case.procedure, case.role)
    ]


def _words(kind: StepKind, step: Any) -> list[tuple[str, str]]:
    return steps.in_words(kind, step.results) if step else []
