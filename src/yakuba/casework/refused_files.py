"""What the resident is told of files that could not be made harmless: which, why, and what to send instead.

The words are the gateway's (``refusals``); a function of values.
"""

from collections.abc import Iterable, Mapping

from yakuba.base.catalog import text
from yakuba.base.texts import Text, joined
from yakuba.casework.evidence import Attachment
from yakuba.gateway.sanitise.refusals import codes, refusal_text

ROOM = "yakuba.casework"
_MOST_NAMED = 10


def received(attachments: Iterable[Attachment]) -> Text | None:
    """The words with "received"; ``None`` for the usual ones, where every file came through whole."""
    missing = [one for file in attachments for one in _missing(file)]
    if not missing:
        return None
    lines = [text(ROOM, "residents.received"), text(ROOM, "residents.files_missing"), *missing[:_MOST_NAMED]]
    if len(missing) > _MOST_NAMED:
        lines.append(text(ROOM, "residents.files_missing_more").format(count=len(missing) - _MOST_NAMED))
    return joined([*lines, text(ROOM, "residents.files_wait")])


def why(code: str) -> Text:
    """The reason ``code`` in words; of one that is not known, that it could not be opened safely."""
    return refusal_text(code if code in codes() else "failed")


def _missing(file: Attachment) -> list[Text]:
    """One line for a file that was refused; one for each member of an archive that was left out."""
    if file.state == "refused":
        return [_line(file.filename, str(file.evidence.get("refused", "")))]
    members = file.evidence.get("members", ()) if file.state == "ok" else ()
    return [
        _line(f"{file.filename} → {member.get('name', '')}", str(member["refused"]))
        for member in members
        if isinstance(member, Mapping) and member.get("refused")
    ]


def _line(filename: str, code: str) -> Text:
    return text(ROOM, "residents.file_missing").format(name=_plain(filename), why=why(code))


def _plain(filename: str) -> str:
    """A file's name among words with readings: what would mark a reading is taken out."""
    return "".join(char for char in filename if char not in "{}|<>")[:120]
