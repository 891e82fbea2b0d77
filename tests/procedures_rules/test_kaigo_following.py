"""Renewal, change of level, and a certification carried over from another town."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.kaigo import (
    FollowingFacts,
    Judgement,
    Running,
    change,
    renewal,
    renewed,
    transfer,
)
from yakuba.procedures.rules.kaigo.facts import Facts
from yakuba.procedures.rules.parameters import load_parameters

PARAMETERS = load_parameters()
DECIDED = date(2026, 12, 20)
BASE = Facts(
    "ume",
    date(1940, 2, 3),
    date(2026, 11, 23),
    surveyed_on=date(2026, 12, 1),
    opinion_on=date(2026, 12, 3),
    judgement=Judgement("care_2", date(2026, 12, 15)),
)
ENTRY = {"insured_number": "0000012345", "care_manager_office": "見本", "certified_from": "2024-01-01"}
UME = FollowingFacts(BASE, running=Running("care_2", date(2025, 1, 1), date(2026, 12, 31)), entry=ENTRY)
MOVED = FollowingFacts(
    replace(BASE, judgement=None),
    carried=Running("care_1", None, date(2027, 3, 31)),
    qualified_on=date(2026, 11, 12),
    paper_shown=True,
)
APPLICATION = {"applicant": {"role": "self", "for": None}}


def _renewal(facts: FollowingFacts) -> Decision:
    return renewal.decide(APPLICATION, facts, DECIDED, PARAMETERS)


def _applied(facts: FollowingFacts, on: date) -> FollowingFacts:
    return replace(facts, base=replace(facts.base, applied_on=on))


def _judged(facts: FollowingFacts, level: str, months: int | None = None) -> FollowingFacts:
    judgement = Judgement(level, date(2026, 12, 15), months)  # type: ignore[arg-type]
    return replace(facts, base=replace(facts.base, judgement=judgement))


def test_a_renewal_begins_where_the_last_certification_ends() -> None:
    decision = _renewal(UME)
    assert (decision.outcome, decision.codes()[0]) == ("eligible", "renewed")
    (effect,) = decision.effects
    assert (effect.valid_from, effect.valid_until) == (date(2027, 1, 1), date(2027, 12, 31))
    assert (effect.items["application_kind"], effect.items["care_manager_office"]) == ("renewal", "見本")
    assert effect.items["certified_from"] == "2027-01-01"


@pytest.mark.parametrize(
    ("applied", "code"),
    [
        (date(2026, 10, 31), "too_early_to_renew"),
        (date(2026, 11, 1), "renewed"),
        (date(2026, 12, 31), "renewed"),
        (date(2027, 1, 1), "too_late_to_renew"),
    ],
)
def test_a_renewal_comes_in_the_sixty_days_before_the_end(applied: date, code: str) -> None:
    assert code in _renewal(_applied(UME, applied)).codes()


@pytest.mark.parametrize(
    ("confirmed", "applied", "code"),
    [
        (True, date(2027, 2, 10), "late_renewal_excused"),
        (True, date(2027, 2, 11), "too_late_to_renew"),
        (None, date(2027, 2, 10), "hindrance_unconfirmed"),
        (False, date(2027, 2, 10), "too_late_to_renew"),
    ],
)
def test_a_late_renewal_needs_a_hindrance_that_ended_within_a_month(
    confirmed: bool | None, applied: date, code: str
) -> None:
    hindered = replace(UME, hindered_until=date(2027, 1, 10), hindrance_confirmed=confirmed)
    assert code in _renewal(_applied(hindered, applied)).codes()


@pytest.mark.parametrize(("level", "most"), [("care_2", 48), ("care_3", 36), ("support_1", 36)])
def test_the_same_level_may_be_renewed_for_longer(level: str, most: int) -> None:
    assert _renewal(_judged(UME, level, most)).results["months"] == most
    with pytest.raises(ValueError, match=f"3 to {most} months"):
        _renewal(_judged(UME, level, most + 1))


def test_before_april_2021_thirty_six_months_were_the_most() -> None:
    with pytest.raises(ValueError, match="3 to 36 months"):
        renewed(date(2021, 5, 1), 48, True, date(2021, 3, 31), PARAMETERS)


def test_no_need_any_more_is_kept_from_the_day_after_the_end() -> None:
    decision = _renewal(_judged(UME, "not_applicable"))
    assert decision.outcome == "not_eligible"
    assert decision.effects[0].valid_from == date(2027, 1, 1)
    assert decision.effects[0].items["status"] == "not_certified"


def test_without_a_certification_nothing_is_renewed_or_changed() -> None:
    nothing = replace(UME, running=None)
    assert "nothing_to_renew" in _renewal(nothing).codes()
    decision = change.decide(APPLICATION, nothing, DECIDED, PARAMETERS)
    assert (decision.outcome, decision.effects) == ("cannot_tell", ())


def test_a_change_holds_from_the_day_of_application() -> None:
    decision = change.decide(APPLICATION, _judged(UME, "care_4"), DECIDED, PARAMETERS)
    (effect,) = decision.effects
    assert (effect.valid_from, effect.valid_until) == (date(2026, 11, 23), date(2027, 5, 31))
    assert decision.codes()[0] == "level_changed"


def test_the_same_level_is_no_change() -> None:
    decision = change.decide(APPLICATION, UME, DECIDED, PARAMETERS)
    assert (decision.outcome, decision.codes()[0], decision.effects) == (
        "not_eligible",
        "level_unchanged",
        (),
    )


def test_an_ended_certification_cannot_be_changed() -> None:
    late = _applied(UME, date(2027, 1, 4))
    assert "ended_before_change" in change.decide(APPLICATION, late, DECIDED, PARAMETERS).codes()


def test_a_certification_is_carried_over_without_survey_and_board() -> None:
    decision = transfer.decide(APPLICATION, MOVED, DECIDED, PARAMETERS)
    assert (decision.outcome, decision.codes()[0]) == ("eligible", "carried_over")
    (effect,) = decision.effects
    assert (effect.items["care_level"], effect.items["application_kind"]) == ("care_1", "transfer")
    assert (effect.valid_from, effect.valid_until) == (date(2026, 11, 12), date(2027, 5, 31))
    assert "kaigo.transfer.valid_from" in decision.unsure


@pytest.mark.parametrize(
    ("applied", "code"),
    [
        (date(2026, 11, 26), "carried_over"),
        (date(2026, 11, 27), "too_late_to_transfer"),
    ],
)
def test_carrying_over_must_be_applied_for_within_fourteen_days(applied: date, code: str) -> None:
    assert code in transfer.decide(APPLICATION, _applied(MOVED, applied), DECIDED, PARAMETERS).codes()


def test_a_last_day_on_which_the_town_hall_is_closed_moves_to_the_next_open_one() -> None:
    moved = replace(MOVED, qualified_on=date(2026, 12, 15))  # the fourteenth day: 29 December
    open_again = transfer.decide(APPLICATION, _applied(moved, date(2027, 1, 4)), DECIDED, PARAMETERS)
    assert open_again.outcome == "eligible"
    too_late = transfer.decide(APPLICATION, _applied(moved, date(2027, 1, 5)), DECIDED, PARAMETERS)
    assert too_late.outcome == "not_eligible"


def test_without_the_former_certificate_nothing_is_carried_over() -> None:
    without = replace(MOVED, paper_shown=False, carried=None)
    decision = transfer.decide(APPLICATION, without, DECIDED, PARAMETERS)
    assert (decision.outcome, "former_certificate_missing" in decision.codes()) == ("cannot_tell", True)
    unread = transfer.decide(APPLICATION, replace(MOVED, carried=None), DECIDED, PARAMETERS)
    assert "former_certificate_unread" in unread.codes()


@given(st.dates(date(2021, 4, 1), date(2030, 12, 1)), st.integers(3, 48))
def test_a_renewal_ends_with_a_month_and_is_of_its_length(start: date, months: int) -> None:
    period = renewed(start, months, True, start, PARAMETERS)
    assert (period.valid_until + timedelta(days=1)).day == 1
    assert 28 * months <= (period.valid_until - start).days + 1 <= 31 * (months + 1)
