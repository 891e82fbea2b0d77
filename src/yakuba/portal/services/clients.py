"""The people somebody holds a mandate of now: a care manager (ケアマネジャー) may have hundreds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, QuerySet

from yakuba.portal.models import Application, Draft, Mandate
from yakuba.portal.services.following import FINAL

A_PAGE = 25
ORDERS: Mapping[str, tuple[str, ...]] = {"until": ("until", "id"), "name": ("principal_name", "id")}


@dataclass(frozen=True, slots=True)
class Client:
    """One principal with the mandate, and what is under way for them; ``due``: the nearest limit of the town's."""

    mandate: Mandate
    drafts: int
    running: int
    due: date | None


def clients(
    owner: str, today: date, name: str, order: str, number: str
) -> tuple[Page[Mandate], list[Client]]:
    """Page ``number`` of ``owner``'s principals whose name holds ``name``. Four queries, however many there are."""
    mine = Mandate.objects.filter(mandatary=owner, state="accepted", until__gte=today)
    found = mine.filter(principal_name__icontains=name) if name else mine
    page = Paginator(found.order_by(*ORDERS.get(order, ORDERS["until"])), A_PAGE).get_page(number)
    here = [one.id for one in page.object_list]
    drafts = _by_mandate(Draft.objects.filter(owner=owner, mandate__in=here))
    running = _by_mandate(
        Application.objects.filter(owner=owner, mandate__in=here, replaced_by=None).exclude(status__in=FINAL),
        due=Min("due"),
    )
    return page, [_client(one, drafts.get(one.id), running.get(one.id)) for one in page.object_list]


def _client(mandate: Mandate, drafts: Mapping[str, Any] | None, running: Mapping[str, Any] | None) -> Client:
    under_way = running or {}
    return Client(mandate, (drafts or {}).get("many", 0), under_way.get("many", 0), under_way.get("due"))


def _by_mandate(rows: QuerySet[Any], **more: Any) -> dict[UUID, dict[str, Any]]:
    counted = rows.order_by().values("mandate").annotate(many=Count("id"), **more)
    return {one["mandate"]: one for one in counted}
