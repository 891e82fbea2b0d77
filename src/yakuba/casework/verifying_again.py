"""Verifying again a proof that could not be judged on arrival, and identifying the applicant when it turns out good."""

import base64
from datetime import datetime

from yakuba.audit.log import append
from yakuba.base.clock import japan_day
from yakuba.card.outcomes import Signer
from yakuba.casework import cosigning, formal, mandates, people_found, verification
from yakuba.casework.checked import holds
from yakuba.casework.claimant import Claimant, claimant_of
from yakuba.casework.errors import NotNow
from yakuba.casework.identified import keep_conclusion
from yakuba.casework.matching import Conclusion, conclude
from yakuba.casework.models import Case
from yakuba.casework.moves import audit_event, make_move, record
from yakuba.casework.staff.models import Staff
from yakuba.casework.workflow import Status
from yakuba.procedures.definition import Procedure


def verify_again(case: Case, actor: Staff | None, at: datetime) -> str:
    """Judge the locked ``case``'s proof anew, as of the moment it was received; returns the outcome.

    Raises:
        NotNow: the verdict is final (good or bad), or the case does not wait for identification.
    """
    if case.verdict_outcome != "unknown" or case.status != Status.UNIDENTIFIED:
        raise NotNow("検証しなおせるのは、「判断できない」で本人確認を待っている申請だけです。")
    document = case.document
    proof = verification.Proof(
        case.mode,
        document.application,
        bytes(document.signature or b""),
        document.login_proof,
        document.bundle,
    )
    # an arrival later than now was written by a clock that was ahead, and has been set right since
    arrived = min(case.arrived_at, at)
    moment = verification.moment_of_receipt(case.submitted_at, arrived)
    verdict = verification.verify(proof, moment)
    case.verdict_outcome = verdict.outcome.value
    case.verdict_reason = verdict.reason.value if verdict.reason else ""
    if verdict.signer:
        case.issuer_key_id, case.serial = verdict.signer.issuer_key_id, verdict.signer.serial
    document.verdict, document.verified_at = {**document.verdict, **verdict.as_dict()}, at
    document.save(update_fields=["verdict", "verified_at"])
    setting = formal.setting_of(case.procedure)
    procedure = formal.definition(case.procedure, case.version, setting)
    claimant = claimant_of(procedure, document.application)
    _cosignature_again(case, procedure, verdict.signer, moment)
    by_mandate = _mandate_again(case, claimant, verdict.signer, moment)
    signed = case.mode == "signature" or not formal.signature_needed(procedure, setting)
    conclusion = _concluded(case, claimant, signed, by_mandate, at)
    _keep(case, conclusion, actor, at)
    return case.verdict_outcome


def _mandate_again(case: Case, claimant: Claimant, signer: Signer | None, moment: datetime) -> bool:
    """Whether the mandate that came along holds, judged anew; kept with the case."""
    document = case.document
    if document.mandate is None:
        return False
    use = mandates.Use(case.municipality, case.procedure, claimant, signer, case.submitted_at)
    checks = mandates.judge(document.mandate, use, moment)
    document.mandate = mandates.kept(document.mandate, checks)
    document.save(update_fields=["mandate"])
    return holds(checks)


def _cosignature_again(
    case: Case, procedure: Procedure | None, first: Signer | None, moment: datetime
) -> None:
    """The second signature that came along, judged anew; kept with the case, its mark set or taken off."""
    document = case.document
    if document.cosignature is None:
        return
    signature = base64.b64decode(document.cosignature["signature"])
    holder, checks = cosigning.judge(
        cosigning.Brought(document.application, signature, first), procedure, moment
    )
    document.cosignature = cosigning.kept(signature, holder, checks)
    document.save(update_fields=["cosignature"])
    case.flags = [one for one in case.flags if one != cosigning.FLAG_WRONG]
    if mark := cosigning.flag(procedure, document.application, checks):
        case.flags = [*case.flags, mark]


def _concluded(case: Case, claimant: Claimant, signed: bool, by_mandate: bool, at: datetime) -> Conclusion:
    usable = set(case.attachments.filter(state="ok").values_list("slot", flat=True))
    asked = people_found.Asked(
        case.verdict_outcome, case.role, claimant, case.issuer_key_id, case.serial,
        signed, people_found.mandate_attached(usable) or by_mandate, japan_day(at),
        case.document.mandate is not None and not by_mandate,
    )  # fmt: skip
    return conclude(people_found.gather(asked))


def _keep(case: Case, conclusion: Conclusion, actor: Staff | None, at: datetime) -> None:
    keep_conclusion(case, conclusion, at=at, by=None)
    case.flags = [*case.flags, *(flag for flag in conclusion.flags if flag not in case.flags)]
    case.flagged = bool(case.flags)
    if conclusion.person:
        make_move(case, "identify_again", None, at)
    else:
        case.row_version += 1
        case.save()
        record(case, "verified", "署名を検証しなおした", actor, at)
        append(audit_event(case, "case.verified_again", actor, outcome=case.verdict_outcome))
