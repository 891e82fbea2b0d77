"""Asking for notices and making them: one number each, none left out, nothing sent twice."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.notices.cast import HAYAMA, NINOMIYA, SIGNED_AT, of_kind
from tests.notices.conftest import Town
from yakuba.audit.events import AuditEvent
from yakuba.audit.log import links
from yakuba.base.canonical import sha256_hex
from yakuba.base.tenancy import under
from yakuba.card.outcomes import Outcome
from yakuba.card.pdf import verify_notice
from yakuba.casework.notices import making, tasks
from yakuba.casework.notices.models import Notice, State
from yakuba.casework.notices.service import WrongState, issue, issued_on_paper, try_again
from yakuba.casework.notices.signals import notice_issued, notice_needs_a_person
from yakuba.casework.notices.signer import NoNoticeKey
from yakuba.casework.notices.view import IncompleteNotice
from yakuba.gateway import blobs
from yakuba.gateway.models import OutboxMessage

CASE = uuid.UUID(int=1)


def event(action: str = "notice.asked_for", municipality: str = HAYAMA) -> AuditEvent:
    return AuditEvent("staff:1", action, f"case:{CASE}", municipality)


def asked(
    case: uuid.UUID = CASE,
    kind: str = "decision",
    key: str = "",
    municipality: str = HAYAMA,
    name: str = "見本",
) -> Notice:
    with under(municipality):
        return issue(case, kind, of_kind(kind, name), event(municipality=municipality), key=key)


def stored(notice: Notice) -> Notice:
    with under(notice.municipality):
        return Notice.objects.get(id=notice.id)


@pytest.mark.django_db
def test_a_notice_gets_the_next_number_of_its_series_and_fiscal_year() -> None:
    numbers = [asked(uuid.uuid4()).full_number for _ in range(3)]
    assert numbers == ["葉総第1号", "葉総第2号", "葉総第3号"]
    assert asked(uuid.uuid4(), "care_need_result").full_number == "葉福第1号"
    assert asked(uuid.uuid4(), municipality=NINOMIYA).full_number == "二総第1号"


@pytest.mark.django_db
def test_asking_twice_gives_the_same_notice_and_no_second_number() -> None:
    first, again = asked(), asked()
    assert first.id == again.id
    assert asked(uuid.uuid4()).number == 2
    assert ProcrastinateJob.objects.filter(task_name="notices.make").count() == 2


@pytest.mark.django_db
def test_a_second_request_for_correction_of_the_same_case_is_a_notice_of_its_own() -> None:
    first, second = asked(kind="correction_request", key="1"), asked(kind="correction_request", key="2")
    assert (first.number, second.number) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_rolls_back_takes_its_number_and_its_job_with_it() -> None:
    class Undone(Exception):
        pass

    def decide() -> None:
        with under(HAYAMA):
            issue(CASE, "decision", of_kind("decision"), event())
            raise Undone

    with pytest.raises(Undone):
        decide()
    assert ProcrastinateJob.objects.count() == 0
    assert asked(uuid.uuid4()).number == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_every_number_once_and_none_is_left_out() -> None:
    problems: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as problem:  # noqa: BLE001 - shown by the assertion below
            problems.append(problem)
        finally:
            connection.close()

    def ask(cases: list[uuid.UUID]) -> None:
        for case in cases:
            asked(case)

    cases = [[uuid.uuid4() for _ in range(10)] for _ in range(4)]
    cases[3] = cases[2]  # two of them ask for the same notices
    threads = [threading.Thread(target=run, args=(lambda mine=mine: ask(mine),)) for mine in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with under(HAYAMA):
        numbers = sorted(Notice.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 31))


@pytest.mark.django_db(transaction=True)
def test_a_notice_is_asked_for_only_together_with_its_decision() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        issue(CASE, "decision", of_kind("decision"), event())


@pytest.mark.django_db
def test_a_notice_that_could_never_be_made_takes_no_number() -> None:
    with pytest.raises(IncompleteNotice), under(HAYAMA):
        issue(CASE, "refusal", of_kind("refusal", reasons=()), event())
    with under(HAYAMA):
        assert Notice.objects.count() == 0


@pytest.mark.django_db
def test_the_worker_signs_stores_and_sends_the_notice(signing: Town) -> None:
    notice = asked(kind="child_allowance_approved")
    assert making.make(HAYAMA, notice.id, at=SIGNED_AT) is State.ISSUED
    made = stored(notice)
    pdf = blobs.read(HAYAMA, made.sha256)
    assert (sha256_hex(pdf), len(pdf)) == (made.sha256, made.size)
    verdict = verify_notice(pdf, roots=signing.roots, at=SIGNED_AT)
    assert (verdict.outcome, verdict.signer, verdict.signed_at) == (Outcome.GOOD, "葉山町長", SIGNED_AT)
    with under(HAYAMA):
        [message] = OutboxMessage.objects.all()
    assert (message.kind, message.recipient) == ("notice.issued", "internet")
    assert made.sha256.encode() in bytes(message.document)
    assert str(made.application_id).encode() in bytes(message.document)
    assert [link.event.action for link in links()] == ["notice.asked_for", "notice.issued"]


@pytest.mark.django_db
def test_making_twice_sends_once(signing: Town) -> None:
    notice = asked()
    making.make(HAYAMA, notice.id, at=SIGNED_AT)
    first = stored(notice).sha256
    assert tasks.make_notice(municipality=HAYAMA, notice_id=str(notice.id)) == "issued"
    assert stored(notice).sha256 == first
    with under(HAYAMA):
        assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db
def test_a_name_the_font_cannot_print_goes_to_the_list_for_people(signing: Town) -> None:
    heard: list[Notice] = []

    def listen(notice: Notice, **_: object) -> None:
        heard.append(notice)

    notice_needs_a_person.connect(listen)
    try:
        notice = asked(name="見本 𰀀子")
        assert making.make(HAYAMA, notice.id) is State.MANUAL
    finally:
        notice_needs_a_person.disconnect(listen)
    assert stored(notice).problem == [{"character": "𰀀", "code_points": "U+30000"}]
    assert [one.id for one in heard] == [notice.id]
    with under(HAYAMA):
        assert OutboxMessage.objects.count() == 0
    assert [link.event.action for link in links()][-1] == "notice.needs_a_person"


@pytest.mark.django_db
def test_a_person_notes_the_paper_notice_or_has_it_tried_again(signing: Town) -> None:
    notice = asked(name="見本 𰀀子")
    with pytest.raises(WrongState), under(HAYAMA):
        issued_on_paper(notice, event("notice.on_paper"))
    making.make(HAYAMA, notice.id)
    with under(HAYAMA):
        try_again(notice, event("notice.again"))
    assert making.make(HAYAMA, notice.id) is State.MANUAL
    with under(HAYAMA):
        issued_on_paper(notice, event("notice.on_paper"))
    assert stored(notice).state == State.ON_PAPER
    assert making.make(HAYAMA, notice.id) is State.ON_PAPER


@pytest.mark.django_db
def test_a_listener_works_in_the_same_transaction_or_nothing_is_sent(signing: Town) -> None:
    def refuse(**_: object) -> None:
        raise RuntimeError("the case cannot move")

    notice = asked()
    notice_issued.connect(refuse)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            making.make(HAYAMA, notice.id)
    finally:
        notice_issued.disconnect(refuse)
    assert stored(notice).state == State.WAITING
    with under(HAYAMA):
        assert OutboxMessage.objects.count() == 0


@pytest.mark.django_db
def test_without_a_key_the_notice_waits(settings: object) -> None:
    settings.NOTICE_KEY = ""  # type: ignore[attr-defined]
    notice = asked()
    with pytest.raises(NoNoticeKey, match="YAKUBA_NOTICE_KEY"), transaction.atomic():
        making.make(HAYAMA, notice.id)
    assert stored(notice).state == State.WAITING


@pytest.mark.django_db
def test_the_sweep_queues_a_notice_whose_worker_was_killed_and_no_other(signing: Town) -> None:
    lost, queued, fresh = (asked(uuid.uuid4()) for _ in range(3))
    with under(HAYAMA):
        Notice.objects.exclude(id=fresh.id).update(made_at=SIGNED_AT.replace(year=2020))
    with connection.cursor() as cursor:  # a worker that was killed leaves its job so
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE args->>'notice_id' = %s", [str(lost.id)]
        )
    for _ in range(3):
        tasks.sweep(timestamp=0)
    waiting = ProcrastinateJob.objects.filter(task_name="notices.make", status="todo")
    assert sorted(job.args["notice_id"] for job in waiting) == sorted(
        str(one.id) for one in (lost, queued, fresh)
    )


@pytest.mark.django_db(transaction=True)
def test_a_worker_process_makes_what_was_queued(signing: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    # The worker's threads keep their connections for good; these threads end with the test.
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    notices = [asked(uuid.uuid4()), asked(uuid.uuid4(), name="見本 𰀀子")]
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, concurrency=2)
    assert [stored(one).state for one in notices] == [State.ISSUED, State.MANUAL]
    mine = ProcrastinateJob.objects.filter(args__notice_id__in=[str(one.id) for one in notices])
    assert [job.status for job in mine] == ["succeeded", "succeeded"]


@pytest.mark.django_db
def test_one_town_never_sees_anothers_notices() -> None:
    notice = asked()
    with under(NINOMIYA):
        assert not Notice.objects.filter(id=notice.id).exists()
        with pytest.raises(Notice.DoesNotExist):
            making.make(NINOMIYA, notice.id)


@pytest.mark.django_db
def test_the_application_can_take_no_number_away() -> None:
    notice = asked()
    for table in ("notices_notice", "notices_counter"):
        with (
            under(HAYAMA),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")
    with pytest.raises(IntegrityError), under(HAYAMA):
        Notice.objects.create(
            municipality=HAYAMA, case_id=uuid.uuid4(), application_id=uuid.uuid4(), kind="decision",
            title="x", series=notice.series, fiscal_year=notice.fiscal_year, number=notice.number, data={},
            content_sha256="",
        )  # fmt: skip
