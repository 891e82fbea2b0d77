"""By-laws of a second person's signature at the desk: judged here again, and it decides nothing by itself."""

import base64
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.casework.cast import (
    HAYAMA,
    KENTA,
    MISAKI,
    TARO,
    Desk,
    Draft,
    Receive,
    World,
    event,
    record_card,
)
from tests.casework.test_desk import page, signed_in
from yakuba.base.clock import now, today
from yakuba.base.tenancy import under
from yakuba.casework import cosigning, municipal
from yakuba.casework.models import Case
from yakuba.casework.staff.models import Staff
from yakuba.procedures import registry

pytestmark = pytest.mark.django_db
NURSERY = "hoiku-moushikomi"
MISAKIS_BIRTH = date(1996, 2, 9)


@pytest.fixture
def nursery(world: World) -> Draft:
    """Misaki and Kenta apply for their daughter; Misaki is the applicant."""
    chosen = registry.procedure(NURSERY).examples[0]
    with under(HAYAMA):
        municipal.begin_with_examples(HAYAMA, today(), now(), event())
        world.card(MISAKI, "葉山 美咲", MISAKIS_BIRTH)
        record_card(world, MISAKI)
    files = tuple((slot, slot.encode()) for slot in chosen.attachments)
    return Draft(world, signer=MISAKI, answers=dict(chosen.answers), files=files, procedure=NURSERY,
                 version=registry.procedure(NURSERY).version)  # fmt: skip


def second(draft: Draft, by: str, document: dict[str, Any] | None = None) -> str:
    """The signature of ``by`` over the same application, as it crosses the gateway."""
    signed = replace(draft, signer=by).signed(document)
    return base64.b64encode(signed).decode()


def outcomes(case: Case) -> dict[str, str]:
    with under(HAYAMA):
        shown = cosigning.shown(Case.objects.get(pk=case.pk).document, missing=False)
    assert shown
    return {one.name: one.outcome for one in shown.checks}


def require(mode: str) -> None:
    procedure = registry.procedure(NURSERY)
    kept = municipal.setting(procedure)
    overrides = {**kept.overrides, "second_signature": mode}
    wanted = municipal.Wanted(NURSERY, True, kept.signature, overrides, kept.row_version, {})
    municipal.save_setting(HAYAMA, wanted, Staff.objects.get(login="goro"), now(), event())


def test_the_other_guardians_signature_is_found_good_and_nothing_is_marked(
    nursery: Draft, receive: Receive, desk: Desk
) -> None:
    case = receive(nursery.envelope(cosignature=second(nursery, KENTA)))
    assert set(outcomes(case).values()) == {"good"}
    assert case.identified
    assert not [one for one in case.flags if one.startswith("second_signature")]
    shown = page(signed_in(desk.reviewer), "case", case.pk)
    assert "もう一人の署名" in shown
    assert "申請書に書かれた人の署名です" in shown


def test_a_signature_over_other_bytes_is_bad_and_marked(nursery: Draft, receive: Receive) -> None:
    other = {**nursery.document(), "answers": {**nursery.answers, "applicant_phone": "09099998888"}}
    case = receive(nursery.envelope(cosignature=second(nursery, KENTA, other)))
    assert outcomes(case)["signature"] == "bad"
    assert cosigning.FLAG_WRONG in case.flags
    assert case.identified, "the applicant's own signature is not made worse by it"


def test_the_same_person_twice_is_not_two_people(nursery: Draft, receive: Receive) -> None:
    case = receive(nursery.envelope(cosignature=second(nursery, MISAKI)))
    assert outcomes(case)["somebody_else"] == "bad"
    assert cosigning.FLAG_WRONG in case.flags


def test_somebody_whom_the_form_does_not_name_is_told_apart(nursery: Draft, receive: Receive) -> None:
    case = receive(nursery.envelope(cosignature=second(nursery, TARO)))
    found = outcomes(case)
    assert (found["named"], found["household"]) == ("bad", "unknown")
    assert cosigning.FLAG_WRONG in case.flags


@pytest.mark.parametrize("garbage", ["", "AAAA", "not base64!"])
def test_what_is_no_signature_is_bad_and_the_application_is_kept(
    nursery: Draft, receive: Receive, garbage: str
) -> None:
    case = receive(nursery.envelope(cosignature=garbage))
    assert outcomes(case)["signature"] == "bad"
    assert cosigning.FLAG_WRONG in case.flags


def test_without_a_second_signature_nothing_is_said_where_it_is_optional(
    nursery: Draft, receive: Receive, desk: Desk
) -> None:
    case = receive(nursery.envelope())
    assert not [one for one in case.flags if one.startswith("second_signature")]
    assert "もう一人の署名" not in page(signed_in(desk.reviewer), "case", case.pk)


def test_where_the_town_requires_it_its_absence_is_marked(
    nursery: Draft, receive: Receive, desk: Desk
) -> None:
    with under(HAYAMA):
        require("required")
    case = receive(nursery.envelope())
    assert cosigning.FLAG_MISSING in case.flags
    client: Client = signed_in(desk.reviewer)
    assert "付いていません" in page(client, "case", case.pk)
    listed = client.get(reverse("casework:queue"), {"flag": cosigning.FLAG_MISSING}).content.decode()
    assert case.receipt_number in listed


def test_of_a_single_parent_none_is_missed(nursery: Draft, receive: Receive, desk: Desk) -> None:
    with under(HAYAMA):
        require("required")
    alone = {**nursery.answers, "guardians": nursery.answers["guardians"][:1], "single_parent": True}
    case = receive(replace(nursery, answers=alone).envelope())
    assert cosigning.FLAG_MISSING not in case.flags
