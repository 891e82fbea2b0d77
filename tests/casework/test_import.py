"""Whatever arrives is kept; only what is verified here, again, is given to a person."""

import base64
import hashlib
import shutil
import uuid
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from tests.casework.cast import (
    HAYAMA,
    KENTA,
    MISAKI,
    NINOMIYA,
    TARO,
    Draft,
    Receive,
    World,
    answers,
    message,
    record_card,
    sanitised,
    settle,
)
from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import utc_text
from yakuba.base.tenancy import under
from yakuba.card.emulated import EmulatedSession
from yakuba.casework import intake, messages
from yakuba.casework.models import Case, CaseAttachment, CaseDocument, Identification, UnreadableMessage
from yakuba.casework.submission import Unreadable, read
from yakuba.casework.verification import moment_of_receipt
from yakuba.gateway import blobs
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.registers.models import CardCertificate, Resident

pytestmark = pytest.mark.django_db


def told(case: Case) -> list[tuple[str, str]]:
    """What the resident was told: message kind and status."""

    with under(case.municipality):
        sent = [
            read_envelope(bytes(row.document)) for row in OutboxMessage.objects.order_by("posted_at", "id")
        ]
    return [
        (one.kind, str(one.body.get("status"))) for one in sent if one.body["application_id"] == str(case.id)
    ]


def test_an_honest_application_is_identified_and_the_resident_is_told(world: World, receive: Receive) -> None:
    case = receive(Draft(world).envelope())
    assert (case.status, case.atena_number, case.manual_reason) == ("received", KENTA, "")
    assert case.verdict_outcome == "good"
    assert case.claimant_name == "葉山　健太"
    assert told(case) == [("status.changed", "received")]


def test_everything_that_was_sent_is_kept_word_for_word(world: World, receive: Receive) -> None:
    draft = Draft(world)
    case = receive(draft.envelope())
    with under(HAYAMA):
        document = CaseDocument.objects.get(case=case)
        attachment = CaseAttachment.objects.get(case=case)
        data = blobs.read(HAYAMA, attachment.sha256)
    assert canonical_bytes(document.application) == canonical_bytes(draft.document())
    assert bytes(document.signature or b"") != b""
    assert (attachment.state, data) == ("ok", b"rebuilt:photo of the passbook")


def test_a_second_delivery_changes_nothing(world: World, receive: Receive) -> None:
    envelope = Draft(world).envelope()
    first, second = receive(envelope), receive(replace(envelope, id=uuid.uuid4()))
    assert first.id == second.id
    assert len(told(first)) == 1
    with under(HAYAMA):
        assert Case.objects.count() == 1
        assert UnreadableMessage.objects.count() == 0


def test_other_contents_under_the_same_number_are_kept_but_replace_nothing(
    world: World, receive: Receive
) -> None:
    draft = Draft(world)
    case = receive(draft.envelope())
    receive(replace(draft, answers=answers(claimant_phone="0312345678")).envelope())
    with under(HAYAMA):
        assert UnreadableMessage.objects.get().problem == "同じ申請の番号で、内容の違う申請が届きました。"
        assert CaseDocument.objects.get(case=case).answers["claimant_phone"] == "09000001111"


def test_a_tampered_application_never_becomes_identified(world: World, receive: Receive) -> None:
    draft = Draft(world)
    tampered = deepcopy(draft.document())
    tampered["answers"]["account"]["account_number"] = "9999999"
    case = receive(draft.envelope(document=tampered, signature=draft.signed(draft.document())))
    assert (case.status, case.manual_reason) == ("unidentified", "signature_bad")
    assert (case.atena_number, case.verdict_reason) == ("", "content_changed")


def test_the_database_itself_refuses_to_identify_a_case_whose_verdict_is_not_good(
    world: World, receive: Receive
) -> None:
    case = receive(Draft(world).envelope(signature=b"not a signature"))
    with pytest.raises(IntegrityError), transaction.atomic(), under(HAYAMA):
        Case.objects.filter(pk=case.pk).update(atena_number=KENTA)


def test_the_portals_verdict_is_not_believed(world: World, receive: Receive) -> None:
    case = receive(Draft(world).envelope(signature=b"", verdict={"outcome": "good"}))
    assert case.verdict_outcome == "bad"


@pytest.mark.parametrize("how", ["swapped", "left_out", "added", "without_evidence"])
def test_an_attachment_other_than_the_signed_one_makes_the_application_bad(
    world: World, receive: Receive, how: str
) -> None:
    draft = Draft(world)
    honest = draft.refs()
    other = sanitised(HAYAMA, "account_proof", b"another person's passbook")
    refs = {
        "swapped": (other,),
        "left_out": (),
        "added": (*honest, other),
        "without_evidence": (replace(honest[0], evidence=None),),
    }[how]
    case = receive(draft.envelope(refs=refs))
    assert (case.verdict_outcome, case.verdict_reason) == ("bad", "attachments_differ")
    assert case.atena_number == ""


