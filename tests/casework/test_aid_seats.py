"""Another town's staff (応援職員): a named person, one procedure, from minute to minute, by two people of this town."""

from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.casework.cast import ADDRESS, HAYAMA, KENTA, NINOMIYA, PASSWORD, TOTP, Desk, Draft, Receive, World
from tests.casework.test_desk import press, signed_in, views
from tests.casework.test_procedures import version
from yakuba.audit.models import AuditRecord
from yakuba.base.clock import JAPAN, now, today
from yakuba.base.tenancy import under
from yakuba.casework.desk import OPEN_TO_AID
from yakuba.casework.models import Case
from yakuba.casework.roles import Permission
from yakuba.casework.staff import seats
from yakuba.casework.staff.models import AidSeat, Staff
from yakuba.casework.staff.seat_views import longest_days
from yakuba.casework.staff.second_factor import set_totp_secret
from yakuba.procedures import registry

pytestmark = pytest.mark.django_db
RISAI = "risai-shoumei"


def asked(**changed: Any) -> dict[str, str]:
    at = now().astimezone(JAPAN)
    form = {
        "name": "応援 一子", "login": "ouen.1", "home": NINOMIYA, "home_name": "二宮町",
        "begins_at": (at - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (at + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    return form | changed


def proposed(desk: Desk, **changed: Any) -> AidSeat:
    answer = signed_in(desk.admin).post(reverse("casework:staff:seats"), asked(**changed))
    assert answer.status_code == 302, answer.content.decode()
    with under(HAYAMA):
        return AidSeat.objects.get()


@pytest.fixture
def seat(desk: Desk) -> AidSeat:
    """A seat in force, its holder enrolled."""
    made = proposed(desk)
    signed_in(desk.approver).post(reverse("casework:staff:seat_approve", args=[made.pk]))
    with under(HAYAMA):
        made = AidSeat.objects.select_related("staff").get()
        assert made.staff
        set_totp_secret(made.staff, TOTP, confirmed=True)
        Staff.objects.filter(pk=made.staff.pk).update(must_change_password=False)
        return AidSeat.objects.select_related("staff").get()


def holder(seat: AidSeat) -> Client:
    assert seat.staff
    with under(HAYAMA):
        return signed_in(Staff.objects.get(pk=seat.staff.pk))


def risai(world: World, receive: Receive, **changed: Any) -> Case:
    """Kenta's application for a certificate of disaster damage."""
    example = next(one for one in registry.procedure(RISAI).examples)
    own = {
        "applicant_name": {"name": "葉山　健太", "kana": "ハヤマ　ケンタ"},
        "applicant_birth_date": "1995-06-18",
        "applicant_address": {"postal_code": "2400112", "address": ADDRESS},
    }
    said = {**example.answers, **own, **changed}
    return receive(Draft(world, procedure=RISAI, version=version(RISAI), answers=said, files=()).envelope())


def test_who_proposes_a_seat_cannot_approve_it_and_until_then_nobody_can_sign_in(desk: Desk) -> None:
    seat = proposed(desk)
    own = signed_in(desk.admin).post(reverse("casework:staff:seat_approve", args=[seat.pk]))
    assert own.status_code == 403
    assert "自分が申し出た席" in own.content.decode()
    with under(HAYAMA):
        assert AidSeat.objects.get().staff is None
        assert not Staff.objects.filter(login="ouen.1").exists()


def test_the_database_itself_wants_a_second_person(desk: Desk) -> None:
    seat = proposed(desk)
    with under(HAYAMA), pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        AidSeat.objects.filter(pk=seat.pk).update(approved_by=desk.admin)


def test_only_an_administrator_proposes(desk: Desk) -> None:
    page = reverse("casework:staff:seats")
    assert signed_in(desk.approver).post(page, asked()).status_code == 403
    assert signed_in(desk.reviewer).get(page).status_code == 403


def test_an_approved_seat_begins_with_an_own_password_and_an_own_second_factor(desk: Desk) -> None:
    seat = proposed(desk)
    shown = signed_in(desk.approver).post(reverse("casework:staff:seat_approve", args=[seat.pk]))
    with under(HAYAMA):
        staff = Staff.objects.get(login="ouen.1")
    assert staff.must_change_password
    assert not staff.totp_confirmed
    password = shown.context["made"]["password"]
    client = Client()
    posted = {"login": "ouen.1", "password": password, "code": ""}
    assert client.post(reverse("casework:staff:sign_in"), posted)["Location"] == reverse(
        "casework:staff:enrol"
    )
    assert client.get(reverse("casework:queue"))["Location"] == reverse("casework:staff:enrol")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"home": "143422"}, "home"),
        ({"home": HAYAMA}, "home"),
        ({"home_name": ""}, "home_name"),
        ({"name": ""}, "name"),
        ({"begins_at": "soon"}, "begins_at"),
        ({"ends_at": ""}, "ends_at"),
        ({"ends_at": "2020-01-01T00:00"}, "ends_at"),
        ({"login": "hanako"}, "login"),
    ],
)
def test_a_wrong_proposal_says_what_is_right_and_keeps_what_was_typed(
    desk: Desk, changed: dict[str, str], field: str
) -> None:
    answer = signed_in(desk.admin).post(reverse("casework:staff:seats"), asked(**changed))
    assert answer.status_code == 422
    assert set(answer.context["problems"]) == {field}
    assert asked(**changed)["home_name"] in answer.content.decode()


