"""By-laws of applying for somebody by law (法定代理): asked on a button, offered for a day, and typed where the town cannot say."""

from datetime import timedelta
from typing import Any

import pytest

from tests.portal.cast import HAYAMA, Visitor, arrives
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.portal.models import Draft, WardsAsked
from yakuba.portal.services.retention import clean_up

pytestmark = pytest.mark.django_db
UNPAID = "jidou-teate-mibarai"  # 未支払の児童手当: the child claims, by who acts for it
START = f"procedures/{UNPAID}/start/"
CHILD = {
    "name": "葉山 陽菜", "kana": "ハヤマ ヒナ", "birth_date": "2019-05-01", "address": "神奈川県三浦郡葉山町堀内1",
    "kind": "parent",
}  # fmt: skip


def questions() -> list[dict[str, Any]]:
    with under(HAYAMA):
        rows = OutboxMessage.objects.filter(kind="wards.requested").order_by("posted_at", "id")
        return [read_envelope(bytes(row.document)).body for row in rows]


def asked(visitor: Visitor) -> dict[str, Any]:
    visitor.sign_in()
    assert visitor.post(f"procedures/{UNPAID}/wards/").status_code == 302
    return questions()[-1]


def answered(question: dict[str, Any], *people: dict[str, str], found: bool = True) -> None:
    arrives("wards.answered", {"request_id": question["request_id"], "found": found, "people": list(people)})


def test_nothing_is_asked_until_the_button_is_pressed(hanako: Visitor) -> None:
    hanako.sign_in()
    assert "町の記録で確かめる" in hanako.page(START)
    assert questions() == []


def test_before_sign_in_there_is_nobody_to_offer(hanako: Visitor) -> None:
    assert "町の記録で確かめる" not in hanako.page(START)
    assert hanako.post(f"procedures/{UNPAID}/wards/").status_code == 302
    assert questions() == []


def test_a_procedure_that_takes_no_representative_by_law_offers_none(hanako: Visitor) -> None:
    hanako.sign_in()
    assert "町の記録で確かめる" not in hanako.page("procedures/ninshin-todokede/start/")


def test_whom_the_town_names_is_chosen_and_not_typed(hanako: Visitor) -> None:
    question = asked(hanako)
    assert set(question) == {"request_id", "login"}
    assert "町に確かめています" in hanako.page(START)
    answered(question, CHILD)
    shown = hanako.page(START)
    assert "葉山 陽菜" in shown
    assert "親権は町の記録では分からない" in shown
    reply = hanako.post(START, {"role": "proxy_by_law", "ward": "0"})
    assert reply.status_code == 302
    with under(HAYAMA):
        draft = Draft.objects.get()
    assert draft.role == "proxy_by_law"
    assert draft.applicant_for == {key: value for key, value in CHILD.items() if key != "kind"}


@pytest.mark.parametrize("place", ["1", "-1", "x", "", "0x0", "٠"])
def test_a_place_that_is_not_on_the_list_begins_nothing(hanako: Visitor, place: str) -> None:
    answered(asked(hanako), CHILD)
    assert hanako.post(START, {"role": "proxy_by_law", "ward": place}).status_code == 409
    with under(HAYAMA):
        assert not Draft.objects.exists()


def test_the_list_is_the_askers_alone(hanako: Visitor, taro: Visitor) -> None:
    answered(asked(hanako), CHILD)
    taro.sign_in()
    assert "葉山 陽菜" not in taro.page(START)
    assert taro.post(START, {"role": "proxy_by_law", "ward": "0"}).status_code == 409


def test_where_the_town_knows_nobody_one_is_told_how_to_go_on(hanako: Visitor) -> None:
    answered(asked(hanako), found=False)
    shown = hanako.page(START)
    assert "見つかりませんでした" in shown
    assert "登記事項証明書" in shown
    assert "もう一度確かめる" in shown


def test_where_the_town_does_not_answer_one_can_still_begin(hanako: Visitor) -> None:
    asked(hanako)
    with under(HAYAMA):
        WardsAsked.objects.update(asked_at=now() - timedelta(minutes=10))
    assert "いまは町の記録を確かめられません" in hanako.page(START)
    about = {
        "role": "proxy_by_law", "for_name-name": "葉山 陽菜", "for_name-kana": "", "for_birth_date-era": "western",
        "for_birth_date-year": "2019", "for_birth_date-month": "5", "for_birth_date-day": "1",
        "for_address-address": "葉山町堀内1",
    }  # fmt: skip
    assert hanako.post(START, about).status_code == 302


def test_the_button_pressed_twice_asks_once_and_an_old_answer_does_not_count(hanako: Visitor) -> None:
    question = asked(hanako)
    hanako.post(f"procedures/{UNPAID}/wards/")
    assert len(questions()) == 1
    with under(HAYAMA):
        WardsAsked.objects.update(asked_at=now() - timedelta(minutes=10))
    hanako.post(f"procedures/{UNPAID}/wards/")
    assert len(questions()) == 2
    answered(question, CHILD)
    assert "葉山 陽菜" not in hanako.page(START)


def test_the_answer_is_forgotten_after_a_day(hanako: Visitor) -> None:
    answered(asked(hanako), CHILD)
    with under(HAYAMA):
        WardsAsked.objects.update(asked_at=now() - timedelta(hours=25))
    assert "葉山 陽菜" not in hanako.page(START)
    with under(HAYAMA):
        assert clean_up(now())["wards"] == 1
