"""Writing the zone's audit log to a file."""

from typing import IO

from django.conf import settings
from django.db import connection, transaction

from yakuba.audit import log
from yakuba.audit.models import WitnessedHead
from yakuba.base import cells
from yakuba.base.clock import utc_text
from yakuba.gateway.audit_export import Witness, head_line, record_line, witness_line


def write(file: IO[str]) -> int:
    """Write every record of the cell in use and every head held there of other zones, as of one moment; returns the
    number of records."""
    file.write(head_line(cells.chain()))
    count = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for link in log.links():
            file.write(record_line(link))
            count += 1
        for head in WitnessedHead.objects.order_by("zone", "sequence").iterator():
            file.write(
                witness_line(
                    Witness(
                        settings.ZONE, head.zone, head.sequence, head.hash, utc_text(head.at), head.signature
                    )
                )
            )
    return count
