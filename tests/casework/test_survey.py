"""Surveys of damaged dwellings (被害認定調査): one house for all in it, its result decides through the rule that was there."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.casework.cast import ADDRESS, HAYAMA, KENTA, NINOMIYA, TARO, Desk, Draft, Receive, World
from tests.casework.test_aid_seats import holder, seat  # noqa: F401 - a fixture
from tests.casework.test_desk import fresh, press, signed_in
from tests.casework.test_procedures import version
from yakuba.audit.models import AuditRecord
from yakuba.base.clock import now, today
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.casework import rulings, steps, tasks
from yakuba.casework.errors import Incomplete, NotNow
from yakuba.casework.models import Case, Disaster, SurveyHouse, SurveyResult, SurveyTeam, SurveyVisit
from yakuba.casework.staff.models import AidSeat
from yakuba.casework.survey import houses, progress, rounds
from yakuba.procedures import registry

pytestmark = pytest.mark.django_db
RISAI = "risai-shoumei"
PEOPLE = {KENTA: ("葉山　健太", "1995-06-18"), TARO: ("逗子　太郎", "1980-01-01")}


@pytest.fixture
def disaster(db: None) -> Disaster:
    with under(HAYAMA):
        return Disaster.objects.create(
            municipality=HAYAMA, id=uuid7(), name="令和8年台風第21号", declared_on=today() - timedelta(days=3),
            until=today() + timedelta(days=90),
        )  # fmt: skip


def applied(
    world: World,
    receive: Receive,
    disaster: Disaster,
    who: str = KENTA,
    address: str = ADDRESS,
    **changed: Any,
) -> Case:
    """The person's application for a certificate, about the house they live in."""
    example = next(one for one in registry.procedure(RISAI).examples)
    name, birth = PEOPLE[who]
    own = {
        "disaster": str(disaster.id), "applicant_name": {"name": name, "kana": ""}, "applicant_birth_date": birth,
        "applicant_address": {"postal_code": "2400112", "address": address}, "damaged_on": today().isoformat(),
        "wants_self_assessment": False,
    }  # fmt: skip
    said = {**example.answers, **own, **changed}
    draft = Draft(world, signer=who, procedure=RISAI, version=version(RISAI), answers=said, files=())
    world.card(who, name, date.fromisoformat(birth))
    return receive(draft.envelope())


def planned(desk: Desk, disaster: Disaster) -> SurveyVisit:
    """Everything gathered; one team goes to all houses of 堀内 today."""
    client = signed_in(desk.reviewer)
    client.post(reverse("casework:survey:gather", args=[disaster.pk]))
    client.post(reverse("casework:survey:team_add", args=[disaster.pk]), {"name": "堀内1班"})
    with under(HAYAMA):
        team = SurveyTeam.objects.get()
        chosen = [str(one.pk) for one in SurveyHouse.objects.filter(district="堀内")]
    address = reverse("casework:survey:plan", args=[disaster.pk]) + "?district=堀内"
    posted = {"team": team.pk, "day": today().isoformat(), "house": chosen}
    answer = client.post(address, posted)
    assert answer.status_code == 302, answer.content.decode()
    with under(HAYAMA):
        return SurveyVisit.objects.order_by("house__key").first() or pytest.fail("no visit")


def surveyed(client: Client, visit: SurveyVisit, percent: int, **changed: Any) -> Any:
    posted = {"id": uuid7(), "percent": percent, "surveyed_on": today().isoformat(), "photos": "", **changed}
    return client.post(reverse("casework:survey:result", args=[visit.pk]), posted)


def rule_says(case: Case) -> Any:
    with under(HAYAMA):
        found = Case.objects.select_related("document").get(pk=case.pk)
        return rulings.ruling(found, found.document.application, steps.newest(found), today())


@pytest.mark.parametrize(
    ("address", "district"),
    [
        ("神奈川県三浦郡葉山町堀内1234番地5", "堀内"),
        ("三浦郡葉山町一色二丁目3番4号", "一色"),
        ("葉山町長柄１番地", "長柄"),
        ("", houses.UNKNOWN),
        ("123-4", houses.UNKNOWN),
    ],
)
def test_a_house_belongs_to_the_town_name_in_its_address(address: str, district: str) -> None:
    assert houses.district_of(address, "葉山町") == district


