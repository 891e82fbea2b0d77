"""Two factors, sessions that end, guesses that are slowed down without locking anybody out."""

from datetime import timedelta

import pyotp
import pytest
from cryptography.exceptions import InvalidTag
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.casework.cast import HAYAMA, NINOMIYA, PASSWORD, TOTP, Desk, event, member
from tests.casework.test_desk import signed_in
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.casework.errors import Incomplete
from yakuba.casework.roles import Role
from yakuba.casework.staff import attempts
from yakuba.casework.staff.accounts import check_password_choice, make_account
from yakuba.casework.staff.demo import make_demo_staff
from yakuba.casework.staff.models import Attempt, Staff
from yakuba.casework.staff.sealing import unseal
from yakuba.casework.staff.second_factor import accept_recovery_code, accept_totp, new_recovery_codes
from yakuba.casework.staff.sessions import ABSOLUTE, IDLE, why_over
from yakuba.casework.staff.tasks import tidy

pytestmark = pytest.mark.django_db
SIGN_IN = "casework:staff:sign_in"


def enter(client: Client, login: str = "hanako", password: str = PASSWORD, code: str | None = None) -> int:
    posted = {"login": login, "password": password, "code": pyotp.TOTP(TOTP).now() if code is None else code}
    return client.post(reverse(SIGN_IN), posted).status_code


def test_password_and_code_together_sign_in(client: Client, desk: Desk) -> None:
    assert enter(client) == 302
    assert client.get(reverse("casework:queue")).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"password": "wrong"}, {"code": ""}, {"code": "000000"}, {"login": "nobody"}, {"code": "1234567"}],
)
def test_anything_wrong_is_refused_with_the_same_words(
    client: Client, desk: Desk, wrong: dict[str, str]
) -> None:
    assert enter(client, **wrong) == 403
    assert client.get(reverse("casework:queue")).status_code == 302


def test_a_code_is_good_for_one_sign_in_only(desk: Desk) -> None:
    code = pyotp.TOTP(TOTP).now()
    assert enter(Client(), code=code) == 302
    assert enter(Client(), code=code) == 403


def test_a_code_from_the_step_before_is_accepted_and_an_older_one_is_not(desk: Desk) -> None:
    at, totp = now(), pyotp.TOTP(TOTP)
    with under(HAYAMA):
        assert not accept_totp(desk.intake, totp.at(at - timedelta(minutes=2)), at)
        assert accept_totp(desk.intake, totp.at(at - timedelta(seconds=30)), at)


def test_a_recovery_code_works_once(client: Client, desk: Desk) -> None:
    with under(HAYAMA):
        codes = new_recovery_codes(desk.intake)
    assert enter(client, code=codes[0].lower()) == 302
    assert enter(Client(), code=codes[0]) == 403
    with under(HAYAMA):
        assert accept_recovery_code(desk.intake, codes[1], now())


def test_the_secret_is_not_readable_in_the_database_and_opens_for_its_account_only(desk: Desk) -> None:

    with under(HAYAMA):
        sealed = bytes(Staff.objects.get(pk=desk.intake.pk).sealed_totp or b"")
    assert TOTP.encode() not in sealed
    assert unseal(sealed, str(desk.intake.pk)) == TOTP
    with pytest.raises(InvalidTag):
        unseal(sealed, str(desk.reviewer.pk))


def test_after_five_failures_the_next_try_waits_and_the_wait_grows_to_a_limit() -> None:
    waits = [attempts.wait_after(number) for number in range(1, 40)]
    assert waits[:4] == [timedelta()] * 4
    assert waits[4] > timedelta()
    assert waits == sorted(waits)
    assert waits[-1] == attempts.LONGEST_WAIT


def test_guessing_from_outside_does_not_lock_out_the_person_at_her_own_desk(desk: Desk) -> None:
    own, outside = Client(), Client()
    assert enter(own) == 302
    own.post(reverse("casework:staff:sign_out"))
    for _ in range(attempts.FREE_TRIES):
        assert enter(outside, password="guess") == 403
    assert enter(outside) == 429  # even the right answer waits there
    with under(HAYAMA):
        Staff.objects.update(totp_last_step=0)
    assert enter(own) == 302


def test_unknown_names_are_slowed_down_like_known_ones(client: Client) -> None:
    for _ in range(attempts.FREE_TRIES):
        enter(client, login="nobody")
    assert enter(client, login="nobody") == 429
    assert Attempt.objects.get(login="nobody").failures == attempts.FREE_TRIES


def test_another_browsers_cookie_is_not_believed_for_another_account() -> None:
    cookie = attempts.device_cookie("hanako", "d1")
    assert attempts.device_of(cookie, "hanako") == "d1"
    assert (
        attempts.device_of(cookie, "jiro")
        == attempts.device_of("forged", "hanako")
        == attempts.UNKNOWN_DEVICE
    )


@given(
    idle=st.timedeltas(timedelta(), timedelta(days=2)), total=st.timedeltas(timedelta(), timedelta(days=2))
)
def test_a_session_ends_after_thirty_idle_minutes_or_twelve_hours(idle: timedelta, total: timedelta) -> None:
    at = now()
    kept = {"since": (at - total).isoformat(), "seen": (at - idle).isoformat()}
    expected = "too_long" if total >= ABSOLUTE else "idle" if idle >= IDLE else None
    assert why_over(kept, at) == expected


def test_an_idle_session_is_sent_to_sign_in_and_back(desk: Desk) -> None:
    client = signed_in(desk.intake)
    session = client.session
    session["staff"] = {**session["staff"], "seen": (now() - IDLE).isoformat()}
    session.save()
    answer = client.get(reverse("casework:queue"), {"view": "mine"})
    assert answer.status_code == 302
    assert "why=idle" in answer["Location"]
    assert "view%3Dmine" in answer["Location"]


