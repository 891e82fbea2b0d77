"""Which procedures a town offers today: the national definition under the town's settings, and whether it is open."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from yakuba.base.municipality import Body, body_of
from yakuba.base.tenancy import current_municipality
from yakuba.portal.services.settings import Published, in_force, published
from yakuba.procedures.definition import Procedure
from yakuba.procedures.faults import InvalidOverrides, UnknownProcedure
from yakuba.procedures.overrides import Opening, effective, opening, option_lists
from yakuba.procedures.registry import all_procedures, procedure

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Offer:
    """A procedure as one town offers it on one day."""

    procedure: Procedure
    opening: Opening

    @property
    def needs_signature(self) -> bool:
        """Whether an electronic signature is asked for, or the sign-in is enough."""
        return self.procedure.signature == "required"


def offers(today: date) -> list[Offer]:
    """Every procedure of the town, open or not."""
    return those(all_procedures(today), today)


def those(found: Iterable[Procedure], today: date) -> list[Offer]:
    """``found`` as the town offers them, in the same order, without those that another kind of body receives."""
    settings = published()
    return [_offer(one, settings, today) for one in found if _received_here(one)]


def offer(procedure_id: str, today: date, version: str | None = None) -> Offer:
    """One procedure, in the version a draft was begun with or the one valid today.

    Raises:
        UnknownProcedure: no such procedure, or one that another kind of body receives.
    """
    one = procedure(procedure_id, version=version, as_of=None if version else today)
    if not _received_here(one):
        raise UnknownProcedure(f"{procedure_id!r} is received by a {one.receiver}")
    return _offer(one, published(), today)


def received_by(body: Body, found: Iterable[Procedure]) -> list[Procedure]:
    """Those of ``found`` that the other kind of body receives: shown with the way there."""
    return [one for one in found if one.receiver == body]


def _received_here(one: Procedure) -> bool:
    return one.receiver == body_of(current_municipality())


def _offer(one: Procedure, settings: Published, today: date) -> Offer:
    overrides = _overrides(one, settings, today)
    declared = bool(in_force(settings.disasters, today))
    as_offered = _effective(one, json.dumps(overrides, sort_keys=True))
    if as_offered is None:  # settings made for another version of the form: the national form stands
        as_offered, overrides = one, {"open": overrides.get("open", True)}
    return Offer(as_offered, opening(as_offered, overrides, today, disaster_declared=declared))


@lru_cache(maxsize=512)
def _effective(one: Procedure, overrides: str) -> Procedure | None:
    """The procedure under a town's settings; ``None`` if they do not fit it (told to the log once)."""
    try:
        return effective(one, json.loads(overrides))
    except InvalidOverrides as error:
        _log.warning("portal.settings_do_not_fit %s %s: %s", one.id, one.version, error)
        return None


def _overrides(one: Procedure, settings: Published, today: date) -> dict[str, Any]:
    """The town's settings for ``one``; where it lets residents choose a declared disaster, those in force."""
    found = dict(settings.procedures.get(one.id, {}))
    if "disasters" in option_lists(one) and (declared := in_force(settings.disasters, today)):
        labels = [(each.id, each.name) for each in declared]
        choices = [
            {"value": key, "label": {"ja": name.ja, "en": name.en, "easy": name.easy}} for key, name in labels
        ]
        found["options"] = {"disasters": choices, **found.get("options", {})}
    return found


__all__ = ["Offer", "UnknownProcedure", "offer", "offers", "received_by", "those"]
