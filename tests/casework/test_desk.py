"""The desk at work: pages, moves by button, four eyes, once and only once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

import yakuba.casework
from tests.casework.cast import HAYAMA, HINA, KENTA, TARO, Desk, Draft, Receive, World, answers
from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.audit.models import AuditRecord
from yakuba.base.clock import now, today
from yakuba.base.tenancy import under
from yakuba.base.web import audience_of
from yakuba.casework import decisions, queue
from yakuba.casework.audit_words import ACTIONS
from yakuba.casework.desk import NEEDS
from yakuba.casework.errors import NotAllowed
from yakuba.casework.handover.models import Item
from yakuba.casework.models import Case, Identification, Proposal
from yakuba.casework.moves import lock_case
from yakuba.casework.notices.models import Notice
from yakuba.casework.notices.signals import notice_issued
from yakuba.casework.roles import GRANTS, Permission, Role
from yakuba.casework.staff.models import Staff
from yakuba.casework.urls import urlpatterns
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.registers import entries
from yakuba.registers.models import CardCertificate, RegisterEntry

pytestmark = pytest.mark.django_db


def signed_in(staff: Staff) -> Client:
    """A browser in which ``staff`` has signed in with both factors."""
    client = Client()
    session = client.session
    at = now().isoformat()
    session["staff"] = {
        "id": str(staff.id), "municipality": staff.municipality, "epoch": staff.session_epoch, "since": at,
        "seen": at, "enrolled": True,
    }  # fmt: skip
    session.save()
    return client


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"casework:{name}", args=args))
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def press(
    client: Client, case: Case, name: str, *args: object, version: int | None = None, **posted: Any
) -> Any:
    """Press a button of the case's page as it is now (or was at ``version``)."""
    if version is None:
        with under(case.municipality):
            version = Case.objects.get(pk=case.pk).row_version
    return client.post(reverse(f"casework:{name}", args=[case.pk, *args]), {"version": version, **posted})


def fresh(case: Case) -> Case:
    with under(case.municipality):
        return Case.objects.get(pk=case.pk)


@pytest.fixture
def case(world: World, receive: Receive) -> Case:
    return receive(Draft(world).envelope())


def reviewed(case: Case, desk: Desk, **posted: Any) -> None:
    """The reviewer takes the case and proposes to grant."""
    client = signed_in(desk.reviewer)
    press(client, case, "take")
    press(
        client,
        case,
        "step",
        "main_earner",
        done_on=today().isoformat(),
        main_earner="yes",
        spouse_receives="no",
    )
    answer = press(client, case, "propose", outcome="granted", reasons=["0", "1", "2"], **posted)
    assert answer.status_code == 302, answer.content.decode()


# -- who may see what -------------------------------------------------------------------------------


def views() -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for one in patterns:
            if isinstance(one, URLResolver):
                walk(one.url_patterns, prefix + str(one.pattern))
            else:
                found.append((prefix + str(one.pattern), one))

    walk(list(urlpatterns), "")
    # the hand-over's own pages are for programs as well: tests/handover sees to them
    return [(path, one) for path, one in found if not path.startswith("handover")]


@pytest.mark.parametrize(("path", "pattern"), views(), ids=[path or "/" for path, _ in views()])
def test_every_page_declares_its_audience_and_only_signing_in_is_public(
    path: str, pattern: URLPattern
) -> None:
    audience = audience_of(pattern.callback)
    if path.startswith("handover/api/"):  # outside core systems, by token; only the description is for anyone
        assert audience == ("public" if path.endswith("openapi.json") else "outside_system")
        return
    if path.startswith("counter/card/") and path.endswith(
        "return"
    ):  # the card agent's form, by one-time ticket
        assert audience == "counter_agent"
        return
    assert audience in ("staff", "staff_enrolling", "public")
    assert (audience == "public") == path.startswith(("sign-in", "sign-out"))
    assert audience != "staff" or hasattr(pattern.callback, NEEDS)


def test_nobody_gets_in_without_signing_in(client: Client, case: Case) -> None:
    for path in (reverse("casework:queue"), reverse("casework:case", args=[case.pk])):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (
            302,
            reverse("casework:staff:sign_in"),
        )


_PAGES = {
    "queue": Permission.SEE_CASES, "people": Permission.SEE_CASES, "settings": Permission.MANAGE_SETTINGS,
    "staff:people": Permission.MANAGE_STAFF, "audit": Permission.SEE_TRAIL, "unreadable": Permission.SEE_CASES,
}  # fmt: skip


