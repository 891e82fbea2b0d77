"""Background work of the desk (procrastinate). Each task may be run again after a crash and does what is left."""

from contextlib import suppress
from datetime import date
from uuid import UUID

from django.db.models import Q
from procrastinate.contrib.django import app

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base import ticks
from yakuba.base.clock import now, today
from yakuba.base.municipality import body_of
from yakuba.base.tenancy import under
from yakuba.card.evidence import NoEvidence
from yakuba.casework import clock_rules, evidence_kept, outside
from yakuba.casework.counter import visits
from yakuba.casework.models import Case, CaseEvidence, Disaster
from yakuba.casework.moves import ZONE_ACTOR, lock_case
from yakuba.casework.staff.models import LoginName
from yakuba.casework.stamping import can_stamp
from yakuba.casework.survey import houses
from yakuba.casework.verifying_again import verify_again
from yakuba.casework.workflow import Status

ticks.only_the_newest()

_BATCH = 1000


@app.periodic(cron="*/30 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="casework.clocks", queueing_lock="casework.clocks", pass_context=False)  # type: ignore[untyped-decorator]
def sweep_clocks(timestamp: int) -> int:
    """Mark cases whose limit is near or past, in every municipality; returns how many changed."""
    return sum(mark_clocks(municipality, today()) for municipality in municipalities())


@app.periodic(cron="*/10 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="casework.verify_again", queueing_lock="casework.verify_again", pass_context=False)  # type: ignore[untyped-decorator]
def sweep_unknown(timestamp: int) -> int:
    """Verify again what could not be judged: a fresh revocation list may have come. Returns how many are settled."""
    return sum(settle_unknown(municipality) for municipality in municipalities())


@app.periodic(cron="*/10 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="casework.evidence", queueing_lock="casework.evidence", pass_context=False)  # type: ignore[untyped-decorator]
def sweep_evidence(timestamp: int) -> int:
    """Keep stamped evidence of every signature that was judged good or bad. Returns how many records were made."""
    if not can_stamp():
        return 0
    return sum(keep_missing_evidence(municipality) for municipality in municipalities())


@app.periodic(cron="15 3 * * *")  # type: ignore[untyped-decorator]
@app.task(name="casework.evidence_renewal", queueing_lock="casework.evidence_renewal", pass_context=False)  # type: ignore[untyped-decorator]
def sweep_renewals(timestamp: int) -> int:
    """Renew the stamps that end within a year. Returns how many were renewed."""
    if not can_stamp():
        return 0
    return sum(renew_stamps(municipality) for municipality in municipalities())


@app.periodic(cron="* * * * *")  # type: ignore[untyped-decorator]
@app.task(name="casework.outside", queueing_lock="casework.outside", pass_context=False)  # type: ignore[untyped-decorator]
def sweep_outside(timestamp: int) -> int:
    """Hand decided cases to the services outside that take them. Returns how many were answered."""
    doors = outside.adapters()
    prefectures = [one for one in municipalities() if body_of(one) == "prefecture"] if doors else []
    return sum(outside.push(municipality, door) for municipality in prefectures for door in doors)


@app.periodic(cron="35 3 * * *")  # type: ignore[untyped-decorator]
@app.task(name="casework.counter", queueing_lock="casework.counter", pass_context=False)  # type: ignore[untyped-decorator]
def sweep_counter(timestamp: int) -> int:
    """Throw away what nobody at a counter went on with. Returns how many visits went."""
    return sum(clear_counter(municipality) for municipality in municipalities())


@app.periodic(cron="*/5 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="casework.survey", queueing_lock="casework.survey", pass_context=False)  # type: ignore[untyped-decorator]
def sweep_survey(timestamp: int) -> int:
    """Put new applications of every disaster on its list of houses. Returns how many were new."""
    return sum(gather_houses(municipality) for municipality in municipalities())


def gather_houses(municipality: str) -> int:
    """Each disaster's new applications under their houses, with an audit record where there were any.

    Results of houses surveyed already are not told to them here: a step of a case is recorded by a person.
    """
    new = 0
    with under(municipality):
        for disaster in Disaster.objects.order_by("id"):
            found = houses.gather(disaster)
            if found:
                subject, facts = f"disaster:{disaster.id}", {"new": str(found), "told": "0"}
                append(AuditEvent(ZONE_ACTOR, "survey.gathered", subject, municipality, facts))
            new += found
    return new


def clear_counter(municipality: str) -> int:
    """Visits in hand that nobody touched for thirty days, each with its audit record."""
    with under(municipality):
        return visits.clear_old(now())


def municipalities() -> tuple[str, ...]:
    """Every municipality that has a desk here."""
    return tuple(LoginName.objects.order_by("municipality").values_list("municipality", flat=True).distinct())


def mark_clocks(municipality: str, day: date) -> int:
    """Set what the queue shows of each open case's limit on ``day``. Only rows whose mark changes are written."""
    soon = Q(due__lte=day.fromordinal(day.toordinal() + clock_rules.WARN_DAYS))
    with under(municipality):
        running = Case.objects.filter(municipality=municipality, is_open=True, clock_paused_on=None)
        overdue = running.filter(due__lt=day).exclude(clock_flag="overdue").update(clock_flag="overdue")
        near = running.filter(soon, due__gte=day).exclude(clock_flag="due_soon").update(clock_flag="due_soon")
        marked = Case.objects.filter(municipality=municipality).exclude(clock_flag="")
        calm = marked.filter(
            Q(is_open=False) | Q(clock_paused_on__isnull=False) | Q(due=None) | (~soon & Q(due__gte=day))
        )
        return overdue + near + calm.update(clock_flag="")


def settle_unknown(municipality: str) -> int:
    """Verify again each case of the municipality that waits for it, one transaction each."""
    with under(municipality):
        waiting: list[UUID] = list(
            Case.objects.filter(status=Status.UNIDENTIFIED, verdict_outcome="unknown")
            .order_by("due_sort", "id")
            .values_list("id", flat=True)[:_BATCH]
        )
    settled = 0
    for case_id in waiting:
        with under(municipality):
            case = lock_case(case_id)
            if case.verdict_outcome == "unknown" and case.status == Status.UNIDENTIFIED:
                settled += verify_again(case, None, now()) != "unknown"
    return settled


def keep_missing_evidence(municipality: str) -> int:
    """Make each record that is missing, one transaction each; what cannot be made now is made at the next sweep."""
    with under(municipality):
        missing: list[UUID] = list(
            Case.objects.filter(document__isnull=False, evidence_record__isnull=True)
            .exclude(verdict_outcome="unknown")
            .order_by("arrived_at", "id")
            .values_list("id", flat=True)[:_BATCH]
        )
    kept = 0
    for case_id in missing:
        with suppress(NoEvidence), under(municipality):
            case = lock_case(case_id)
            if not CaseEvidence.objects.filter(case=case).exists():
                evidence_kept.keep_evidence(case)
                kept += 1
    return kept


def renew_stamps(municipality: str) -> int:
    """Renew each record of the municipality whose time has come, one transaction each."""
    with under(municipality):
        ending: list[UUID] = list(
            CaseEvidence.objects.filter(renew_from__lte=now())
            .order_by("renew_from")
            .values_list("case_id", flat=True)[:_BATCH]
        )
    renewed = 0
    for case_id in ending:
        with under(municipality):
            lock_case(case_id)
            renewed += evidence_kept.renew(CaseEvidence.objects.select_related("case").get(case_id=case_id))
    return renewed