def test_closing_an_account_ends_its_sessions_at_once(desk: Desk) -> None:
    client = signed_in(desk.intake)
    posted = {"display_name": "受付 花子", "roles": ["intake"]}  # "active" left unticked
    answer = signed_in(desk.admin).post(reverse("casework:staff:person", args=[desk.intake.pk]), posted)
    assert answer.status_code == 302
    assert client.get(reverse("casework:queue")).status_code == 302
    assert enter(Client()) == 403


def test_an_administrator_cannot_shut_herself_out(desk: Desk) -> None:
    answer = signed_in(desk.admin).post(
        reverse("casework:staff:person", args=[desk.admin.pk]), {"display_name": "x", "roles": ["intake"]}
    )
    assert answer.status_code == 409


def test_a_new_member_chooses_a_password_and_sets_up_the_app_before_anything_else(desk: Desk) -> None:
    admin, client = signed_in(desk.admin), Client()
    page = admin.post(
        reverse("casework:staff:people"),
        {"login": "hachiro", "display_name": "新人 八郎", "roles": ["intake"]},
    ).content.decode()
    first = page.split('パスワード <code class="mono">')[1].split("<")[0]
    assert enter(client, "hachiro", first, "") == 302
    assert client.get(reverse("casework:queue"))["Location"] == reverse("casework:staff:enrol")
    own = {"password": "four words are plenty", "password_again": "four words are plenty"}
    assert client.post(reverse("casework:staff:enrol"), own).status_code == 302
    shown = client.get(reverse("casework:staff:enrol")).content.decode()
    assert client.get(reverse("casework:staff:qr"))["Content-Type"] == "image/svg+xml"
    secret = shown.split('<code class="mono">')[1].split("<")[0]
    assert client.post(reverse("casework:staff:enrol"), {"code": "000000"}).status_code == 422
    done = client.post(reverse("casework:staff:enrol"), {"code": pyotp.TOTP(secret).now()})
    assert done.content.decode().count("<li>") >= 10
    assert client.get(reverse("casework:queue")).status_code == 200
    assert client.get(reverse("casework:staff:qr")).status_code == 404


def test_a_reset_gives_a_new_first_password_and_forgets_the_second_factor(desk: Desk) -> None:
    answer = signed_in(desk.admin).post(reverse("casework:staff:reset", args=[desk.intake.pk]))
    assert answer.status_code == 200
    assert enter(Client()) == 403
    with under(HAYAMA):
        assert not Staff.objects.get(pk=desk.intake.pk).totp_confirmed


@pytest.mark.parametrize(
    "password", ["short", "hanako-hanako-hanako", "yakuba-password-1", "aaaaaaaaaaaaaaaa"]
)
def test_a_password_everybody_guesses_is_refused(password: str) -> None:
    with pytest.raises(Incomplete):
        check_password_choice(password, "hanako")


def test_a_login_name_is_taken_once_over_all_municipalities(desk: Desk) -> None:

    with pytest.raises(Incomplete):
        make_account(NINOMIYA, "hanako", "別人", [Role.INTAKE], PASSWORD, audit=event(NINOMIYA))


def test_the_demo_desk_has_every_role_and_is_made_once() -> None:
    first = make_demo_staff(HAYAMA, PASSWORD, TOTP)
    assert make_demo_staff(HAYAMA, "another password", TOTP) == first
    with under(HAYAMA):
        held = {role for staff in Staff.objects.all() for role in staff.roles}
    assert held == {role.value for role in Role}
    assert enter(Client(), first[0].login) == 302


def test_staff_of_one_town_are_not_seen_by_anothers_administrator(desk: Desk) -> None:
    other = member("kuro", Role.ADMIN, municipality="143421")
    assert "受付 花子" not in signed_in(other).get(reverse("casework:staff:people")).content.decode()
    assert signed_in(other).get(reverse("casework:staff:person", args=[desk.intake.pk])).status_code == 404


def test_a_page_that_asks_by_itself_does_not_keep_an_empty_chair_signed_in(desk: Desk) -> None:
    client = signed_in(desk.intake)
    session = client.session
    seen = (now() - timedelta(minutes=29)).isoformat()
    session["staff"] = {**session["staff"], "seen": seen}
    session.save()
    client.get(reverse("casework:queue"), headers={"X-Background": "1"})
    assert client.session["staff"]["seen"] == seen
    client.get(reverse("casework:queue"))
    assert client.session["staff"]["seen"] > seen


def test_counters_and_sessions_that_are_over_are_tidied_away(client: Client, desk: Desk) -> None:
    enter(client, login="nobody")
    assert tidy.func(timestamp=0) == 0
    Attempt.objects.update(last_at=now() - timedelta(days=2))
    assert tidy.func(timestamp=0) == 1


def test_changing_ones_password_asks_for_the_present_one(client: Client, desk: Desk) -> None:
    enter(client)
    new = {"password": "four words to remember", "password_again": "four words to remember"}
    address = reverse("casework:staff:password")
    assert client.post(address, {**new, "present": "wrong"}).status_code == 422
    assert client.post(address, {**new, "present": PASSWORD}).status_code == 302


def test_a_refused_sign_in_is_in_the_log_without_what_was_typed(
    client: Client, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    assert enter(client, login="my secret typed in the wrong field", password="another secret") == 403
    assert "sign-in refused" in caplog.text
    assert "secret" not in caplog.text
