"""By-laws of mandates (委任) at the desk: judged here again, and no mandate passes that does not fit."""

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.casework.cast import (
    HAYAMA,
    KENTA,
    NINOMIYA,
    TARO,
    Draft,
    Receive,
    World,
    answers,
    japan,
    message,
)
from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import utc_text
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.card.emulated import EmulatedSession
from yakuba.card.signing import signed_data
from yakuba.casework import mandates, messages
from yakuba.casework.models import Case, MandateRevocation, UnreadableMessage
from yakuba.procedures.mandates import mandate_document
from yakuba.registers.models import CardCertificate

pytestmark = pytest.mark.django_db
NINTEI = "jidou-teate-nintei"


def mandate(world: World, by: str = KENTA, to: str = TARO, **changes: Any) -> dict[str, Any]:
    """Kenta's mandate to Taro for the child allowance, as it crosses the gateway."""
    auth, day = world.card(to).auth, japan(world.now)
    document = mandate_document(
        mandate_id=uuid7(), municipality=HAYAMA, mandatary=f"{auth.issuer_key_id}/{auth.serial}",
        procedures=[NINTEI], first=day, until=day + timedelta(days=30), created_at=world.now,
    ) | changes  # fmt: skip
    issued = world.card(by).sign
    cms = signed_data(EmulatedSession(issued.certificate, issued.key), canonical_bytes(document), world.now)
    return {"document": document, "signature": base64.b64encode(cms).decode()}


def proxy(world: World) -> Draft:
    said = answers()
    about = {"name": "葉山　健太", "birth_date": "1995-06-18", "address": ""}
    draft = Draft(world, signer=TARO, role="proxy_by_mandate", answers=said)
    return replace(draft, applicant_for={key: value for key, value in about.items() if value})


def outcomes(case: Case) -> dict[str, str]:
    with under(HAYAMA):
        shown = mandates.shown(Case.objects.get(pk=case.pk).document)
    assert shown
    return {one.name: one.outcome for one in shown.checks}


def test_a_mandate_that_fits_takes_the_place_of_the_letter(world: World, receive: Receive) -> None:
    case = receive(proxy(world).envelope(mandate=mandate(world)))
    assert set(outcomes(case).values()) == {"good"}
    assert (case.manual_reason, case.atena_number) == ("", KENTA)


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"procedures": ["kaigo-nintei"]}, "scope"),
        ({"municipality": NINOMIYA}, "scope"),
        ({"until": "2020-01-01"}, "period"),
        ({"until": "2099-01-01"}, "period"),
        ({"until": "いつまでも"}, "period"),
    ],
)
def test_a_mandate_that_does_not_fit_waits_for_a_clerk(
    world: World, receive: Receive, changes: dict[str, Any], check: str
) -> None:
    case = receive(proxy(world).envelope(mandate=mandate(world, **changes)))
    assert case.manual_reason == "proxy_without_mandate"
    assert {name for name, outcome in outcomes(case).items() if outcome != "good"} == {check}


def test_a_mandate_signed_by_somebody_else_does_not_pass(world: World, receive: Receive) -> None:
    case = receive(proxy(world).envelope(mandate=mandate(world, by=TARO)))
    assert case.manual_reason == "proxy_without_mandate"
    assert outcomes(case)["principal"] == "bad"


def test_a_mandate_to_somebody_else_does_not_pass(world: World, receive: Receive) -> None:
    case = receive(proxy(world).envelope(mandate=mandate(world, to=KENTA)))
    assert outcomes(case)["mandatary"] == "bad"
    assert case.manual_reason == "proxy_without_mandate"


def test_a_mandatary_the_register_does_not_know_is_for_a_clerk_to_judge(
    world: World, receive: Receive
) -> None:
    with under(HAYAMA):
        CardCertificate.objects.filter(atena_number=TARO).delete()
    case = receive(proxy(world).envelope(mandate=mandate(world)))
    assert outcomes(case)["mandatary"] == "unknown"
    assert case.manual_reason == "proxy_without_mandate"


def test_a_mandate_changed_after_its_signature_is_bad(world: World, receive: Receive) -> None:
    brought = mandate(world, procedures=["kaigo-nintei"])
    brought["document"]["procedures"] = "all"
    case = receive(proxy(world).envelope(mandate=brought))
    assert outcomes(case)["signature"] == "bad"
    assert case.manual_reason == "proxy_without_mandate"


@pytest.mark.parametrize(
    "brought", [{}, {"document": 3}, {"document": {"yakuba": "mandate/1"}, "signature": 7}]
)
def test_a_mandate_that_is_none_is_kept_and_does_not_pass(
    world: World, receive: Receive, brought: dict[str, Any]
) -> None:
    case = receive(proxy(world).envelope(mandate=brought))
    assert case.manual_reason == "proxy_without_mandate"


