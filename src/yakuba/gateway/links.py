"""When this zone last heard from its neighbours."""

import time

from django.db import connection

_EVERY = 5.0
_noted: dict[
    str, float
] = {}  # when this process last wrote it: even a row left as it was costs a commit to disk


def heard_from(peer: str) -> None:
    """The neighbour called or answered. Written at most every few seconds: it is for people to look at."""
    moment = time.monotonic()
    if moment - _noted.get(peer, -_EVERY) < _EVERY:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gateway_link (peer, last_contact_at, problem) VALUES (%s, now(), '') "
            "ON CONFLICT (peer) DO UPDATE SET last_contact_at = now() "
            "WHERE gateway_link.last_contact_at IS NULL OR gateway_link.last_contact_at < now() - interval '5 seconds'",
            [peer],
        )
    _noted[peer] = moment


def trouble_with(peer: str, problem: str) -> None:
    """The neighbour could not be reached."""
    _noted.pop(peer, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gateway_link (peer, last_problem_at, problem) VALUES (%s, now(), %s) "
            "ON CONFLICT (peer) DO UPDATE SET last_problem_at = now(), problem = EXCLUDED.problem",
            [peer, problem[:300]],
        )
