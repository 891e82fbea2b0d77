"""The surveyors' tablet: a list taken out, results written without a network, kept once when they come back."""

import json
import os
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.casework.cast import HAYAMA, TARO, Desk, Receive, World
from tests.casework.test_desk import signed_in
from tests.casework.test_in_browser import browser, enter  # noqa: F401 - a fixture
from tests.casework.test_survey import applied, disaster, planned, rule_says  # noqa: F401 - a fixture
from yakuba.base.clock import now, today
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.casework.models import Disaster, SurveyCheckout, SurveyResult, SurveyVisit
from yakuba.casework.survey import field

SHOTS = os.environ.get("YAKUBA_SCREENSHOTS", "")


@pytest.fixture
def visit(world: World, receive: Receive, desk: Desk, disaster: Disaster) -> SurveyVisit:  # noqa: F811
    """Kenta's and Taro's application about one house, on today's list of 堀内1班."""
    applied(world, receive, disaster)
    applied(world, receive, disaster, TARO)
    return planned(desk, disaster)


def taken_out(desk: Desk, visit: SurveyVisit) -> dict[str, Any]:
    answer = signed_in(desk.intake).post(reverse("casework:survey:field_checkout"), {"team": visit.team_id})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def sent(desk: Desk, checkout: str, *entries: dict[str, Any]) -> list[dict[str, str]]:
    body = json.dumps({"checkout": checkout, "entries": entries})
    answer = signed_in(desk.intake).post(
        reverse("casework:survey:field_upload"), body, content_type="application/json"
    )
    assert answer.status_code == 200, answer.content.decode()
    found: list[dict[str, str]] = answer.json()["answers"]
    return found


