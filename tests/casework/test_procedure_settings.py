"""How a municipality runs a procedure: typed into a form, looked at first, published, and remembered who changed what."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.casework.cast import HAYAMA, NINOMIYA, Desk, Draft, Receive, World, japan
from tests.casework.test_desk import signed_in
from yakuba.base.clock import today
from yakuba.base.tenancy import under
from yakuba.casework import setting_form
from yakuba.casework.models import MunicipalValue, ProcedureSetting, SettingChange
from yakuba.casework.parameters_here import parameters_here, settable, with_values
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.procedures import registry
from yakuba.procedures.context import Context
from yakuba.procedures.overrides import effective
from yakuba.procedures.rules.parameters import load_parameters
from yakuba.procedures.validation import validate_all

pytestmark = pytest.mark.django_db
RISAI, NURSERY, ALLOWANCE = "risai-shoumei", "hoiku-moushikomi", "jidou-teate-nintei"


def published() -> list[dict[str, Any]]:
    with under(HAYAMA):
        found = [read_envelope(bytes(one.document)) for one in OutboxMessage.objects.order_by("id")]
    return [one.body for one in found if one.kind == "settings.published"]


def form_of(client: Client, procedure: str) -> dict[str, str]:
    """The form as it stands: what a browser would send back unchanged."""
    page = client.get(reverse("casework:setting", args=[procedure])).content.decode()
    page = page[page.index('name="version"') - 100 :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        ticked = ('type="radio"' not in tag and 'type="checkbox"' not in tag) or "checked" in tag
        if name and value and ticked:
            found[name[1]] = value[1]
    return found


def send(client: Client, procedure: str, *, confirm: bool = True, **changed: str) -> Any:
    posted = {
        **form_of(client, procedure),
        **{key.replace("__", "-"): value for key, value in changed.items()},
    }
    return client.post(
        reverse("casework:setting", args=[procedure]),
        posted | ({"confirm": "1"} if confirm else {"preview": "1"}),
    )


def test_a_change_is_shown_before_it_counts_and_then_published_and_remembered(desk: Desk) -> None:
    client = signed_in(desk.admin)
    preview = send(client, RISAI, confirm=False, processing_days="20", open="no")
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "<td>受け付ける</td><td><strong>止める</strong>" in page
    assert "今日: 受け付けません" in page
    assert published() == []
    assert send(client, RISAI, processing_days="20", open="no").status_code == 302
    assert published()[-1]["procedures"][RISAI] == {
        "open": False, "signature": registry.procedure(RISAI).signature, "processing_days": 20,
    }  # fmt: skip
    with under(HAYAMA):
        change = SettingChange.objects.get()
    assert change.by_id == desk.admin.id
    assert ["受付", "受け付ける", "止める"] in change.lines
    history = client.get(reverse("casework:setting", args=[RISAI])).content.decode()
    assert "管理 五郎" in history
    assert "住民に見せる処理期間: 国の定義のまま → <strong>20日</strong>" in history


def test_a_colleagues_change_in_between_is_not_overwritten(desk: Desk) -> None:
    client = signed_in(desk.admin)
    assert send(client, RISAI, processing_days="20").status_code == 302
    assert send(client, RISAI, version="0", processing_days="10").status_code == 409
    with under(HAYAMA):
        assert ProcedureSetting.objects.get().overrides == {"processing_days": 20}


@pytest.mark.parametrize(
    ("procedure", "changed", "says"),
    [
        (RISAI, {"period__0__from": "2026-12-01"}, "始まりと終わりの日を両方"),
        (RISAI, {"period__0__from": "2026-12-25", "period__0__until": "2026-12-01"}, "始まりの日以後"),
        (RISAI, {"processing_days": "二十"}, "例: 30"),
        (RISAI, {"rest": "{"}, "JSON"),
        (RISAI, {"rest": '{"nonsense": 1}'}, "nonsense はここでは使えません"),
        (ALLOWANCE, {"parameter__clock.jidou__teate__nintei": "999"}, "1から180まで"),
        (NURSERY, {"parameter__hoiku.minimum_work_hours": "40"}, "48から64まで"),
        (NURSERY, {"parameter__hoiku.hours.job_search": "long"}, "選択肢から"),
        (NURSERY, {"option__facilities__0__ja": "葉山保育園"}, "英語の名前も"),
    ],
)
def test_what_cannot_be_is_said_in_plain_words_with_a_right_example_and_nothing_is_lost(
    desk: Desk, procedure: str, changed: dict[str, str], says: str
) -> None:
    answer = send(signed_in(desk.admin), procedure, **changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert published() == []
    value = next(iter(changed.values()))
    assert value.replace('"', "&quot;") in page or value in ("long",)


def test_what_national_law_signs_cannot_be_weakened_by_a_made_up_post(desk: Desk) -> None:
    assert send(signed_in(desk.admin), ALLOWANCE, signature="login").status_code == 302
    assert published()[-1]["procedures"][ALLOWANCE]["signature"] == "required"


def test_the_public_account_can_be_made_the_only_one(desk: Desk) -> None:
    assert send(signed_in(desk.admin), ALLOWANCE, public_account="yes").status_code == 302
    ours = effective(registry.procedure(ALLOWANCE), published()[-1]["procedures"][ALLOWANCE])
    example = dict(ours.examples[0].answers)
    context = Context(ours.examples[0].today, "self")
    wrong = validate_all(ours, {**example, "account_choice": "other"}, context)
    assert {one.path.partition("-")[0] for one in wrong} == {"account_choice"}
    assert validate_all(ours, {**example, "account_choice": "public"}, context) == []


def test_a_list_the_town_fills_in_comes_back_as_it_was_typed(desk: Desk) -> None:
    client = signed_in(desk.admin)
    row = {"value": "umi", "ja": "うみ保育園", "en": "Umi Nursery", "easy": "うみ ほいくえん"}
    typed = {f"option__facilities__0__{key}": value for key, value in row.items()}
    assert send(client, NURSERY, **typed).status_code == 302
    options = published()[-1]["procedures"][NURSERY]["options"]["facilities"]
    assert options == [
        {"value": "umi", "label": {"ja": "うみ保育園", "en": "Umi Nursery", "easy": "うみ ほいくえん"}}
    ]
    assert form_of(client, NURSERY)["option-facilities-0-en"] == "Umi Nursery"


def test_a_proxys_role_can_be_closed_and_ones_own_cannot(desk: Desk) -> None:
    client, procedure = signed_in(desk.admin), registry.procedure(RISAI)
    posted = {key: value for key, value in form_of(client, RISAI).items() if not key.startswith("role-")}
    assert (
        client.post(reverse("casework:setting", args=[RISAI]), posted | {"confirm": "1"}).status_code == 302
    )
    first, *others = [one.role for one in procedure.applicants]
    assert published()[-1]["procedures"][RISAI]["roles"] == dict.fromkeys(others, False)
    assert first not in published()[-1]["procedures"][RISAI]["roles"]


def test_the_towns_own_processing_period_is_the_clock_of_new_cases(
    world: World, desk: Desk, receive: Receive
) -> None:
    client = signed_in(desk.admin)
    before = receive(Draft(world).envelope())
    name = "parameter-clock.jidou-teate-nintei"
    posted = {**form_of(client, ALLOWANCE), name: "10", "confirm": "1"}
    assert client.post(reverse("casework:setting", args=[ALLOWANCE]), posted).status_code == 302
    after = receive(Draft(world).envelope())
    began = japan(world.now)
    assert (before.due, after.due) == (began + timedelta(days=30), began + timedelta(days=10))
    with under(HAYAMA):
        kept = MunicipalValue.objects.get()
    assert (kept.name, kept.value, kept.changed_by_id) == ("clock.jidou-teate-nintei", 10, desk.admin.id)
    with under(NINOMIYA):
        assert parameters_here().value("clock.jidou-teate-nintei", today()) == 30
    client.post(
        reverse("casework:setting", args=[ALLOWANCE]),
        {**form_of(client, ALLOWANCE), name: "", "confirm": "1"},
    )
    with under(HAYAMA):
        assert not MunicipalValue.objects.exists()


def test_a_value_the_law_no_longer_allows_counts_for_nothing() -> None:
    found = with_values(
        load_parameters(), {"hoiku.minimum_work_hours": 12, "made.up": 1, "risai.covers_non_dwellings": True}
    )
    assert found.value("hoiku.minimum_work_hours", today()) == 64
    assert found.value("risai.covers_non_dwellings", today()) is True


def test_each_procedure_shows_the_values_left_to_the_town_and_no_others() -> None:
    names = {one.name for one in settable(NURSERY, "hoiku")}
    assert {"hoiku.minimum_work_hours", "hoiku.hours.job_search"} <= names
    assert "hoiku.points.reasons" not in names  # a table: no field
    assert all(one.startswith("hoiku.") or one == f"clock.{NURSERY}" for one in names)


@pytest.mark.parametrize("procedure", [one.id for one in registry.all_procedures(today())])
def test_the_form_keeps_the_example_settings_of_every_procedure(procedure: str) -> None:
    definition = registry.procedure(procedure, as_of=today())
    settings = {k: v for k, v in definition.example_settings.items() if k not in ("open", "signature")}
    settings["options"] = {k: v for k, v in settings.get("options", {}).items() if k != setting_form.DECLARED}
    posted = setting_form.posted_from(definition, settings, {})
    typed = setting_form.read(definition, [], {**posted, "open": "yes", "signature": "required"})
    assert typed.overrides == {key: value for key, value in settings.items() if value}