@pytest.mark.parametrize(
    "spelled",
    [
        "神奈川県三浦郡葉山町堀内1234番地5", "葉山町堀内１２３４－５", "堀内1234-5", "葉山町大字堀内1234番地の5", "葉山町堀内1234番地 5",
        "葉山町 堀内 1234の5", "三浦郡葉山町堀内１２３４ー５", "葉山町堀内一二三四番地五号", "葉山町堀内1234-5 203号室",
    ],
)  # fmt: skip
def test_spellings_of_one_address_are_one_house(spelled: str) -> None:
    assert houses.house_key(spelled, "葉山町") == "葉山町堀内1234-5"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("一色12丁目3番4号", "一色十二丁目三番四号"),
        ("一色2丁目 3番 4号", "一色二丁目3-4"),
        ("一色20-1コーポ ﾊﾔﾏ101号室", "一色20-1コーポハヤマ 202号室"),
    ],
)
def test_a_chome_in_kanji_and_the_rooms_of_a_building_are_one_house(one: str, other: str) -> None:
    assert houses.house_key(one, "葉山町") == houses.house_key(other, "葉山町")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("堀内1234-5", "堀内12345"),
        ("堀内1234-5", "堀内1234"),
        ("堀内1234-5", "一色1234-5"),
        ("堀内1234-5コーポ1", "堀内1234-5コーポ2"),
        ("堀内1-2-3", "堀内12-3"),
        ("三番町1", "三番町2"),
    ],
)
def test_different_lots_and_buildings_stay_different_houses(one: str, other: str) -> None:
    assert houses.house_key(one, "葉山町") != houses.house_key(other, "葉山町")


def test_no_address_is_no_house() -> None:
    assert houses.house_key("葉山町", "葉山町") == houses.house_key("", "葉山町") == ""


@pytest.mark.parametrize(
    ("name", "family"), [("葉山　健太", "葉山"), ("NGUYEN VAN MINH", "NGUYEN"), ("健太", "健太")]
)
def test_a_list_gives_the_family_name_only(name: str, family: str) -> None:
    assert houses.family_name(name) == family


def test_two_households_in_one_building_share_its_survey_and_the_rule_decides_for_both(
    world: World, receive: Receive, desk: Desk, disaster: Disaster
) -> None:
    first = applied(world, receive, disaster)
    second = applied(world, receive, disaster, TARO, "三浦郡葉山町堀内1234-5")
    visit = planned(desk, disaster)
    with under(HAYAMA):
        assert SurveyHouse.objects.get().cases.count() == 2
    assert surveyed(signed_in(desk.intake), visit, 34, photos="IMG_1.jpg 屋根\nIMG_2.jpg").status_code == 302
    for case in (first, second):
        said = rule_says(case)
        assert said.outcome == "eligible", said
        assert said.results["damage_class"] == "medium_half"
    with under(HAYAMA):
        assert SurveyResult.objects.get().photos == [
            {"name": "IMG_1.jpg", "note": "屋根"}, {"name": "IMG_2.jpg", "note": ""},
        ]  # fmt: skip


def test_rooms_of_one_building_are_one_house_and_no_address_is_nobody_elses_house(
    world: World, receive: Receive, disaster: Disaster
) -> None:
    home = {"postal_code": "2400112", "address": ADDRESS}
    applied(world, receive, disaster, applicant_address={**home, "building": "ハイツ101"})
    applied(world, receive, disaster, TARO, applicant_address={**home, "building": "ハイツ202"})
    applied(world, receive, disaster, same_address=False, damaged_address={})
    applied(world, receive, disaster, TARO, same_address=False, damaged_address={})
    with under(HAYAMA):
        assert houses.gather(disaster) == 4
        assert houses.gather(disaster) == 0
        assert SurveyHouse.objects.count() == 3


def test_an_application_that_comes_after_the_survey_is_told_when_houses_are_gathered(
    world: World, receive: Receive, desk: Desk, disaster: Disaster
) -> None:
    applied(world, receive, disaster)
    surveyed(signed_in(desk.intake), planned(desk, disaster), 12)
    late = applied(world, receive, disaster, TARO)
    assert rule_says(late).outcome == "cannot_tell"
    for _ in range(2):
        signed_in(desk.intake).post(reverse("casework:survey:gather", args=[disaster.pk]))
    assert rule_says(late).results["damage_class"] == "near_half"
    with under(HAYAMA):
        assert late.steps.filter(kind="survey").count() == 1


