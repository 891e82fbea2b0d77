"""What has been delivered need not lie around: contents go after a while, numbers, states and receipts stay.

The receiving zone is where an application is kept. In the sending zone and in transit its sealed text is only needed until
the receipt has come; a month more lets people look into a complaint.
"""

from datetime import timedelta

from django.db import connection

from yakuba.base.tenancy import under
from yakuba.gateway import served

KEEP_FOR = timedelta(days=30)
_STATEMENTS = (
    "UPDATE gateway_outbox SET document = '', seal = '' WHERE municipality = %s AND state = 'delivered' "
    "AND closed_at < now() - make_interval(secs => %s) AND document <> ''",
    "UPDATE gateway_transit SET document = '', seal = '', transit = NULL, transit_seal = NULL WHERE municipality = %s "
    "AND state = 'delivered' AND arrived_at < now() - make_interval(secs => %s) AND document <> ''",
)


def forget(keep_for: timedelta = KEEP_FOR) -> int:
    """Empty what was delivered longer ago than ``keep_for``; returns how many messages that were."""
    emptied = 0
    for code in served.codes():
        with under(code), connection.cursor() as cursor:
            for statement in _STATEMENTS:
                cursor.execute(statement, [code, keep_for.total_seconds()])
                emptied += cursor.rowcount
    return emptied