@pytest.mark.parametrize("name", _PAGES)
@pytest.mark.parametrize("role", Role)
def test_a_page_opens_for_exactly_the_roles_the_table_names(desk: Desk, name: str, role: Role) -> None:
    staff = {
        Role.INTAKE: desk.intake, Role.REVIEWER: desk.reviewer, Role.APPROVER: desk.approver,
        Role.ADMIN: desk.admin, Role.AUDITOR: desk.auditor,
    }[role]  # fmt: skip
    answer = signed_in(staff).get(reverse(f"casework:{name}"))
    assert answer.status_code == (200 if _PAGES[name] in GRANTS[role] else 403)


def test_another_towns_staff_sees_nothing(desk: Desk, case: Case) -> None:
    client = signed_in(desk.elsewhere)
    assert "葉山" not in page(client, "queue")
    for name in ("case", "identify", "changed"):
        assert client.get(reverse(f"casework:{name}", args=[case.pk])).status_code == 404
    assert client.get(reverse("casework:attachment", args=[case.pk, 0])).status_code == 404
    assert client.get(reverse("casework:person", args=[KENTA])).status_code == 404
    for name in ("take", "note", "propose", "decide", "correction", "assign"):
        assert press(client, case, name, version=1, text="x").status_code == 404
    assert fresh(case).status == "received"


@pytest.mark.parametrize("name", ["take", "note", "propose", "decide", "correction", "identify", "assign"])
def test_an_auditor_reads_and_changes_nothing(desk: Desk, case: Case, name: str) -> None:
    client = signed_in(desk.auditor)
    assert "葉山" in page(client, "case", case.pk)
    posted = {"text": "x", "outcome": "rejected", "own_reason": "x"}
    assert press(client, case, name, **posted).status_code in (403, 409)
    assert fresh(case).row_version == case.row_version


# -- the page ---------------------------------------------------------------------------------------


def test_the_case_page_shows_answers_registers_checks_and_law(desk: Desk, case: Case) -> None:
    html = page(signed_in(desk.reviewer), "case", case.pk)
    for words in (
        "葉山　健太",
        "一致",
        "児童手当法",
        "正しい",
        "世帯",
        "葉山　陽菜",
        "無害化済み",
        case.receipt_number,
    ):
        assert words in html


def test_looking_at_a_case_and_at_a_file_is_audited(desk: Desk, case: Case) -> None:
    client = signed_in(desk.reviewer)
    page(client, "case", case.pk)
    answer = client.get(reverse("casework:attachment", args=[case.pk, 0]))
    assert (answer.content, answer["Content-Type"]) == (b"rebuilt:photo of the passbook", "image/jpeg")
    assert "sandbox" in answer["Content-Security-Policy"]
    actions = set(AuditRecord.objects.filter(actor=desk.reviewer.actor).values_list("action", flat=True))
    assert {"case.viewed", "attachment.viewed"} <= actions


def test_a_file_that_is_not_the_signed_one_is_shown_to_nobody(
    desk: Desk, world: World, receive: Receive
) -> None:
    draft = Draft(world)
    changed = tuple(ref for ref in draft.refs())
    case = receive(
        draft.envelope(refs=tuple(type(ref)(**{**_fields(ref), "evidence": None}) for ref in changed))
    )
    assert signed_in(desk.reviewer).get(reverse("casework:attachment", args=[case.pk, 0])).status_code == 404


def _fields(ref: Any) -> dict[str, Any]:
    return {name: getattr(ref, name) for name in ref.__slots__}


@pytest.mark.parametrize("text", ["葉山健太", "葉山", "ハヤマ", "ﾊﾔﾏ", "はやま　けんた", "0000000001", "1"])
def test_a_case_is_found_by_name_reading_and_number(desk: Desk, case: Case, text: str) -> None:
    answer = signed_in(desk.intake).get(reverse("casework:queue"), {"q": text})
    assert case.receipt_number in answer.content.decode()


def test_a_case_is_found_by_its_receipt_number_however_it_is_written(desk: Desk, case: Case) -> None:
    for text in (case.receipt_number, case.receipt_number.replace("-", "").lower()):
        html = signed_in(desk.intake).get(reverse("casework:queue"), {"q": text}).content.decode()
        assert case.receipt_number in html


