"""Renewing a cast member's card at the counter: new certificates, the old ones revoked, the lists published."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import cast

from yakuba.card.outcomes import Kind
from yakuba.card.testca import CERTIFICATE_LIFE, TestCA, new_key
from yakuba.demo.cards import CRL_ENTRIES, cards_made, emulate, holder, keep_note, registered
from yakuba.demo.cast import CastMember, RegisteredCertificate


class NoSuchCard(LookupError):
    """The member of the cast has no card, or no cards were made yet."""


def renew_card(
    authority: Path, cards: Path, member: CastMember, *, now: datetime, crl_entries: int = CRL_ENTRIES
) -> Sequence[RegisteredCertificate]:
    """The new certificates of ``member``; PINs stay as they are documented.

    Raises:
        NoSuchCard.
    """
    made = cards_made(cards)
    if made is None or member.id not in made.registered:
        raise NoSuchCard(member.id)
    ca = TestCA.open(authority)
    pair = ca.issue(holder(member), member.municipality, now=now, keys=(new_key(), new_key()))
    for old in made.registered[member.id]:
        ca.revoke(cast(Kind, old.kind), old.issuer_key_id, old.serial, at=now, reason="superseded")
    emulate(ca, cards, member, pair)
    fresh = registered(pair, now, now + CERTIFICATE_LIFE)
    keep_note(cards, replace(made, registered={**made.registered, member.id: fresh}))
    ca.publish_crls(now=now, fillers=crl_entries)
    return fresh
