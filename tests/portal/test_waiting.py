"""By-laws of the waiting room, as people meet it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from tests.portal.cast import CHILD_ALLOWANCE, HAYAMA, NINOMIYA, Visitor, arrives
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.portal.commands import waiting
from yakuba.portal.models import WaitingNumber, WaitingRoom
from yakuba.portal.waiting import gate, load, room

pytestmark = pytest.mark.django_db
_START = f"procedures/{CHILD_ALLOWANCE}/start/"
_WAITS = "順番にご案内しています"
_AT = now()


@pytest.fixture
def crowd(hanako: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The waiting room is on, no place is free, time stands still, and the machine is neither calm nor crowded."""
    monkeypatch.setattr(load, "per_core", lambda: 1.5)
    monkeypatch.setattr(gate, "now", lambda: _AT)
    with under(HAYAMA):
        room.set_mode(HAYAMA, "on", _AT)
        WaitingRoom.objects.update(credit=0, rate=60, at=_AT, waiting=1)


def free(places: int) -> None:
    """``places`` come free now, one of them in the second since the last look (60 a minute)."""
    with under(HAYAMA):
        WaitingRoom.objects.update(credit=places - 1, at=_AT - timedelta(seconds=1))


def position(visitor: Visitor, path: str = _START) -> int | None:
    """Where the page says one stands; None: the page itself is there."""
    page = visitor.page(path)
    found = re.search(r"あなたの順番は (\d+)番目|あなたの順番は(\d+)番目", page)
    assert (found is not None) == (_WAITS in page)
    return int(found[1] or found[2]) if found else None


@pytest.mark.usefixtures("crowd")
def test_people_wait_before_a_draft_and_before_the_sign_in_and_go_in_as_they_came() -> None:
    first, second, third = Visitor(), Visitor(), Visitor()
    assert [position(first), position(second, "sign-in/"), position(third)] == [1, 2, 3]
    free(1)
    assert position(third) == 2
    assert position(first) is None
    assert position(second, "sign-in/") == 1
    free(2)
    assert position(third) is None
    assert position(second, "sign-in/") is None


@pytest.mark.usefixtures("crowd")
def test_pressing_again_or_opening_windows_gains_nothing() -> None:
    first = Visitor()
    assert [position(first) for _ in range(5)] == [1] * 5
    with under(HAYAMA):
        assert WaitingNumber.objects.count() == 1


@pytest.mark.usefixtures("crowd")
def test_a_forged_number_is_no_number(settings: Any) -> None:
    honest, forger = Visitor(), Visitor()
    position(honest)
    name = f"{settings.SESSION_COOKIE_NAME}_waiting_{HAYAMA}"
    given = honest.client.cookies[name].value
    number, mac = given.rsplit(":", 1)
    for place, forged in enumerate((f"{int(number) - 1}:{mac}", number, f"{number}:{mac[:-2]}xx"), 2):
        forger.client.cookies[name] = forged
        assert position(forger) == place
        assert forger.client.cookies[name].value != forged


@pytest.mark.usefixtures("crowd")
def test_a_number_of_one_town_is_none_in_another() -> None:
    visitor = Visitor()
    position(visitor)
    assert _WAITS not in Visitor(town=NINOMIYA, client=visitor.client).page("sign-in/")


@pytest.mark.usefixtures("crowd")
def test_a_number_is_not_for_a_crowd(settings: Any) -> None:
    first = Visitor()
    position(first)
    free(1)
    assert position(first) is None
    name = f"{settings.SESSION_COOKIE_NAME}_waiting_{HAYAMA}"
    given = first.client.cookies[name].value
    outside = 0
    for _ in range(8):
        other = Visitor()
        other.client.cookies[name] = given
        outside += position(other) is not None
    assert outside == 4


@pytest.mark.usefixtures("crowd")
def test_whoever_comes_back_in_time_keeps_the_place_and_later_does_not() -> None:
    first, second = Visitor(), Visitor()
    assert [position(first), position(second)] == [1, 2]
    with under(HAYAMA):
        WaitingNumber.objects.order_by("id").update(seen_at=_AT - timedelta(minutes=9))
    assert [position(second), position(first)] == [2, 1]
    with under(HAYAMA):
        oldest = WaitingNumber.objects.order_by("id")[:1].values_list("id", flat=True)
        WaitingNumber.objects.filter(id=oldest[0]).update(seen_at=_AT - timedelta(minutes=11))
    assert [position(second), position(first)] == [1, 2]


