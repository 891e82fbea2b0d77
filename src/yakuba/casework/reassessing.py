"""Child allowance of the whole town for a month to come: whose amount the law changes by itself (a third birthday, the end of
a school year, a new law), so that it is not found out by the families. Reads only; people make the changes (職権による改定).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.procedures.rules.jidou_teate.batch import assess
from yakuba.procedures.rules.jidou_teate.columns import columns_of
from yakuba.procedures.rules.jidou_teate.facts import Facts
from yakuba.procedures.rules.jidou_teate.recipient import REGISTER, Recipient, recipient_from
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters
from yakuba.registers.models import RegisterEntry, Resident
from yakuba.registers.people import in_force

_LISTS = ("children", "counted")


@dataclass(frozen=True, slots=True)
class Difference:
    """A recipient whose amount in the register is not that of the month; ``then`` None: a person has to look."""

    atena_number: str
    now: int
    then: int | None


def differences(month: Month, as_of: date, parameters: Parameters) -> list[Difference]:
    """Everybody whose amount changes by ``month``, of the entries in force on ``as_of``. Runs inside ``under(municipality)``.

    Raises NotInForceError for a month outside the data.
    """
    running = [one for one in _recipients(as_of) if one.runs]
    if not running:
        return []
    claims = [Facts(one.applicant, as_of, one.children, role=one.role) for one in running]
    found = assess(columns_of(claims), month, parameters)
    rows = zip(running, found.yen.tolist(), found.unclear.tolist(), strict=True)
    return [one for row in rows if (one := _difference(*row))]


def _difference(recipient: Recipient, yen: int, unclear: bool) -> Difference | None:
    now = int(str(recipient.items.get("monthly_amount") or 0))
    if unclear or recipient.uncounted:
        return Difference(recipient.applicant, now, None)
    return Difference(recipient.applicant, now, yen) if yen != now else None


def _recipients(as_of: date) -> Iterator[Recipient]:
    held = RegisterEntry.objects.filter(in_force(as_of), register=REGISTER, superseded_by=None)
    entries = list(held.order_by("atena_number").values_list("atena_number", "items"))
    births = _births(
        {str(line["key"]) for _, items in entries for name in _LISTS for line in items.get(name, [])}
    )
    for atena_number, items in entries:
        yield recipient_from(
            {
                "applicant": atena_number,
                "entitlement": items,
                "entitled_children": _lines(items, "children", births),
                "counted_children": _lines(items, "counted", births),
            }
        )


def _lines(items: Mapping[str, Any], name: str, births: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{**line, "birth": births.get(str(line["key"]))} for line in items.get(name, [])]


def _births(numbers: Iterable[str]) -> dict[str, str]:
    """The birth of each resident on record now, whatever became of them since."""
    found = Resident.objects.filter(atena_number__in=list(numbers), valid_to=None)
    return {one.atena_number: str(one.birth) for one in found.iterator()}
