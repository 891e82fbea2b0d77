"""The procedures the counter takes in: the very definitions the portal shows, under this municipality's settings."""

from dataclasses import dataclass
from datetime import date

from yakuba.base.municipality import body_of
from yakuba.base.tenancy import current_municipality
from yakuba.casework import formal, municipal
from yakuba.casework.models import Disaster
from yakuba.procedures import registry
from yakuba.procedures.definition import Procedure
from yakuba.procedures.faults import UnknownProcedure
from yakuba.procedures.overrides import Opening, opening
from yakuba.procedures.search import by_life_event, search


@dataclass(frozen=True, slots=True)
class Offer:
    """A procedure as this municipality takes it in on a day."""

    procedure: Procedure
    opening: Opening
    needs_signature: bool


def offer(procedure_id: str, today: date, version: str = "") -> Offer:
    """One procedure, in the version a visit was begun with or the one in force.

    Raises:
        UnknownProcedure: none of that name here, or another kind of body receives it.
    """
    national = (
        registry.procedure(procedure_id, version=version)
        if version
        else registry.procedure(procedure_id, as_of=today)
    )
    if not _received_here(national):
        raise UnknownProcedure(f"{procedure_id!r} is received by a {national.receiver}")
    setting = formal.setting_of(national.id)
    ours = formal.definition(national.id, national.version, setting) or national
    declared = Disaster.objects.filter(declared_on__lte=today, until__gte=today).exists()
    settings = municipal.overrides_in_force(national, setting)
    return Offer(
        ours,
        opening(ours, settings, today, disaster_declared=declared),
        formal.signature_needed(ours, setting),
    )


def found(words: str, event: str, today: date) -> list[Procedure]:
    """What the clerk chooses from: those that fit ``words`` or belong to a life event; all without either."""
    listed = (
        by_life_event(event, today) if event else tuple(one.procedure for one in search(words, "ja", today))
    )
    return [one for one in listed if _received_here(one)]


def _received_here(one: Procedure) -> bool:
    return one.receiver == body_of(current_municipality())