def test_a_seat_lasts_no_longer_than_the_town_allows(desk: Desk) -> None:
    with under(HAYAMA):
        longest = longest_days()
    begins = datetime(2026, 12, 1, 9, tzinfo=JAPAN)

    def problems(length: timedelta) -> dict[str, str]:
        wanted = seats.Wanted("応援 一子", "ouen.1", NINOMIYA, "二宮町", begins, begins + length)
        return seats.problems_of(wanted, HAYAMA, longest, begins)

    assert problems(timedelta(days=longest)) == {}
    assert list(problems(timedelta(days=longest, minutes=1))) == ["ends_at"]


def test_a_seat_ends_at_its_minute_in_the_middle_of_a_session(seat: AidSeat, desk: Desk) -> None:
    client = holder(seat)
    assert client.get(reverse("casework:queue")).status_code == 200
    with under(HAYAMA):
        AidSeat.objects.update(begins_at=now() - timedelta(days=1), ends_at=now() - timedelta(seconds=1))
    assert "why=seat_over" in client.get(reverse("casework:queue"))["Location"]
    with under(HAYAMA):
        assert Staff.objects.get(login="ouen.1").permissions == frozenset()


def test_a_seat_is_in_force_from_its_first_to_before_its_last_minute() -> None:
    begins = datetime(2026, 12, 1, 9, tzinfo=JAPAN)
    ends = begins + timedelta(days=1)
    seat = AidSeat(begins_at=begins, ends_at=ends, approved_at=begins - timedelta(days=1))
    moments = (begins - timedelta(seconds=1), begins, ends - timedelta(seconds=1), ends)
    assert [seat.state(at) for at in moments] == ["not_yet", "in_force", "in_force", "over"]


def test_nobody_signs_in_to_a_seat_that_is_over(seat: AidSeat) -> None:
    assert seat.staff
    with under(HAYAMA):
        AidSeat.objects.update(begins_at=now() - timedelta(days=1), ends_at=now())
        Staff.objects.filter(pk=seat.staff.pk).update(password=Staff.objects.get(login="hanako").password)
    posted = {"login": "ouen.1", "password": PASSWORD, "code": pyotp.TOTP(TOTP).now()}
    answer = Client().post(reverse("casework:staff:sign_in"), posted)
    assert answer.status_code == 403
    assert "応援の席の期間外" in answer.content.decode()


def test_a_seat_stopped_by_a_person_ends_open_sessions_at_once(seat: AidSeat, desk: Desk) -> None:
    client = holder(seat)
    signed_in(desk.approver).post(reverse("casework:staff:seat_end", args=[seat.pk]))
    assert client.get(reverse("casework:queue")).status_code == 302
    again = signed_in(desk.approver).post(reverse("casework:staff:seat_end", args=[seat.pk]))
    assert again.status_code == 409
    assert "決裁 三郎" in signed_in(desk.admin).get(reverse("casework:staff:seats")).content.decode()


