"""What the town tells a form, what it publishes, and what happens by itself as days pass."""

import shutil
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.casework.cast import (
    HAYAMA,
    KENTA,
    MISAKI,
    NINOMIYA,
    Desk,
    Draft,
    Receive,
    World,
    born,
    event,
    message,
    record_card,
)
from tests.casework.test_desk import fresh, page, press, signed_in
from yakuba.base.clock import now, today
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.casework import clock_rules, messages, municipal, queue, tasks
from yakuba.casework.models import Case, Disaster, PrefillAnswer, ProcedureSetting, UnreadableMessage
from yakuba.casework.procedure_desk import desk_of
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.procedures import registry
from yakuba.procedures.known import known_items
from yakuba.procedures.prefill import prefill_items
from yakuba.registers.models import CardCertificate

pytestmark = pytest.mark.django_db


def sent(kind: str, municipality: str = HAYAMA) -> list[dict[str, Any]]:
    with under(municipality):
        rows = OutboxMessage.objects.filter(kind=kind).order_by("posted_at", "id")
        return [read_envelope(bytes(row.document)).body for row in rows]


def ask(world: World, **changed: Any) -> dict[str, Any]:
    """Kenta's form asks what the town knows."""
    issued = world.card(KENTA).auth
    body = {
        "request_id": str(uuid7()),
        "procedure": "jidou-teate-nintei",
        "items": [
            *prefill_items(registry.procedure("jidou-teate-nintei")),
            "juki.household_number",
            "juminzei.total_income",
        ],
        "certificate": {"issuer_key_id": issued.issuer_key_id, "serial": issued.serial, "kind": "auth"},
        "draft_id": str(uuid.uuid4()),
        **changed,
    }
    with under(HAYAMA):
        messages.prefill_requested(message("prefill.requested", body))
    return body


# -- prefill ----------------------------------------------------------------------------------------


def test_a_form_learns_what_it_needs_of_the_person_and_the_household(world: World) -> None:
    asked = ask(world)
    (answer,) = sent("prefill.answered")
    assert (answer["request_id"], answer["draft_id"], answer["found"]) == (
        asked["request_id"],
        asked["draft_id"],
        True,
    )
    assert answer["values"]["juki.name"] == "葉山 健太"
    assert {one["juki.name"] for one in answer["household"]} == {"葉山 美咲", "葉山 陽菜"}
    assert "juki.address" not in answer["household"][0]


def test_a_form_learns_nothing_it_has_no_field_for(world: World) -> None:
    ask(world)
    (answer,) = sent("prefill.answered")
    assert not {"juki.household_number", "juminzei.total_income"} & set(answer["values"])
    assert set(answer["values"]) <= set(prefill_items(registry.procedure("jidou-teate-nintei")))


def test_asked_about_a_life_events_procedures_together_it_says_what_their_definitions_name(
    world: World,
) -> None:
    together = ["jidou-teate-nintei", "hoiku-moushikomi", "no-such"]
    named = {
        item
        for one in together[:2]
        for item in (*prefill_items(registry.procedure(one)), *known_items(registry.procedure(one)))
    }
    ask(world, procedures=together, items=[*named, "kaigo_hoken.care_level"])
    (answer,) = sent("prefill.answered")
    assert set(answer["values"]) <= named
    assert {one["juki.birth_date"] for one in answer["household"]} == {"1996-02-09", born().isoformat()}


@pytest.mark.parametrize("trouble", ["unknown", "lapsed", "doubled", "no_such_procedure"])
def test_in_any_doubt_the_town_says_nothing(world: World, trouble: str) -> None:
    with under(HAYAMA):
        if trouble == "unknown":
            CardCertificate.objects.all().delete()
        elif trouble == "lapsed":
            CardCertificate.objects.filter(atena_number=KENTA).update(state="lapsed")
        elif trouble == "doubled":
            record_card(world, MISAKI, of=KENTA)
    ask(world, **({"procedure": "no-such"} if trouble == "no_such_procedure" else {}))
    (answer,) = sent("prefill.answered")
    assert (answer["found"], answer["values"], answer["household"]) == (False, {}, [])


def test_who_asked_for_what_is_kept_but_not_the_values_and_asked_twice_is_answered_once(world: World) -> None:
    asked = ask(world)
    ask(world, request_id=asked["request_id"])
    assert len(sent("prefill.answered")) == 1
    with under(HAYAMA):
        kept = PrefillAnswer.objects.get()
    assert (kept.atena_number, kept.found) == (KENTA, True)
    assert "葉山" not in str(kept.__dict__)


def test_a_malformed_request_is_kept_for_people(world: World) -> None:
    with under(HAYAMA):
        messages.prefill_requested(message("prefill.requested", {"request_id": "x"}))
        assert UnreadableMessage.objects.get().kind == "prefill.requested"


# -- settings ---------------------------------------------------------------------------------------


def test_a_declared_disaster_is_published_and_its_end_can_be_moved(desk: Desk) -> None:
    client = signed_in(desk.admin)
    begins, ends = today(), today() + timedelta(days=90)
    posted = {"name": "令和8年台風第19号(演習)", "declared_on": begins.isoformat(), "until": ends.isoformat()}
    assert client.post(reverse("casework:settings"), posted).status_code == 302
    with under(HAYAMA):
        disaster = Disaster.objects.get()
    later = (ends + timedelta(days=30)).isoformat()
    client.post(reverse("casework:disaster_end", args=[disaster.pk]), {"until": later})
    assert [body["disasters"][0]["until"] for body in sent("settings.published")] == [ends.isoformat(), later]
    backwards = {**posted, "until": (begins - timedelta(days=1)).isoformat()}
    assert client.post(reverse("casework:settings"), backwards).status_code == 422


