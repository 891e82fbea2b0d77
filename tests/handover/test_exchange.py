"""Cases out, acknowledgements and results back: each once, whatever is sent again."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client

from tests.handover.cast import AT, HAYAMA, NINOMIYA, decided, event, handed_over, system
from yakuba.audit.log import links
from yakuba.base.canonical import sha256_hex
from yakuba.base.tenancy import under
from yakuba.casework.handover import systems as outside
from yakuba.casework.handover.errors import NothingToSend, UnknownFormat, WrongMove
from yakuba.casework.handover.mapping import NoMapping
from yakuba.casework.handover.models import Batch, Exchange, Item, Passage, State
from yakuba.casework.handover.service import file_of, hand_over, make_batch, send_again
from yakuba.casework.handover.standings import differences_with

pytestmark = pytest.mark.django_db


def batch(procedure: str = "jidou-teate-nintei", form: str = "csv") -> Batch:
    with under(HAYAMA):
        return make_batch(procedure, form, AT, "staff:1")


def state_of(item: Item) -> str:
    with under(item.municipality):
        return Item.objects.get(pk=item.pk).state


class Caller:
    """An outside system that speaks HTTP."""

    def __init__(self, token: str, municipality: str = HAYAMA) -> None:
        self.client, self.token, self.municipality = Client(), token, municipality

    def post(self, door: str, message: Mapping[str, Any], status: int = 200) -> dict[str, Any]:
        response = self.client.post(
            f"/casework/handover/api/{self.municipality}/{door}",
            json.dumps(message),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert response.status_code == status, response.content.decode()
        return dict(response.json())

    def get(self, path: str, status: int = 200) -> bytes:
        response = self.client.get(
            f"/casework/handover/api/{self.municipality}/{path}",
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert response.status_code == status, response.content.decode()
        return bytes(response.content)


def fetched(caller: Caller, message_id: str = "message-1") -> dict[str, Any]:
    return caller.post("fetch", {"message_id": message_id, "procedure": "jidou-teate-nintei"})


def test_a_decided_case_is_taken_in_once() -> None:
    case = decided()
    with under(HAYAMA):
        first = hand_over(case, AT, event())
        again = hand_over(case, AT, event())
        assert first.pk == again.pk
    assert [link.event.action for link in links()] == ["handover.taken_in"]


def test_a_procedure_without_a_table_is_not_taken_in() -> None:
    with pytest.raises(NoMapping), under(HAYAMA):
        hand_over(replace(decided(), procedure="no-such-procedure"), AT, event())


def test_a_batch_takes_all_that_is_ready_and_the_next_finds_nothing() -> None:
    items = [handed_over() for _ in range(3)]
    made = batch()
    assert made.cases == 3
    assert {state_of(item) for item in items} == {State.SENT}
    with pytest.raises(NothingToSend):
        batch()


def test_a_batch_never_takes_another_procedures_or_towns_cases() -> None:
    mine, other, elsewhere = handed_over(), handed_over("kaigo-nintei"), handed_over(municipality=NINOMIYA)
    assert batch().cases == 1
    assert [state_of(one) for one in (mine, other, elsewhere)] == [State.SENT, State.READY, State.READY]


def test_the_files_of_a_batch_are_kept_as_their_digests_say() -> None:
    handed_over()
    made = batch()
    assert made.files[0]["name"] == "manifest.json"
    with under(HAYAMA):
        for file in made.files:
            assert sha256_hex(file_of(made, file["name"])) == file["sha256"]
        with pytest.raises(KeyError):
            file_of(made, "../secret")


def test_a_case_that_cannot_be_converted_is_held_and_goes_out_once_put_right() -> None:
    good, odd = handed_over(), handed_over(answers={"claim_reason": "because"})
    made = batch()
    assert (made.cases, state_of(good), state_of(odd)) == (1, State.SENT, State.HELD)
    with under(HAYAMA):
        held = Item.objects.get(pk=odd.pk)
        assert held.problem[0]["field"] == "事由"
        held.document["answers"]["claim_reason"] = "birth"
        held.save()
        send_again(held, AT, event())
        with pytest.raises(WrongMove):
            send_again(held, AT, event())
    assert batch().cases == 1
    assert state_of(odd) == State.SENT


def test_an_unknown_format_is_refused_by_name() -> None:
    handed_over()
    with pytest.raises(UnknownFormat, match="csv-sjis"):
        batch(form="excel")


def test_a_system_fetches_acknowledges_and_returns_results() -> None:
    item = handed_over()
    caller = Caller(system()[1])
    made = fetched(caller)
    manifest = json.loads(caller.get(f"batches/{made['batch']}/files/manifest.json"))
    assert manifest["cases"] == [item.receipt_number]
    lines = caller.get(f"batches/{made['batch']}/files/jidou-teate-nintei-claim.jsonl").decode().splitlines()
    assert json.loads(lines[0])["受付番号"] == item.receipt_number
    arrived = {"message_id": "message-2", "batch": made["batch"], "files": made["files"]}
    assert caller.post("acknowledge", arrived)["acknowledged"] == 1
    assert state_of(item) == State.ACKNOWLEDGED
    result = {"receipt_number": item.receipt_number, "outcome": "accepted", "outside_number": "K-1"}
    assert caller.post("results", {"message_id": "message-3", "results": [result]}) == {
        "accepted": 1,
        "rejected": 0,
    }
    with under(HAYAMA):
        stored = Item.objects.get(pk=item.pk)
    assert (stored.state, stored.outside_number) == (State.RETURNED, "K-1")
    actions = [link.event.action for link in links()]
    assert actions[-3:] == ["handover.fetch", "handover.acknowledge", "handover.results"]


def test_the_same_message_gets_the_same_answer_and_does_nothing_more() -> None:
    handed_over()
    caller = Caller(system()[1])
    first = fetched(caller)
    handed_over()
    assert fetched(caller) == first
    with under(HAYAMA):
        assert Item.objects.filter(state=State.READY).count() == 1
        assert Exchange.objects.count() == 1
    arrived = {"message_id": "message-2", "batch": first["batch"], "files": first["files"]}
    assert caller.post("acknowledge", arrived) == caller.post("acknowledge", arrived)


def test_a_message_id_used_for_something_else_is_refused() -> None:
    handed_over()
    caller = Caller(system(HAYAMA, "jidou-teate-nintei", "kaigo-nintei")[1])
    fetched(caller)
    refused = caller.post("fetch", {"message_id": "message-1", "procedure": "kaigo-nintei"}, 409)
    assert refused["code"] == "message_id_reused"


def test_a_file_that_arrived_damaged_acknowledges_nothing() -> None:
    item = handed_over()
    caller = Caller(system()[1])
    made = fetched(caller)
    damaged = [*made["files"][:-1], made["files"][-1] | {"sha256": "0" * 64}]
    answer = caller.post("acknowledge", {"message_id": "message-2", "batch": made["batch"], "files": damaged})
    assert (answer["acknowledged"], answer["differing_files"]) == (0, [made["files"][-1]["name"]])
    assert state_of(item) == State.SENT


def test_a_late_acknowledgement_never_takes_a_result_back() -> None:
    item = handed_over()
    caller = Caller(system()[1])
    made = fetched(caller)
    result = {"receipt_number": item.receipt_number, "outcome": "rejected", "reason": "宛名番号の相違"}
    caller.post("results", {"message_id": "message-2", "results": [result]})
    arrived = {"message_id": "message-3", "batch": made["batch"], "files": made["files"]}
    assert caller.post("acknowledge", arrived)["acknowledged"] == 0
    assert state_of(item) == State.REJECTED


def test_results_with_one_unknown_case_change_none() -> None:
    item = handed_over()
    caller = Caller(system()[1])
    fetched(caller)
    results = [
        {"receipt_number": number, "outcome": "accepted"}
        for number in (item.receipt_number, "AAAA-BBBB-CCCC")
    ]
    refused = caller.post("results", {"message_id": "message-2", "results": results}, 422)
    assert "AAAA-BBBB-CCCC" in refused["message"]
    assert state_of(item) == State.SENT
    with under(HAYAMA):
        assert Exchange.objects.filter(kind="results").count() == 0


def test_a_rejected_case_can_be_sent_again_and_both_batches_still_add_up() -> None:
    item = handed_over()
    first = batch()
    with under(HAYAMA):
        stored = Item.objects.get(pk=item.pk)
        stored.state = State.REJECTED
        stored.save()
        send_again(stored, AT, event())
    second = batch()
    with under(HAYAMA):
        assert [Passage.objects.filter(batch=one).count() for one in (first, second)] == [1, 1]


@pytest.mark.parametrize("token", ["", "nonsense", f"{uuid.UUID(int=0)}.x", "Bearer x", "." * 50, "\u3042"])
def test_a_caller_without_a_right_token_sees_nothing(token: str) -> None:
    handed_over()
    system()
    Caller(token.encode("ascii", "ignore").decode()).get("batches", 401)


def test_a_token_is_good_in_its_own_town_only() -> None:
    _, token = system()
    Caller(token).get("batches")
    Caller(token, NINOMIYA).get("batches", 401)
    Caller(token, "000000").get("batches", 401)


def test_a_token_is_kept_as_a_digest_only_and_ends_when_replaced_or_closed() -> None:
    registered, token = system()
    secret = token.partition(".")[2]
    assert secret not in json.dumps([registered.token_sha256, registered.name])
    with under(HAYAMA):
        second = outside.new_token(registered, event())
    Caller(token).get("batches", 401)
    Caller(second).get("batches")
    with under(HAYAMA):
        outside.close(registered, AT, event())
    Caller(second).get("batches", 401)


def test_a_system_sees_only_batches_of_its_own_procedures_and_not_those_made_for_others() -> None:
    handed_over("kaigo-nintei")
    other = batch("kaigo-nintei")
    handed_over()
    first, second = Caller(system()[1]), Caller(system()[1])
    mine = fetched(first)["batch"]
    assert [one["batch"] for one in json.loads(first.get("batches"))] == [mine]
    assert json.loads(second.get("batches")) == []
    second.get(f"batches/{mine}/files/manifest.json", 404)
    first.get(f"batches/{other.id}/files/manifest.json", 404)
    first.post("fetch", {"message_id": "message-9", "procedure": "kaigo-nintei"}, 404)


def test_the_door_is_described_in_openapi_for_anyone() -> None:
    described = json.loads(Client().get("/casework/handover/api/openapi.json").content)
    doors = {path.rpartition("}/")[2] for path in described["paths"]}
    assert {"batches", "fetch", "acknowledge", "results", "statement"} <= doors


def test_what_a_system_states_it_has_is_compared_with_what_was_sent() -> None:
    item = handed_over()
    registered, token = system()
    caller = Caller(token)
    fetched(caller)
    message = {"message_id": "message-2", "receipt_numbers": [item.receipt_number, "X"]}
    assert caller.post("statement", message) == {"noted": 2}
    with under(HAYAMA):
        found = differences_with(registered)
    assert [(one.kind, one.subject) for one in found or ()] == [("unknown_here", "X")]


def test_what_went_out_and_what_came_back_cannot_be_altered() -> None:
    handed_over()
    fetched(Caller(system()[1]))
    for change in (
        "UPDATE handover_exchange SET answer = '{}'",
        "DELETE FROM handover_passage",
        "DELETE FROM handover_item",
    ):
        with under(HAYAMA), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            transaction.get_connection().cursor().execute(change)


def test_a_batch_made_long_ago_is_found_under_its_day() -> None:
    handed_over()
    with under(HAYAMA):
        made = make_batch("jidou-teate-nintei", "csv", AT - timedelta(days=400), "staff:1")
        assert Batch.objects.get(pk=made.pk).made_at == AT - timedelta(days=400)
