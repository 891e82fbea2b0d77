"""What an earlier application said is told to the very person who sent it, and to nobody else."""

from typing import Any

import pytest

from tests.casework.cast import HAYAMA, KENTA, MISAKI, Draft, Receive, World, message, record_card
from tests.casework.test_messages_and_tasks import sent
from tests.casework.test_renewals import proof, renew
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.casework import messages
from yakuba.casework.models import Case, UnreadableMessage

pytestmark = pytest.mark.django_db


def ask(application: Any, login: Any) -> dict[str, Any]:
    body = {
        "request_id": str(uuid7()), "draft_id": str(uuid7()), "application_id": str(application), "login": login,
    }  # fmt: skip
    with under(HAYAMA):
        messages.copy_requested(message("copy.requested", body))
    answer = sent("copy.answered")[-1]
    assert (answer["request_id"], answer["draft_id"]) == (body["request_id"], body["draft_id"])
    return answer


@pytest.fixture
def case(world: World, receive: Receive) -> Case:
    """Kenta's application."""
    return receive(Draft(world).envelope())


def test_the_sender_gets_the_answers_in_the_version_they_were_given(world: World, case: Case) -> None:
    answer = ask(case.id, proof(world.card(KENTA).auth))
    with under(HAYAMA):
        kept = Case.objects.get(id=case.id).document.answers
    assert (answer["found"], answer["version"], answer["answers"]) == (True, case.version, kept)


def test_with_a_renewed_card_one_is_still_the_sender(world: World, case: Case) -> None:
    assert ask(case.id, proof(renew(world)))["found"] is True


@pytest.mark.parametrize("wrong", ["another person", "other bytes", "no such application", "nonsense"])
def test_nobody_else_learns_anything(world: World, case: Case, wrong: str) -> None:
    login: Any = proof(world.card(KENTA).auth)
    application: Any = case.id
    if wrong == "another person":
        with under(HAYAMA):
            record_card(world, MISAKI)
        login = proof(world.card(MISAKI).auth)
    elif wrong == "other bytes":
        login = {**login, "challenge": proof(world.card(KENTA).auth)["challenge"][:-8] + "AAAAAAA="}
    elif wrong == "no such application":
        application = uuid7()
    else:
        login = {"certificate": "x"}
    answer = ask(application, login)
    assert answer["found"] is False
    assert set(answer) == {"request_id", "draft_id", "found"}


@pytest.mark.parametrize("body", [{}, {"login": {}}, {"request_id": "x", "login": {}}])
def test_a_question_that_is_none_is_kept_for_people(world: World, body: dict[str, Any]) -> None:
    with under(HAYAMA):
        messages.copy_requested(message("copy.requested", body))
        assert UnreadableMessage.objects.count() == 1
    assert sent("copy.answered") == []
