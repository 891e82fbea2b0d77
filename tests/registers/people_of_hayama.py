"""A few synthetic people for the tests of this room, and who writes about them."""

from datetime import date
from typing import Any

from yakuba.audit.events import AuditEvent
from yakuba.base.dates import UncertainDate
from yakuba.registers import changes
from yakuba.registers.models import Resident

HAYAMA, NINOMIYA = "143014", "143421"


def event(action: str = "register.changed", municipality: str = HAYAMA) -> AuditEvent:
    return AuditEvent("staff:test", action, "test", municipality)


def somebody(atena_number: str = "0000000001", **values: Any) -> Resident:
    """A resident who is not saved: 髙橋 花子 unless told otherwise."""
    fields: dict[str, Any] = {
        "atena_number": atena_number,
        "valid_from": date(2020, 4, 1),
        "reason": "move_in",
        "changed_on": UncertainDate(2020, 4, 1),
        "status": "resident",
        "name": "髙橋　花子",
        "name_kana": "タカハシ　ハナコ",
        "sex": "2",
        "birth": UncertainDate(1994, 5, 6),
        "household_number": atena_number,
        "relationship": "世帯主",
        "address": "神奈川県三浦郡葉山町一色1番地",
    }
    return Resident(**(fields | values))


def settle(atena_number: str = "0000000001", **values: Any) -> Resident:
    """A resident in the register (inside ``under``)."""
    return changes.register_person(somebody(atena_number, **values), event("resident.registered"))
