"""The demo in one call: cards for the cast, the town, and the neighbouring town. Repeating it changes nothing."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from yakuba.demo import cast
from yakuba.demo.cards import CRL_ENTRIES, CastCards, cards_made, make_cards, refresh_lists
from yakuba.demo.load import Report, load_town
from yakuba.demo.places import places
from yakuba.demo.plan import Plan

Begun = Callable[[Plan], Callable[[int], None]]
"""Told of each town before it is loaded; answers with what to tell how many residents came in."""


def set_up(
    *, keys_file: Path, authority: Path, cards: Path, residents: int, now: datetime, begun: Begun | None = None,
    seed: int = 1, jobs: int | None = None, crl_entries: int = CRL_ENTRIES,
) -> list[Report]:  # fmt: skip
    """Make what is missing: cards and lists, ``residents`` people in the first town, its own few in the others.

    The town's day is the day the cards were made. Revocation lists are published anew each time. Runs in the My
    Number zone (Django set up, its database migrated), outside any transaction.

    Raises:
        load.OtherTownLoaded: there is a town of another size or seed.
    """
    made = _cards(authority, cards, now, crl_entries)
    reports = []
    for number, town in enumerate(places()):
        plan = Plan(town.code, residents if number == 0 else min(town.serves, residents), made.as_of, seed)
        players = cast.people(town.code, made.as_of, made.registered)
        progress = begun(plan) if begun else None
        reports.append(load_town(plan, keys_file, cast=players, jobs=jobs, progress=progress))
    return reports


def _cards(authority: Path, cards: Path, now: datetime, crl_entries: int) -> CastCards:
    fresh = cards_made(cards) is None
    made = make_cards(authority, cards, now=now, crl_entries=crl_entries)
    if not fresh:
        refresh_lists(authority, now=now, crl_entries=crl_entries)
    return made
