"""By-laws of statutory representation (法定代理): what the town's registers show, what they do not, and who is told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.casework.cast import (
    HAYAMA,
    HINA,
    KENTA,
    MISAKI,
    TARO,
    Desk,
    Draft,
    Receive,
    World,
    answers,
    event,
    message,
    settle,
)
from tests.casework.test_desk import page, signed_in
from tests.casework.test_messages_and_tasks import sent
from tests.casework.test_renewals import proof
from yakuba.audit.models import AuditRecord
from yakuba.base.clock import today
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.casework import messages, representation
from yakuba.casework.checked import Outcome
from yakuba.registers import guardianships
from yakuba.registers.models import Resident
from yakuba.registers.people import person

pytestmark = pytest.mark.django_db
LONG_AGO = date(2024, 4, 1)
ORPHAN = "0000000040"


def appoint(ward: str, kind: str, since: date = LONG_AGO) -> None:
    """Taro becomes the guardian of ``ward``."""
    guardianships.appoint(
        ward, kind=kind, guardian_name="逗子　太郎", guardian_address="x", guardian_number=TARO, valid_from=since,
        audit=event(),
    )  # fmt: skip


def found(ward: str, signer: str = TARO, on: date | None = None) -> tuple[Outcome, str]:
    with under(HAYAMA):
        (only,) = representation.judge([person(signer)], person(ward), on or today())
    return only.outcome, only.words


def orphan(age: int) -> None:
    born = date(today().year - age, 1, 1)
    settle(ORPHAN, "森戸　一郎", "モリト　イチロウ", born, household=ORPHAN)


def test_a_registered_guardian_of_an_adult_represents_in_full(world: World) -> None:
    with under(HAYAMA):
        appoint(MISAKI, "guardian")
        assert representation.in_full(TARO, today()) == {MISAKI}
    assert found(MISAKI) == ("good", "成年後見人として2024年4月1日から登録があります(民法859条)。")


@pytest.mark.parametrize("kind", ["curator", "assistant"])
def test_a_curator_or_assistant_represents_only_where_the_court_says_so(world: World, kind: str) -> None:
    with under(HAYAMA):
        appoint(MISAKI, kind)
        assert representation.in_full(TARO, today()) == frozenset(), "never by rule"
        assert [one.kind for one in representation.ties(TARO, today())] == [kind]
    outcome, words = found(MISAKI)
    assert outcome == "unknown"
    assert "876条の4" in words


def test_a_guardianship_that_has_ended_or_not_begun_gives_no_power(world: World) -> None:
    with under(HAYAMA):
        appoint(MISAKI, "guardian")
        guardianships.end(MISAKI, begun=LONG_AGO, last_day=date(2025, 3, 31), audit=event())
        assert representation.in_full(TARO, today()) == frozenset()
    assert found(MISAKI) == ("bad", "成年後見人の登録は2025年3月31日に終わっています。")
    assert found(MISAKI, on=date(2025, 3, 31))[0] == "good", "the last day is included"
    assert found(MISAKI, on=date(2024, 3, 31))[0] == "bad"


def test_the_guardian_of_a_minor_represents_until_the_ward_is_of_age(world: World) -> None:
    with under(HAYAMA):
        orphan(10)
        appoint(ORPHAN, "minor")
        assert representation.in_full(TARO, today()) == {ORPHAN}
        born = person(ORPHAN).birth.exact
        assert born
    of_age = date(born.year + 18, 1, 1) - timedelta(
        days=1
    )  # 年齢計算ニ関スル法律: the day before the birthday
    assert found(ORPHAN, on=of_age - timedelta(days=1))[0] == "good"
    outcome, words = found(ORPHAN, on=of_age)
    assert outcome == "bad"
    assert "民法4条" in words
    with under(HAYAMA):
        assert representation.in_full(TARO, of_age) == frozenset()


def test_a_child_of_the_households_head_is_offered_and_never_taken_by_rule(world: World) -> None:
    with under(HAYAMA):
        assert [(one.ward.atena_number, one.kind) for one in representation.ties(KENTA, today())] == [
            (HINA, "parent")
        ]
        assert representation.in_full(KENTA, today()) == frozenset()
        assert representation.ties(MISAKI, today()) == [], (
            "the wife: the register says whose child of the head"
        )
    outcome, words = found(HINA, KENTA)
    assert outcome == "unknown"
    assert "戸籍謄本" in words


def test_a_child_who_is_of_age_is_nobodys_ward(world: World) -> None:
    with under(HAYAMA):
        Resident.objects.filter(atena_number=HINA).update(birth="2001-05-05")
        assert representation.ties(KENTA, today()) == []
    assert "登記事項証明書" in found(HINA, KENTA)[1]


def test_a_stranger_to_a_minor_must_show_the_family_register(world: World) -> None:
    outcome, words = found(HINA, TARO)
    assert outcome == "unknown"
    assert "民法818条・838条" in words


def test_whom_the_register_does_not_know_is_for_a_clerk(world: World) -> None:
    with under(HAYAMA):
        (outside,) = representation.judge([], person(MISAKI), today())
        (nobody,) = representation.judge([person(TARO)], None, today())
    assert (outside.outcome, nobody.outcome) == ("unknown", "unknown")


def by_law(world: World) -> Draft:
    said = answers()
    draft = Draft(world, signer=TARO, role="proxy_by_law", answers=said)
    return replace(draft, applicant_for={"name": "葉山　健太", "birth_date": "1995-06-18"})


@pytest.mark.parametrize(("kind", "identified"), [("guardian", True), ("curator", False), (None, False)])
def test_an_application_by_law_is_identified_by_rule_only_with_full_power(
    world: World, receive: Receive, desk: Desk, kind: str | None, identified: bool
) -> None:
    with under(HAYAMA):
        if kind:
            appoint(KENTA, kind)
    case = receive(by_law(world).envelope())
    assert case.identified == identified, case.manual_reason
    assert identified or case.manual_reason == "guardianship_not_found"
    shown = page(signed_in(desk.reviewer), "case", case.pk)
    assert "法定代理(親権者・後見人など)" in shown
    assert ("民法859条" in shown) == identified


def ask(login: Any) -> dict[str, Any]:
    body = {"request_id": str(uuid7()), "login": login}
    with under(HAYAMA):
        messages.wards_requested(message("wards.requested", body))
    answer = sent("wards.answered", HAYAMA)[-1]
    assert answer["request_id"] == body["request_id"]
    return answer


def test_who_proves_their_sign_in_is_told_whom_they_act_for(world: World) -> None:
    with under(HAYAMA):
        appoint(MISAKI, "guardian")
    told = ask(proof(world.card(TARO).auth))
    assert told["found"] is True
    (ward,) = told["people"]
    assert set(ward) <= {"name", "kana", "birth_date", "address", "kind"}, "no number leaves the zone"
    assert (ward["name"], ward["birth_date"], ward["kind"]) == ("葉山　美咲", "1996-02-09", "guardian")
    with under(HAYAMA):
        facts = AuditRecord.objects.filter(action="wards.answered").latest("sequence").facts
    assert "葉山" not in str(facts)


@pytest.mark.parametrize("spoil", ["signature", "challenge", "certificate"])
def test_a_sign_in_that_is_not_proven_is_told_nothing(world: World, spoil: str) -> None:
    with under(HAYAMA):
        appoint(MISAKI, "guardian")
    login = proof(world.card(TARO).auth) | {spoil: "AAAA"}
    told = ask(login)
    assert (told["found"], told["people"]) == (False, [])
