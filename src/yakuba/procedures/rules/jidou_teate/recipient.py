"""The entitlement that already runs (受給者台帳), as the register holds it: where every later procedure begins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from yakuba.procedures.rules.answers import Known, day, one_of
from yakuba.procedures.rules.decision import Json, Reason
from yakuba.procedures.rules.jidou_teate.facts import Child, Role
from yakuba.procedures.rules.jidou_teate.later_reasons import REASON

REGISTER = "jidou_teate"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives the allowance, and for which children.

    ``runs``: whether an entitlement runs today; None while nobody looked. ``children`` are those paid for and those
    only counted; ``uncounted``: how many older children must have counted, by the ranks, without the register naming
    them. ``items``: the register's entry as it stands, which a later decision carries on.
    """

    applicant: str
    runs: bool | None
    role: Role = "parent"
    children: tuple[Child, ...] = ()
    uncounted: int = 0
    items: Mapping[str, Json] = field(default_factory=dict)

    def carried_on(self, **changes: Json) -> dict[str, Json]:
        """The entry's items with ``changes``; without the period, which the effect states."""
        kept = {key: value for key, value in self.items.items() if key not in ("valid_from", "valid_until")}
        return {**kept, **changes}


def recipient_from(register: Known) -> Recipient:
    """The entitlement, from what the town knows.

    ``entitlement`` (the entry's items, empty where there is none), ``entitled_children`` and ``counted_children`` (its
    lines with name and birth), ``applicant``.
    """
    entry = register.get("entitlement")
    applicant = str(register.get("applicant", "applicant"))
    if not isinstance(entry, Mapping):
        return Recipient(applicant, None)
    if not entry or entry.get("end_month"):
        return Recipient(applicant, False, items=dict(entry))
    counted = list(_children(register.get("counted_children") or []))
    lines = register.get("entitled_children") or []
    return Recipient(
        applicant,
        True,
        one_of(entry.get("recipient_kind"), Role) or "parent",
        (*counted, *_children(lines)),
        _uncounted(lines, len(counted)),
        dict(entry),
    )


def _children(lines: list[Mapping[str, Any]]) -> Iterator[Child]:
    for line in lines:
        key = str(line.get("key", ""))
        yield Child(key, str(line.get("name") or key), day(line.get("birth")))


def _uncounted(lines: list[Mapping[str, Any]], counted: int) -> int:
    first = min((int(line.get("rank") or 1) for line in lines), default=1)
    return max(0, first - 1 - counted)


def not_running(recipient: Recipient) -> Iterator[Reason]:
    """What stands against anybody who does not receive the allowance here."""
    if recipient.runs is None:
        yield REASON("recipient_unknown")
    elif not recipient.runs:
        yield REASON("not_a_recipient")
