"""After the first claim, on the desk: the register's children are found, the amount changes, notices of the right kind go out."""

from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from tests.casework.cast import ADDRESS, HAYAMA, HINA, KENTA, Desk, Draft, Receive, World, event, settle
from tests.casework.test_desk import page, press, signed_in
from tests.casework.test_procedures import decided, example, version
from yakuba.base.clock import today
from yakuba.base.tenancy import under
from yakuba.casework.models import Case
from yakuba.casework.notices.models import Notice
from yakuba.registers import entries, people

pytestmark = pytest.mark.django_db
BABY = "0000000051"
ME = {
    "claimant_name": {"name": "葉山　健太", "kana": "ハヤマ ケンタ"},
    "claimant_birth_date": "1995-06-18",
    "claimant_address": {"postal_code": "2400112", "address": ADDRESS},
}


def recipient() -> None:
    """KENTA receives child allowance for HINA since last year."""
    with under(HAYAMA):
        hina = people.person(HINA)
        items = {
            "claimed_on": "2025-10-01", "start_month": "2025-11", "monthly_amount": 15000, "category": "jidou_teate",
            "recipient_kind": "parent", "counted": [],
            "children": [{"key": hina.atena_number, "rank": 1, "stage": "under_three", "amount": 15000}],
        }  # fmt: skip
        entries.apply_effect(entries.Effect(uuid4(), "jidou_teate", KENTA, items, date(2025, 11, 1)), event())


def received(world: World, receive: Receive, procedure: str, name: str, **answers: Any) -> Case:
    said = {**example(procedure, name).answers, **ME, **answers}
    return receive(
        Draft(world, answers=said, files=(), procedure=procedure, version=version(procedure)).envelope()
    )


def newborn() -> dict[str, Any]:
    born = today() - timedelta(days=5)
    with under(HAYAMA):
        settle(BABY, "葉山　陽向", "ハヤマ　ヒナタ", born, relationship="子")
    child = example("jidou-teate-kaitei", "second_child").answers["children"][0]
    return {"event_date": born.isoformat(), "children": [{**child, "birth_date": born.isoformat()}]}


def test_a_second_child_raises_the_amount_in_the_register_and_by_notice(
    world: World, receive: Receive, desk: Desk
) -> None:
    recipient()
    case = received(world, receive, "jidou-teate-kaitei", "second_child", **newborn())
    assert case.identified, case.manual_reason
    reviewer = signed_in(desk.reviewer)
    press(reviewer, case, "take")
    shown = page(reviewer, "case", case.pk)
    assert "増額" in shown
    assert "これまでの月額" in shown
    notice = decided(case, desk)
    assert notice.kind == "child_allowance_revised"
    facts = notice.data["facts"]
    assert [row["name"] for row in facts["children"]][-1] == "葉山　陽向"
    with under(HAYAMA):
        entry = entries.held("jidou_teate", KENTA, today())
        history = entries.history("jidou_teate", KENTA)
    assert entry is not None
    assert facts["monthly_amount"] == history[0].items["monthly_amount"] > 15000
    assert {line["key"] for line in history[0].items["children"]} == {HINA, BABY}


def test_who_receives_nothing_gets_a_refusal_that_names_the_governor(
    world: World, receive: Receive, desk: Desk
) -> None:
    case = received(world, receive, "jidou-teate-kaitei", "second_child", **newborn())
    reviewer = signed_in(desk.reviewer)
    press(reviewer, case, "take")
    assert "認定請求" in page(reviewer, "case", case.pk)
    assert press(reviewer, case, "propose", outcome="refused", reasons=["0"]).status_code == 302
    assert press(signed_in(desk.approver), case, "decide").status_code == 302
    with under(HAYAMA):
        assert Notice.objects.get(case_id=case.pk).kind == "refusal_delegated"


def test_a_new_account_waits_for_the_clerks_look_and_is_then_received_by_the_childrens_office(
    world: World, receive: Receive, desk: Desk
) -> None:
    recipient()
    said = example("jidou-teate-henkou", "boarding_child").answers
    case = received(
        world,
        receive,
        "jidou-teate-henkou",
        "account_change",
        account_choice="other",
        account=said["account"],
    )
    reviewer = signed_in(desk.reviewer)
    press(reviewer, case, "take")
    assert "口座の名義" in page(reviewer, "case", case.pk)
    assert press(reviewer, case, "step", "account", done_on=today().isoformat(), own="yes").status_code == 302
    notice = decided(case, desk)
    assert (notice.kind, notice.data["office"]) == ("received", "child")
    with under(HAYAMA):
        entry = entries.current("jidou_teate", KENTA, today())
    assert entry is not None
    assert (entry.items["bank_code"], entry.items["monthly_amount"]) == ("9999", 15000)


def test_an_end_leaves_no_running_entitlement(world: World, receive: Receive, desk: Desk) -> None:
    recipient()
    last_month = (today().replace(day=1) - timedelta(days=1)).isoformat()
    case = received(world, receive, "jidou-teate-shoumetsu", "moved_out", event_date=last_month)
    reviewer = signed_in(desk.reviewer)
    press(reviewer, case, "take")
    notice = decided(case, desk)
    assert notice.kind == "child_allowance_ended"
    with under(HAYAMA):
        entry = entries.current("jidou_teate", KENTA, today())
    assert entry is not None
    assert (entry.items["end_month"], entry.items["monthly_amount"]) == (last_month[:7], 0)
    again = received(world, receive, "jidou-teate-kaitei", "second_child", **newborn())
    press(reviewer, again, "take")
    assert "この町から児童手当を受けていない" in page(reviewer, "case", again.pk)


def reassessed(month: str) -> list[str]:
    said = StringIO()
    call_command("desk_reassess", HAYAMA, month, stdout=said)
    return said.getvalue().splitlines()


def test_the_town_is_told_whose_amount_a_birthday_will_change(world: World, receive: Receive) -> None:
    recipient()
    with under(HAYAMA):
        born = people.person(HINA).birth
    third = f"{born.year + 3}-{born.month:02}"
    after = f"{born.year + 3 + born.month // 12}-{born.month % 12 + 1:02}"
    assert reassessed(third)[-1].startswith(f"{third}: 0件")
    assert reassessed(after)[0].split("\t") == [KENTA, "15,000円", "10,000円"]


def test_a_month_that_is_none_is_refused_with_an_example() -> None:
    with pytest.raises(CommandError, match="2027-04"):
        call_command("desk_reassess", HAYAMA, "2027-13")
