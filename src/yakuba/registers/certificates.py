"""Noting card certificates and what becomes of them, with history. Runs inside ``under(municipality)``."""

from datetime import date, timedelta

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base.tenancy import current_municipality
from yakuba.registers.models import CardCertificate
from yakuba.registers.models.cards import State


class NoSuchCertificate(LookupError):
    """The certificate is not recorded for this person."""


class StateTooEarly(ValueError):
    """The new state would begin before the present one."""


def note_certificate(
    atena_number: str, *, issuer_key_id: str, serial: str, kind: str, not_before: date, not_after: date, noted_on: date,
    audit: AuditEvent,
) -> CardCertificate:  # fmt: skip
    """Record a certificate as this person's: a card was issued, renewed, or moved in with its holder.

    Active certificates of the same kind that the person has had are noted as renewed on the same day.
    """
    before = CardCertificate.objects.select_for_update().filter(
        atena_number=atena_number, kind=kind, recorded_to=None, state=State.ACTIVE
    )
    for replaced in before.exclude(issuer_key_id=issuer_key_id, serial=serial):
        _next_state(replaced, State.RENEWED, "更新", noted_on)
    made = CardCertificate.objects.create(
        municipality=current_municipality(), issuer_key_id=issuer_key_id, serial=serial, atena_number=atena_number,
        history_number=1, kind=kind, not_before=not_before, not_after=not_after, state=State.ACTIVE,
        recorded_from=noted_on,
    )  # fmt: skip
    log.append(audit)
    return made


def note_state(
    atena_number: str,
    issuer_key_id: str,
    serial: str,
    *,
    state: State,
    reason: str,
    since: date,
    audit: AuditEvent,
) -> CardCertificate:
    """Record what has become of a certificate; the state before is closed and stays readable.

    Raises:
        NoSuchCertificate, StateTooEarly.
    """
    present = (
        CardCertificate.objects.select_for_update()
        .filter(issuer_key_id=issuer_key_id, serial=serial, atena_number=atena_number, recorded_to=None)
        .first()
    )
    if present is None:
        raise NoSuchCertificate(f"宛名番号{atena_number}の人に、この電子証明書の記録はありません。")
    following = _next_state(present, state, reason, since)
    log.append(audit)
    return following


def _next_state(present: CardCertificate, state: State, reason: str, since: date) -> CardCertificate:
    if since < present.recorded_from:
        raise StateTooEarly(
            f"今の状態は{present.recorded_from}からです。それより前の日付では記録できません。"
        )
    closed = max(present.recorded_from, since - timedelta(days=1))
    CardCertificate.objects.filter(pk=present.pk).update(recorded_to=closed)
    return CardCertificate.objects.create(
        municipality=present.municipality, issuer_key_id=present.issuer_key_id, serial=present.serial,
        atena_number=present.atena_number, history_number=present.history_number + 1, kind=present.kind,
        not_before=present.not_before, not_after=present.not_after, state=state, state_reason=reason,
        recorded_from=since,
    )  # fmt: skip
