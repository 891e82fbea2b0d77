"""Cards for the cast: a test authority, emulated cards with documented PINs, and revocation lists of a real size."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from yakuba.base.clock import japan_day
from yakuba.base.dates import UncertainDate
from yakuba.base.files import write_atomically
from yakuba.base.wareki import era_of
from yakuba.card.attributes import Attributes
from yakuba.card.emulated import SUFFIX, EmulatedCard
from yakuba.card.testca import NEWEST, IssuedPair, TestCA, new_key
from yakuba.demo.cast import CastMember, RegisteredCertificate, cast
from yakuba.demo.places import places

CRL_ENTRIES: Final = 20_000
"""Made-up entries in each list: what the lists of a real authority are like."""
_NOTE: Final = "registered.json"
_EXPIRED_GENERATION: Final = "g2"
_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class CastCards:
    """The cards that were made: for the town of which day, and what its register is to know of them, by cast id."""

    as_of: date
    registered: Mapping[str, tuple[RegisteredCertificate, ...]]


def make_cards(authority: Path, cards: Path, *, now: datetime, crl_entries: int = CRL_ENTRIES) -> CastCards:
    """Make the authority and the cast's cards where they are missing, and say what the register is to know of them.

    A second call, also on a later day, changes no card and returns what the first one made: the town's day stays.

    Args:
        authority: gets ``roots/`` and ``crls/`` (what zones trust) and ``private/`` (the authority's own).
        cards: gets one file for each member of the cast who has a card.
        now: when they are made; certificates and lists begin then.
    """
    if (found := cards_made(cards)) is not None:
        return found
    towns = [town.code for town in places()]
    ca = (
        TestCA.open(authority)
        if (authority / "private").exists()
        else TestCA.create(authority, now=now, municipalities=towns)
    )
    cards.mkdir(parents=True, exist_ok=True)
    as_of = japan_day(now)
    holders = [member for member in cast(as_of) if member.card]
    keys = _keys(len(holders))
    made_cards = {
        member.id: _make_card(ca, cards, member, pair, now)
        for member, pair in zip(holders, keys, strict=True)
    }
    ca.publish_crls(now=now, fillers=crl_entries)
    made = CastCards(as_of, made_cards)
    keep_note(cards, made)
    return made


def cards_made(cards: Path) -> CastCards | None:
    """What :func:`make_cards` made in this folder, or ``None``."""
    note = cards / _NOTE
    return _read(note) if note.exists() else None


def refresh_lists(authority: Path, *, now: datetime, crl_entries: int = CRL_ENTRIES) -> None:
    """Publish new revocation lists: they live for a week, and a demo may sleep for longer."""
    TestCA.open(authority).publish_crls(now=now, fillers=crl_entries)


def _keys(count: int) -> list[tuple[RSAPrivateKey, RSAPrivateKey]]:
    """Two keys a card; making them is all the time this takes, so on every core."""
    with ThreadPoolExecutor() as pool:
        made = list(pool.map(lambda _: new_key(), range(2 * count)))
    return list(zip(made[::2], made[1::2], strict=True))


def _make_card(
    ca: TestCA, cards: Path, member: CastMember, keys: tuple[RSAPrivateKey, RSAPrivateKey], now: datetime
) -> tuple[RegisteredCertificate, ...]:
    assert member.card
    assert member.sign_pin
    assert member.auth_pin
    begins, ends, generation = _period(member, now)
    pair = ca.issue(
        holder(member), member.municipality, now=begins, not_after=ends, generation=generation, keys=keys
    )
    if member.card.state == "revoked":
        for issued in (pair.sign, pair.auth):
            ca.revoke(
                issued.kind,
                issued.issuer_key_id,
                issued.serial,
                at=now - timedelta(days=12),
                reason="keyCompromise",
            )
    emulate(ca, cards, member, pair)
    return registered(pair, begins, ends)


def registered(pair: IssuedPair, begins: datetime, ends: datetime) -> tuple[RegisteredCertificate, ...]:
    """What a register is to know of a card."""
    return tuple(
        RegisteredCertificate(
            issued.kind,
            issued.issuer_key_id,
            issued.serial,
            japan_day(begins),
            japan_day(ends),
        )
        for issued in (pair.sign, pair.auth)
    )


def emulate(ca: TestCA, cards: Path, member: CastMember, pair: IssuedPair) -> None:
    """Put the card's file in place. An unfinished earlier run may have left the file of a certificate that nobody noted: it is replaced."""
    path = cards / f"{member.id}{SUFFIX}"
    path.unlink(missing_ok=True)
    EmulatedCard.make(
        path, pair, label=f"{member.name}(架空)", sign_pin=str(member.sign_pin), auth_pin=str(member.auth_pin),
        unlock_key=ca.unlock_key,
    )  # fmt: skip


def _period(member: CastMember, now: datetime) -> tuple[datetime, datetime, str]:
    """When the certificates begin and end, and the root that issues. Who has just moved in got them since (住所の変更)."""
    if member.card and member.card.state == "expired":
        ends = now - timedelta(days=25)
        return ends - 5 * _YEAR, ends, _EXPIRED_GENERATION
    arrived = now - (japan_day(now) - member.registered_since) + timedelta(days=1)
    begins = max(now - timedelta(days=200), arrived)
    return begins, begins + 5 * _YEAR, NEWEST


def holder(member: CastMember) -> Attributes:
    """What stands in the signing certificate of the member's card."""
    assert member.card
    birth = UncertainDate.parse(member.birth)
    digit = era_of(birth.latest).digit
    return Attributes(
        member.card.name, member.card.substitutes, member.sex, f"{digit}{birth.year:04d}{birth.month:02d}{birth.day:02d}",
        member.address, "0" * len(member.address),
    )  # fmt: skip


def keep_note(cards: Path, made: CastCards) -> None:
    """Note which certificates the cards in the folder carry."""
    write_atomically(cards / _NOTE, json.dumps(asdict(made), indent=1, default=date.isoformat).encode())


def _read(note: Path) -> CastCards:
    data = json.loads(note.read_text())
    known = {member: tuple(map(_certificate, found)) for member, found in data["registered"].items()}
    return CastCards(date.fromisoformat(data["as_of"]), known)


def _certificate(data: Mapping[str, str]) -> RegisteredCertificate:
    period = (date.fromisoformat(data["not_before"]), date.fromisoformat(data["not_after"]))
    return RegisteredCertificate(data["kind"], data["issuer_key_id"], data["serial"], *period)
