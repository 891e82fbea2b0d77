"""The checks on a resident's certificate: one hop below a pinned root, fit for its purpose, not revoked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from yakuba.card import extension_values, oids
from yakuba.card.attributes import Attributes, read_attributes
from yakuba.card.certificate import Certificate, common_name, rsa_public_key
from yakuba.card.checklist import Checklist
from yakuba.card.derwrite import oid_content
from yakuba.card.outcomes import CheckCode, Reason, Signer
from yakuba.card.policy import Policy
from yakuba.card.revocation import Answer, NoAnswer, RevocationSource
from yakuba.card.trust import Root, TrustStore

T = TypeVar("T")
# Extensions these checks act on; a critical one outside this list means "do not use" (RFC 5280 section 4.2).
_UNDERSTOOD: Final = frozenset(
    oid_content(dotted)
    for dotted in (
        oids.AUTHORITY_KEY_IDENTIFIER, oids.KEY_USAGE, oids.CERTIFICATE_POLICIES, oids.BASIC_CONSTRAINTS,
        oids.SUBJECT_ALT_NAME, oids.CRL_DISTRIBUTION_POINTS,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Examined:
    """A certificate with what was found out about it: roots it may hang on, the one that signed it, its
    key.
    """

    certificate: Certificate
    named_roots: tuple[Root, ...]
    root: Root | None
    key: RSAPublicKey | None
    signer: Signer


def examine(certificate: Certificate, trust: TrustStore, policy: Policy, at: datetime) -> Examined:
    """Find the root, the key and the holder's attributes; what cannot be found stays None."""
    authority = _value(certificate, oids.AUTHORITY_KEY_IDENTIFIER, extension_values.authority_key)
    named = _roots_named(certificate, authority, trust) if authority else ()
    # Where a root was issued again over the same key, the one valid at that time is meant.
    by_validity = sorted(named, key=lambda root: not _valid(root.certificate, at))
    signed_by = (root for root in by_validity if root.signed(certificate.signature, certificate.to_be_signed))
    attributes: Attributes | None = None
    if policy.holder_attributes:
        attributes = _value(certificate, oids.SUBJECT_ALT_NAME, read_attributes)
    signer = Signer(
        authority.key_id.hex() if authority else "", f"{certificate.serial:x}",
        common_name(certificate.subject), certificate.not_before, certificate.not_after, attributes,
        policy.kind,
    )  # fmt: skip
    return Examined(certificate, named, next(signed_by, None), _key(certificate, policy), signer)


def certificate_checks(
    checks: Checklist, examined: Examined, at: datetime, revocation: RevocationSource
) -> None:
    """Write down every check on the certificate."""
    certificate, policy = examined.certificate, checks.policy
    _check_issuer(checks, examined, at)
    _check_validity(checks, certificate, at)
    checks.add(CheckCode.PUBLIC_KEY, None if examined.key else Reason.WEAK_KEY)
    unknown = [
        name for name, one in certificate.extensions.items() if one.critical and name not in _UNDERSTOOD
    ]
    checks.add(CheckCode.CRITICAL_EXTENSIONS, Reason.UNKNOWN_CRITICAL_EXTENSION if unknown else None)
    _check_purpose(checks, certificate, policy)
    if policy.holder_attributes:
        missing = examined.signer.attributes is None
        checks.add(CheckCode.HOLDER_ATTRIBUTES, Reason.HOLDER_ATTRIBUTES_MISSING if missing else None)
    _check_revocation(checks, examined, at, revocation)


def _value(certificate: Certificate, dotted: str, read: Callable[[bytes], T]) -> T | None:
    """What ``read`` makes of an extension; None if the extension is missing or not of its form."""
    extension = certificate.extension(dotted)
    if extension is None:
        return None
    try:
        return read(extension.value)
    except ValueError:
        return None


def _critical_value(certificate: Certificate, dotted: str, read: Callable[[bytes], T]) -> T | None:
    extension = certificate.extension(dotted)
    return _value(certificate, dotted, read) if extension and extension.critical else None


def _key(certificate: Certificate, policy: Policy) -> RSAPublicKey | None:
    smallest, largest = policy.key_bits
    try:
        return rsa_public_key(certificate.public_key_info, smallest=smallest, largest=largest)
    except ValueError:
        return None


def _roots_named(
    certificate: Certificate, authority: extension_values.AuthorityKey, trust: TrustStore
) -> tuple[Root, ...]:
    """Pinned roots with the issuer's name and key; and the issuer certificate's serial where that is
    named.
    """
    named = (authority.issuer, authority.serial)
    return tuple(
        root
        for root in trust.named(certificate.issuer, authority.key_id)
        if named in ((None, None), (root.certificate.issuer, root.certificate.serial))
    )


