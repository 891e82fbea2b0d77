"""A day's list taken out on a tablet, and what comes back from it: each entry once, nothing overwritten."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import japan_day
from yakuba.casework.errors import DeskTrouble, Incomplete
from yakuba.casework.models import SurveyCheckout, SurveyTeam, SurveyVisit
from yakuba.casework.staff.models import Staff
from yakuba.casework.survey import rounds
from yakuba.casework.survey.views import visits_of

LASTS = timedelta(hours=16)
"""One working day: the list is not shown on the tablet after it. What was written can still be sent."""
MOST_ENTRIES = 200
_TOLD = {
    "accepted": "届きました。",
    "waiting": "この家屋には別の結果があります。役場で職員が見くらべて決めます。",
    "set_aside": "同じ結果がすでに届いています。",
}


def take_out(team: SurveyTeam, day: date, by: Staff, at: datetime) -> dict[str, Any]:
    """The list for one tablet, with no more of a person than a family name at an address."""
    kept = SurveyCheckout.objects.create(
        municipality=by.municipality, team=team, day=day, staff=by, taken_at=at, expires_at=at + LASTS
    )
    houses = [
        {"visit": str(one.id), "address": one.house.address, "families": one.families, "method": one.method}  # type: ignore[attr-defined]
        for one in visits_of(team, day)
        if not one.done
    ]
    facts = {"team": team.name, "day": day.isoformat(), "houses": str(len(houses))}
    append(AuditEvent(by.actor, "survey.checked_out", f"survey-checkout:{kept.id}", by.municipality, facts))
    return {
        "id": str(kept.id), "team": team.name, "day": day.isoformat(), "expires": kept.expires_at.isoformat(),
        "houses": houses,
    }  # fmt: skip


def end(checkout: SurveyCheckout, by: Staff, at: datetime) -> None:
    """Nothing is taken from this tablet any more (it is lost). Again changes nothing."""
    if checkout.ended_at is not None:
        return
    checkout.ended_by, checkout.ended_at = by, at
    checkout.save(update_fields=["ended_by", "ended_at"])
    append(AuditEvent(by.actor, "survey.checkout_ended", f"survey-checkout:{checkout.id}", by.municipality))


def receive(
    checkout: SurveyCheckout | None, said: Mapping[str, Any], by: Staff, at: datetime
) -> dict[str, str]:
    """Take one entry in; what became of it (``state``) and in ``words``. ``refused``: the tablet keeps it."""
    answer = {"id": str(said.get("id", ""))}
    if checkout is None or checkout.ended_at is not None:
        return answer | {
            "state": "refused",
            "words": "この端末の持ち出しは止められています。役場の担当に連絡してください。",
        }
    visit = _visit(checkout, said)
    if visit is None:
        return answer | {"state": "refused", "words": "この家屋は、持ち出した一覧にありません。"}
    try:
        state = rounds.enter(visit, rounds.entry_from(said, japan_day(at)), by, at).state
    except Incomplete as wrong:
        return answer | {"state": "refused", "words": " ".join(wrong.problems.values())}
    except DeskTrouble as trouble:
        return answer | {"state": "refused", "words": trouble.words}
    return answer | {"state": state, "words": _TOLD[state]}


def _visit(checkout: SurveyCheckout, said: Mapping[str, Any]) -> SurveyVisit | None:
    """The visit an entry is of, locked; only one of the list that was taken out."""
    number = rounds.uuid_of(said.get("visit"))
    visits = SurveyVisit.objects.select_related("house", "house__disaster", "team").select_for_update(
        of=("self",)
    )
    return visits.filter(pk=number, team=checkout.team_id, day=checkout.day).first() if number else None
