"""Clean-up jobs of the internet zone (procrastinate; ``python -m … procrastinate worker``)."""

import logging

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app

from yakuba.base import ticks
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.portal.models import RateCount
from yakuba.portal.services.retention import clean_up, drop_delivered_answers
from yakuba.portal.towns import towns

ticks.only_the_newest()

_log = logging.getLogger(__name__)
_RATE_COUNTS = 2 * 24 * 3600  # seconds


@app.periodic(cron="17 3 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="portal-clean-up", pass_context=False)  # type: ignore[untyped-decorator]
def remove_what_is_past_its_time(timestamp: int) -> None:
    """Every night, town by town: see the table in ``services.retention``."""
    for code in towns():
        with under(code):
            gone = clean_up(now())
        _log.info("portal.cleaned %s %s", code, gone)
    SessionStore.clear_expired()
    RateCount.objects.filter(window__lt=int(now().timestamp()) - _RATE_COUNTS).delete()


@app.periodic(cron="*/5 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="portal-delivered", pass_context=False)  # type: ignore[untyped-decorator]
def forget_delivered_answers(timestamp: int) -> None:
    """Every five minutes: what has arrived in the My Number zone need not lie in the internet zone any longer."""
    for code in towns():
        with under(code):
            drop_delivered_answers(now())
