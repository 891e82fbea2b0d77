"""Certificates come and go, guardians begin and end; the register remembers all of them."""

from datetime import date
from typing import Any

import pytest

from tests.registers.people_of_hayama import HAYAMA, event, settle
from yakuba.audit.models import AuditRecord
from yakuba.base.tenancy import under
from yakuba.registers import certificates, guardianships, people
from yakuba.registers.models import CardCertificate
from yakuba.registers.models.cards import State

pytestmark = pytest.mark.django_db
MOTHER, GRANDMOTHER = "0000000001", "0000000002"
ISSUER = "ab" * 20


def _note(serial: str, **values: Any) -> CardCertificate:
    told: dict[str, Any] = {
        "issuer_key_id": ISSUER, "serial": serial, "kind": "sign", "not_before": date(2021, 5, 1),
        "not_after": date(2026, 5, 6), "noted_on": date(2021, 5, 1), "audit": event("certificate.noted"),
    }  # fmt: skip
    return certificates.note_certificate(MOTHER, **(told | values))


def _states(serial: str) -> list[tuple[str, date, date | None]]:
    rows = CardCertificate.objects.filter(serial=serial).order_by("history_number")
    return [(row.state, row.recorded_from, row.recorded_to) for row in rows]


def test_a_renewed_card_closes_the_certificate_before_and_both_are_found() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        _note("1a")
        _note("2b", not_before=date(2026, 3, 1), not_after=date(2031, 5, 6), noted_on=date(2026, 3, 1))
        assert _states("1a") == [
            ("active", date(2021, 5, 1), date(2026, 2, 28)), ("renewed", date(2026, 3, 1), None),
        ]  # fmt: skip
        assert [m.certificate.state for m in people.by_certificate(ISSUER, "1a")] == ["renewed"]
        assert [m.certificate.state for m in people.by_certificate(ISSUER, "2b")] == ["active"]
        assert AuditRecord.objects.filter(action="certificate.noted").count() == 2


def test_a_certificate_of_the_other_kind_is_not_replaced() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        _note("1a")
        _note("1a", kind="auth", issuer_key_id="cd" * 20)
        assert {row.state for row in people.certificates(MOTHER)} == {"active"}


def test_a_revoked_certificate_keeps_what_it_was() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        _note("1a")
        certificates.note_state(
            MOTHER,
            ISSUER,
            "1a",
            state=State.REVOKED,
            reason="カードの紛失",
            since=date(2024, 2, 3),
            audit=event(),
        )
        assert _states("1a") == [
            ("active", date(2021, 5, 1), date(2024, 2, 2)), ("revoked", date(2024, 2, 3), None),
        ]  # fmt: skip


def test_a_state_cannot_begin_before_the_present_one() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        _note("1a")
        with pytest.raises(certificates.StateTooEarly):
            certificates.note_state(
                MOTHER, ISSUER, "1a", state=State.REVOKED, reason="", since=date(2020, 1, 1), audit=event()
            )


def test_a_certificate_of_somebody_else_is_not_touched() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        settle(GRANDMOTHER)
        _note("1a")
        with pytest.raises(certificates.NoSuchCertificate):
            certificates.note_state(
                GRANDMOTHER,
                ISSUER,
                "1a",
                state=State.REVOKED,
                reason="",
                since=date(2024, 1, 1),
                audit=event(),
            )


def test_a_guardianship_begins_and_ends_and_is_remembered() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        settle(GRANDMOTHER)
        guardianships.appoint(
            GRANDMOTHER, kind="guardian", guardian_name="髙橋　花子", guardian_address="葉山町", guardian_number=MOTHER,
            valid_from=date(2025, 1, 1), audit=event(),
        )  # fmt: skip
        guardianships.end(GRANDMOTHER, begun=date(2025, 1, 1), last_day=date(2026, 6, 30), audit=event())
        assert len(people.guardians(GRANDMOTHER, date(2026, 6, 30))) == 1
        assert people.guardians(GRANDMOTHER, date(2026, 7, 1)) == []
        with pytest.raises(guardianships.NoSuchGuardianship):
            guardianships.end(GRANDMOTHER, begun=date(2025, 1, 1), last_day=date(2026, 6, 30), audit=event())


def test_a_guardian_by_number_must_be_in_the_register() -> None:
    with under(HAYAMA):
        settle(GRANDMOTHER)
        with pytest.raises(people.NoSuchPerson):
            guardianships.appoint(
                GRANDMOTHER, kind="guardian", guardian_name="だれか", guardian_address="x", guardian_number="0000000999",
                valid_from=date(2025, 1, 1), audit=event(),
            )  # fmt: skip
