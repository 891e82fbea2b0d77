"""Taking an application in: verify again, judge its files and form, find its person, keep all of it.

Every outcome is kept. What cannot even be read as an application is kept as an unreadable message; a second delivery
of the same application changes nothing.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from yakuba.audit.events import AuditEvent
from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import japan_day, now, utc_text
from yakuba.base.rows import fetch, insert_together
from yakuba.card.bundle import AnyVerdict
from yakuba.card.outcomes import Signer
from yakuba.casework import (
    addressees,
    cosigning,
    evidence,
    formal,
    mandates,
    outward,
    people_found,
    refused_files,
    verification,
)
from yakuba.casework.chain import Earlier, earlier_case, link_to_earlier
from yakuba.casework.checked import Check, holds
from yakuba.casework.claimant import Claimant, claimant_of
from yakuba.casework.identified import identification, show_conclusion
from yakuba.casework.matching import Conclusion, conclude
from yakuba.casework.models import Case, CaseAttachment, CaseDocument, UnreadableMessage
from yakuba.casework.moves import ZONE_ACTOR, set_due, trail_line
from yakuba.casework.parameters_here import parameters_here
from yakuba.casework.submission import Submission, Unreadable, read
from yakuba.casework.workflow import moves_named
from yakuba.gateway import blobs, inbox
from yakuba.gateway.envelope import Envelope
from yakuba.procedures.mandates import SLOT
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.parameters import ParameterError
from yakuba.registers.keys import kana_key, name_key
from yakuba.registers.variants import national_variants

ATTACHMENT_REASON = "attachments_differ"


@dataclass(frozen=True, slots=True)
class Examined:
    """A submission with everything the desk found out about it before writing it down."""

    submission: Submission
    arrived_at: datetime
    verdict: AnyVerdict
    attachments: tuple[evidence.Attachment, ...]
    form: formal.Form
    claimant: Claimant
    conclusion: Conclusion
    outcome: str
    reason: str
    mandate: tuple[Check, ...] = ()
    cosigned: dict[str, Any] | None = None
    cosigning_flag: str = ""


def receive(envelope: Envelope) -> Case | None:
    """Keep the application in ``envelope``; runs in the inbox's transaction. Returns its case, if it could be one."""
    at = now()
    try:
        submission = read(envelope)
    except Unreadable as problem:
        keep_unreadable(envelope, str(problem), at)
        return None
    if fetch(Case, "WHERE municipality = %s AND id = %s", [envelope.municipality, submission.application_id]):
        present = Case.objects.select_related("document").get(pk=submission.application_id)
        _again(present, submission, envelope, at)
        return present
    return open_case(examine(submission, at), envelope.municipality, inbox.holder(envelope.id))


def keep_unreadable(envelope: Envelope, problem: str, at: datetime) -> None:
    """Keep a message that could not be acted on, for the desk to look at."""
    UnreadableMessage.objects.get_or_create(
        id=envelope.id,
        defaults={
            "municipality": envelope.municipality, "kind": envelope.kind, "received_at": at,
            "problem": problem, "body": envelope.body,
        },
    )  # fmt: skip


def _again(case: Case, submission: Submission, envelope: Envelope, at: datetime) -> None:
    """The same application in another message: nothing to do; other contents under its number: for people to see."""
    if canonical_bytes(case.document.application) != canonical_bytes(submission.application):
        keep_unreadable(envelope, "同じ申請の番号で、内容の違う申請が届きました。", at)


