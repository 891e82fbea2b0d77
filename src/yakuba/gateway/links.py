"""When this zone last heard from its neighbours."""

from django.db import connection


def heard_from(peer: str) -> None:
    """The neighbour called or answered. Written at most every few seconds: it is for people to look at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gateway_link (peer, last_contact_at, problem) VALUES (%s, now(), '') "
            "ON CONFLICT (peer) DO UPDATE SET last_contact_at = now() "
            "WHERE gateway_link.last_contact_at IS NULL OR gateway_link.last_contact_at < now() - interval '5 seconds'",
            [peer],
        )


def trouble_with(peer: str, problem: str) -> None:
    """The neighbour could not be reached."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gateway_link (peer, last_problem_at, problem) VALUES (%s, now(), %s) "
            "ON CONFLICT (peer) DO UPDATE SET last_problem_at = now(), problem = EXCLUDED.problem",
            [peer, problem[:300]],
        )
