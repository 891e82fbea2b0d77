"""Tidying of the desk's accounts: counters of failed sign-ins and sessions that are over."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from yakuba.base.clock import now
from yakuba.casework.staff.models import Attempt

KEPT = timedelta(days=1)


@app.periodic(cron="17 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="staff.tidy", queueing_lock="staff.tidy", pass_context=False)  # type: ignore[untyped-decorator]
def tidy(timestamp: int) -> int:
    """Remove counters nobody has added to for a day (whoever guesses at random names must not fill the table), and
    sessions past their end. Returns how many rows went."""
    counters, _ = Attempt.objects.filter(last_at__lt=now() - KEPT).delete()
    sessions, _ = Session.objects.filter(expire_date__lt=now()).delete()
    return counters + sessions
