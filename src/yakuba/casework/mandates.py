"""A mandate (委任) that came with an application, judged here: its signature, its period, what it covers, and the persons.

Each check is good, bad, or cannot be told, with its reason; only where all are good does the mandate take the place of
the letter (委任状). What is judged here is kept with the case; whether it was revoked since is looked up whenever it is shown.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import japan_day
from yakuba.card.outcomes import Signer, Verdict
from yakuba.card.verdict import verify_cms_detached
from yakuba.casework.checked import Check, holds
from yakuba.casework.claimant import Claimant
from yakuba.casework.models import CaseDocument, MandateRevocation
from yakuba.casework.moves import ZONE_ACTOR
from yakuba.casework.people_found import candidate
from yakuba.casework.verification import Sources, sources
from yakuba.procedures.mandates import FORMAT, covers, in_period, mandate_id
from yakuba.registers import people


@dataclass(frozen=True, slots=True)
class Use:
    """What the mandate is used for: the application, its signer, and the person it is for."""

    municipality: str
    procedure: str
    claimant: Claimant
    signer: Signer | None
    submitted_at: datetime


def judge(
    brought: Mapping[str, Any], use: Use, at: datetime, using: Sources | None = None
) -> tuple[Check, ...]:
    """Everything there is to say on the mandate; ``at``: the moment its signature must have been good at, which is that of
    the application's: a certificate that lapsed (death, renewal) ends what was signed with it."""
    document = brought.get("document")
    if not isinstance(document, dict) or document.get("yakuba") != FORMAT:
        return (Check("form", "bad", "委任のデータの形ではありません。"),)
    using = using or sources()
    verdict = verify_cms_detached(
        _content(document), _signature(brought), at=at, trust=using.trust, revocation=using.revocation
    )
    return (
        signed(verdict),
        _scope(document, use),
        _period(document, use),
        _principal(verdict, use),
        _mandatary(document, use),
        _revoked(document, use),
    )


def kept(brought: Mapping[str, Any], checks: tuple[Check, ...]) -> dict[str, Any]:
    """What is kept with the case."""
    return {**brought, "checks": [asdict(one) for one in checks]}


def _content(document: Mapping[str, Any]) -> bytes:
    try:
        return canonical_bytes(document)
    except (TypeError, ValueError):
        return b""


def _signature(brought: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(str(brought.get("signature") or ""), validate=True)
    except (binascii.Error, ValueError):
        return b""


def signed(verdict: Verdict) -> Check:
    """Whether the signature itself is good."""
    words = {
        "good": "有効な署名です。",
        "bad": "署名が正しくありません。",
        "unknown": "署名を検証できませんでした。",
    }
    reason = f"({verdict.reason.value})" if verdict.reason else ""
    return Check("signature", verdict.outcome.value, words[verdict.outcome.value] + reason)


def _scope(document: Mapping[str, Any], use: Use) -> Check:
    if document.get("municipality") != use.municipality:
        return Check("scope", "bad", "ほかの自治体あての委任です。")
    if not covers(document, use.procedure):
        return Check("scope", "bad", "この手続は委任されていません。")
    return Check("scope", "good", "この手続を含む委任です。")


def _period(document: Mapping[str, Any], use: Use) -> Check:
    fits = in_period(document, japan_day(use.submitted_at))
    said = f"({str(document.get('from'))[:10]}から{str(document.get('until'))[:10]}まで)"
    return (
        Check("period", "good", f"期間内の申請です{said}。")
        if fits
        else Check("period", "bad", f"申請した日が期間の外です{said}。")
    )


def _principal(verdict: Verdict, use: Use) -> Check:
    signer = verdict.signer
    if verdict.outcome.value != "good" or signer is None:
        return Check("principal", "unknown", "署名が有効でないため、委任した人を確かめられません。")
    found = people.by_certificate(signer.issuer_key_id, signer.serial)
    if len(found) != 1:
        return Check("principal", "unknown", "委任した人の証明書が、台帳の1人に結びつきません。")
    fits = candidate(found[0].person, use.claimant).may_be_claimant
    return (
        Check("principal", "good", "本人が委任に署名しています。")
        if fits
        else Check("principal", "bad", "委任に署名した人が、申請の本人ではありません。")
    )


def _mandatary(document: Mapping[str, Any], use: Use) -> Check:
    issuer, _, serial = str(document.get("mandatary", "")).partition("/")
    named = {one.person.atena_number for one in people.by_certificate(issuer, serial)}
    acting = use.signer and people.by_certificate(use.signer.issuer_key_id, use.signer.serial)
    signed = {one.person.atena_number for one in acting or ()}
    if len(named) != 1 or len(signed) != 1:
        return Check(
            "mandatary", "unknown", "委任された人と申請した人が同じか、台帳からは分かりません(町外の人など)。"
        )
    return (
        Check("mandatary", "good", "委任された人が申請しています。")
        if named == signed
        else Check("mandatary", "bad", "委任された人とは別の人が申請しています。")
    )


def _revoked(document: Mapping[str, Any], use: Use) -> Check:
    found = revocation_of(document)
    if found is None:
        return Check("revoked", "good", "届いた時点で、取消しの知らせはありません。")
    when = found.revoked_at <= use.submitted_at
    return (
        Check("revoked", "bad", "申請より前に取り消されています。")
        if when
        else Check("revoked", "good", "取消しは申請より後です。")
    )


def revocation_of(document: Mapping[str, Any]) -> MandateRevocation | None:
    """The revocation of this mandate that has arrived, if any."""
    number = mandate_id(document)
    return MandateRevocation.objects.filter(mandate=number).first() if number else None


def revoke(municipality: str, number: object, moment: object) -> MandateRevocation:
    """Keep and return that a mandate was revoked; of two messages the earlier moment counts.

    Raises:
        ValueError: no number, or no moment with a time zone.
    """
    mandate, at = mandate_id({"mandate_id": number}), datetime.fromisoformat(str(moment))
    if mandate is None or at.tzinfo is None:
        raise ValueError("委任の番号か、取消しの日時が読み取れません。")
    found, fresh = MandateRevocation.objects.get_or_create(
        municipality=municipality, mandate=mandate, defaults={"revoked_at": at}
    )
    if not fresh and at < found.revoked_at:
        found.revoked_at = at
        found.save(update_fields=["revoked_at"])
    append(AuditEvent(ZONE_ACTOR, "mandate.revoked", f"mandate:{mandate}", municipality))
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """The mandate on the case page."""

    checks: tuple[Check, ...]
    holds: bool
    revoked_at: datetime | None


def shown(document: CaseDocument) -> Shown | None:
    """What the desk is told of the mandate the application came with; None where it came with none."""
    found = document.mandate
    if not found:
        return None
    checks = tuple(Check(**one) for one in found["checks"])
    inner = found.get("document")
    revocation = revocation_of(inner) if isinstance(inner, dict) else None
    return Shown(checks, holds(checks), revocation.revoked_at if revocation else None)
