"""The municipalities whose messages have come by: their codes, for work that goes through all of them."""

from django.db import connection, transaction

from yakuba.gateway.models import Municipality

_noted: set[str] = set()  # what this process has written already


def note(code: str) -> None:
    """Remember ``code``, in the caller's transaction; costs nothing from the second time on."""
    if code not in _noted:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO gateway_municipality (code) VALUES (%s) ON CONFLICT DO NOTHING", [code]
            )
        transaction.on_commit(lambda: _noted.add(code))


def codes() -> list[str]:
    """All of them."""
    return list(Municipality.objects.order_by("code").values_list("code", flat=True))
