"""Each of the four procedures goes its whole way on the desk: example application, steps, decision, register, notice."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from tests.casework.cast import (
    ADDRESS,
    HAYAMA,
    HINA,
    KENTA,
    TARO,
    Desk,
    Draft,
    Receive,
    World,
    event,
    record_card,
    settle,
)
from tests.casework.test_desk import fresh, page, press, signed_in
from yakuba.base.clock import now, today
from yakuba.base.tenancy import under
from yakuba.casework import municipal
from yakuba.casework.models import Case, Disaster
from yakuba.casework.notices import making
from yakuba.casework.notices.keys import make_notice_keys
from yakuba.casework.notices.models import Notice
from yakuba.procedures import registry
from yakuba.procedures.rules.registry import rules
from yakuba.registers import entries
from yakuba.registers.entries import Effect
from yakuba.registers.models import Resident

pytestmark = pytest.mark.django_db

INSURED, MOTHER, CHILD = "0000000021", "0000000022", "0000000023"


def example(procedure: str, name: str) -> Any:
    return next(one for one in registry.procedure(procedure).examples if one.id == name)


def version(procedure: str) -> str:
    return registry.procedure(procedure, as_of=today()).version


def decided(case: Case, desk: Desk) -> Notice:
    """Propose what the rule says; another decides."""
    reviewer = signed_in(desk.reviewer)
    answer = press(reviewer, case, "propose", outcome="granted", reasons=["0", "1", "2", "3", "4", "5"])
    assert answer.status_code == 302, answer.content.decode()
    answer = press(signed_in(desk.approver), case, "decide")
    assert answer.status_code == 302, answer.content.decode()
    with under(case.municipality):
        return Notice.objects.get(case_id=case.pk)


def test_every_procedure_with_a_definition_has_its_rule() -> None:
    assert {one.id for one in registry.all_procedures(today())} == set(rules())


def disaster_case(world: World, receive: Receive) -> tuple[Case, Disaster]:
    with under(HAYAMA):
        disaster = municipal.declare(
            HAYAMA,
            "令和8年台風第19号(演習)",
            today() - timedelta(days=9),
            today() + timedelta(days=90),
            now(),
            event(),
        )
    said = dict(example("risai-shoumei", "flooded_tenant").answers)
    own = {
        "disaster": str(disaster.id), "damaged_on": (today() - timedelta(days=8)).isoformat(),
        "applicant_name": {"name": "葉山　健太", "kana": "ハヤマ ケンタ"}, "applicant_birth_date": "1995-06-18",
        "applicant_address": {"postal_code": "2400112", "address": ADDRESS},
    }  # fmt: skip
    draft = Draft(
        world, answers={**said, **own}, files=(), procedure="risai-shoumei", version=version("risai-shoumei")
    )
    return receive(draft.envelope()), disaster


def test_a_disaster_certificate_states_the_class_of_the_survey(
    world: World, receive: Receive, desk: Desk
) -> None:
    case, disaster = disaster_case(world, receive)
    reviewer = signed_in(desk.reviewer)
    press(reviewer, case, "take")
    assert "被害認定調査" in page(reviewer, "case", case.pk)
    wrong = press(
        reviewer, case, "step", "survey", done_on=today().isoformat(), percent="140", method="first"
    )
    assert wrong.status_code == 422
    assert "0から100まで" in wrong.content.decode()
    assert 'value="140"' in wrong.content.decode()  # nothing typed is lost
    for kind, posted in (
        ("survey", {"percent": "32", "method": "first"}),
        ("place", {"in_town": "yes", "is_dwelling": "yes"}),
    ):
        assert press(reviewer, case, "step", kind, done_on=today().isoformat(), **posted).status_code == 302
    notice = decided(case, desk)
    with under(HAYAMA):
        entry = entries.current("hisaisha", KENTA, today())
    assert entry is not None
    assert (entry.items["damage_class"], entry.items["disaster"]) == ("medium_half", str(disaster.id))
    assert notice.kind == "disaster_certificate"


def care_case(world: World, receive: Receive) -> Case:
    said = dict(example("kaigo-nintei", "self_at_home").answers)
    written = said["insured_name"]["name"]
    born = date.fromisoformat(said["insured_birth_date"])
    with under(HAYAMA):
        settle(INSURED, written, said["insured_name"].get("kana", "カナ"), born, household=INSURED)
        world.card(INSURED)
        record_card(world, INSURED)
    draft = Draft(
        world,
        signer=INSURED,
        answers=said,
        files=(),
        procedure="kaigo-nintei",
        version=version("kaigo-nintei"),
    )
    return receive(draft.envelope())


def test_care_need_waits_for_survey_opinion_and_board_and_then_is_certified(
    world: World, receive: Receive, desk: Desk
) -> None:
    case = care_case(world, receive)
    assert case.atena_number == INSURED, case.manual_reason
    assert case.due == today() + timedelta(days=30)  # 介護保険法第27条第11項
    reviewer = signed_in(desk.reviewer)
    press(reviewer, case, "take")
    assert "人の判断が必要" in page(reviewer, "case", case.pk)
    for kind, posted in (
        ("insured", {"insured_here": "yes", "has_medical_insurance": "yes"}),
        ("survey", {"surveyor": "調査 員子"}),
        ("opinion", {"doctor": "葉山医院"}),
        ("board", {"level": "care_2", "months": "6"}),
    ):
        assert press(reviewer, case, "step", kind, done_on=today().isoformat(), **posted).status_code == 302
    assert "要介護2" in page(reviewer, "case", case.pk)
    notice = decided(case, desk)
    with under(HAYAMA):
        entry = entries.current("kaigo_hoken", INSURED, today())
    assert entry is not None
    assert (entry.items["care_level"], entry.items["status"]) == ("care_2", "certified")
    assert notice.kind == "care_need_result"


def test_a_notice_of_postponement_moves_the_limit_and_only_forward(
    world: World, receive: Receive, desk: Desk
) -> None:
    case = care_case(world, receive)
    reviewer = signed_in(desk.reviewer)
    press(reviewer, case, "take")
    assert case.due is not None
    posted = {"done_on": today().isoformat(), "reason": "主治医意見書を待っているため"}
    early = press(reviewer, case, "step", "postponement", until=case.due.isoformat(), **posted)
    assert early.status_code == 422
    until = case.due + timedelta(days=20)
    assert press(reviewer, case, "step", "postponement", until=until.isoformat(), **posted).status_code == 302
    assert fresh(case).due == until


def test_childcare_is_certified_for_each_child_with_points_shown(
    world: World, receive: Receive, desk: Desk
) -> None:
    chosen = registry.procedure("hoiku-moushikomi").examples[0]
    said = dict(chosen.answers)
    with under(HAYAMA):
        municipal.begin_with_examples(HAYAMA, today(), now(), event())
        for number, one in enumerate([*said["guardians"], *said["children"]]):
            born = date.fromisoformat(one["birth_date"]) if "birth_date" in one else date(1990, 1, 1)
            settle(
                f"00000000{30 + number}", one["name"]["name"], one["name"].get("kana") or "カナ", born,
                household="0000000030",
            )  # fmt: skip
        world.card("0000000030")
        record_card(world, "0000000030")
    files = tuple((slot, slot.encode()) for slot in chosen.attachments)
    draft = Draft(
        world, signer="0000000030", answers=said, files=files, procedure="hoiku-moushikomi",
        version=version("hoiku-moushikomi"),
    )  # fmt: skip
    case = receive(draft.envelope())
    assert case.identified, case.manual_reason
    reviewer = signed_in(desk.reviewer)
    press(reviewer, case, "take")
    assert "利用調整の指数" in page(reviewer, "case", case.pk)
    notice = decided(case, desk)
    assert notice.kind == "childcare_certified"
    with under(HAYAMA):
        child = f"00000000{30 + len(said['guardians'])}"
        entry = entries.current("kodomo_kosodate", child, date.fromisoformat(said["wanted_from"]))
    assert entry is not None
    assert (entry.items["guardian"], entry.items["status"]) == ("0000000030", "waiting")
    assert entry.items["score"] > 0


def test_a_notice_asked_for_is_really_laid_out_signed_and_sent(
    world: World, receive: Receive, desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    make_notice_keys(tmp_path, [HAYAMA])
    settings.NOTICE_KEY = str(tmp_path / "keys")
    case, _ = disaster_case(world, receive)
    reviewer = signed_in(desk.reviewer)
    press(reviewer, case, "take")
    press(reviewer, case, "step", "survey", done_on=today().isoformat(), percent="55", method="first")
    press(reviewer, case, "step", "place", done_on=today().isoformat(), in_town="yes", is_dwelling="yes")
    notice = decided(case, desk)
    assert making.make(HAYAMA, notice.id) == "issued"
    assert fresh(case).status == "notice_issued"


@pytest.mark.parametrize(("ended", "lives_there"), [(False, False), (False, True), (True, False)])
def test_a_child_paid_for_to_somebody_who_lives_elsewhere_is_not_granted_again(
    world: World, receive: Receive, desk: Desk, ended: bool, lives_there: bool
) -> None:
    """Taro, of another household, holds the allowance for Hina: until that is settled nobody else is granted it."""
    child = {"key": HINA, "rank": 1, "stage": "under_three", "amount": 15000}
    items = {
        "claimed_on": "2026-05-01", "start_month": "2026-06", "monthly_amount": 15000, "category": "jidou_teate",
        "children": [child], **({"end_month": "2026-10"} if ended else {}),
    }  # fmt: skip
    with under(HAYAMA):
        entries.apply_effect(Effect(uuid4(), "jidou_teate", TARO, items, today()), event())
        if lives_there:
            Resident.objects.filter(atena_number=HINA).update(household_number=TARO)
    case = receive(Draft(world).envelope())
    reviewer = signed_in(desk.reviewer)
    press(reviewer, case, "take")
    found = {"done_on": today().isoformat(), "main_earner": "yes", "spouse_receives": "no"}
    press(reviewer, case, "step", "main_earner", **found)
    shown = page(reviewer, "case", case.pk)
    assert ("別の方に認定" in shown) == (not ended)


def test_a_second_claim_for_the_same_child_is_already_received(
    world: World, receive: Receive, desk: Desk
) -> None:
    """Two claims proposed side by side: the second one cannot be decided once the first is, nor proposed again."""
    first, second = receive(Draft(world).envelope()), receive(Draft(world).envelope())
    reviewer, approver = signed_in(desk.reviewer), signed_in(desk.approver)
    found = {"done_on": today().isoformat(), "main_earner": "yes", "spouse_receives": "no"}
    for case in (first, second):
        press(reviewer, case, "take")
        press(reviewer, case, "step", "main_earner", **found)
        assert press(reviewer, case, "propose", outcome="granted", reasons=["0"]).status_code == 302
    assert press(approver, first, "decide").status_code == 302
    answer = press(approver, second, "decide")
    assert answer.status_code == 409
    assert "認定済みです" in answer.content.decode()
    assert press(approver, second, "send_back", comment="二重の請求のため").status_code == 302
    shown = page(reviewer, "case", second.pk)
    assert "要件を満たさない" in shown
    assert "葉山　陽菜さんの児童手当は" in shown
    assert "児童手当法7条1項・8条1項" in shown
    assert press(reviewer, second, "propose", outcome="granted", reasons=["0"]).status_code == 422
    assert press(reviewer, second, "propose", outcome="refused", reasons=["0", "1"]).status_code == 302
