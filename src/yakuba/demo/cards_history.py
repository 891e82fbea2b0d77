"""Which certificates a synthetic resident has had: issued, renewed, lapsed, revoked. Pure, from a random source."""

import hashlib
from datetime import date
from random import Random

from yakuba.demo.persons import Certificate

# Authorities that do not exist: no card can present a certificate of theirs, so only the cast's cards match.
SIGN_ISSUER = hashlib.sha256(b"yakuba demo town: synthetic signing authority").hexdigest()[:40]
FORMER_ISSUERS = {
    kind: hashlib.sha256(f"yakuba demo town: synthetic former authority, {kind}".encode()).hexdigest()[:40]
    for kind in ("sign", "auth")
}
AUTH_ISSUER = hashlib.sha256(b"yakuba demo town: synthetic authentication authority").hexdigest()[:40]
_CARDS_BEGAN = date(2016, 1, 1).toordinal()
_SIGN_FROM_DAYS = 15 * 365.25
_BOTH = ((0, "sign", SIGN_ISSUER), (1, "auth", AUTH_ISSUER))
_AUTH_ONLY = _BOTH[1:]


def certificates(rng: Random, birth: int, serial: int, as_of: int) -> list[Certificate]:
    """The certificates of one person, oldest first; none if the person has no card.

    Args:
        birth: ordinal of the birthday.
        serial: the first of eight serial numbers that are this person's.
        as_of: ordinal of the town's day.
    """
    age = (as_of - birth) // 365
    if rng.random() > (0.55 if age < 5 else 0.75 if age < 15 else 0.84 if age < 85 else 0.68):
        return []
    span = as_of - max(_CARDS_BEGAN, birth + 30)
    if span <= 0:
        return []
    issued = as_of - int(span * rng.random() ** 1.9)
    fate = rng.random()
    found: list[Certificate] = []
    while True:
        ends = fifth_birthday(birth, issued)
        if ends >= as_of or fate < 0.06:
            break
        renewed = ends - int(rng.random() * 85)
        _add(found, birth, serial, issued, ends, "renewed", "更新", renewed)
        issued, serial = renewed, serial + 2
    if ends < as_of:
        _add(found, birth, serial, issued, ends, "lapsed", "有効期間の満了", ends + 1)
    elif fate > 0.993:
        _add(found, birth, serial, issued, ends, "revoked", "カードの紛失", (issued + as_of) // 2)
    else:
        _add(found, birth, serial, issued, ends, "active", "", issued)
    return found


def _add(
    found: list[Certificate],
    birth: int,
    serial: int,
    issued: int,
    ends: int,
    state: str,
    reason: str,
    since: int,
) -> None:
    """Both certificates of a card, or only the one for authentication of a child under 15."""
    kinds = _BOTH if issued - birth >= _SIGN_FROM_DAYS else _AUTH_ONLY
    for offset, kind, issuer in kinds:
        number, history = f"{serial + offset:x}", 1
        if state in ("lapsed", "revoked") and since > issued:
            found.append(Certificate(issuer, number, 1, kind, issued, ends, "active", "", issued, since - 1))
            history = 2
        # a renewed one was noted when it was renewed: what the town knew of it before is not kept
        found.append(Certificate(issuer, number, history, kind, issued, ends, state, reason, since, None))


def fifth_birthday(birth: int, issued: int) -> int:
    """The last day of a certificate issued that day: the fifth birthday after it (公的個人認証法施行規則)."""
    born, day = date.fromordinal(birth), date.fromordinal(issued)
    year = day.year + (4 if (born.month, born.day) > (day.month, day.day) else 5)
    if born.month == 2 and born.day == 29:
        return date(year, 3, 1).toordinal()
    return born.replace(year=year).toordinal()
