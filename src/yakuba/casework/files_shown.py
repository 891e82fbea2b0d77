"""The files of an application as the desk shows them: what came through, what did not and why, with the evidence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from yakuba.casework.models import CaseAttachment
from yakuba.casework.refused_files import why
from yakuba.gateway.sanitise import in_words

PICTURES = ("image/png", "image/jpeg", "image/webp")
SHOWN = ("application/pdf", *PICTURES, "text/plain", "text/csv")
ARCHIVE = "application/zip"


@dataclass(frozen=True, slots=True)
class ShownMember:
    """A file in an archive; ``reason`` says why it was left out, else ``number`` finds it."""

    name: str
    number: int
    reason: str
    picture: bool
    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One attachment. ``reason``: why it did not come through, in the words the resident was told."""

    position: int
    name: str
    state: str
    reason: str
    missing: str
    picture: bool
    archive: bool
    partly: bool
    facts: list[tuple[str, str]]
    members: list[ShownMember] = field(default_factory=list)


def files_shown(attachments: Iterable[CaseAttachment]) -> Iterator[ShownFile]:
    """Each attachment in its order."""
    for one in attachments:
        evidence = one.evidence
        facts = in_words.facts(evidence)
        if one.signed_sha256 and one.signed_sha256 != evidence.get("before"):
            facts.append(("署名されたSHA-256", one.signed_sha256))
        yield ShownFile(
            position=one.position,
            name=one.filename,
            state=one.state,
            reason=why(str(evidence.get("refused", ""))).ja if one.state == "refused" else "",
            missing="、".join(evidence.get("missing") or ()),
            picture=one.media_type in PICTURES,
            archive=one.media_type == ARCHIVE,
            partly=evidence.get("outcome") == "partly",
            facts=facts,
            members=list(_members(one)) if one.state == "ok" else [],
        )


def _members(one: CaseAttachment) -> Iterator[ShownMember]:
    for number, member in enumerate(one.evidence.get("members", ())):
        refused = member.get("refused")
        yield ShownMember(
            str(member.get("name", "")),
            number,
            why(str(refused)).ja if refused else "",
            member.get("media_type") in PICTURES,
            in_words.facts(member),
        )