def test_a_file_the_sanitiser_refused_is_said_so_and_the_application_goes_on(
    world: World, receive: Receive
) -> None:
    draft = Draft(world)

    original = hashlib.sha256(draft.files[0][1]).hexdigest()
    refused = replace(draft.refs()[0], refused="not_supported", sha256=original, evidence=None)
    case = receive(draft.envelope(refs=(refused,)))
    assert (case.verdict_outcome, case.atena_number) == ("good", KENTA)
    assert "attachment_refused" in case.flags
    with under(HAYAMA):
        assert CaseAttachment.objects.get(case=case).sha256 == ""


def test_no_revocation_list_means_could_not_tell_and_waits(
    world: World, receive: Receive, settings: Settings, tmp_path: Path
) -> None:

    shutil.copytree(world.folder / "roots", tmp_path / "roots")
    (tmp_path / "crls").mkdir()
    settings.YAKUBA_TRUST = str(tmp_path)
    case = receive(Draft(world).envelope())
    assert (case.verdict_outcome, case.manual_reason, case.atena_number) == ("unknown", "could_not_tell", "")


def test_an_old_claim_of_the_portal_about_the_time_does_not_revive_a_certificate(world: World) -> None:

    arrived = world.now
    assert moment_of_receipt(arrived - timedelta(days=2), arrived) == arrived - timedelta(days=2)
    assert moment_of_receipt(arrived - timedelta(days=60), arrived) == arrived


def test_what_arrives_by_a_clock_that_is_behind_is_judged_as_of_the_later_moment(world: World) -> None:
    assert moment_of_receipt(world.now, world.now - timedelta(days=400)) == world.now


# -- who the applicant is ---------------------------------------------------------------------------


def test_a_card_nobody_has_recorded_waits_for_a_clerk(world: World, receive: Receive) -> None:
    with under(HAYAMA):
        CardCertificate.objects.all().delete()
    case = receive(Draft(world).envelope())
    assert (case.status, case.manual_reason) == ("unidentified", "no_match")


def test_a_card_recorded_for_two_people_waits_for_a_clerk(world: World, receive: Receive) -> None:
    with under(HAYAMA):
        record_card(world, MISAKI, of=KENTA)
    assert receive(Draft(world).envelope()).manual_reason == "several_matches"


def test_somebody_elses_card_waits_for_a_clerk(world: World, receive: Receive) -> None:
    assert receive(Draft(world, signer=TARO).envelope()).manual_reason == "signer_is_not_claimant"


@pytest.mark.parametrize("state", ["renewed", "revoked", "lapsed"])
def test_a_lapsed_certificate_waits_for_a_clerk(world: World, receive: Receive, state: str) -> None:
    with under(HAYAMA):
        CardCertificate.objects.filter(atena_number=KENTA).update(state=state)
    assert receive(Draft(world).envelope()).manual_reason == "lapsed_certificate"


def test_somebody_who_moved_out_waits_for_a_clerk(world: World, receive: Receive) -> None:
    with under(HAYAMA):
        Resident.objects.filter(atena_number=KENTA).update(status="moved_out")
    assert receive(Draft(world).envelope()).manual_reason == "not_resident"


def proxy(world: World, role: str, *files: str) -> Draft:
    """Taro applies for Kenta."""
    said = answers(
        proxy_name={"name": "逗子　太郎", "kana": "ズシ タロウ"},
        proxy_address={"postal_code": "2400112", "address": "神奈川県三浦郡葉山町一色1番地"},
        proxy_phone="09000003333",
    )
    slots = tuple((slot, slot.encode()) for slot in ("account_proof", *files))
    return Draft(world, signer=TARO, role=role, answers=said, files=slots)


def test_a_proxy_without_mandate_waits_for_a_clerk(world: World, receive: Receive) -> None:
    case = receive(proxy(world, "proxy_by_mandate").envelope())
    assert case.manual_reason == "proxy_without_mandate"


def test_a_proxy_with_a_mandate_applies_for_the_one_named(world: World, receive: Receive) -> None:
    case = receive(proxy(world, "proxy_by_mandate", "mandate").envelope())
    assert (case.manual_reason, case.atena_number) == ("", KENTA)
    assert "proxy" in case.flags
    with under(HAYAMA):
        assert Identification.objects.get(case=case).signer_atena_number == TARO


def test_a_guardian_who_is_not_registered_waits_for_a_clerk(world: World, receive: Receive) -> None:
    case = receive(proxy(world, "proxy_by_law", "guardianship").envelope())
    assert case.manual_reason == "guardianship_not_found"


