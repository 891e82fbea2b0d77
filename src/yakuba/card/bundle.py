"""One signature over several applications: the bundle's manifest, and the verdict on one application out of it.

The card signs the manifest, the RFC 8785 bytes of a list that names every application with the SHA-256 of its own
canonical bytes. Each application travels by itself with the manifest and the signature, so whoever receives one can
judge it without the others: the signature is good over the manifest, and this very application stands in it, once.
An adapter around the strict core (:mod:`~yakuba.card.verdict`), which judges the signature and knows no bundles.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.card.outcomes import Outcome, Reason, Signer, Verdict
from yakuba.card.policy import SIGN_POLICY, Policy
from yakuba.card.revocation import RevocationSource
from yakuba.card.trust import TrustStore
from yakuba.card.verdict import verify_cms_detached

FORMAT: Final = "bundle/1"
MOST: Final = 50
"""Applications in one bundle; far more than any occasion of life has."""
CLAUSE: Final = "yakuba bundle/1"
_DIGEST: Final = re.compile("[0-9a-f]{64}")
_KEYS: Final = {"yakuba", "bundle_id", "municipality", "applications"}
_LINE_KEYS: Final = {"application_id", "procedure", "sha256"}


class BundleCheckCode(StrEnum):
    """What is asked of a manifest about one application, in this order."""

    MANIFEST = "manifest"
    MANIFEST_TOWN = "manifest_town"
    LISTED_ONCE = "listed_once"
    LISTED = "listed"


class BundleReason(StrEnum):
    """Why an application is not good by its bundle, however good the signature."""

    MANIFEST_FORM = "manifest_form"
    MANIFEST_OTHER_TOWN = "manifest_other_town"
    LISTED_TWICE = "listed_twice"
    NOT_LISTED = "not_listed"
    LISTED_OTHERWISE = "listed_otherwise"


@dataclass(frozen=True, slots=True)
class BundleCheck:
    """One check on the manifest."""

    code: BundleCheckCode
    outcome: Outcome
    reason: BundleReason | None


@dataclass(frozen=True, slots=True)
class BundleVerdict:
    """The verdict on one application of a bundle: the manifest's checks, then the core's on the signature over it.
    Has what a :class:`~yakuba.card.outcomes.Verdict` has."""

    manifest: tuple[BundleCheck, ...]
    core: Verdict

    @property
    def outcome(self) -> Outcome:
        """BAD where the application is not the manifest's; else the signature's."""
        return Outcome.BAD if self._bad else self.core.outcome

    @property
    def reason(self) -> BundleReason | Reason | None:
        """Why it is not good; what the manifest says comes first."""
        return self._bad.reason if self._bad else self.core.reason

    @property
    def signer(self) -> Signer | None:
        """Whom the certificate names."""
        return self.core.signer

    def as_dict(self) -> dict[str, object]:
        """As the core's verdict is kept: outcome, reason, all checks."""
        return {
            "outcome": self.outcome.value,
            "reason": self.reason.value if self.reason else None,
            "checks": [*(_plain(one) for one in self.manifest), *_checks(self.core)],
        }

    @property
    def _bad(self) -> BundleCheck | None:
        return next((one for one in self.manifest if one.reason), None)


AnyVerdict = Verdict | BundleVerdict


def _checks(core: Verdict) -> list[object]:
    found = core.as_dict()["checks"]
    return list(found) if isinstance(found, list) else []


def _plain(check: BundleCheck) -> dict[str, object]:
    reason = check.reason.value if check.reason else None
    return {
        "code": check.code.value, "outcome": check.outcome.value, "reason": reason, "clause": CLAUSE, "facts": {},
    }  # fmt: skip


