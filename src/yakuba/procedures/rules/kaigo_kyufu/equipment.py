"""福祉用具購入費の支給申請: equipment bought, paid back within a year's limit (介護保険法44条, 56条; 施行規則70条, 71条)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.rules.answers import Known, answers_of, day, items, number, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Catalogue, Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.kaigo_futan.benefits import REASON as COMMON
from yakuba.procedures.rules.kaigo_futan.benefits import (
    applicant_findings,
    certification_finding,
    certified_on,
    insured_here_of,
    kept,
    lapsed,
    needs_law,
)
from yakuba.procedures.rules.kaigo_futan.share import own_share
from yakuba.procedures.rules.kaigo_kyufu.paying import Payment, payment
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters
from yakuba.procedures.rules.words import together

PROCEDURE = "kaigo-yougu"
_CLAUSE = "介護保険法44条・56条、同法施行規則70条・71条・89条・90条"
REASON = Catalogue.of(
    Reason(
        "equipment_paid",
        Text(
            "福祉用具購入費として<amount>円を支給します(対象となる費用<counts>円、この年度の残りの限度額<remaining>円)。",
            "<amount> yen are paid back (cost that counts: <counts> yen; left of this year's limit: <remaining> yen).",
            "{買|か}ったお{金|かね}のうち<amount>{円|えん}をもどします。",
        ),
        _CLAUSE,
    ),
    Reason(
        "year_limit_used_up",
        Text(
            "この年度(4月から翌年3月まで)の限度額はすべて使われているため、支給はありません。",
            "This year's limit (April to March) is used up: nothing is paid.",
            "この{年度|ねんど}に{使|つか}えるお{金|かね}は、もうありません。",
        ),
        _CLAUSE,
        "not_eligible",
    ),
    Reason(
        "not_equipment",
        Text(
            "支給の対象となる種目の用具がありません。",
            "None of what was bought is of a kind that is covered.",
            "{買|か}ったものは{対象|たいしょう}ではありません。",
        ),
        "介護保険法44条1項・厚生労働大臣が定める特定福祉用具の種目",
        "not_eligible",
    ),
    Reason(
        "bought_again",
        Text(
            "同じ年度に同じ種目(<kinds>)を買っています。用途や機能が違う、壊れた、状態が変わったなどの事情を確認する必要があります。",
            "Equipment of the same kind (<kinds>) was bought this year. Whether use, damage or a changed state explains it "
            "must be confirmed.",
            "{同|おな}じものを{買|か}っています（<kinds>）。{理由|りゆう}を{確認|かくにん}します。",
        ),
        "介護保険法施行規則70条2項・89条2項",
        "cannot_tell",
    ),
    Reason(
        "bought_again_refused",
        Text(
            "同じ年度に同じ種目(<kinds>)の支給を受けており、あらためて支給する事情がありません。",
            "Equipment of the same kind (<kinds>) was paid for this year, and nothing explains buying it again.",
            "{同|おな}じもの（<kinds>）は、{同|おな}じ{年度|ねんど}にもう{一度|いちど}もらえません。",
        ),
        "介護保険法施行規則70条2項・89条2項",
        "not_eligible",
    ),
    Reason(
        "seller_unchecked",
        Text(
            "販売した事業者が指定を受けた事業者かどうかを確認する必要があります。",
            "Whether the seller is a designated one must be confirmed.",
            "{買|か}った{店|みせ}を{確認|かくにん}します。",
        ),
        "介護保険法41条1項・44条1項",
        "cannot_tell",
    ),
    Reason(
        "seller_not_designated",
        Text(
            "指定を受けた事業者から買ったものではないため、支給できません。",
            "It was not bought from a designated seller: nothing can be paid.",
            "{決|き}まった{店|みせ}で{買|か}っていないので、もらえません。",
        ),
        "介護保険法41条1項・44条1項",
        "not_eligible",
    ),
    Reason(
        "bought_on_unknown",
        Text(
            "代金を支払った日がわかりません。",
            "The day of payment is not known.",
            "お{金|かね}を{払|はら}った{日|ひ}がわかりません。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
    Reason(
        "two_years_at_once",
        Text(
            "年度をまたぐ購入は、年度ごとに分けて申請してください。",
            "Purchases of two fiscal years must be claimed separately.",
            "4{月|がつ}の{前|まえ}と{後|あと}は、{別|べつ}に{申|もう}しこんでください。",
        ),
        "介護保険法施行規則70条1項",
        "cannot_tell",
    ),
)


@dataclass(frozen=True, slots=True)
class Bought:
    """One piece: its kind, what it cost in yen, and the day it was paid."""

    kind: str
    cost: int
    on: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """One application. ``used``, ``kinds_before``: of the same fiscal year, from the register."""

    insured: str
    applied_on: date
    bought: tuple[Bought, ...]
    entry: Mapping[str, Any] | None = None
    members: tuple[Known, ...] = ()
    held: Mapping[str, Known] | None = None
    welfare: bool | None = None
    insured_here: bool | None = None
    proof_shown: bool | None = None
    designated: bool | None = None
    again_explained: bool | None = None
    own_percent: int | None = None


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """``register``: ``insured``, ``insured_here``, ``proof_shown``, ``entry``, ``household``, ``held``, and what a clerk
    found: ``designated``, ``again_explained``, ``welfare``, ``own_percent``."""
    bought = tuple(
        Bought(str(one.get("kind")), number(one.get("cost")) or 0, day(one.get("paid_on")))
        for one in items(answers_of(application).get("equipment"))
    )
    return Facts(
        str(register.get("insured", "insured")),
        received_on,
        bought,
        register.get("entry"),
        tuple(register.get("household") or ()),
        register.get("held") or {},
        yes_no(register.get("welfare")),
        insured_here_of(register),
        yes_no(register.get("proof_shown")),
        yes_no(register.get("designated")),
        yes_no(register.get("again_explained")),
        number(register.get("own_percent")),
    )


def fiscal_year(day: date, parameters: Parameters) -> int:
    """The year of the limit (4月から翌年3月), named by the year it begins in."""
    first = parameters.number("kaigo_kyufu.equipment.year_starts_in", day)
    month = Month.of(day)
    return month.year if month.month >= first else month.year - 1


@needs_law
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """What is paid for equipment bought. The law is that of the day it was paid."""
    due = due_date(PROCEDURE, facts.applied_on, parameters)
    covered = tuple(one for one in facts.bought if one.on and _covered(one, one.on, parameters))
    reasons = [
        *applicant_findings(application, facts.proof_shown, facts.insured_here, facts.applied_on, parameters),
        *_purchases(facts, covered, parameters),
    ]
    if not covered:
        return Decision(concluded(reasons), tuple(reasons), due=due)
    on = min(one.on for one in covered if one.on)
    year = fiscal_year(on, parameters)
    before = (facts.held or {}).get(f"equipment_{year}") or {}
    reasons += _again(facts, covered, before, on, parameters)
    own = own_share(facts.members, facts.welfare, facts.own_percent, on, parameters)
    reasons.append(own.reason)
    remaining = max(
        0, parameters.number("kaigo_kyufu.equipment.limit", on) - (number(before.get("used")) or 0)
    )
    if remaining == 0:
        reasons.append(REASON("year_limit_used_up"))
    if own.percent is None or remaining == 0:
        return Decision(concluded(reasons), tuple(reasons), due=due)
    paid = payment(sum(one.cost for one in covered), remaining, own.percent)
    return _with_payment(facts, covered, before, year, paid, own.percent, reasons, due, as_of)


def _with_payment(
    facts: Facts,
    covered: tuple[Bought, ...],
    before: Known,
    year: int,
    paid: Payment,
    percent: int,
    reasons: list[Reason],
    due: date | None,
    as_of: date,
) -> Decision:
    outcome = concluded(reasons)
    results: dict[str, Json] = {
        "fiscal_year": year,
        "cost_yen": paid.cost,
        "counts_yen": paid.counts,
        "own_percent": percent,
        "payable_amount": paid.paid,
        "remaining_yen": paid.remains,
    }
    if outcome != "eligible":
        return Decision(outcome, tuple(reasons), results, due=due)
    said = {"amount": paid.paid, "counts": paid.counts, "remaining": paid.remains}
    why = REASON("equipment_paid", **{name: f"{value:,}" for name, value in said.items()})
    effect = _kept(facts, covered, before, year, paid, as_of)
    return Decision(outcome, (why, *reasons), results, (effect,), due)


def _kept(
    facts: Facts, covered: tuple[Bought, ...], before: Known, year: int, paid: Payment, as_of: date
) -> RegisterEffect:
    kinds = [*str(before.get("kinds") or "").split(), *(one.kind for one in covered)]
    stated: dict[str, Json] = {
        "used": (number(before.get("used")) or 0) + paid.counts,
        "kinds": " ".join(dict.fromkeys(kinds)),
        "amount": paid.paid,
        "paid_on": as_of.isoformat(),
    }
    return kept(f"equipment_{year}", stated, as_of, subject=facts.insured)


def _kinds(on: date, parameters: Parameters) -> Mapping[str, Mapping[str, str]]:
    return {row["code"]: row for row in parameters.value("kaigo_kyufu.equipment.kinds", on)}


def _covered(one: Bought, on: date, parameters: Parameters) -> bool:
    return one.kind in _kinds(on, parameters)


def _purchases(facts: Facts, covered: tuple[Bought, ...], parameters: Parameters) -> Iterator[Reason]:
    days = [one.on for one in facts.bought]
    known = [one for one in days if one is not None]
    if not known or None in days:
        yield REASON("bought_on_unknown")
        return
    if not covered:
        yield REASON("not_equipment")
    if len({fiscal_year(one, parameters) for one in known}) > 1:
        yield REASON("two_years_at_once")
    if any(lapsed(one, facts.applied_on, parameters) for one in known):
        yield COMMON("time_barred", since=min(known))
    finding = certification_finding(_certified(facts, known))
    if finding:
        yield finding
    if facts.designated is not True:
        yield REASON("seller_unchecked" if facts.designated is None else "seller_not_designated")


def _certified(facts: Facts, days: list[date]) -> bool | None:
    found = [certified_on(facts.entry or {}, one) for one in days]
    if False in found:
        return False
    return None if None in found else True


def _again(
    facts: Facts, covered: tuple[Bought, ...], before: Known, on: date, parameters: Parameters
) -> Iterator[Reason]:
    """同一種目: within a fiscal year once, unless use, damage or need explains it (施行規則70条2項)."""
    earlier = str(before.get("kinds") or "").split()
    named = [one.kind for one in covered]
    again = [kind for kind in dict.fromkeys(named) if kind in earlier or named.count(kind) > 1]
    if not again or facts.again_explained:
        return
    rows = [_kinds(on, parameters)[kind] for kind in again]
    words = together(Text(row["ja"], row["en"], row["ja"]) for row in rows)
    yield REASON("bought_again" if facts.again_explained is None else "bought_again_refused", kinds=words)