def test_the_list_goes_on_page_by_page_without_a_gap(desk: Desk, world: World, receive: Receive) -> None:

    made = {receive(Draft(world, files=()).envelope()).pk for _ in range(7)}
    seen: list[Any] = []
    after = ""
    with under(HAYAMA):
        while True:
            found = queue.page(queue.Wanted(after=after), HAYAMA, desk.intake.id, size=3)
            seen += [case.pk for case in found.cases]
            after = found.next
            if not after:
                break
    assert len(seen) == len(set(seen))
    assert set(seen) == made


def test_a_flag_narrows_what_is_in_progress_and_is_not_offered_for_what_is_done(
    desk: Desk, world: World, receive: Receive, case: Case
) -> None:
    said = answers()
    del said["event_date"]
    flawed = receive(Draft(world, answers=said).envelope())
    client = signed_in(desk.intake)
    html = client.get(reverse("casework:queue"), {"flag": "form_problems"}).content.decode()
    assert flawed.receipt_number in html
    assert case.receipt_number not in html
    done = client.get(reverse("casework:queue"), {"view": "done", "flag": "form_problems"}).content.decode()
    assert 'name="flag"' not in done


# -- moves ------------------------------------------------------------------------------------------


def test_a_clerk_identifies_by_hand_with_a_reason(desk: Desk, world: World, receive: Receive) -> None:

    with under(HAYAMA):
        CardCertificate.objects.all().delete()
    case = receive(Draft(world).envelope())
    client = signed_in(desk.intake)
    assert "葉山　健太" in page(client, "identify", case.pk)
    assert press(client, case, "identify", atena_number=KENTA, reason="").status_code == 422
    assert (
        press(client, case, "identify", atena_number=KENTA, reason="電話で前住所を確認した").status_code
        == 302
    )
    now_ = fresh(case)
    assert (now_.status, now_.atena_number, now_.manual_reason) == ("received", KENTA, "")
    assert "電話で前住所を確認した" in page(client, "case", case.pk)


def test_a_wrong_identification_is_taken_back_with_a_reason_and_both_stay_in_the_history(
    desk: Desk, case: Case
) -> None:
    client = signed_in(desk.reviewer)
    press(client, case, "take")
    assert press(client, case, "doubt", reason="").status_code == 422
    assert press(client, case, "doubt", reason="同姓同名の別人と判明した").status_code == 302
    doubted = fresh(case)
    assert (doubted.status, doubted.atena_number, doubted.manual_reason) == ("unidentified", "", "doubted")
    assert press(client, case, "identify", atena_number=TARO, reason="旧住所で確かめた").status_code == 302
    with under(HAYAMA):
        history = list(
            Identification.objects.filter(case=case).order_by("at").values_list("outcome", flat=True)
        )
    assert history == ["identified", "doubted", "identified"]


def test_nobody_identifies_a_tampered_application(desk: Desk, world: World, receive: Receive) -> None:
    case = receive(Draft(world).envelope(signature=b"x"))
    answer = press(signed_in(desk.intake), case, "identify", atena_number=KENTA, reason="本人だと言っている")
    assert answer.status_code == 409
    assert (fresh(case).status, fresh(case).atena_number) == ("unidentified", "")


def test_the_proposer_cannot_approve(desk: Desk, case: Case) -> None:
    both = desk.second_approver  # may review and approve
    client = signed_in(both)
    press(client, case, "take")
    press(client, case, "step", "main_earner", done_on=today().isoformat(), main_earner="yes")
    assert press(client, case, "propose", outcome="granted").status_code == 302
    assert press(client, case, "decide").status_code == 403
    assert fresh(case).status == "proposed"
    with under(HAYAMA), pytest.raises(NotAllowed):
        decisions.decide(lock_case(case.pk), both, now(), fresh(case).row_version)


def test_the_database_itself_refuses_two_eyes(desk: Desk, case: Case) -> None:
    reviewed(case, desk)
    with pytest.raises(IntegrityError), transaction.atomic(), under(HAYAMA):
        Proposal.objects.filter(case=case).update(decided_by=desk.reviewer)