def examine(submission: Submission, at: datetime) -> Examined:
    """Everything that can be found out without writing: the verdict, the files, the form, the person."""
    proof = verification.Proof(
        submission.mode, submission.application, submission.signature, submission.login, submission.bundle
    )
    moment = verification.moment_of_receipt(submission.submitted_at, at)
    verdict = verification.verify(proof, moment)
    files = evidence.judge(
        submission.application.get("attachments"), submission.attachments, _carried(submission)
    )
    outcome, reason = _overall(verdict, files)
    setting = formal.setting_of(str(submission.application.get("procedure")))
    letters = {one.slot for one in files if one.state == "ok"} | set(submission.seen)
    usable = set(letters)
    if submission.mandate is not None:
        usable.add(SLOT)  # the form is complete with a mandate as data; whether it holds is judged below
    form = formal.read_form(submission.application, setting, usable)
    claimant = claimant_of(form.procedure, submission.application)
    signer = verdict.signer
    mandate = _mandate(submission, claimant, signer, moment)
    asked = people_found.Asked(
        verdict=outcome,
        role=submission.role,
        claimant=claimant,
        issuer_key_id=signer.issuer_key_id if signer else "",
        serial=signer.serial if signer else "",
        signed_as_required=submission.mode == "signature"
        or not formal.signature_needed(form.procedure, setting),
        mandate_attached=people_found.mandate_attached(letters) or holds(mandate),
        today=japan_day(at),
        mandate_fails=bool(mandate) and not holds(mandate),
    )
    conclusion = conclude(people_found.gather(asked))
    holder, second = cosigning.judge(
        cosigning.Brought(submission.application, submission.cosignature, signer), form.procedure, moment
    )
    return Examined(
        submission, at, verdict, files, form, claimant, conclusion, outcome, reason, mandate,
        cosigning.kept(submission.cosignature, holder, second),
        cosigning.flag(form.procedure, submission.application, second),
    )  # fmt: skip


def _mandate(
    submission: Submission, claimant: Claimant, signer: Signer | None, moment: datetime
) -> tuple[Check, ...]:
    if submission.mandate is None:
        return ()
    application = submission.application
    use = mandates.Use(
        str(application.get("municipality")), str(application.get("procedure")), claimant, signer,
        submission.submitted_at,
    )  # fmt: skip
    return mandates.judge(submission.mandate, use, moment)


def _carried(submission: Submission) -> tuple[evidence.Attachment, ...]:
    """The files of the application this one corrects."""
    if submission.previous is None:
        return ()
    return tuple(
        evidence.Attachment(
            one.slot,
            one.filename,
            one.media_type,
            one.size,
            "ok",
            one.sha256,
            one.signed_sha256,
            one.evidence,
        )
        for one in CaseAttachment.objects.filter(case_id=submission.previous, state="ok")
    )


def _overall(verdict: AnyVerdict, files: tuple[evidence.Attachment, ...]) -> tuple[str, str]:
    """Files that are not the signed ones make the whole application bad, however good the signature."""
    if verdict.outcome != "bad" and not evidence.all_as_signed(files):
        return "bad", ATTACHMENT_REASON
    return verdict.outcome.value, verdict.reason.value if verdict.reason else ""


def open_case(found: Examined, municipality: str, holder: str) -> Case:
    """Write the case of an application that has been examined; ``holder`` holds its files until now."""
    earlier = earlier_case(found.submission.previous)
    here = addressees.concluded(found.conclusion, found.verdict.signer, found.claimant, found.arrived_at)
    case = _case(replace(found, conclusion=here), municipality, earlier)
    conclusion = _same_person_as_before(here, earlier)
    show_conclusion(case, conclusion)
    move = moves_named("arrive" if case.identified else "arrive_unidentified", None)[0]
    case.status, case.is_open, case.status_at = move.to.value, True, found.arrived_at
    set_due(case, found.arrived_at)
    insert_together(
        case,
        *_parts(case, found),
        trail_line(case, move.name, move.label, None, found.arrived_at),
        identification(case, conclusion, found.arrived_at, None),
    )
    _keep_files(case, found, holder)
    link_to_earlier(case, earlier, found.arrived_at)
    facts = {"verdict": case.verdict_outcome, "manual": case.manual_reason or "-", "mode": case.mode}
    if found.submission.bundle:
        facts["bundle"] = str(found.submission.bundle.get("bundle_id", ""))[:36]
    event = AuditEvent(ZONE_ACTOR, move.audit, case.subject, case.municipality, facts)
    outward.tell_status(case, "received", found.arrived_at, event, refused_files.received(found.attachments))
    return case


def _same_person_as_before(conclusion: Conclusion, earlier: Earlier | None) -> Conclusion:
    """A corrected application by somebody else than before does not take the earlier one's place by rule."""
    before = earlier.case.atena_number if earlier else ""
    if before and conclusion.person and conclusion.person.atena_number != before:
        return Conclusion("other_person_than_before", signer=conclusion.signer)
    return conclusion