def test_whoever_has_an_application_in_work_is_never_made_to_wait(
    hanako: Visitor, request: pytest.FixtureRequest
) -> None:
    draft = hanako.begin()
    signed_out = Visitor()
    request.getfixturevalue("crowd")
    assert position(hanako, f"drafts/{draft}/") is None
    assert position(hanako, "sign-in/") is None
    hanako.sign_in()
    assert position(hanako) is None
    assert _WAITS not in signed_out.page(f"sign-in/?next=/{HAYAMA}/drafts/{draft}/review/&ended=1")
    assert _WAITS in signed_out.page(f"sign-in/?next=/{HAYAMA}/drafts/{draft.hex[::-1]}/review/")


def test_a_page_shown_before_the_line_began_is_taken_when_it_is_sent(
    hanako: Visitor, request: pytest.FixtureRequest
) -> None:
    hanako.page(_START)
    request.getfixturevalue("crowd")
    assert hanako.begin()


@pytest.mark.usefixtures("crowd")
def test_many_behind_one_address_are_not_locked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the limit of numbers for one address people are told why, stay on the page, and lose nobody's place."""
    monkeypatch.setattr(gate, "JOIN", gate.Limit("waiting", per_visit=10, per_address=2))
    shelter = [Visitor() for _ in range(3)]
    assert [position(one) for one in shelter[:2]] == [1, 2]
    page = shelter[2].page(_START)
    assert "同じ回線" in page
    assert _WAITS in page
    assert [position(one) for one in shelter[:2]] == [1, 2]


@pytest.mark.usefixtures("crowd")
def test_the_page_renews_itself_without_script_and_speaks_up_only_when_something_changed() -> None:
    visitor = Visitor()
    page = visitor.page(_START)
    assert re.search(r'<noscript><meta http-equiv="refresh" content="\d+"></noscript>', page)
    address = re.search(r'hx-get="([^"]+)"', page)
    assert address
    ask = {"HTTP_HX_REQUEST": "true"}
    assert visitor.client.get(address[1], **ask).status_code == 204
    assert "1番目" in visitor.client.get(f"/{HAYAMA}/waiting/?was=7", **ask).content.decode()
    free(1)
    assert visitor.client.get(address[1], **ask).headers["HX-Refresh"] == "true"
    assert position(visitor) is None


def test_the_towns_word_for_a_disaster_opens_the_room(
    hanako: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "per_core", lambda: 1.5)
    monkeypatch.setattr(gate, "now", lambda: _AT)
    flood = {"id": "flood", "name": "台風第19号", "declared_on": "2026-01-01", "until": None, "waiting": True}
    arrives("settings.published", {"procedures": {}, "disasters": [flood]})
    assert position(Visitor()) is None, "a place is free: nobody waits for the sake of waiting"
    with under(HAYAMA):
        WaitingRoom.objects.update(credit=0, at=_AT, waiting=1)
    assert position(Visitor()) == 1


def test_a_crowd_opens_the_room_by_itself_and_other_work_of_the_machine_does_not(
    hanako: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    load._arrivals.clear()
    monkeypatch.setattr(load, "per_core", lambda: 5.0)
    for _ in range(9):
        hanako.page(_START)
    with under(HAYAMA):
        assert room.look(now()).crowded_at is None
        hanako.page(_START)
        assert room.look(now()).crowded_at is not None
    load._arrivals.clear()


def test_an_operators_word_stands_over_everything(hanako: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(*words: str) -> str:
        answer = CliRunner().invoke(waiting, [HAYAMA, *words])
        assert answer.exit_code == 0, answer.output
        return answer.output

    assert "つねに順番待ち" in told("on")
    with under(HAYAMA):
        WaitingRoom.objects.update(credit=-1_000, waiting=1, at=now())
    assert position(Visitor()) == 1
    assert "順番待ちなし" in told("off")
    assert position(Visitor()) is None
    assert "順番待ちなし" in told()
    assert CliRunner().invoke(waiting, ["12"]).exit_code == 1