def test_new_applications_come_on_the_list_by_themselves_and_a_person_tells_them_a_result(
    world: World, receive: Receive, desk: Desk, disaster: Disaster
) -> None:
    applied(world, receive, disaster)
    assert tasks.gather_houses(HAYAMA) == 1
    assert tasks.gather_houses(HAYAMA) == 0
    assert tasks.gather_houses(NINOMIYA) == 0
    with under(HAYAMA):
        assert AuditRecord.objects.filter(action="survey.gathered").count() == 1
    surveyed(signed_in(desk.intake), planned(desk, disaster), 12)
    late = applied(world, receive, disaster, TARO, "堀内1234番地 5")
    assert tasks.gather_houses(HAYAMA) == 1
    assert rule_says(late).outcome == "cannot_tell"
    page = signed_in(desk.reviewer).get(reverse("casework:survey:progress", args=[disaster.pk]))
    assert "調査済みの結果をまだ入れていない申請: <strong>1件</strong>" in page.content.decode()
    signed_in(desk.reviewer).post(reverse("casework:survey:gather", args=[disaster.pk]))
    assert rule_says(late).results["damage_class"] == "near_half"


def test_the_same_entry_sent_twice_is_kept_once(
    world: World, receive: Receive, desk: Desk, disaster: Disaster
) -> None:
    case = applied(world, receive, disaster)
    visit, number = planned(desk, disaster), uuid7()
    for _ in range(2):
        assert surveyed(signed_in(desk.intake), visit, 20, id=number).status_code == 302
    assert surveyed(signed_in(desk.intake), visit, 55, id=number).status_code == 409
    with under(HAYAMA):
        assert SurveyResult.objects.count() == case.steps.count() == 1


def test_a_different_result_of_one_visit_waits_for_a_person_and_overwrites_nothing(
    world: World, receive: Receive, desk: Desk, disaster: Disaster
) -> None:
    case = applied(world, receive, disaster)
    visit, client = planned(desk, disaster), signed_in(desk.reviewer)
    surveyed(client, visit, 30)
    surveyed(client, visit, 30)
    surveyed(client, visit, 52)
    with under(HAYAMA):
        states = list(SurveyResult.objects.order_by("at").values_list("state", flat=True))
        waiting = SurveyResult.objects.get(state="waiting")
    assert states == ["accepted", "set_aside", "waiting"]
    assert rule_says(case).results["damage_class"] == "medium_half"
    shown = client.get(reverse("casework:survey:house", args=[visit.house_id])).content.decode()
    assert "52%を採る" in shown
    judge = reverse("casework:survey:judge", args=[waiting.pk])
    assert signed_in(desk.intake).post(judge, {"take": "new"}).status_code == 403
    assert client.post(judge, {"take": "new"}).status_code == 302
    assert rule_says(case).results["damage_class"] == "total"
    assert client.post(judge, {"take": "old"}).status_code == 409


def test_a_survey_made_again_needs_the_objection_and_its_result_counts(
    world: World, receive: Receive, desk: Desk, disaster: Disaster
) -> None:
    case = applied(world, receive, disaster)
    visit, client = planned(desk, disaster), signed_in(desk.reviewer)
    again = reverse("casework:survey:again", args=[visit.house_id])
    asked = {"team": visit.team_id, "day": today().isoformat(), "method": "second", "objection": "柱の傾き"}
    assert client.post(again, asked).status_code == 409
    surveyed(client, visit, 18)
    assert client.post(again, {**asked, "objection": ""}).status_code == 422
    assert client.post(again, asked).status_code == 302
    with under(HAYAMA):
        second = SurveyVisit.objects.get(method="second")
    surveyed(client, second, 41)
    said = rule_says(case)
    assert (said.results["damage_class"], said.results["method"]) == ("large_half", "second")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"percent": "101"}, "percent"),
        ({"percent": "三割"}, "percent"),
        ({"surveyed_on": "2999-01-01"}, "surveyed_on"),
        ({"id": "1"}, "id"),
        ({"photos": "x.jpg\n" * 61}, "photos"),
    ],
)
def test_an_impossible_entry_says_what_is_right(changed: dict[str, str], field: str) -> None:
    said = {"id": str(uuid7()), "percent": "35", "surveyed_on": "2026-11-01", **changed}
    with pytest.raises(Incomplete) as wrong:
        rounds.entry_from(said, date(2026, 11, 2))
    assert set(wrong.value.problems) == {field}