def test_a_proxy_for_somebody_unknown_waits_for_a_clerk(world: World, receive: Receive) -> None:
    draft = proxy(world, "proxy_by_mandate", "mandate")
    stranger = {**draft.answers, "claimant_name": {"name": "鎌倉　次郎", "kana": "カマクラ ジロウ"}}
    assert receive(replace(draft, answers=stranger).envelope()).manual_reason == "claimant_not_found"


def test_a_proxy_for_one_of_two_alike_waits_for_a_clerk(world: World, receive: Receive) -> None:

    with under(HAYAMA):
        settle("0000000009", "葉山　健太", "ハヤマ　ケンタ", date(1995, 6, 18), household="0000000009")
    assert (
        receive(proxy(world, "proxy_by_mandate", "mandate").envelope()).manual_reason == "several_claimants"
    )


def test_a_variant_character_in_the_name_identifies_and_is_marked(world: World, receive: Receive) -> None:

    with under(HAYAMA):
        settle("0000000010", "髙橋　健太", "タカハシ　ケンタ", date(1995, 6, 18), household="0000000010")
        record_card(world, "0000000010")
    said = answers(claimant_name={"name": "高橋　健太", "kana": "タカハシ ケンタ"})
    case = receive(Draft(world, signer="0000000010", answers=said).envelope())
    assert case.atena_number == "0000000010"
    assert "name_may_differ" in case.flags


def test_login_alone_is_not_enough_where_a_signature_is_required(world: World, receive: Receive) -> None:
    case = receive(Draft(world).envelope(mode="login", signature=b"", login=login(world)))
    assert case.verdict_outcome == "good"
    assert case.manual_reason == "signature_missing"


def login(world: World) -> dict[str, str]:

    issued = world.card(KENTA).auth
    challenge = bytes(range(32))

    signature = EmulatedSession(issued.certificate, issued.key).sign_digest(
        hashlib.sha256(challenge).digest()
    )
    parts = {"certificate": issued.certificate, "challenge": challenge, "signature": signature}
    return {name: base64.b64encode(data).decode() for name, data in parts.items()}


# -- form, time, corrections, withdrawals -----------------------------------------------------------


def test_an_unknown_procedure_version_is_kept_and_marked(world: World, receive: Receive) -> None:
    case = receive(Draft(world, version="1999-01").envelope())
    assert "unknown_form" in case.flags
    assert case.verdict_outcome == "good"


def test_answers_that_do_not_fit_the_form_are_kept_and_marked(world: World, receive: Receive) -> None:
    said = answers()
    del said["event_date"]
    case = receive(Draft(world, answers=said).envelope())
    assert "form_problems" in case.flags
    with under(HAYAMA):
        problems = CaseDocument.objects.get(case=case).schema_problems
    assert any(problem["path"].startswith("event_date") for problem in problems)


def test_another_towns_application_cannot_be_slipped_in(world: World) -> None:
    envelope = Draft(world, municipality=NINOMIYA).envelope(refs=())
    with under(HAYAMA):
        assert intake.receive(replace(envelope, municipality=HAYAMA)) is None
        assert "自治体" in UnreadableMessage.objects.get().problem
        assert Case.objects.count() == 0


@limits(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    body=st.dictionaries(
        st.sampled_from(
            ["receipt_number", "application", "mode", "signature", "login", "submitted_at", "verdict"]
        ),
        st.recursive(
            st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
            ),
            max_leaves=8,
        ),
    )
)
def test_nonsense_is_told_apart_without_any_other_error(body: dict[str, object]) -> None:

    with pytest.raises(Unreadable):
        read(message("application.submitted", body))


def test_a_withdrawal_ends_an_open_case(world: World, receive: Receive) -> None:
    case = receive(Draft(world).envelope())
    withdraw(case)
    with under(HAYAMA):
        case.refresh_from_db()
    assert (case.status, case.is_open) == ("withdrawn", False)
    assert told(case)[-1] == ("status.changed", "withdrawn")


def withdraw(case: Case) -> None:
    body = {"application_id": str(case.id), "reason": "必要がなくなった", "at": utc_text(case.submitted_at)}
    with under(HAYAMA):
        messages.application_withdrawn(message("application.withdrawn", body))


def test_a_withdrawal_that_overtakes_its_application_is_tried_again(world: World) -> None:
    body = {"application_id": str(uuid.uuid4()), "reason": "", "at": utc_text(world.now)}
    with pytest.raises(messages.NotArrivedYet), under(HAYAMA):
        messages.application_withdrawn(message("application.withdrawn", body))


def test_another_municipality_sees_nothing_of_it(world: World, receive: Receive) -> None:
    receive(Draft(world).envelope())
    with under(NINOMIYA):
        assert Case.objects.count() == CaseDocument.objects.count() == CaseAttachment.objects.count() == 0
