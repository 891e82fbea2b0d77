"""Rate limits that stop a program, not a town: narrow per visit and per person signed in, wide per address.

A whole school or town office may stand behind one address (CGNAT, proxy), so the limit per address is set where only
a machine gets to; a person is limited by the visit, and over all visits by the card. Counters live in PostgreSQL, shared by
all processes.
"""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from yakuba.base.clock import now
from yakuba.portal.visitors import signed_in_owner


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``per_visit`` and ``per_address`` requests of one kind in ``seconds``, and twice ``per_visit`` for one card
    over all its visits: somebody has a telephone and a computer, but not fifty."""

    kind: str
    per_visit: int
    per_address: int
    seconds: int = 600


SIGN_IN = Limit("sign_in", per_visit=30, per_address=3_000)
SUBMIT = Limit("submit", per_visit=120, per_address=6_000)
START = Limit("start", per_visit=60, per_address=6_000)
UPLOAD = Limit("upload", per_visit=3_000, per_address=60_000)
VERIFY = Limit("verify", per_visit=60, per_address=3_000)
RETURN = Limit("card_return", per_visit=600, per_address=6_000)


def over(limit: Limit, request: HttpRequest) -> int:
    """0 if the request is within ``limit``; else the seconds until the window ends."""
    moment = int(now().timestamp())
    window = moment // limit.seconds
    visit = request.session.session_key
    counts = [(f"{limit.kind}:address:{request.META.get('REMOTE_ADDR', '')}", limit.per_address)]
    if owner := signed_in_owner(request):
        counts.append((f"{limit.kind}:person:{owner}", 2 * limit.per_visit))
    if visit:
        counts.append((f"{limit.kind}:visit:{visit}", limit.per_visit))
    hashed = {_hashed(key): allowed for key, allowed in counts}
    counted = _count(list(hashed), window * limit.seconds)
    passed = all(counted[key] <= allowed for key, allowed in hashed.items())
    return 0 if passed else limit.seconds - moment % limit.seconds


def _hashed(key: str) -> str:
    secret = str(settings.SECRET_KEY).encode()
    return hmac.new(secret, key.encode(), hashlib.sha256).hexdigest()


def _count(keys: list[str], window: int) -> dict[str, int]:
    """One more for each of ``keys``; returns where each stands. One statement, so one commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO portal_rate_count (key, "window", count) SELECT unnest(%s::text[]), %s, 1'
            ' ON CONFLICT (key, "window") DO UPDATE SET count = portal_rate_count.count + 1 RETURNING key, count',
            [keys, window],
        )
        return {str(key): int(count) for key, count in cursor.fetchall()}
