"""Recording a card's certificate from the terminal, with its audit record."""

from datetime import date

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import today
from yakuba.base.tenancy import under
from yakuba.registers import people
from yakuba.registers.certificates import note_certificate

ACTOR = "operator:terminal"


class NotNoted(ValueError):
    """Nothing was recorded; the message says why and what is right."""


def note(
    municipality: str, atena_number: str, kind: str, issuer_key_id: str, serial: str, begins: date, ends: date
) -> None:
    """Record the certificate for the person; an active one of the same kind becomes 更新済み.

    Raises:
        NotNoted: nobody has this 宛名番号, or it is recorded already.
        InvalidMunicipalityCode.
    """
    if ends < begins:
        raise NotNoted("満了日が開始日より前です。例: --from 2026-11-27 --until 2031-11-26")
    issuer_key_id, serial = issuer_key_id.lower(), serial.lower()
    with under(municipality):
        try:
            people.person(atena_number)
        except people.NoSuchPerson as problem:
            raise NotNoted(f"{problem} 例: 0000000123") from problem
        known = {one.person.atena_number for one in people.by_certificate(issuer_key_id, serial)}
        if atena_number in known:
            raise NotNoted("この証明書は、この人のものとしてすでに記録されています。")
        event = AuditEvent(
            ACTOR, "registers.certificate_noted", f"person:{atena_number}", municipality, {"kind": kind}
        )
        note_certificate(
            atena_number, issuer_key_id=issuer_key_id, serial=serial, kind=kind, not_before=begins, not_after=ends,
            noted_on=today(), audit=event,
        )  # fmt: skip
