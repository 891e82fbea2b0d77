"""A real decision on the desk ends up among the cases to be handed over, and goes out without difficulty."""

import json

import pytest

from tests.casework.cast import Desk, Draft, Receive, World
from tests.casework.test_desk import press, reviewed, signed_in
from tests.handover.cast import AT, HAYAMA
from yakuba.base.tenancy import under
from yakuba.casework.handover.models import Item, State
from yakuba.casework.handover.service import file_of, make_batch

pytestmark = pytest.mark.django_db


def test_a_decided_case_is_handed_over_and_converted_whole(
    desk: Desk, world: World, receive: Receive
) -> None:
    case = receive(Draft(world).envelope())
    reviewed(case, desk)
    assert press(signed_in(desk.approver), case, "decide").status_code == 302
    with under(HAYAMA):
        item = Item.objects.get(case_id=case.pk)
        assert item.state == State.READY
        batch = make_batch("jidou-teate-nintei", "jsonl", AT, "staff:1")
        assert (batch.cases, Item.objects.get(pk=item.pk).state) == (1, State.SENT)
        claim = json.loads(file_of(batch, "jidou-teate-nintei-claim.jsonl"))
        amounts = file_of(batch, "jidou-teate-nintei-amount.jsonl").decode().splitlines()
    assert (claim["受付番号"], claim["決定区分"], claim["手当月額"]) == (case.receipt_number, "1", "15000")
    assert [json.loads(line)["月額"] for line in amounts] == ["15000"]


def test_an_undecided_case_is_not_handed_over(desk: Desk, world: World, receive: Receive) -> None:
    reviewed(receive(Draft(world).envelope()), desk)
    with under(HAYAMA):
        assert not Item.objects.exists()