def test_a_decision_changes_the_register_tells_the_resident_and_asks_for_the_notice(
    desk: Desk, case: Case
) -> None:
    reviewed(case, desk)
    assert press(signed_in(desk.approver), case, "decide").status_code == 302
    with under(HAYAMA):
        entry = entries.current("jidou_teate", KENTA, today() + timedelta(days=62))
        notice = Notice.objects.get(case_id=case.pk)
        handed = Item.objects.get(case_id=case.pk)
        sent = [read_envelope(bytes(row.document)) for row in OutboxMessage.objects.all()]
    assert entry is not None
    assert entry.items["monthly_amount"] == 15000
    assert entry.items["children"][0]["key"] == HINA
    assert notice.kind == "child_allowance_approved"
    assert (handed.receipt_number, handed.state) == (case.receipt_number, "ready")
    assert [one.body["status"] for one in sent if one.kind == "status.changed"] == [
        "received",
        "in_review",
        "decided",
    ]
    assert fresh(case).status == "decided"


def test_a_second_click_on_decide_changes_nothing(desk: Desk, case: Case) -> None:
    reviewed(case, desk)
    version = fresh(case).row_version
    client = signed_in(desk.approver)
    first, second = (press(client, case, "decide", version=version) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 409)
    with under(HAYAMA):
        assert RegisterEntry.objects.count() == Notice.objects.count() == 1


def test_a_colleagues_change_is_noticed_and_what_was_typed_is_kept(desk: Desk, case: Case) -> None:
    reviewer, other = signed_in(desk.reviewer), signed_in(desk.second_approver)
    version = case.row_version
    assert press(reviewer, case, "take", version=version).status_code == 302
    answer = press(other, case, "propose", version=version, outcome="granted", comment="急ぎです")
    assert answer.status_code == 409
    assert "急ぎです" in answer.content.decode()
    assert reviewer.get(reverse("casework:changed", args=[case.pk]), {"version": version}).status_code == 200
    assert (
        reviewer.get(reverse("casework:changed", args=[case.pk]), {"version": version + 1}).status_code == 204
    )


def test_a_refusal_needs_reasons_and_departing_from_the_rule_needs_why(desk: Desk, case: Case) -> None:
    client = signed_in(desk.reviewer)
    press(client, case, "take")
    press(client, case, "step", "main_earner", done_on=today().isoformat(), main_earner="yes")
    answer = press(client, case, "propose", outcome="refused", own_reason="要件を満たさない")
    assert answer.status_code == 422
    assert "規則の判定と違う" in answer.content.decode()
    assert "要件を満たさない" in answer.content.decode()
    done = press(
        client,
        case,
        "propose",
        outcome="refused",
        own_reason="要件を満たさない",
        differs_because="別の町で受給中と判明",
    )
    assert done.status_code == 302
    with under(HAYAMA):
        assert Proposal.objects.get(case=case).effects == []


def test_a_correction_is_asked_for_answered_and_linked(
    desk: Desk, world: World, receive: Receive, case: Case
) -> None:
    client = signed_in(desk.reviewer)
    press(client, case, "take")
    due = (today() + timedelta(days=14)).isoformat()
    posted = {"path": ["account"], "message-account": "口座番号を確かめてください", "due": due}
    assert press(client, case, "correction", **posted).status_code == 302
    assert fresh(case).status == "correction"
    with under(HAYAMA):
        sent = [
            read_envelope(bytes(row.document))
            for row in OutboxMessage.objects.filter(kind="correction.requested")
        ]
    assert sent[0].body["items"] == [{"path": "account", "message": "口座番号を確かめてください"}]
    assert sent[0].body["answers"]["claimant_phone"] == "09000001111"
    said = answers()
    said["account"] = {**said["account"], "account_number": "7654321"}
    new = receive(Draft(world, answers=said, previous=case.pk).envelope(refs=()))  # the old file stands
    old = fresh(case)
    assert (old.status, old.replaced_by) == ("replaced", new.pk)
    assert (new.status, new.atena_number, new.claimed_at) == ("received", KENTA, case.submitted_at)
    assert new.assigned_to_id == desk.reviewer.id
    assert new.verdict_outcome == "good"


def test_a_correction_by_another_person_does_not_take_the_first_ones_place(
    desk: Desk, world: World, receive: Receive, case: Case
) -> None:

    client = signed_in(desk.reviewer)
    press(client, case, "take")
    due = (today() + timedelta(days=14)).isoformat()
    press(client, case, "correction", message="書き直してください", due=due)
    said = answers(
        claimant_name={"name": "逗子　太郎", "kana": "ズシ タロウ"}, claimant_birth_date="1980-01-01"
    )
    new = receive(Draft(world, signer=TARO, answers=said, previous=case.pk).envelope())
    assert new.manual_reason == "other_person_than_before"
    assert fresh(case).status == "correction"


