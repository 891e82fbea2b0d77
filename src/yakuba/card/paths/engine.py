"""The library's path engine asked about one candidate after the other. Runs only in a cell (:mod:`.cell`)."""

import asyncio
from collections.abc import Iterator
from typing import Any

from asn1crypto.x509 import Certificate
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathValidationError,
    RevokedError,
    StaleRevinfoError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    DisallowWeakAlgorithmsPolicy,
    PKIXValidationParams,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.validate import async_validate_path

from yakuba.card.outcomes import Outcome
from yakuba.card.paths.building import Candidate, candidates
from yakuba.card.paths.inherited import InheritingValidator
from yakuba.card.paths.outcomes import PathReason, PathVerdict
from yakuba.card.paths.question import ANY_POLICY, PathQuestion, PathSettings

_BY_CLASS: tuple[tuple[type[Exception], PathReason], ...] = (
    (RevokedError, PathReason.REVOKED),
    (StaleRevinfoError, PathReason.REVOCATION_STALE),
    (InsufficientRevinfoError, PathReason.REVOCATION_NOT_CHECKED),
    (ExpiredError, PathReason.EXPIRED),
    (NotYetValidError, PathReason.NOT_YET_VALID),
    (DisallowedAlgorithmError, PathReason.WEAK_ALGORITHM),
)
# The engine has one class for the rest; its sentence only chooses among reasons that are all BAD.
_BY_WORDS = (
    ("signature", PathReason.SIGNATURE_WRONG),
    ("name constraint", PathReason.NAME_CONSTRAINTS),
    ("permitted", PathReason.NAME_CONSTRAINTS),
    ("excluded", PathReason.NAME_CONSTRAINTS),
    ("polic", PathReason.POLICY),
    ("critical extension", PathReason.CRITICAL_EXTENSION),
    ("not a CA", PathReason.NOT_AN_AUTHORITY),
    ("maximum path length", PathReason.NOT_AN_AUTHORITY),
    ("allowed to sign", PathReason.NOT_AN_AUTHORITY),
)
_LEAST_REVOCATION = CertRevTrustPolicy(
    RevocationCheckingPolicy(
        RevocationCheckingRule.CRL_OR_OCSP_REQUIRED, RevocationCheckingRule.CRL_OR_OCSP_REQUIRED
    )
)


def answer(question: PathQuestion) -> PathVerdict:
    """The verdict over all candidates: good if one is; could not tell if one could not; else the first's."""
    try:
        target, *certificates = (
            _certificate(raw) for raw in (question.target, *question.anchors, *question.others)
        )
    except (ValueError, TypeError, KeyError, IndexError, OverflowError) as problem:
        return PathVerdict(PathReason.MALFORMED, str(problem)[:200])
    anchors, others = certificates[: len(question.anchors)], certificates[len(question.anchors) :]
    verdicts = list(_until_good(question, target, anchors, others))
    for outcome in (Outcome.GOOD, Outcome.UNKNOWN, Outcome.BAD):
        for verdict in verdicts:
            if verdict.outcome is outcome:
                return verdict
    return PathVerdict(PathReason.NO_PATH)


def _until_good(
    question: PathQuestion, target: Certificate, anchors: list[Certificate], others: list[Certificate]
) -> Iterator[PathVerdict]:
    for candidate in candidates(target, anchors, others, question.limits):
        verdict = asyncio.run(_judged(question, candidate, target, anchors, others))
        yield verdict
        if verdict.outcome is Outcome.GOOD:
            return


def _certificate(raw: bytes) -> Certificate:
    """Read whole at once: the library reads lazily, and a part it cannot read must not surface later."""
    certificate = Certificate.load(raw, strict=True)
    _ = certificate.native
    return certificate


async def _judged(
    question: PathQuestion,
    candidate: Candidate,
    target: Certificate,
    anchors: list[Certificate],
    others: list[Certificate],
) -> PathVerdict:
    validity = candidate.anchor["tbs_certificate"]["validity"]
    if not validity["not_before"].native <= question.at <= validity["not_after"].native:
        return PathVerdict(PathReason.ANCHOR_NOT_VALID)
    context = ValidationContext(
        trust_roots=[CertTrustAnchor(anchor) for anchor in anchors],
        other_certs=[*others, target],
        moment=question.at,
        crls=list(question.lists),
        ocsps=list(question.ocsp),
        revinfo_policy=_LEAST_REVOCATION,
        algorithm_usage_policy=_algorithms(question.settings),
        allow_fetching=False,
        signature_validator=InheritingValidator((candidate.anchor, *candidate.between, target)),
    )
    path = ValidationPath(CertTrustAnchor(candidate.anchor), list(candidate.between), target)
    try:
        await async_validate_path(context, path, parameters=_parameters(question.settings))
    except PathValidationError as problem:
        return PathVerdict(_reason(problem), str(problem)[:300])
    chain = (candidate.anchor, *candidate.between, target)
    return PathVerdict(None, "", tuple(one.sha256.hex() for one in chain), _valid_policies(path))


def _algorithms(settings: PathSettings) -> DisallowWeakAlgorithmsPolicy:
    weak = {"md2", "md5"} | (set() if settings.sha1 else {"sha1"})
    return DisallowWeakAlgorithmsPolicy(  # type: ignore[no-untyped-call]
        weak_hash_algos=frozenset(weak),
        rsa_key_size_threshold=settings.smallest_rsa,
        dsa_key_size_threshold=settings.smallest_dsa,
    )


def _parameters(settings: PathSettings) -> PKIXValidationParams:
    policies = frozenset("any_policy" if one == ANY_POLICY else one for one in settings.policies)
    return PKIXValidationParams(
        user_initial_policy_set=policies,
        initial_explicit_policy=settings.explicit_policy,
        initial_policy_mapping_inhibit=settings.inhibit_mapping,
        initial_any_policy_inhibit=settings.inhibit_any_policy,
    )


def _reason(problem: PathValidationError) -> PathReason:
    for kind, reason in _BY_CLASS:
        if isinstance(problem, kind):
            return reason
    words = str(problem)
    return next((reason for part, reason in _BY_WORDS if part in words), PathReason.NOT_VALID)


def _valid_policies(path: Any) -> tuple[str, ...]:
    found = path.qualified_policies() or ()
    names = {one.user_domain_policy_id for one in found}
    return tuple(sorted(ANY_POLICY if name == "any_policy" else name for name in names))