def entry(visit: SurveyVisit, **changed: Any) -> dict[str, Any]:
    return {
        "id": str(uuid7()), "visit": str(visit.pk), "percent": 44, "surveyed_on": today().isoformat(),
        "photos": "IMG_1.jpg 屋根", "note": "", **changed,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_list_holds_addresses_and_family_names_and_nothing_else_of_a_person(
    desk: Desk, visit: SurveyVisit
) -> None:
    taken = taken_out(desk, visit)
    assert [set(one) for one in taken["houses"]] == [{"visit", "address", "families", "method"}]
    assert taken["houses"][0]["families"] == ["葉山", "逗子"]
    assert "健太" not in json.dumps(taken, ensure_ascii=False)


@pytest.mark.django_db
def test_an_entry_whose_answer_was_lost_is_sent_again_and_kept_once(desk: Desk, visit: SurveyVisit) -> None:
    checkout, one = taken_out(desk, visit)["id"], entry(visit)
    assert [sent(desk, checkout, one)[0]["state"] for _ in range(2)] == ["accepted", "accepted"]
    with under(HAYAMA):
        assert SurveyResult.objects.count() == 1


@pytest.mark.django_db
def test_two_tablets_with_different_results_of_one_house_are_for_a_person_to_compare(
    desk: Desk, visit: SurveyVisit
) -> None:
    first, second = (taken_out(desk, visit)["id"] for _ in range(2))
    assert sent(desk, first, entry(visit))[0]["state"] == "accepted"
    assert sent(desk, second, entry(visit, percent=8))[0]["state"] == "waiting"
    with under(HAYAMA):
        assert SurveyResult.objects.get(state="accepted").percent == 44


@pytest.mark.django_db
def test_one_refused_entry_keeps_no_other_from_arriving(desk: Desk, visit: SurveyVisit) -> None:
    checkout = taken_out(desk, visit)["id"]
    states = [
        one["state"]
        for one in sent(
            desk, checkout, entry(visit, percent="many"), entry(visit) | {"visit": str(uuid7())}, entry(visit)
        )
    ]
    assert states == ["refused", "refused", "accepted"]


@pytest.mark.django_db
def test_nothing_is_taken_from_a_lost_tablet_but_from_an_expired_one_it_is(
    desk: Desk, visit: SurveyVisit
) -> None:
    lost, late = (taken_out(desk, visit)["id"] for _ in range(2))
    client = signed_in(desk.reviewer)
    for _ in range(2):
        assert client.post(reverse("casework:survey:checkout_end", args=[lost])).status_code == 302
    with under(HAYAMA):
        SurveyCheckout.objects.filter(pk=late).update(expires_at=now() - timedelta(hours=1))
    assert sent(desk, lost, entry(visit))[0]["state"] == "refused"
    assert sent(desk, late, entry(visit))[0]["state"] == "accepted"
    shown = client.get(reverse("casework:survey:day_list", args=[visit.team_id])).content.decode()
    assert "審査 次郎が" in shown
    assert "期限切れ" in shown


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["", "[]", '{"entries": 1}', json.dumps({"entries": [1] * 201})])
def test_what_cannot_be_read_is_refused_in_words(desk: Desk, body: str) -> None:
    address = reverse("casework:survey:field_upload")
    answer = signed_in(desk.intake).post(address, body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["words"]


@pytest.mark.django_db
def test_the_page_the_browser_keeps_holds_nobodys_data_and_its_worker_own_files_only(
    desk: Desk, visit: SurveyVisit
) -> None:
    client = signed_in(desk.intake)
    page = client.get(reverse("casework:survey:field"))
    assert "葉山" not in page.content.decode()
    assert "csrfmiddlewaretoken" not in page.content.decode()
    assert "script-src 'self';" in page["Content-Security-Policy"]
    worker = client.get(reverse("casework:survey:field_worker"))
    assert worker["Content-Type"].startswith("text/javascript")
    assert "http" not in worker.content.decode()
    assert signed_in(desk.approver).get(reverse("casework:survey:field")).status_code == 403


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_result_written_without_a_network_is_sealed_on_the_tablet_and_arrives_once_afterwards(
    browser: Browser,  # noqa: F811
    live_server: LiveServer,
    desk: Desk,
    disaster: Disaster,  # noqa: F811
    visit: SurveyVisit,
) -> None:
    context = browser.new_context(
        locale="ja-JP", base_url=live_server.url + "/casework/", viewport={"width": 800, "height": 1100}
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    enter(page, "hanako")
    page.goto("survey/field/")
    page.get_by_label("暗証番号を決める").fill("48151623")
    page.get_by_role("button", name="今日の一覧を持ち出す").click()
    expect(page.get_by_text("葉山、逗子")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    context.set_offline(True)
    page.reload()
    page.get_by_label("持ち出したときに決めた暗証番号").fill("00000000")
    page.get_by_role("button", name="開く").click()
    expect(page.get_by_text("暗証番号が違います")).to_be_visible()
    page.get_by_label("持ち出したときに決めた暗証番号").fill("48151623")
    page.get_by_role("button", name="開く").click()
    page.get_by_role("button", name="の結果を書く").click()
    page.get_by_label("損害割合").fill("3１")
    page.get_by_label("写真の名前とメモ").fill("IMG_7.jpg 北の壁")
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/field-entry.png", full_page=True)
    page.get_by_role("button", name="この端末に書きとめる").click()
    expect(page.get_by_text("31%(未送信)")).to_be_visible()
    kept = page.evaluate(
        """async () => { const all = [await Kept.list(), ...await Kept.entries()];
        return all.map(one => JSON.stringify(one, (_, v) => v instanceof ArrayBuffer
            ? new TextDecoder().decode(v) : v)).join() }"""
    )
    assert "堀内" not in kept
    assert "北の壁" not in kept
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/field-list.png", full_page=True)
    context.set_offline(False)
    expect(page.get_by_text("1件の結果を送りました")).to_be_visible()
    expect(page.get_by_text("まだ送っていない結果: 0件")).to_be_visible()
    if SHOTS:
        for name, path in (
            ("house", f"houses/{visit.house_id}"), ("day", f"teams/{visit.team_id}"),
            ("progress", f"disasters/{disaster.pk}"),
        ):  # fmt: skip
            page.goto(f"survey/{path}")
            page.screenshot(path=f"{SHOTS}/survey-{name}.png", full_page=True)
    context.close()
    with under(HAYAMA):
        found = SurveyResult.objects.get()
        assert (found.percent, found.photos) == (31, [{"name": "IMG_7.jpg", "note": "北の壁"}])
        cases = [link.case for link in visit.house.cases.select_related("case")]
    assert {rule_says(case).results["damage_class"] for case in cases} == {"medium_half"}


def test_a_list_is_out_for_one_working_day() -> None:
    assert timedelta(hours=8) < field.LASTS < timedelta(hours=24)
