"""Drafts of definitions: begun, changed, proposed, published by another person, or sent back. Every step is recorded.

All of it runs inside ``under(municipality)``. Whoever wrote or proposed a draft cannot publish it (四つの目).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.ids import uuid7
from yakuba.definitions import messages
from yakuba.definitions.models import PublishedDefinition
from yakuba.definitions.store import Revision
from yakuba.gateway import seal
from yakuba.office.models import DefinitionDraft
from yakuba.procedures.authoring.documents import Document, dated, faults_of, without_rule
from yakuba.procedures.authoring.packages import Signed, statement

WRITING, PROPOSED, PUBLISHED, DISCARDED = "writing", "proposed", "published", "discarded"
OPEN = (WRITING, PROPOSED)


class Refused(ValueError):
    """The step is not allowed now; the text says why, to the person who asked."""


class ChangedMeanwhile(Refused):
    """Somebody else has saved the draft since it was shown."""

    def __init__(self) -> None:
        super().__init__("ほかの人がこの下書きを変えました。新しい内容を確かめてから、もう一度してください。")


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a draft is made from."""

    procedure: str
    document: Document
    base: Mapping[str, Any] | None = None
    statements: Sequence[Signed] = ()


def begin(municipality: str, made: Beginning, who: str, at: datetime) -> DefinitionDraft:
    """Begin a draft.

    Raises:
        Refused: there is an unfinished draft of this procedure already.
    """
    if DefinitionDraft.objects.filter(procedure=made.procedure, state__in=OPEN).exists():
        raise Refused("この手続きには書きかけの下書きがあります。そちらを開いてください。")
    draft = DefinitionDraft.objects.create(
        id=uuid7(), municipality=municipality, procedure=made.procedure, document=without_rule(made.document),
        base=dict(made.base) if made.base else None, statements=list(made.statements), author=who,
        created_at=at, updated_at=at,
    )  # fmt: skip
    _record(draft, who, "definition.begun")
    return draft


def find(draft_id: UUID) -> DefinitionDraft | None:
    """The draft, locked for the rest of the transaction; ``None`` if this municipality has none of this id."""
    return DefinitionDraft.objects.select_for_update().filter(id=draft_id).first()


def save(draft: DefinitionDraft, document: Document, seen: int, who: str, at: datetime) -> None:
    """Keep a changed document.

    Args:
        seen: the ``row_version`` that was shown to whoever changed it.

    Raises:
        Refused: it is proposed or finished; ChangedMeanwhile: somebody else was faster.
    """
    _still(draft, WRITING, "公開を待つあいだは変えられません。変えるには、まず取り下げてください。")
    if draft.row_version != seen:
        raise ChangedMeanwhile
    if document == draft.document:
        return
    draft.document = {**without_rule(document), "id": draft.procedure}
    draft.author = who if who == draft.author else _together(draft.author, who)
    _step(draft, at)
    _record(draft, who, "definition.changed")


def _together(authors: str, who: str) -> str:
    """Everybody who wrote at it, the last of whom may not be the one to publish it either."""
    names = authors.split("、")
    return "、".join(dict.fromkeys([*names, who]))[:60]


def propose(draft: DefinitionDraft, who: str, valid_from: date, note: str, today: date, at: datetime) -> None:
    """Ask another person to publish it.

    Raises:
        Refused: it has faults, or is to begin in the past.
    """
    _still(draft, WRITING, "もう公開を待っています。")
    if faults := faults_of(draft.document):
        raise Refused(f"直すところが{len(faults)}か所あります。直してから、公開を頼んでください。")
    if valid_from < today:
        raise Refused(f"始める日は今日({today.isoformat()})より後にしてください。例: {today.isoformat()}")
    draft.state, draft.proposer, draft.valid_from = PROPOSED, who, valid_from
    draft.note, draft.answer = note[:2000], ""
    _step(draft, at)
    _record(draft, who, "definition.proposed")


def take_back(draft: DefinitionDraft, who: str, at: datetime) -> None:
    """Go on writing instead of waiting."""
    _still(draft, PROPOSED, "公開を待っている下書きではありません。")
    draft.state = WRITING
    _step(draft, at)
    _record(draft, who, "definition.taken_back")


def send_back(draft: DefinitionDraft, who: str, why: str, at: datetime) -> None:
    """Another person does not publish it, and says why.

    Raises:
        Refused: no reason given, or asked by its own writer.
    """
    _still(draft, PROPOSED, "公開を待っている下書きではありません。")
    _by_another(draft, who)
    if not why.strip():
        raise Refused("差し戻す理由を書いてください。例: 必要な書類の説明が足りません。")
    draft.state, draft.answer = WRITING, why.strip()[:2000]
    _step(draft, at)
    _record(draft, who, "definition.sent_back")


def publish(draft: DefinitionDraft, who: str, today: date, at: datetime) -> Revision:
    """Publish it: kept here, sent to the other zones, in one transaction.

    Raises:
        Refused: by its own writer or proposer, or it is no longer without faults.
    """
    _still(draft, PROPOSED, "公開を待っている下書きではありません。")
    _by_another(draft, who)
    number = next_revision(draft.procedure)
    begins = max(draft.valid_from or today, today)
    document = dated(draft.document, f"{begins.isoformat()}-r{number}", begins)
    if faults_of(document):
        raise Refused("この下書きには、いまの決まりに合わないところがあります。差し戻してください。")
    signed = statement(
        document, draft.municipality, number, at, draft.statements, seal.public_key(),
        lambda data: seal.seal(data, b"definition"),
    )  # fmt: skip
    made = Revision(
        draft.procedure, number, document, draft.author, who, at, (*draft.statements, signed)
    )  # fmt: skip
    draft.state = PUBLISHED
    _step(draft, at)
    facts = {"revision": str(number), "sha256": sha256_hex(canonical_bytes(document))}
    messages.publish(draft.municipality, made, at, _event(draft, who, "definition.published", facts))
    return made


def discard(draft: DefinitionDraft, who: str, at: datetime) -> None:
    """Give the draft up. Its record stays."""
    if draft.state not in OPEN:
        raise Refused("この下書きは終わっています。")
    draft.state = DISCARDED
    _step(draft, at)
    _record(draft, who, "definition.discarded")


def next_revision(procedure: str) -> int:
    """The number the next publication gets."""
    last = PublishedDefinition.objects.filter(procedure=procedure).order_by("-revision").first()
    return last.revision + 1 if last else 1


def may_publish(draft: DefinitionDraft, who: str) -> bool:
    """Whether ``who`` is another person than those who wrote and proposed it."""
    return who not in (*draft.author.split("、"), draft.proposer)


def _by_another(draft: DefinitionDraft, who: str) -> None:
    if not may_publish(draft, who):
        raise Refused("書いた人・公開を頼んだ人とは別の人が、公開か差し戻しを決めます。")


def _still(draft: DefinitionDraft, state: str, says: str) -> None:
    if draft.state != state:
        raise Refused(says)


def _step(draft: DefinitionDraft, at: datetime) -> None:
    draft.row_version += 1
    draft.updated_at = at
    draft.save()


def _record(draft: DefinitionDraft, who: str, action: str) -> None:
    log.append(_event(draft, who, action, {}))


def _event(draft: DefinitionDraft, who: str, action: str, facts: dict[str, str]) -> AuditEvent:
    return AuditEvent(
        f"operator:{who}", action, f"definition:{draft.procedure}", draft.municipality,
        {"draft": str(draft.id), **facts},
    )  # fmt: skip
