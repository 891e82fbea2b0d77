"""Background work of the notices (procrastinate). Run again after a crash, each does what is left to do and no more."""

from datetime import timedelta
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yakuba.base import ticks
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.casework.notices import making
from yakuba.casework.notices.letterheads import municipalities
from yakuba.casework.notices.models import Notice, State
from yakuba.casework.notices.queueing import MAKE, make_soon

ticks.only_the_newest()

# A notice waiting longer than this may have lost its worker (killed, cut off) and is queued again, if it is not there.
OVERDUE = timedelta(minutes=1)


@app.task(name=MAKE, retry=RetryStrategy(max_attempts=8, exponential_wait=4))  # type: ignore[untyped-decorator]
def make_notice(municipality: str, notice_id: str) -> str:
    """Lay out, sign and send one notice."""
    return str(making.make(municipality, UUID(notice_id)))


@app.periodic(cron="* * * * *")  # type: ignore[untyped-decorator]
@app.task(name="notices.sweep", queueing_lock="notices.sweep", pass_context=False)  # type: ignore[untyped-decorator]
def sweep(timestamp: int) -> int:
    """Queue every overdue notice of every municipality again; returns how many."""
    queued = 0
    for municipality in municipalities():
        with under(municipality):
            waiting = Notice.objects.filter(state=State.WAITING, made_at__lt=now() - OVERDUE)
            for notice_id in waiting.values_list("id", flat=True)[:1000]:
                make_soon(municipality, notice_id)
                queued += 1
    return queued
