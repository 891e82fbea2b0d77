"""異動: writing a person's next state. The present row is closed, never altered; runs inside ``under(municipality)``."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Max

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base.tenancy import current_municipality
from yakuba.registers.keys import alphabet_key, kana_key, name_key
from yakuba.registers.models import Resident
from yakuba.registers.models.resident import FULL_WIDTH_SPACE
from yakuba.registers.people import NoSuchPerson
from yakuba.registers.variants import VariantTable, national_variants

_FIXED = frozenset({"municipality", "atena_number", "history_number", "valid_from", "valid_to"})


class ChangeTooEarly(ValueError):
    """The change would begin on or before the first day of the present state."""

    def __init__(self, atena_number: str, present_from: date) -> None:
        self.atena_number = atena_number
        self.present_from = present_from
        super().__init__(
            f"宛名番号{atena_number}の今の記録は{present_from}に始まります。その次の日より前の日付では異動を記録できません。"
        )


class AlreadyRegistered(ValueError):
    """The 宛名番号 is taken."""


def register_person(person: Resident, audit: AuditEvent) -> Resident:
    """Open the first state (履歴番号 1) of somebody new.

    Raises:
        AlreadyRegistered: the 宛名番号 exists in this town.
    """
    if Resident.objects.filter(atena_number=person.atena_number).exists():
        raise AlreadyRegistered(f"宛名番号{person.atena_number}はすでに使われています。")
    person.municipality = current_municipality()
    person.history_number, person.valid_to = 1, None
    _set_keys(person, national_variants())
    person.save(force_insert=True)
    log.append(audit)
    return person


def record_change(
    atena_number: str, values: Mapping[str, object], *, valid_from: date, audit: AuditEvent
) -> Resident:
    """Close the present state on the day before ``valid_from`` and open the next one with ``values`` changed.

    Args:
        values: field names of :class:`Resident`; ``reason`` and ``changed_on`` belong to every change.

    Raises:
        NoSuchPerson, ChangeTooEarly.
        ValueError: a change without reason and day, or of a field that identifies the row.
    """
    if not {"reason", "changed_on"} <= values.keys() or values.keys() & _FIXED:
        raise ValueError(
            "a change states reason and changed_on, and does not touch the row's own numbers or period"
        )
    state = Resident.objects.select_for_update().filter(atena_number=atena_number, valid_to=None).first()
    if state is None:
        raise NoSuchPerson(atena_number)
    if valid_from <= state.valid_from:
        raise ChangeTooEarly(atena_number, state.valid_from)
    Resident.objects.filter(pk=state.pk).update(valid_to=valid_from - timedelta(days=1))
    following = _next_state(state, values, valid_from)
    log.append(audit)
    return following


def _next_state(state: Resident, values: Mapping[str, object], valid_from: date) -> Resident:
    fields = {field.attname: getattr(state, field.attname) for field in Resident._meta.concrete_fields}
    following = Resident(**(fields | {"notified_on": None} | dict(values)))
    following.history_number = state.history_number + 1
    following.valid_from, following.valid_to = valid_from, None
    _set_keys(following, national_variants())
    following.save(force_insert=True)
    return following


def _set_keys(person: Resident, table: VariantTable) -> None:
    person.name_key = name_key(person.name, table)
    person.kana_key = kana_key(person.name_kana or person.common_name_kana)
    person.alphabet_key = alphabet_key(person.name_alphabet)
    person.other_key = _other_key(person, table)


def _other_key(person: Resident, table: VariantTable) -> str:
    """通称, or the name with 旧氏 in the place of 氏: the other name under which letters come."""
    if person.common_name:
        return name_key(person.common_name, table)
    if person.former_family_name:
        return name_key(person.former_family_name + FULL_WIDTH_SPACE + person.given_name, table)
    return ""


def next_atena_number() -> str:
    """A number nobody in this town has: the highest plus one, ten digits at least."""
    highest = Resident.objects.aggregate(highest=Max("atena_number"))["highest"] or "0"
    return str(int(highest) + 1).zfill(max(len(highest), 10))