def manifest(bundle_id: UUID, municipality: str, applications: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The manifest of ``applications`` (canonical documents) as plain values, in the order of their ids."""
    lines = [
        {
            "application_id": str(one["application_id"]),
            "procedure": str(one["procedure"]),
            "sha256": sha256_hex(canonical_bytes(one)),
        }
        for one in applications
    ]
    return {
        "yakuba": FORMAT,
        "bundle_id": str(bundle_id),
        "municipality": municipality,
        "applications": sorted(lines, key=lambda line: line["application_id"]),
    }


def is_manifest(found: object) -> bool:
    """Whether ``found`` has a manifest's shape: exactly its keys, a list of applications in order."""
    if not isinstance(found, Mapping) or found.keys() != _KEYS or found["yakuba"] != FORMAT:
        return False
    lines = found["applications"]
    if not isinstance(lines, list) or not 0 < len(lines) <= MOST or not _is_id(found["bundle_id"]):
        return False
    if not isinstance(found["municipality"], str) or not all(_is_line(one) for one in lines):
        return False
    ids = [one["application_id"] for one in lines]
    return ids == sorted(ids)


def _is_line(line: object) -> bool:
    if not isinstance(line, Mapping) or line.keys() != _LINE_KEYS or not _is_id(line["application_id"]):
        return False
    digest = line["sha256"]
    return isinstance(line["procedure"], str) and isinstance(digest, str) and bool(_DIGEST.fullmatch(digest))


def _is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def verify_bundled(
    application: Mapping[str, Any],
    manifest: object,
    cms: bytes,
    *,
    at: datetime,
    trust: TrustStore,
    revocation: RevocationSource,
    policy: Policy = SIGN_POLICY,
) -> BundleVerdict:
    """Judge one ``application`` of a bundle as it stood at ``at``; never raises on hostile input."""
    core = verify_cms_detached(
        _bytes(manifest), cms, at=at, trust=trust, revocation=revocation, policy=policy
    )
    return BundleVerdict(tuple(_manifest_checks(application, manifest)), core)


def _bytes(manifest: object) -> bytes:
    """What the card signed; of what has no canonical form, nothing."""
    try:
        return canonical_bytes(manifest)
    except (ValueError, TypeError, RecursionError):
        return b""


def _manifest_checks(application: Mapping[str, Any], found: object) -> list[BundleCheck]:
    """The checks up to the first that is bad: what comes after rests on it."""
    if not isinstance(found, Mapping) or not is_manifest(found):
        return [_check(BundleCheckCode.MANIFEST, BundleReason.MANIFEST_FORM)]
    lines = found["applications"]
    same_town = found["municipality"] == application.get("municipality")
    asked = (
        (BundleCheckCode.MANIFEST, None),
        (BundleCheckCode.MANIFEST_TOWN, None if same_town else BundleReason.MANIFEST_OTHER_TOWN),
        (BundleCheckCode.LISTED_ONCE, _twice(lines)),
        (BundleCheckCode.LISTED, _listed(application, lines)),
    )
    done: list[BundleCheck] = []
    for code, reason in asked:
        done.append(_check(code, reason))
        if reason:
            break
    return done


def _check(code: BundleCheckCode, reason: BundleReason | None) -> BundleCheck:
    return BundleCheck(code, Outcome.BAD if reason else Outcome.GOOD, reason)


def _twice(lines: list[Mapping[str, Any]]) -> BundleReason | None:
    """An application or a digest listed twice leaves open which one the resident meant."""
    once = all(len({one[key] for one in lines}) == len(lines) for key in ("application_id", "sha256"))
    return None if once else BundleReason.LISTED_TWICE


def _listed(application: Mapping[str, Any], lines: list[Mapping[str, Any]]) -> BundleReason | None:
    line = next((one for one in lines if one["application_id"] == application.get("application_id")), None)
    if line is None:
        return BundleReason.NOT_LISTED
    same = line["procedure"] == application.get("procedure")
    same = same and line["sha256"] == sha256_hex(_bytes(application))
    return None if same else BundleReason.LISTED_OTHERWISE
