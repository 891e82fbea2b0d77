"""成年後見: writing who acts for an adult, and until when. Runs inside ``under(municipality)``."""

from datetime import date

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base.tenancy import current_municipality
from yakuba.registers.models import Guardianship
from yakuba.registers.people import person


class NoSuchGuardianship(LookupError):
    """Nobody acts for this person since that day."""


def appoint(
    ward_number: str, *, kind: str, guardian_name: str, guardian_address: str, guardian_number: str = "", valid_from: date,
    audit: AuditEvent,
) -> Guardianship:  # fmt: skip
    """Record a guardian, curator or assistant from a day on; ``guardian_number`` if it is a resident of this town.

    Raises:
        NoSuchPerson: the ward, or the guardian by number, is not in the register.
    """
    for number in filter(None, (ward_number, guardian_number)):
        person(number)
    made = Guardianship.objects.create(
        municipality=current_municipality(), ward_number=ward_number, kind=kind, guardian_number=guardian_number,
        guardian_name=guardian_name, guardian_address=guardian_address, valid_from=valid_from,
    )  # fmt: skip
    log.append(audit)
    return made


def end(ward_number: str, *, begun: date, last_day: date, audit: AuditEvent) -> None:
    """Record the last day of a guardianship; the record stays.

    Raises:
        NoSuchGuardianship: none began that day, or it has ended already.
        ValueError: the last day lies before the first.
    """
    if last_day < begun:
        raise ValueError("終了日が開始日より前です。例: 開始日 2026-04-01、終了日 2026-11-30")
    open_ones = Guardianship.objects.filter(ward_number=ward_number, valid_from=begun, valid_to=None)
    if not open_ones.update(valid_to=last_day):
        raise NoSuchGuardianship(
            f"宛名番号{ward_number}の人に、{begun}に始まり続いている後見の記録はありません。"
        )
    log.append(audit)