def test_the_portal_is_told_whether_people_wait_by_turns_for_a_disaster(desk: Desk) -> None:
    client, until = signed_in(desk.admin), (today() + timedelta(days=90)).isoformat()
    posted = {
        "name": "令和8年台風第19号(演習)",
        "declared_on": today().isoformat(),
        "until": until,
        "waiting": "on",
    }
    client.post(reverse("casework:settings"), posted)
    with under(HAYAMA):
        disaster = Disaster.objects.get()
    assert 'name="waiting" checked' in client.get(reverse("casework:settings")).content.decode()
    client.post(reverse("casework:disaster_end", args=[disaster.pk]), {"until": until})
    assert [body["disasters"][0]["waiting"] for body in sent("settings.published")] == [True, False]


def test_the_demo_settings_open_every_procedure_and_are_made_once(desk: Desk) -> None:
    call_command("desk_settings", HAYAMA)
    with under(HAYAMA):
        before = ProcedureSetting.objects.count()
        municipal.begin_with_examples(HAYAMA, today(), now(), event())
        assert ProcedureSetting.objects.count() == before == len(registry.all_procedures(today()))
    assert all(one["open"] for one in sent("settings.published")[0]["procedures"].values())


# -- by itself --------------------------------------------------------------------------------------


def test_a_limit_that_comes_near_and_passes_is_marked_and_a_pause_takes_the_mark_away(
    world: World, desk: Desk, receive: Receive
) -> None:
    case = receive(Draft(world).envelope())
    assert case.due is not None
    marks = []
    for day in (
        case.due - timedelta(days=9),
        case.due - timedelta(days=5),
        case.due,
        case.due + timedelta(days=1),
    ):
        tasks.mark_clocks(HAYAMA, day)
        marks.append(fresh(case).clock_flag)
    assert marks == ["", "due_soon", "due_soon", "overdue"]
    assert tasks.mark_clocks(HAYAMA, case.due + timedelta(days=1)) == 0  # nothing to write the second time
    with under(HAYAMA):
        Case.objects.filter(pk=case.pk).update(clock_paused_on=today())
    tasks.mark_clocks(HAYAMA, case.due + timedelta(days=1))
    assert fresh(case).clock_flag == ""
    assert tasks.sweep_clocks.func(timestamp=0) >= 0


def test_a_correction_pauses_the_clock_only_where_the_law_says_so() -> None:
    assert clock_rules.pause_rule(desk_of("jidou-teate-nintei").pauses, today()).pauses
    assert not clock_rules.pause_rule(
        desk_of("kaigo-nintei").pauses, today()
    ).pauses  # 介護保険法第27条第11項
    assert clock_rules.pause_rule((), today()) is clock_rules.NO_RULE


def test_days_of_a_pause_are_added_to_the_limit(world: World, desk: Desk, receive: Receive) -> None:
    case = receive(Draft(world).envelope())
    client = signed_in(desk.reviewer)
    press(client, case, "take")
    press(
        client,
        case,
        "correction",
        message="書き直してください",
        due=(today() + timedelta(days=14)).isoformat(),
    )
    with under(HAYAMA):
        Case.objects.filter(pk=case.pk).update(clock_paused_on=today() - timedelta(days=6))
    press(client, case, "stop_waiting", note="電話で確認できた")
    assert case.due is not None
    assert (fresh(case).due, fresh(case).clock_paused_on) == (case.due + timedelta(days=6), None)


def test_what_could_not_be_told_is_settled_once_the_list_is_there(
    world: World, receive: Receive, settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(world.folder / "roots", tmp_path / "roots")
    (tmp_path / "crls").mkdir()
    settings.YAKUBA_TRUST = str(tmp_path)
    case = receive(Draft(world).envelope())
    assert case.manual_reason == "could_not_tell"
    assert _waiting_for_revocation() == "1"
    assert tasks.settle_unknown(HAYAMA) == 0
    settings.YAKUBA_TRUST = str(world.folder)
    assert tasks.settle_unknown(HAYAMA) == 1
    settled = fresh(case)
    assert (settled.status, settled.atena_number, settled.verdict_outcome) == ("received", KENTA, "good")
    assert _waiting_for_revocation() == "0"


def _waiting_for_revocation() -> str:
    with under(HAYAMA):
        return queue.counts(HAYAMA, uuid.uuid4())["revocation"]


def test_a_bad_verdict_is_final(world: World, desk: Desk, receive: Receive) -> None:
    case = receive(Draft(world).envelope(signature=b"x"))
    assert tasks.settle_unknown(HAYAMA) == 0
    assert press(signed_in(desk.intake), case, "verify").status_code == 409
    assert fresh(case).verdict_outcome == "bad"


def test_a_message_nobody_can_read_is_listed_until_somebody_has_seen_to_it(world: World, desk: Desk) -> None:
    with under(HAYAMA):
        messages.application_submitted(message("application.submitted", {"application": []}))
        kept = UnreadableMessage.objects.get()
    client = signed_in(desk.intake)
    assert "本文に申請" in page(client, "unreadable")
    client.post(reverse("casework:unreadable_close", args=[kept.pk]))
    assert "対応済み" in page(client, "unreadable")
    assert "本文に申請" not in page(signed_in(desk.elsewhere), "unreadable")


def test_the_terminal_makes_the_first_administrator(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("desk_staff", "add", HAYAMA, "kanri", "管理 一郎", "--role=admin")
    assert "最初のパスワード" in capsys.readouterr().out
    with pytest.raises(CommandError, match="すでに使われています"):
        call_command("desk_staff", "add", NINOMIYA, "kanri", "別人", "--role=admin")
    call_command("desk_staff", "reset", "kanri")
    with pytest.raises(CommandError):
        call_command("desk_staff", "reset", "nobody")