def test_a_seat_gets_no_role_of_this_town(seat: AidSeat, desk: Desk) -> None:
    assert seat.staff
    posted = {"display_name": "x", "roles": ["approver"], "active": "on"}
    answer = signed_in(desk.admin).post(reverse("casework:staff:person", args=[seat.staff.pk]), posted)
    assert answer.status_code == 409
    with under(HAYAMA):
        Staff.objects.filter(pk=seat.staff.pk).update(roles=["approver", "admin"])
        assert Permission.APPROVE not in Staff.objects.get(pk=seat.staff.pk).permissions


_CLOSED = [
    (path, one) for path, one in views() if not getattr(one.callback, OPEN_TO_AID, False) and "<" not in path
]


@pytest.mark.parametrize("path", [path for path, one in _CLOSED if not path.startswith(("sign-", "enrol"))])
def test_every_page_not_declared_open_is_closed_to_a_seat(path: str, seat: AidSeat) -> None:
    client = holder(seat)
    answers = (client.get(f"/casework/{path}"), client.post(f"/casework/{path}"))
    assert 403 in {one.status_code for one in answers}
    assert {one.status_code for one in answers} <= {403, 405}


def test_a_seat_sees_the_one_procedure_and_no_other_case(
    world: World, receive: Receive, seat: AidSeat
) -> None:
    other, mine = receive(Draft(world).envelope()), risai(world, receive)
    client = holder(seat)
    for query in ({}, {"procedure": other.procedure}, {"q": other.receipt_number}):
        shown = client.get(reverse("casework:queue"), query).content.decode()
        assert str(other.pk) not in shown
        assert "児童手当" not in shown
    assert mine.receipt_number in client.get(reverse("casework:queue"), {"view": "open"}).content.decode()
    assert client.get(reverse("casework:case", args=[other.pk])).status_code == 404
    assert press(client, other, "note", text="x").status_code == 404
    assert client.get(reverse("casework:attachment", args=[other.pk, 0])).status_code == 404


def test_a_case_shows_a_seat_no_register_no_other_application_and_no_link_to_people(
    world: World, receive: Receive, seat: AidSeat
) -> None:
    receive(Draft(world).envelope())
    mine = risai(world, receive)
    shown = holder(seat).get(reverse("casework:case", args=[mine.pk])).content.decode()
    assert mine.receipt_number in shown
    for hidden in ("台帳の登録", "<h3>ほかの申請", reverse("casework:person", args=[KENTA]), "児童手当"):
        assert hidden not in shown


def test_a_seat_records_findings_but_neither_identifies_nor_decides_nor_hands_out_cases(
    world: World, receive: Receive, seat: AidSeat
) -> None:
    mine, client = risai(world, receive), holder(seat)
    done = today().isoformat()
    assert (
        press(client, mine, "step", "place", done_on=done, in_town="yes", is_dwelling="yes").status_code
        == 302
    )
    for button in ("identify", "decide", "send_back", "assign", "verify", "doubt"):
        assert press(client, mine, button).status_code == 403, button


def test_what_a_seat_does_is_audited_under_its_home_town(
    world: World, receive: Receive, seat: AidSeat
) -> None:
    mine, client = risai(world, receive), holder(seat)
    press(client, mine, "note", text="屋根を見た")
    client.get(reverse("casework:case", args=[mine.pk]))
    assert seat.staff
    with under(HAYAMA):
        actors = set(
            AuditRecord.objects.filter(action__in=("case.noted", "case.viewed")).values_list(
                "actor", flat=True
            )
        )
    assert actors == {f"aid:{NINOMIYA}:{seat.staff.pk}"}


def test_a_case_of_another_procedure_is_not_given_to_a_seat(
    world: World, receive: Receive, seat: AidSeat, desk: Desk
) -> None:
    assert seat.staff
    other = receive(Draft(world).envelope())
    answer = press(signed_in(desk.reviewer), other, "assign", staff=str(seat.staff.pk))
    assert answer.status_code == 409
    shown = signed_in(desk.reviewer).get(reverse("casework:case", args=[other.pk])).content.decode()
    assert "応援 一子" not in shown