def _valid(certificate: Certificate, at: datetime) -> bool:
    return certificate.not_before <= at <= certificate.not_after


def _check_issuer(checks: Checklist, examined: Examined, at: datetime) -> None:
    key_id = examined.signer.issuer_key_id
    checks.add(
        CheckCode.ISSUER, None if examined.named_roots else Reason.ISSUER_NOT_TRUSTED, issuer_key_id=key_id
    )
    if not examined.named_roots:
        return
    signed = examined.root is not None and _same_algorithm(examined.certificate)
    checks.add(CheckCode.CERTIFICATE_SIGNATURE, None if signed else Reason.CERTIFICATE_FORGED)
    root = (examined.root or examined.named_roots[0]).certificate
    checks.add(
        CheckCode.ISSUER_VALIDITY,
        None if _valid(root, at) else Reason.ISSUER_EXPIRED,
        not_before=root.not_before.isoformat(),
        not_after=root.not_after.isoformat(),
    )


def _same_algorithm(certificate: Certificate) -> bool:
    """RFC 5280 section 4.1.1.2: the algorithm is named twice and must be the same; here SHA-256 with RSA."""
    return certificate.inner_algorithm == certificate.outer_algorithm == oids.SHA256_WITH_RSA


def _check_validity(checks: Checklist, certificate: Certificate, at: datetime) -> None:
    reason = None
    if at < certificate.not_before:
        reason = Reason.NOT_YET_VALID
    elif at > certificate.not_after:
        reason = Reason.EXPIRED
    checks.add(
        CheckCode.VALIDITY,
        reason,
        at=at.isoformat(),
        not_before=certificate.not_before.isoformat(),
        not_after=certificate.not_after.isoformat(),
    )


def _check_purpose(checks: Checklist, certificate: Certificate, policy: Policy) -> None:
    wanted = [oid_content(policy.certificate_policy)]
    found = _critical_value(certificate, oids.CERTIFICATE_POLICIES, extension_values.policies)
    checks.add(CheckCode.CERTIFICATE_POLICY, None if found == wanted else Reason.WRONG_POLICY)
    usage = _critical_value(certificate, oids.KEY_USAGE, extension_values.key_usage)
    checks.add(CheckCode.KEY_USAGE, None if usage == policy.key_usage else Reason.WRONG_KEY_USAGE)
    constraints = certificate.extension(oids.BASIC_CONSTRAINTS)
    authority = _value(certificate, oids.BASIC_CONSTRAINTS, extension_values.is_authority)
    ordinary = constraints is None or authority is False
    checks.add(CheckCode.NOT_A_CA, None if ordinary else Reason.IS_A_CA)


def _check_revocation(checks: Checklist, examined: Examined, at: datetime, source: RevocationSource) -> None:
    certificate = examined.certificate
    point = _value(certificate, oids.CRL_DISTRIBUTION_POINTS, extension_values.distribution_point)
    checks.add(CheckCode.DISTRIBUTION_POINT, None if point else Reason.WRONG_DISTRIBUTION_POINT)
    answer: Answer | NoAnswer = NoAnswer(Reason.REVOCATION_NOT_CHECKED)
    if point and examined.root:
        answer = source.look_up(examined.root.key_id, point, certificate.serial)
    if isinstance(answer, NoAnswer):
        checks.add(CheckCode.REVOCATION_SCOPE, answer.reason)
        return
    checks.good(CheckCode.REVOCATION_SCOPE, crl_number=answer.number)
    checks.add(
        CheckCode.REVOCATION_FRESHNESS,
        None if _speaks_for(answer, certificate, at) else Reason.REVOCATION_STALE,
        this_update=answer.this_update.isoformat(),
        next_update=answer.next_update.isoformat(),
    )
    _check_entry(checks, answer, at)


def _speaks_for(answer: Answer, certificate: Certificate, at: datetime) -> bool:
    """Whether the list covers ``at``: in force then, or issued later while it still listed this certificate.

    A later list knows more than one in force at ``at``; but an authority may drop a certificate's entry once
    the certificate has expired (RFC 5280 section 3.3), so a list from after that says nothing.
    """
    if at < answer.this_update:
        return answer.this_update <= certificate.not_after
    return at <= answer.next_update


def _check_entry(checks: Checklist, answer: Answer, at: datetime) -> None:
    entry = answer.entry
    if entry is None:
        checks.good(CheckCode.REVOCATION)
        return
    reason = Reason.ON_HOLD if entry.reason == "certificateHold" else Reason.REVOKED
    facts = {"crl_reason": entry.reason, "since": entry.since.isoformat()}
    checks.add(CheckCode.REVOCATION, reason if entry.since <= at else None, **facts)
