"""XML signatures over the verdict core: the container's form, then the same checks as for every signature.

Only what :attr:`XmlVerdict.content` returns was signed; whoever reads on reads that, never the file that came in.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from yakuba.card.outcomes import Outcome, Verdict
from yakuba.card.policy import SIGN_POLICY, Policy
from yakuba.card.revocation import RevocationSource
from yakuba.card.trust import TrustStore
from yakuba.card.verdict import verify_signed_bytes
from yakuba.card.xml_form import XML_CLAUSES, XmlCheckCode, XmlRefused, read_signed_xml


@dataclass(frozen=True, slots=True)
class XmlCheck:
    """One check on the container."""

    code: XmlCheckCode
    outcome: Outcome
    reason: str | None

    @property
    def clause(self) -> str:
        """The clause of the standard the check comes from."""
        return XML_CLAUSES[self.code]


@dataclass(frozen=True, slots=True)
class XmlVerdict:
    """The outcome, the container's checks, and the core's verdict if it was asked. ``content`` is what was signed
    (canonical XML without the signature), told only of a GOOD document.
    """

    outcome: Outcome
    checks: tuple[XmlCheck, ...]
    core: Verdict | None
    content: bytes | None


def verify_xml(
    data: bytes,
    *,
    at: datetime,
    trust: TrustStore,
    revocation: RevocationSource,
    policy: Policy = SIGN_POLICY,
) -> XmlVerdict:
    """Judge a document with an enveloped signature as it stood at ``at``; never raises on hostile input."""
    try:
        found = read_signed_xml(data)
    except XmlRefused as refused:
        bad = XmlCheck(refused.code, Outcome.BAD, refused.reason)
        return XmlVerdict(Outcome.BAD, (*_good_before(refused.code), bad), None, None)
    core = verify_signed_bytes(
        found.signed_info, found.signature, found.certificate, at=at, trust=trust, revocation=revocation,
        policy=policy,
    )  # fmt: skip
    same = hashlib.sha256(found.content).digest() == found.digest
    last = XmlCheck(
        XmlCheckCode.CONTENT,
        Outcome.GOOD if same else Outcome.BAD,
        None if same else "content_changed",
    )
    outcome = core.outcome if same else Outcome.BAD
    content = found.content if outcome is Outcome.GOOD else None
    return XmlVerdict(outcome, (*_good_before(XmlCheckCode.CONTENT), last), core, content)


def _good_before(code: XmlCheckCode) -> tuple[XmlCheck, ...]:
    codes = list(XmlCheckCode)
    return tuple(XmlCheck(one, Outcome.GOOD, None) for one in codes[: codes.index(code)])
