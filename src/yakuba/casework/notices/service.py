"""Asking for a notice, and making it. Asking twice, or making twice, changes nothing the second time."""

from uuid import UUID

from django.db import connection, transaction

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base.tenancy import current_municipality
from yakuba.casework.notices.data import NoticeData, content_digest, to_json
from yakuba.casework.notices.kinds import kind as kind_named
from yakuba.casework.notices.letterheads import letterhead
from yakuba.casework.notices.models import Notice, State, number_text
from yakuba.casework.notices.numbers import next_number
from yakuba.casework.notices.queueing import make_soon
from yakuba.casework.notices.signals import notice_issued
from yakuba.casework.notices.view import check_complete, fiscal_year, office_in_charge


class WrongState(ValueError):
    """The notice is not in a state in which this can be done."""


def issue(case_id: UUID, kind: str, payload: NoticeData, audit: AuditEvent, *, key: str = "") -> Notice:
    """Ask for a notice, in the caller's transaction under its municipality. It gets its number now and is laid out,
    signed and sent by a worker soon after the transaction commits.

    Asking again for the same case, kind and ``key`` returns the notice there is: no second number is given.
    Call it late in the transaction: the series' counter stays locked until that ends.

    Args:
        kind: an id of :func:`~yakuba.casework.notices.kinds.kinds`.
        key: tells several notices of one kind for one case apart, e.g. the number of the 補正依頼.

    Raises:
        UnknownKind, NoLetterhead, IncompleteNotice: the notice could never be made; nothing is written.
        TransactionManagementError: outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "a notice is asked for in the transaction of its decision"
        )
    municipality = current_municipality()
    form, sender = kind_named(kind), letterhead(municipality)
    check_complete(form, payload)
    _one_at_a_time(f"{municipality} {case_id} {kind} {key}")
    present = Notice.objects.filter(case_id=case_id, kind=kind, key=key).first()
    if present is not None:
        return present
    office = office_in_charge(form, payload, sender)
    series, year = sender.mark + office.mark, fiscal_year(payload.decided_on)
    number = next_number(series, year)
    notice = Notice.objects.create(
        municipality=municipality,
        case_id=case_id,
        application_id=payload.application_id,
        kind=kind,
        key=key,
        title=form.title.ja,
        series=series,
        fiscal_year=year,
        number=number,
        data=to_json(payload),
        content_sha256=content_digest(number_text(series, number), kind, payload),
    )
    make_soon(municipality, notice.id)
    log.append(audit)
    return notice


def issued_on_paper(notice: Notice, audit: AuditEvent) -> None:
    """Note that a person wrote and sent a notice that cannot be printed here, in the caller's transaction. To
    those who listen for ``notice_issued`` it is issued.

    Raises:
        WrongState: it does not wait for a person.
    """
    changed = Notice.objects.filter(id=notice.id, state=State.MANUAL).update(state=State.ON_PAPER)
    if not changed:
        raise WrongState(f"{notice.full_number} は手作業の一覧にありません。")
    notice.state = State.ON_PAPER
    notice_issued.send(sender=Notice, notice=notice)
    log.append(audit)


def try_again(notice: Notice, audit: AuditEvent) -> None:
    """Queue a notice anew that waits for a person: the font has the character now.

    Raises:
        WrongState: it does not wait for a person.
    """
    changed = Notice.objects.filter(id=notice.id, state=State.MANUAL).update(state=State.WAITING)
    if not changed:
        raise WrongState(f"{notice.full_number} は手作業の一覧にありません。")
    make_soon(notice.municipality, notice.id)
    log.append(audit)


def _one_at_a_time(name: str) -> None:
    """Make callers with the same ``name`` take turns until their transactions end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