def revoked(world: World, brought: dict[str, Any], earlier: timedelta) -> None:
    body = {"mandate_id": brought["document"]["mandate_id"], "revoked_at": utc_text(world.now - earlier)}
    with under(HAYAMA):
        messages.mandate_revoked(message("mandate.revoked", body))


def test_a_mandate_revoked_before_the_application_does_not_pass(world: World, receive: Receive) -> None:
    brought = mandate(world)
    revoked(world, brought, timedelta(minutes=1))
    case = receive(proxy(world).envelope(mandate=brought))
    assert outcomes(case)["revoked"] == "bad"
    assert case.manual_reason == "proxy_without_mandate"


def test_the_desk_sees_a_revocation_that_came_after_the_application(world: World, receive: Receive) -> None:
    brought = mandate(world)
    case = receive(proxy(world).envelope(mandate=brought))
    revoked(world, brought, -timedelta(minutes=5))
    with under(HAYAMA):
        shown = mandates.shown(Case.objects.get(pk=case.pk).document)
    assert shown
    assert shown.revoked_at == world.now.replace(microsecond=0) + timedelta(minutes=5)
    assert case.manual_reason == ""


@pytest.mark.parametrize("status", ["received", "in_review"])
def test_a_revocation_heard_of_late_sends_an_undecided_case_back_to_a_clerk(
    world: World, receive: Receive, status: str
) -> None:
    brought = mandate(world)
    case = receive(proxy(world).envelope(mandate=brought))
    assert case.atena_number == KENTA
    with under(HAYAMA):
        Case.objects.filter(pk=case.pk).update(status=status)
    revoked(world, brought, timedelta(minutes=1))
    with under(HAYAMA):
        now_is = Case.objects.get(pk=case.pk)
        history = list(now_is.trail.values_list("label", flat=True))
        found = list(now_is.identifications.order_by("at").values_list("outcome", flat=True))
    assert (now_is.status, now_is.manual_reason, now_is.atena_number) == (
        "unidentified",
        "proxy_without_mandate",
        "",
    )
    assert outcomes(case)["revoked"] == "bad"
    assert any("取り消されていた" in one for one in history)
    assert found == ["identified", "proxy_without_mandate"], "the history keeps both"


@pytest.mark.parametrize("status", ["notice_issued", "withdrawn", "rejected"])
def test_what_is_decided_stays_and_is_only_shown_the_revocation(
    world: World, receive: Receive, status: str
) -> None:
    brought = mandate(world)
    case = receive(proxy(world).envelope(mandate=brought))
    with under(HAYAMA):
        Case.objects.filter(pk=case.pk).update(status=status, is_open=False)
    revoked(world, brought, timedelta(minutes=1))
    with under(HAYAMA):
        now_is = Case.objects.get(pk=case.pk)
        shown = mandates.shown(now_is.document)
    assert (now_is.status, now_is.atena_number) == (status, KENTA)
    assert shown
    assert shown.revoked_at


def test_another_mandates_end_touches_no_case(world: World, receive: Receive) -> None:
    case = receive(proxy(world).envelope(mandate=mandate(world)))
    revoked(world, mandate(world), timedelta(minutes=1))
    with under(HAYAMA):
        assert Case.objects.get(pk=case.pk).atena_number == KENTA


def test_a_care_manager_whose_mandate_does_not_hold_is_not_taken_by_rule(
    world: World, receive: Receive
) -> None:
    draft = replace(proxy(world), role="care_manager")
    spoilt = mandate(world)
    spoilt["document"]["procedures"] = "all"
    for brought, reason in ((None, ""), (mandate(world), ""), (spoilt, "proxy_without_mandate")):
        fresh = replace(draft, identifier=uuid7())
        case = receive(fresh.envelope(**({"mandate": brought} if brought else {})))
        assert case.manual_reason == reason


def test_a_revocation_told_twice_counts_from_the_first_moment(world: World) -> None:
    brought = mandate(world)
    for minutes in (1, 3, 2):
        revoked(world, brought, timedelta(minutes=minutes))
    with under(HAYAMA):
        assert MandateRevocation.objects.get().revoked_at == world.now.replace(microsecond=0) - timedelta(
            minutes=3
        )


def test_a_revocation_nobody_can_read_is_kept_for_people(world: World) -> None:
    with under(HAYAMA):
        messages.mandate_revoked(message("mandate.revoked", {"mandate_id": "x"}))
        assert UnreadableMessage.objects.get().kind == "mandate.revoked"
