"""Visits in hand: begun, found again after a break, handed on to a colleague, thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import japan_day
from yakuba.casework.counter import offers
from yakuba.casework.counter.offers import Offer
from yakuba.casework.errors import NotNow
from yakuba.casework.models import CounterVisit
from yakuba.casework.moves import ZONE_ACTOR
from yakuba.casework.prefilling import plain
from yakuba.casework.staff.models import Staff
from yakuba.procedures.answers import visible_pages
from yakuba.procedures.context import ROLES, Context, Role
from yakuba.procedures.moving import moved
from yakuba.procedures.prefill import apply_prefill, known_to_town, prefill_items
from yakuba.registers import prefill

KEPT = timedelta(days=30)  # as a draft on the portal


@dataclass(frozen=True, slots=True)
class Found:
    """How the clerk knows who is there."""

    atena_number: str
    by: str  # card, document
    document: str = ""
    note: str = ""
    trouble: str = ""
    owner: str = ""


def event(visit: CounterVisit, action: str, actor: Staff, **facts: str) -> AuditEvent:
    """An audit record about the visit (whose application has the same id)."""
    return AuditEvent(actor.actor, action, f"application:{visit.id}", visit.municipality, facts)


def begin(clerk: Staff, found: Found, at: datetime) -> CounterVisit:
    """A new visit of the person found."""
    visit = CounterVisit.objects.create(
        municipality=clerk.municipality, clerk=clerk, clerks=[str(clerk.id)], atena_number=found.atena_number,
        found_by=found.by, document=found.document, document_note=found.note, card_trouble=found.trouble,
        owner=found.owner, created_at=at, updated_at=at,
    )  # fmt: skip
    facts = {
        "atena_number": found.atena_number,
        "by": found.by,
        "document": found.document or "-",
        "card": found.trouble or "-",
    }
    append(event(visit, "counter.person_found", clerk, **facts))
    return visit


def again(visit: CounterVisit, clerk: Staff, at: datetime) -> CounterVisit:
    """Another procedure for the person who is still at the counter, found as before."""
    found = Found(
        visit.atena_number,
        visit.found_by,
        visit.document,
        visit.document_note,
        visit.card_trouble,
        visit.owner,
    )
    return begin(clerk, found, at)


def in_hand() -> QuerySet[CounterVisit]:
    """The open visits, the last touched first."""
    return CounterVisit.objects.filter(state="open").select_related("clerk").order_by("-updated_at")


def clear_old(at: datetime) -> int:
    """Throw away open visits that nobody touched for thirty days; returns how many."""
    old = list(CounterVisit.objects.select_for_update().filter(state="open", updated_at__lt=at - KEPT))
    for visit in old:
        facts = {"procedure": visit.procedure or "-", "by": "age"}
        append(
            AuditEvent(ZONE_ACTOR, "counter.discarded", f"application:{visit.id}", visit.municipality, facts)
        )
        visit.delete()
    return len(old)


def find(visit_id: UUID, *, lock: bool = False) -> CounterVisit | None:
    """The visit, open or taken in."""
    visits = CounterVisit.objects.select_related("clerk")
    return (visits.select_for_update(of=("self",)) if lock else visits).filter(pk=visit_id).first()


def check_in_hand(visit: CounterVisit, clerk: Staff) -> None:
    """Only who has the visit in hand goes on with it.

    Raises:
        NotNow: it was taken in already, or a colleague has it.
    """
    if visit.state != "open":
        raise NotNow("この申請は、もう受け付けました。申請の一覧から開いてください。")
    if visit.clerk_id != clerk.id:
        raise NotNow(
            f"この書きかけは、{visit.clerk.display_name}さんが受け持っています。「書かない窓口」の一覧で引き継いでから続けてください。"
        )


def take_over(visit: CounterVisit, clerk: Staff, at: datetime) -> None:
    """A colleague goes on; both had it in hand, so neither may approve it later."""
    visit.clerk, visit.clerks = clerk, sorted({*visit.clerks, str(clerk.id)})
    keep(visit, at)
    append(event(visit, "counter.taken_over", clerk))


def discard(visit: CounterVisit, clerk: Staff) -> None:
    """Throw away everything that was filled in."""
    append(event(visit, "counter.discarded", clerk, procedure=visit.procedure or "-"))
    visit.delete()


def keep(visit: CounterVisit, at: datetime) -> None:
    """Write what was typed."""
    visit.updated_at = at
    visit.save()


def role_of(visit: CounterVisit) -> Role:
    """The role applied in; one's own where the row holds none of ours."""
    return next((one for one in ROLES if one == visit.role), "self")


def context_of(visit: CounterVisit, at: datetime) -> Context:
    """The day in Japan and the role the form's conditions look at."""
    return Context(japan_day(at), role_of(visit))


def choose(
    visit: CounterVisit,
    chosen: Offer,
    role: Role,
    applicant_for: Mapping[str, str] | None,
    clerk: Staff,
    at: datetime,
) -> None:
    """Take a procedure and fill it with everything the registers know of the person (no more than the form asks)."""
    today, procedure = japan_day(at), chosen.procedure
    visit.procedure, visit.version, visit.role = procedure.id, procedure.version, role
    visit.applicant_for = dict(applicant_for) if applicant_for else None
    items = prefill_items(procedure)
    values = plain(prefill.values(visit.atena_number, items, today))
    household = [plain(one) for one in prefill.household(visit.atena_number, items, today)]
    visit.known = {"values": values, "household": household}
    visit.answers = apply_prefill(procedure, visit.answers, values, household, context_of(visit, at))
    keep(visit, at)
    append(event(visit, "counter.filled", clerk, procedure=procedure.id, items=str(len(values))))


def offer_of(visit: CounterVisit, at: datetime) -> Offer:
    """The procedure in the version in force; a visit begun under an older one moves on with its answers."""
    current = offers.offer(visit.procedure, japan_day(at))
    if visit.version != current.procedure.version:
        before = offers.offer(visit.procedure, japan_day(at), visit.version)
        found = moved(before.procedure, current.procedure, visit.answers, context_of(visit, at), "ja")
        visit.answers, visit.version, visit.seen_pages = dict(found.answers), current.procedure.version, []
        keep(visit, at)
    return current


def marked(visit: CounterVisit, chosen: Offer) -> frozenset[str]:
    """The fields whose answer is what the town has on record."""
    values, household = visit.known.get("values", {}), visit.known.get("household", [])
    return known_to_town(chosen.procedure, visit.answers, values, household)


def page_ids(visit: CounterVisit, chosen: Offer, at: datetime) -> list[str]:
    """The pages of the form as it stands."""
    return [one.id for one in visible_pages(chosen.procedure, visit.answers, context_of(visit, at))]