def _case(found: Examined, municipality: str, earlier: Earlier | None) -> Case:
    submission, signer, claimant = found.submission, found.verdict.signer, found.claimant
    table = national_variants()
    claimed_at = earlier.case.claimed_at if earlier else submission.submitted_at
    procedure = str(submission.application.get("procedure"))[:64]
    flags = [*found.conclusion.flags]
    if found.form.problems:
        flags.append("form_problems" if found.form.known else "unknown_form")
    if any(one.state == "refused" or one.evidence.get("outcome") == "partly" for one in found.attachments):
        flags.append("attachment_refused")
    if submission.clerks:
        flags.append("counter")
    elif found.cosigning_flag:  # at the counter both may stand before the clerk
        flags.append(found.cosigning_flag)
    return Case(
        municipality=municipality, id=submission.application_id, receipt_number=submission.receipt_number,
        procedure=procedure, version=str(submission.application.get("version"))[:32], mode=submission.mode,
        role=submission.role, language=str(submission.application.get("language", "ja"))[:4],
        submitted_at=submission.submitted_at, arrived_at=found.arrived_at, claimed_at=claimed_at,
        claimant_name=claimant.name[:200], claimant_kana=claimant.kana[:200],
        name_key=name_key(claimant.name, table)[:200], kana_key=kana_key(claimant.kana)[:200],
        verdict_outcome=found.outcome, verdict_reason=found.reason,
        issuer_key_id=signer.issuer_key_id if signer else "", serial=signer.serial if signer else "",
        flags=flags, flagged=bool(flags), taken_in_by=list(submission.clerks), previous=submission.previous,
        assigned_to=earlier.case.assigned_to if earlier else None,
        due=earlier.due_now(found.arrived_at) if earlier else first_due(procedure, claimed_at),
    )  # fmt: skip


def first_due(procedure: str, claimed_at: datetime) -> date | None:
    """The last day for the decision by the rules' clock; None for a procedure without one."""
    try:
        return due_date(procedure, japan_day(claimed_at), parameters_here())
    except ParameterError:
        return None


def _parts(case: Case, found: Examined) -> tuple[CaseDocument | CaseAttachment, ...]:
    submission = found.submission
    document = CaseDocument(
        municipality=case.municipality, case=case, application=submission.application, answers=submission.answers,
        bundle=submission.bundle, mandate=_mandate_kept(found), cosignature=found.cosigned, signature=submission.signature, login_proof=submission.login, portal_verdict=submission.portal_verdict,
        verdict=_verdict_kept(found), verified_at=found.arrived_at, schema_problems=list(found.form.problems),
    )  # fmt: skip
    attachments = (
        CaseAttachment(
            municipality=case.municipality, case=case, position=number, slot=one.slot[:120],
            filename=one.filename[:255], media_type=one.media_type[:100], size=one.size, sha256=one.sha256[:64],
            signed_sha256=one.signed_sha256[:64], state=one.state, evidence=dict(one.evidence), signed=dict(one.signed),
        )
        for number, one in enumerate(found.attachments)
    )  # fmt: skip
    return (document, *attachments)


def _mandate_kept(found: Examined) -> dict[str, Any] | None:
    brought = found.submission.mandate
    return None if brought is None else mandates.kept(brought, found.mandate)


def _keep_files(case: Case, found: Examined, before: str) -> None:
    here = tuple(sorted({one.sha256 for one in found.attachments if one.sha256}))
    holder = f"case:{case.id}"
    if here and blobs.hand_over(case.municipality, before, holder, here) < len(here):
        blobs.hold(case.municipality, here, holder)  # some stand from the application this one corrects


def _verdict_kept(found: Examined) -> dict[str, Any]:
    """The verdict with what its certificate says of its holder: shown to the desk, under the municipality's row."""
    kept = found.verdict.as_dict()
    signer = found.verdict.signer
    attributes = signer.attributes if signer else None
    return {
        **kept,
        "at": utc_text(verification.moment_of_receipt(found.submission.submitted_at, found.arrived_at)),
        "holder": {
            "name": attributes.name,
            "name_substitutes": attributes.name_substitutes,
            "birth": attributes.birth_date.isoformat() if attributes.birth_date else "",
            "address": attributes.address,
        }
        if attributes
        else None,
    }