def test_a_wrong_entry_comes_back_as_it_was_typed(
    world: World, receive: Receive, desk: Desk, disaster: Disaster
) -> None:
    applied(world, receive, disaster)
    answer = surveyed(signed_in(desk.intake), planned(desk, disaster), 350, note="北側の壁")
    assert answer.status_code == 422
    assert "北側の壁" in answer.content.decode()


def test_progress_counts_houses_by_district_and_visits_by_day(
    world: World, receive: Receive, desk: Desk, disaster: Disaster
) -> None:
    first = applied(world, receive, disaster)
    applied(world, receive, disaster, TARO, "神奈川県三浦郡葉山町一色5番地")
    visit = planned(desk, disaster)
    with under(HAYAMA):
        lines = {
            one.name: (one.waiting, one.planned, one.surveyed, one.issued)
            for one in progress.by_district(disaster)
        }
    assert lines == {"一色": (1, 0, 0, 0), "堀内": (1, 1, 0, 0)}
    surveyed(signed_in(desk.intake), visit, 60)
    with under(HAYAMA):
        Case.objects.filter(pk=first.pk).update(status="notice_issued", is_open=False)
        lines = {
            one.name: (one.waiting, one.planned, one.surveyed, one.issued)
            for one in progress.by_district(disaster)
        }
        (day,) = progress.by_day(disaster)
    assert lines == {"一色": (1, 0, 0, 0), "堀内": (0, 0, 0, 1)}
    assert (day["waiting"], day["surveyed"], day["issued"]) == (0, 0, 1)
    shown = signed_in(desk.approver).get(reverse("casework:survey:progress", args=[disaster.pk]))
    assert "堀内1班" in shown.content.decode()


def test_a_lent_seat_surveys_and_an_administrator_sees_no_house(
    world: World,
    receive: Receive,
    desk: Desk,
    disaster: Disaster,
    seat: AidSeat,  # noqa: F811
) -> None:
    case = applied(world, receive, disaster)
    visit = planned(desk, disaster)
    assert surveyed(holder(seat), visit, 10).status_code == 302
    assert rule_says(fresh(case)).results["damage_class"] == "near_half"
    for name, pk in (("progress", disaster.pk), ("house", visit.house_id), ("day_list", visit.team_id)):
        assert holder(seat).get(reverse(f"casework:survey:{name}", args=[pk])).status_code == 200
        assert signed_in(desk.admin).get(reverse(f"casework:survey:{name}", args=[pk])).status_code == 403


def test_a_house_planned_a_moment_ago_by_a_colleague_is_planned_once(
    world: World, receive: Receive, desk: Desk, disaster: Disaster
) -> None:
    applied(world, receive, disaster)
    planned(desk, disaster)
    with under(HAYAMA):
        visit = SurveyVisit.objects.select_related("house", "team").get()
        assert rounds.plan_first([visit.house], visit.team, today(), desk.intake, now()) == 0
        assert SurveyVisit.objects.count() == 1


def test_whoever_looks_at_a_house_or_a_list_is_in_the_audit_log_a_seat_under_its_home_town(
    world: World,
    receive: Receive,
    desk: Desk,
    disaster: Disaster,
    seat: AidSeat,  # noqa: F811
) -> None:
    applied(world, receive, disaster)
    visit = planned(desk, disaster)
    holder(seat).get(reverse("casework:survey:house", args=[visit.house_id]))
    signed_in(desk.intake).get(reverse("casework:survey:day_list", args=[visit.team_id]))
    with under(HAYAMA):
        looked = AuditRecord.objects.filter(action__endswith="_viewed").order_by("sequence")
        found = list(looked.values_list("action", "actor"))
    assert found == [
        ("survey.house_viewed", f"aid:{seat.home}:{seat.staff_id}"),
        ("survey.list_viewed", desk.intake.actor),
    ]


def test_a_case_that_waits_for_its_decision_is_left_alone(
    world: World, receive: Receive, desk: Desk, disaster: Disaster
) -> None:
    case = applied(world, receive, disaster)
    visit = planned(desk, disaster)
    with under(HAYAMA):
        Case.objects.filter(pk=case.pk).update(status="proposed")
    surveyed(signed_in(desk.intake), visit, 33)
    with under(HAYAMA):
        assert not case.steps.exists()
        with pytest.raises(NotNow):
            rounds.judge(SurveyResult.objects.get(), True, desk.reviewer, now())
    assert press(signed_in(desk.reviewer), case, "note", text="調査の結果待ち").status_code == 302
