"""Before the keys of one's own account are changed, who sits here is proven again; recovery codes are kept like passwords."""

import hashlib
from datetime import timedelta

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from tests.casework.cast import HAYAMA, PASSWORD, TOTP, Desk
from tests.casework.test_desk import signed_in
from yakuba.audit.models import AuditRecord
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.casework.staff import attempts
from yakuba.casework.staff.models import Passkey, RecoveryCode, Staff
from yakuba.casework.staff.second_factor import accept_recovery_code, new_recovery_codes
from yakuba.casework.staff.sessions import PROVEN

pytestmark = pytest.mark.django_db
PROVE = "casework:staff:prove"
KEYS = ("password", "recovery_codes", "passkey_options", "passkey_add")


def left_open(client: Client, ago: timedelta = PROVEN) -> None:
    """The sign-in was a while ago."""
    session = client.session
    session["staff"] = {**session["staff"], "since": (now() - ago - timedelta(seconds=1)).isoformat()}
    session.save()
    with under(HAYAMA):
        Staff.objects.update(totp_last_step=0)


def prove(client: Client, password: str = PASSWORD, code: str | None = None) -> int:
    posted = {"password": password, "code": pyotp.TOTP(TOTP).now() if code is None else code}
    return client.post(reverse(PROVE), posted).status_code


@pytest.mark.parametrize("key", KEYS)
def test_a_desk_left_open_changes_no_key(desk: Desk, key: str) -> None:
    client = signed_in(desk.intake)
    left_open(client)
    answer = client.post(reverse(f"casework:staff:{key}"), {"credential": "{}", "present": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse(PROVE))
    with under(HAYAMA):
        assert not RecoveryCode.objects.exists()
        assert not Passkey.objects.exists()


def test_no_passkey_is_removed_either(desk: Desk) -> None:
    with under(HAYAMA):
        key = Passkey.objects.create(
            municipality=HAYAMA,
            staff=desk.intake,
            credential_id=b"x",
            public_key=b"y",
            sign_count=0,
            name="机",
        )
    client = signed_in(desk.intake)
    left_open(client)
    assert "削除" not in client.get(reverse("casework:staff:account")).content.decode()
    client.post(reverse("casework:staff:passkey_remove", args=[key.pk]))
    with under(HAYAMA):
        assert Passkey.objects.filter(pk=key.pk).exists()


def test_with_both_factors_it_goes_on_where_one_was(desk: Desk) -> None:
    client = signed_in(desk.intake)
    left_open(client)
    assert "確かめてから変える" in client.get(reverse("casework:staff:account")).content.decode()
    assert prove(client) == 302
    shown = client.get(reverse("casework:staff:account")).content.decode()
    assert "確かめました" in shown
    assert "確かめてから変える" not in shown
    assert client.post(reverse("casework:staff:recovery_codes")).status_code == 200
    with under(HAYAMA):
        assert AuditRecord.objects.filter(action="staff.proved_again").count() == 1


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"code": "000000"}, {"code": ""}])
def test_one_factor_alone_is_not_enough_and_guesses_are_slowed_down(
    desk: Desk, wrong: dict[str, str]
) -> None:
    client = signed_in(desk.intake)
    left_open(client)
    for _ in range(attempts.FREE_TRIES):
        assert prove(client, **wrong) == 403
    assert prove(client) == 429
    assert client.post(reverse("casework:staff:recovery_codes")).status_code == 302


def test_a_passkey_that_proves_nothing_is_refused(desk: Desk) -> None:
    client = signed_in(desk.intake)
    left_open(client)
    assert client.post(reverse(PROVE), {"credential": "{}"}).status_code == 403
    assert client.post(reverse("casework:staff:recovery_codes")).status_code == 302


def test_the_proof_is_good_for_ten_minutes(desk: Desk) -> None:
    client = signed_in(desk.intake)
    left_open(client)
    assert prove(client) == 302
    session = client.session
    session["staff"] = {**session["staff"], "proved": (now() - PROVEN).isoformat()}
    session.save()
    assert client.post(reverse("casework:staff:recovery_codes")).status_code == 302


def test_soon_after_the_sign_in_nothing_is_asked_twice(desk: Desk) -> None:
    assert signed_in(desk.intake).post(reverse("casework:staff:recovery_codes")).status_code == 200


def test_recovery_codes_are_kept_as_salted_password_hashes(desk: Desk) -> None:
    with under(HAYAMA):
        codes = new_recovery_codes(desk.intake)
        rows = list(RecoveryCode.objects.filter(staff=desk.intake))
    plain = codes[0].replace("-", "").encode()
    quick = {
        hashlib.sha256(f"{desk.intake.id}:".encode() + plain).hexdigest(),
        hashlib.sha256(plain).hexdigest(),
    }
    assert quick.isdisjoint(row.code_hash for row in rows)
    assert len({row.salt for row in rows}) == 1
    assert all(len(row.salt) == 32 for row in rows)


def test_two_accounts_never_share_a_salt(desk: Desk) -> None:
    with under(HAYAMA):
        new_recovery_codes(desk.intake)
        new_recovery_codes(desk.reviewer)
        assert RecoveryCode.objects.values("salt").distinct().count() == 2


def test_a_code_made_before_there_were_salts_is_still_good_once(desk: Desk) -> None:
    code = "ABCDE-FGHJK"
    old = hashlib.sha256(f"{desk.intake.id}:{code.replace('-', '')}".encode()).hexdigest()
    with under(HAYAMA):
        RecoveryCode.objects.create(municipality=HAYAMA, staff=desk.intake, code_hash=old)
        assert accept_recovery_code(desk.intake, code, now())
        assert not accept_recovery_code(desk.intake, code, now())
