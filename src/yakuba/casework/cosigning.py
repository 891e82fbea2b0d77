"""A second person's signature over the same application (もう一人の署名), judged here: the signature, and whose it is.

It decides nothing by itself. A childcare application is the first guardian's; what the second signature shows, a clerk reads
on the case page: each check is good, bad, or cannot be told, with its reason. What is judged here is kept with the case.
"""

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from yakuba.base.canonical import canonical_bytes
from yakuba.card.outcomes import Signer, Verdict
from yakuba.card.verdict import verify_cms_detached
from yakuba.casework.checked import Check, holds
from yakuba.casework.claimant import Claimant
from yakuba.casework.mandates import signed
from yakuba.casework.models import CaseDocument
from yakuba.casework.people_found import candidate
from yakuba.casework.verification import Sources, sources
from yakuba.procedures import cosigning
from yakuba.procedures.context import ROLES
from yakuba.procedures.definition import Procedure
from yakuba.registers import people
from yakuba.registers.models import Resident

FLAG_WRONG, FLAG_MISSING = "second_signature_wrong", "second_signature_missing"


@dataclass(frozen=True, slots=True)
class Brought:
    """An application with the second signature that came along (None: none did), and who signed first."""

    application: Mapping[str, Any]
    signature: bytes | None
    first: Signer | None


def judge(
    brought: Brought, procedure: Procedure | None, at: datetime, using: Sources | None = None
) -> tuple[dict[str, Any], tuple[Check, ...]]:
    """Whom the second certificate names, and everything there is to say on the signature; ``at`` as for the first one.

    Nothing is said where no second signature came along.
    """
    if brought.signature is None:
        return {}, ()
    using = using or sources()
    verdict = verify_cms_detached(
        canonical_bytes(dict(brought.application)), brought.signature, at=at, trust=using.trust,
        revocation=using.revocation,
    )  # fmt: skip
    found = _person(verdict)
    checks = (
        signed(verdict),
        _somebody_else(verdict, brought.first, found),
        _named(verdict, found, procedure, brought.application),
        _household(found, brought.first),
    )
    return _holder(verdict), checks


def flag(procedure: Procedure | None, application: Mapping[str, Any], checks: tuple[Check, ...]) -> str:
    """What the case is marked with; empty where nothing is to be looked at."""
    if checks:
        return "" if holds(checks) else FLAG_WRONG
    return FLAG_MISSING if asked(procedure, application) == "required" else ""


def asked(procedure: Procedure | None, application: Mapping[str, Any]) -> str:
    """Whether this municipality asks for a second signature on this application."""
    answers, applicant = application.get("answers"), application.get("applicant")
    said = applicant.get("role") if isinstance(applicant, Mapping) else None
    role = next((one for one in ROLES if one == said), None)
    if procedure is None or role is None or not isinstance(answers, Mapping):
        return "off"
    return cosigning.asked(procedure, answers, role)


def kept(
    signature: bytes | None, holder: Mapping[str, Any], checks: tuple[Check, ...]
) -> dict[str, Any] | None:
    """What is kept with the case."""
    if signature is None:
        return None
    said = base64.b64encode(signature).decode("ascii")
    return {"signature": said, "holder": dict(holder), "checks": [asdict(one) for one in checks]}


@dataclass(frozen=True, slots=True)
class Shown:
    """The second signature on the case page."""

    holder: Mapping[str, Any]
    checks: tuple[Check, ...]
    missing: bool = False

    @property
    def holds(self) -> bool:
        """Whether it is there and everything about it is good."""
        return holds(self.checks)


def shown(document: CaseDocument, missing: bool) -> Shown | None:
    """What the desk is told; None where none came and none was asked for."""
    found = document.cosignature
    if not found:
        return Shown({}, (), missing=True) if missing else None
    return Shown(found["holder"], tuple(Check(**one) for one in found["checks"]))


def _person(verdict: Verdict) -> Resident | None:
    if verdict.outcome.value != "good" or verdict.signer is None:
        return None
    found = people.by_certificate(verdict.signer.issuer_key_id, verdict.signer.serial)
    return found[0].person if len(found) == 1 else None


def _somebody_else(verdict: Verdict, first: Signer | None, found: Resident | None) -> Check:
    second = verdict.signer
    if second is None or first is None:
        return Check("somebody_else", "unknown", "署名が読めないため、別の人かどうか分かりません。")
    same = (second.issuer_key_id, second.serial) == (first.issuer_key_id, first.serial)
    others = {one.person.atena_number for one in people.by_certificate(first.issuer_key_id, first.serial)}
    if same or (found and found.atena_number in others):
        return Check("somebody_else", "bad", "申請者と同じ人の署名です。")
    return Check("somebody_else", "good", "申請者とは別の人の署名です。")


def _named(
    verdict: Verdict, found: Resident | None, procedure: Procedure | None, application: Mapping[str, Any]
) -> Check:
    answers = application.get("answers")
    rows = (
        cosigning.people(procedure, answers) if procedure is not None and isinstance(answers, Mapping) else []
    )
    if not rows:
        return Check("named", "unknown", "申請書に、署名できる人の欄がありません。")
    if found is None:
        why = (
            "署名が有効でない"
            if verdict.outcome.value != "good"
            else "証明書が台帳の1人に結びつかない(町外の人など)"
        )
        return Check("named", "unknown", f"{why}ため、申請書に書かれた人かどうか分かりません。")
    written = [one for row in rows if (one := _as_claimant(row)).name and one.birth]
    if any(candidate(found, one).may_be_claimant for one in written):
        return Check("named", "good", "申請書に書かれた人の署名です。")
    return Check("named", "bad", "申請書に書かれた人の署名ではありません。")


def _as_claimant(row: Mapping[str, Any]) -> Claimant:
    name = row.get("name")
    written = name if isinstance(name, Mapping) else {}
    return Claimant(
        str(written.get("name", "")), str(written.get("kana", "")), str(row.get("birth_date", "")), ""
    )


def _household(found: Resident | None, first: Signer | None) -> Check:
    signers = people.by_certificate(first.issuer_key_id, first.serial) if first else []
    if found is None or len(signers) != 1:
        return Check(
            "household", "unknown", "二人が同じ世帯か、台帳からは分かりません。戸籍などで確かめてください。"
        )
    if found.household_number == signers[0].person.household_number:
        return Check("household", "good", "申請者と同じ世帯の人です。")
    return Check(
        "household", "unknown", "申請者と世帯が別です。保護者かどうかを、戸籍などで確かめてください。"
    )


def _holder(verdict: Verdict) -> dict[str, str]:
    said = verdict.signer.attributes if verdict.signer else None
    if said is None:
        return {}
    birth = said.birth_date.isoformat() if said.birth_date else ""
    return {"name": said.name, "birth": birth, "address": said.address}
