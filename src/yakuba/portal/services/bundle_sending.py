"""A bundle as it is signed and sent: every document fixed, the manifest over them, one signature, one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.card.bundle import manifest
from yakuba.card.outcomes import Verdict
from yakuba.portal.models import Application, Bundle
from yakuba.portal.services import preparing
from yakuba.portal.services.bundling import Member
from yakuba.portal.services.identity import contradicts
from yakuba.portal.services.preparing import Prepared
from yakuba.portal.services.submitting import Proof, submit
from yakuba.procedures.cosigning import asked


@dataclass(frozen=True, slots=True)
class Ready:
    """A draft of the bundle with its document."""

    member: Member
    prepared: Prepared

    @property
    def can_go(self) -> bool:
        """Whether nothing is wrong with it, it is open today, and one signature is enough."""
        return not self.prepared.problems and self.member.offer.opening.open and not self.needs_second

    @property
    def needs_second(self) -> bool:
        """Whether a second person must sign it, which only an application by itself can have."""
        return asked(self.member.offer.procedure, self.member.draft.answers, "self") == "required"


@dataclass(frozen=True, slots=True)
class PreparedBundle:
    """All of them, and the manifest the card signs."""

    ready: tuple[Ready, ...]
    manifest: Mapping[str, Any]

    @property
    def content(self) -> bytes:
        return canonical_bytes(self.manifest)

    @property
    def sha256(self) -> str:
        return sha256_hex(self.content)

    @property
    def can_go(self) -> bool:
        return bool(self.ready) and all(one.can_go for one in self.ready)


def prepare(bundle: Bundle, members: Sequence[Member], at: datetime) -> PreparedBundle:
    """The bundle as of ``at``. As long as no draft changes, and the day is the same, its bytes are the same."""
    ready = tuple(Ready(one, preparing.prepare(one.draft, one.offer, at)) for one in members)
    documents = [one.prepared.document for one in ready]
    return PreparedBundle(ready, manifest(bundle.id, bundle.municipality, documents))


def is_somebody_else(found: PreparedBundle, verdict: Verdict, owner: str) -> bool:
    """Whether the card that signed plainly is not the applicant's of one of them."""
    holder = verdict.signer.attributes if verdict.signer else None
    return any(
        contradicts(
            one.member.offer.procedure,
            one.prepared.document["answers"],
            one.member.draft.prefill if one.member.draft.owner == owner else {},
            holder,
        )
        for one in found.ready
    )


def send(
    bundle: Bundle, found: PreparedBundle, cms: bytes, verdict: Verdict, owner: str, at: datetime
) -> None:
    """Send every application of the bundle, in the caller's transaction: all of them or none. The bundle is gone
    afterwards. Where the sign-in would be enough for one, the signature covers it all the same."""
    proof = Proof("signature", cms, None, verdict, found.manifest)
    for one in found.ready:
        submit(one.member.draft, one.prepared.document, proof, owner, at)
    bundle.delete()


def sent(bundle_id: UUID, owner: str | None) -> list[Application]:
    """The applications that were sent in a bundle, to their owner."""
    found = Application.objects.filter(bundle=bundle_id, owner=owner or "nobody")
    return list(found.order_by("submitted_at", "id"))