def test_an_empty_correction_request_is_not_sent(desk: Desk, case: Case) -> None:
    client = signed_in(desk.reviewer)
    press(client, case, "take")
    answer = press(client, case, "correction", due="2020-01-01")
    assert answer.status_code == 422
    assert "期限は明日以降" in answer.content.decode()
    assert fresh(case).status == "in_review"


def test_sending_back_says_why_and_the_case_goes_on(desk: Desk, case: Case) -> None:
    reviewed(case, desk)
    client = signed_in(desk.approver)
    assert press(client, case, "send_back", comment="").status_code == 422
    assert press(client, case, "send_back", comment="所得の確認が足りない").status_code == 302
    assert fresh(case).status == "in_review"
    assert "所得の確認が足りない" in page(signed_in(desk.reviewer), "case", case.pk)


def test_the_proposer_may_take_a_proposal_back_and_nobody_else(desk: Desk, case: Case) -> None:
    reviewed(case, desk)
    assert press(signed_in(desk.second_approver), case, "take_back").status_code == 403
    assert press(signed_in(desk.reviewer), case, "take_back").status_code == 302
    assert fresh(case).status == "in_review"


def test_an_application_with_a_bad_signature_is_rejected_by_two_people(
    desk: Desk, world: World, receive: Receive
) -> None:
    case = receive(Draft(world).envelope(signature=b"x"))
    intake = signed_in(desk.intake)
    assert press(intake, case, "propose", outcome="granted").status_code == 409
    reason = "電子署名を検証できず、だれの申請か確かめられないため"
    assert press(intake, case, "propose", outcome="rejected", own_reason=reason).status_code == 302
    assert press(signed_in(desk.approver), case, "decide").status_code == 302
    assert fresh(case).status == "rejected"
    with under(HAYAMA):
        assert Notice.objects.get(case_id=case.pk).kind == "refusal"
        assert RegisterEntry.objects.count() == 0


def test_the_issued_notice_closes_the_case(desk: Desk, case: Case) -> None:

    reviewed(case, desk)
    press(signed_in(desk.approver), case, "decide")
    with under(HAYAMA):
        notice_issued.send(sender=Notice, notice=Notice.objects.get(case_id=case.pk))
    assert fresh(case).status == "notice_issued"


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_decide_once(desk: Desk, case: Case) -> None:
    reviewed(case, desk)
    version = fresh(case).row_version

    def decide(staff: Staff) -> int:
        try:
            return int(press(signed_in(staff), case, "decide", version=version).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        codes = sorted(pool.map(decide, (desk.approver, desk.second_approver)))
    assert codes == [302, 409]
    with under(HAYAMA):
        assert RegisterEntry.objects.count() == Proposal.objects.filter(state="decided").count() == 1


def test_no_page_of_the_desk_carries_an_inline_script_or_style(desk: Desk, case: Case) -> None:
    for name, args in (("queue", ()), ("case", (case.pk,)), ("people", ()), ("person", (KENTA,))):
        html = page(signed_in(desk.reviewer), name, *args)
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", html)


# -- the audit log, read by people ------------------------------------------------------------------


def test_the_audit_page_shows_every_record_in_words_whatever_its_facts_are_called(
    desk: Desk, case: Case
) -> None:
    with under(HAYAMA):
        append(AuditEvent("staff:x", "counter.filled", case.subject, HAYAMA, {"items": "7", "values": "3"}))
    shown = page(signed_in(desk.auditor), "audit")
    assert "項目の数: 7" in shown
    assert "窓口で台帳から記入した" in shown
    assert "申請が届き、申請者を特定した" in shown
    assert "自動処理" in shown


def test_everything_the_desk_writes_into_the_audit_log_has_words() -> None:
    source = Path(yakuba.casework.__file__).parent
    written = {
        action
        for file in source.rglob("*.py")
        for call in re.findall(
            r"(?:AuditEvent|audit_event|event)\((?:[^()]|\([^()]*\))*\)", file.read_text("utf-8")
        )
        for action in re.findall(r'"([a-z]+\.[a-z_]+)"', call)
    }
    assert len(written) > 30
    assert written - set(ACTIONS) == set()
