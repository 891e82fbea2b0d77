"""Care insurance at the desk: what the registers hold decides, is used up by a decision, and is seen by the next claim."""

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from tests.casework.cast import HAYAMA, Desk, Draft, Receive, World, event, record_card, settle
from tests.casework.test_desk import page, press, signed_in
from tests.casework.test_procedures import INSURED, decided, example, version
from yakuba.base.clock import today
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.casework.models import Case
from yakuba.registers import entries

pytestmark = pytest.mark.django_db


def insured(world: World, until: date) -> None:
    """Haru, 78, certified until ``until``, untaxed, with her card on record."""
    said = example("kaigo-yougu", "bath_chair").answers
    born = date.fromisoformat(said["insured_birth_date"])
    with under(HAYAMA):
        settle(INSURED, said["insured_name"]["name"], "カナ", born, household=INSURED)
        world.card(INSURED, "下山口 ハル", born)
        record_card(world, INSURED)
        wrote(
            "kaigo_hoken",
            {"status": "certified", "care_level": "care_1", "insured_class": "1", "insured_number": "0000012345",
             "certified_from": (today() - timedelta(days=300)).isoformat(), "certified_until": until.isoformat()},
            until,
        )  # fmt: skip
        tax = {"fiscal_year": str(today().year), "total_income": 0, "dependants": 0, "income_levy": 0,
               "per_capita_levy": 0, "taxation": "exempt", "pension_income": 780_000, "pension_gain": 0}  # fmt: skip
        wrote("juminzei", tax, None)


def wrote(register: str, items: dict[str, object], until: date | None) -> None:
    since = today() - timedelta(days=300)
    entries.apply_effect(entries.Effect(uuid4(), register, INSURED, items, since, until), event())


def chair(world: World, cost: int, identifier: UUID | None = None) -> Draft:
    said = deepcopy(dict(example("kaigo-yougu", "bath_chair").answers))
    said["equipment"][0] |= {"cost": cost, "paid_on": (today() - timedelta(days=2)).isoformat()}  # type: ignore[index]
    files = (("equipment-i0000001-receipt", b"receipt"), ("equipment-i0000001-leaflet", b"leaflet"))
    return Draft(
        world, signer=INSURED, answers=said, files=files, procedure="kaigo-yougu", version=version("kaigo-yougu"),
        identifier=identifier or uuid7(),
    )  # fmt: skip


def checked(case: Case, desk: Desk, **seller: str) -> None:
    reviewer = signed_in(desk.reviewer)
    press(reviewer, case, "take")
    posted = {"designated": "yes", **seller}
    answer = press(reviewer, case, "step", "seller", done_on=today().isoformat(), **posted)
    assert answer.status_code == 302, answer.content.decode()


def test_equipment_is_paid_and_the_next_claim_sees_what_is_left(
    world: World, receive: Receive, desk: Desk
) -> None:
    insured(world, today() + timedelta(days=400))
    case = receive(chair(world, 80_000).envelope())
    assert case.atena_number == INSURED, case.manual_reason
    checked(case, desk)
    shown = page(signed_in(desk.reviewer), "case", case.pk)
    assert "72,000円" in shown
    assert "残りの限度額" in shown
    notice = decided(case, desk)
    assert (notice.kind, notice.data["facts"]["amount"]) == ("equipment_paid", 72_000)
    again = receive(chair(world, 50_000).envelope())
    checked(again, desk, again_explained="yes")
    assert "18,000円" in page(signed_in(desk.reviewer), "case", again.pk)


def test_two_claims_proposed_side_by_side_cannot_both_use_the_same_limit(
    world: World, receive: Receive, desk: Desk
) -> None:
    insured(world, today() + timedelta(days=400))
    both = [receive(chair(world, cost).envelope()) for cost in (80_000, 70_000)]
    for case in both:
        checked(case, desk, again_explained="yes")
        answer = press(signed_in(desk.reviewer), case, "propose", outcome="granted", reasons=["0", "1"])
        assert answer.status_code == 302, answer.content.decode()
    approver = signed_in(desk.approver)
    assert press(approver, both[0], "decide").status_code == 302
    refused = press(approver, both[1], "decide")
    assert refused.status_code == 409
    assert "支給額などの計算が変わっています" in refused.content.decode()
    with under(HAYAMA):
        held = [one for one in entries.all_current(INSURED, today()) if one.register == "kaigo_kyufu"]
    assert [one.items["used"] for one in held] == [80_000]


def test_a_renewal_follows_the_certification_in_the_register(
    world: World, receive: Receive, desk: Desk
) -> None:
    ends = today() + timedelta(days=30)
    insured(world, ends)
    said = {**example("kaigo-koushin", "self_in_time").answers, "ends_on": ends.isoformat()}
    draft = replace(
        chair(world, 1), answers=said, files=(), procedure="kaigo-koushin", version=version("kaigo-koushin")
    )
    case = receive(draft.envelope())
    reviewer = signed_in(desk.reviewer)
    press(reviewer, case, "take")
    for kind, posted in (
        ("survey", {"surveyor": "調査 員子"}),
        ("opinion", {"doctor": "葉山医院"}),
        ("board", {"level": "care_2", "months": "24"}),
    ):
        assert press(reviewer, case, "step", kind, done_on=today().isoformat(), **posted).status_code == 302
    notice = decided(case, desk)
    assert notice.kind == "care_need_result"
    with under(HAYAMA):
        now = entries.current("kaigo_hoken", INSURED, today())
        then = entries.current("kaigo_hoken", INSURED, ends + timedelta(days=1))
    assert now is not None
    assert then is not None
    assert (now.items["care_level"], then.items["care_level"]) == ("care_1", "care_2")
    assert (then.items["application_kind"], then.items["insured_number"]) == ("renewal", "0000012345")
