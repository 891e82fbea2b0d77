"""Keeping evidence of each application's signature, stamped, so that its verdict can be shown again in ten years."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

from yakuba.audit.log import append
from yakuba.base.canonical import sha256_hex
from yakuba.base.clock import now
from yakuba.card.evidence import NoEvidence, collect, completed, renewed
from yakuba.card.evidence_material import Asked, Material, Proven
from yakuba.card.evidence_verdict import verify_evidence
from yakuba.card.outcomes import Outcome
from yakuba.card.trust import TrustStore
from yakuba.casework import verification
from yakuba.casework.models import Case, CaseEvidence, EvidencePart
from yakuba.casework.moves import audit_event
from yakuba.casework.stamping import authority, stamp

_RENEW_BEFORE: Final = timedelta(days=365)


@cache
def _material(folder: str) -> Material:
    return Material(Path(folder))


def keep_evidence(case: Case) -> CaseEvidence:
    """Judge the case's proof once more, as of its receipt, and keep what that rested on.

    Runs in the municipality's transaction. The record carries the verdict it was made with: where a list published
    since says otherwise than the one at import did, that is what is recorded, and the audit log says so.

    Raises:
        NoEvidence: a list changed while it was asked; try again.
    """
    document = case.document
    at = verification.moment_of_receipt(case.submitted_at, case.arrived_at)
    proof = verification.Proof(
        case.mode,
        document.application,
        bytes(document.signature or b""),
        document.login_proof,
        document.bundle,
    )
    own = verification.sources()
    asked = Asked(own.revocation)
    verdict = verification.verify(proof, at, verification.Sources(own.trust, asked))
    proven = verification.proven(proof, at)
    record = collect(
        proven, verdict, asked=asked, material=_material(str(settings.YAKUBA_TRUST)), collected_at=now(), stamp=stamp,
        archived=_archive(case.municipality, proven, asked),
    )  # fmt: skip
    kept = CaseEvidence.objects.create(
        municipality=case.municipality, case=case, record=record, made_at=now(), renew_from=_renew_from()
    )
    same = "yes" if verdict.outcome.value == document.verdict.get("outcome") else "no"
    append(
        audit_event(
            case, "case.evidence_kept", None, outcome=verdict.outcome.value, same_as_at_import=same,
            sha256=sha256_hex(record),
        )
    )  # fmt: skip
    return kept


def renew(kept: CaseEvidence) -> bool:
    """Put a new stamp over a record whose last one ends within a year; False where that would gain nothing yet (the
    authority has no younger key) or the record is not good as it is: a stamp must not make it look so.
    """
    record = bytes(kept.record)
    if _renew_from() <= kept.renew_from:
        return False
    trust = TrustStore.from_folder(authority().roots_folder)
    found = verify_evidence(record, at=now(), authorities=trust, archive=part(kept.municipality))
    if found.record is not Outcome.GOOD:
        return False
    kept.record, kept.renew_from = renewed(record, stamp=stamp), _renew_from()
    kept.save(update_fields=["record", "renew_from"])
    append(audit_event(kept.case, "case.evidence_renewed", None, stamps=str(len(found.stamps) + 1)))
    return True


def _renew_from() -> datetime:
    return authority().certificate.not_after - _RENEW_BEFORE


def whole_record(case: Case) -> bytes:
    """The case's record with everything in it, for anyone to check with ``yakuba verify``.

    Raises:
        NoEvidence: there is no record of the case, or a part of it is gone.
    """
    kept = CaseEvidence.objects.filter(case=case).first()
    if kept is None:
        raise NoEvidence(
            "この申請の検証記録はまだありません。10分ほどで作られます(YAKUBA_TSA の設定が要ります)。"
        )
    return completed(bytes(kept.record), part(case.municipality))


def part(municipality: str) -> Callable[[str], bytes | None]:
    """Finds a record's root or list by its digest, for :func:`yakuba.card.evidence_verdict.verify_evidence`."""

    def find(digest: str) -> bytes | None:
        found = EvidencePart.objects.filter(municipality=municipality, sha256=digest).first()
        return bytes(found.data) if found else None

    return find


def _archive(municipality: str, proven: Proven, asked: Asked) -> Callable[[bytes], bool]:
    """What many records share is kept once; what is this application's alone stays in its record."""
    own = {proven.content, proven.signature, proven.certificate, *asked.ocsp}

    def archived(data: bytes) -> bool:
        if data in own:
            return False
        EvidencePart.objects.get_or_create(
            municipality=municipality, sha256=sha256_hex(data), defaults={"data": data}
        )
        return True

    return archived
