"""高額介護(予防)サービス費の支給申請: the decision on one month (介護保険法51条, 61条)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.rules.answers import Known, answers_of, number, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Catalogue, Decision, Json, Reason, concluded
from yakuba.procedures.rules.kaigo_futan.benefits import REASON as COMMON
from yakuba.procedures.rules.kaigo_futan.benefits import (
    applicant_findings,
    insured_here_of,
    kept,
    lapsed,
    needs_law,
)
from yakuba.procedures.rules.kaigo_futan.caps import Caps, caps, refund
from yakuba.procedures.rules.kaigo_futan.household import Household
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters

PROCEDURE = "kaigo-kougaku"
_CLAUSE = "介護保険法51条・61条、同法施行令22条の2の2・29条の2の2"
CLASSES: Mapping[str, Text] = {
    "welfare": Text("生活保護", "public assistance", "{生活保護|せいかつほご}"),
    "low_income": Text(
        "世帯非課税・年金収入等が低い方",
        "untaxed household, low income",
        "{収入|しゅうにゅう}が{少|すく}ない{人|ひと}",
    ),
    "untaxed": Text("世帯非課税", "untaxed household", "{家族|かぞく}に{住民税|じゅうみんぜい}がない"),
    "taxed": Text(
        "課税世帯(課税所得380万円未満)",
        "taxed household, below 3.8 million yen",
        "{住民税|じゅうみんぜい}がある",
    ),
    "taxed_middle": Text(
        "課税世帯(課税所得380万円以上690万円未満)",
        "taxed household, 3.8 to below 6.9 million yen",
        "{収入|しゅうにゅう}が{多|おお}い",
    ),
    "taxed_high": Text(
        "課税世帯(課税所得690万円以上)",
        "taxed household, from 6.9 million yen",
        "{収入|しゅうにゅう}がとても{多|おお}い",
    ),
}
REASON = Catalogue.of(
    Reason(
        "refunded",
        Text(
            "<month>の利用者負担<paid>円は上限(<name>、世帯<household>円)を超えるため、<amount>円を支給します。",
            "The copayments of <month>, <paid> yen, exceed the cap (<name>, household <household> yen): <amount> yen are "
            "paid back.",
            "<month>に{払|はら}ったお{金|かね}が{多|おお}かったので、<amount>{円|えん}をもどします。",
        ),
        _CLAUSE,
    ),
    Reason(
        "below_cap",
        Text(
            "<month>の利用者負担<paid>円は上限(<name>、世帯<household>円)を超えていないため、支給はありません。",
            "The copayments of <month>, <paid> yen, do not exceed the cap (<name>, household <household> yen).",
            "<month>に{払|はら}ったお{金|かね}は、{決|き}まりより{少|すく}ないです。もどるお{金|かね}はありません。",
        ),
        _CLAUSE,
        "not_eligible",
    ),
    Reason(
        "claims_outstanding",
        Text(
            "<month>の利用者負担額(給付の実績)をまだ確認していません。",
            "The copayments of <month> have not been taken from the claims yet.",
            "<month>に{払|はら}ったお{金|かね}を{確認|かくにん}します。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
    Reason(
        "month_unknown",
        Text(
            "サービスを使った月がわかりません。",
            "The month of the services is not known.",
            "サービスを{使|つか}った{月|つき}がわかりません。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
    Reason(
        "month_not_over",
        Text(
            "<month>はまだ終わっていません。翌月以降に申請してください。",
            "<month> is not over yet; apply from the month after.",
            "<month>はまだ{終|お}わっていません。",
        ),
        _CLAUSE,
        "not_eligible",
    ),
    Reason(
        "household_unknown",
        Text(
            "上限を決める世帯の課税や所得が台帳でわかりません。確認する必要があります。",
            "The household's tax or income that decides the cap is not in the registers; it must be confirmed.",
            "{家族|かぞく}の{税金|ぜいきん}や{収入|しゅうにゅう}を{確認|かくにん}します。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
    Reason(
        "paid_before",
        Text(
            "<month>の高額介護サービス費はすでに支給しています。",
            "The refund for <month> has been paid already.",
            "<month>のお{金|かね}は、もうもどしました。",
        ),
        _CLAUSE,
        "not_eligible",
    ),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """One month's refund. ``own``, ``others``: copayments in yen from the claims; None while not looked up."""

    insured: str
    claimed_on: date
    month: Month | None
    members: tuple[Known, ...] = ()
    insured_here: bool | None = None
    proof_shown: bool | None = None
    welfare: bool | None = None
    welfare_pension: bool | None = None
    own: int | None = None
    others: int = 0
    paid_before: bool = False


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """``register``: ``insured``, ``insured_here``, ``proof_shown``, ``household`` (members with ``juminzei``),
    ``held`` (the benefits' register by series), ``claims`` (``own``, ``others``), ``welfare``, ``welfare_pension``."""
    answers = answers_of(application)
    written = str(answers.get("service_month") or "")
    month = (
        Month(int(written[:4]), int(written[5:7]))
        if written[:7].replace("-", "").isdigit() and written[5:7] != "00"
        else None
    )
    claims: Known = register.get("claims") or {}
    return Facts(
        str(register.get("insured", "insured")),
        received_on,
        month,
        tuple(register.get("household") or ()),
        insured_here_of(register),
        yes_no(register.get("proof_shown")),
        yes_no(register.get("welfare")),
        yes_no(register.get("welfare_pension")),
        number(claims.get("own")),
        number(claims.get("others")) or 0,
        series_of(month) in (register.get("held") or {}),
    )


def series_of(month: Month | None) -> str:
    """The series of the benefits' register that keeps ``month``."""
    return f"high_cost_{month}" if month else ""


@needs_law
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether and how much of the month's copayments is paid back. The law is that of the month of service."""
    due = due_date(PROCEDURE, facts.claimed_on, parameters)
    reasons = [
        *applicant_findings(application, facts.proof_shown, facts.insured_here, facts.claimed_on, parameters),
        *_month_findings(facts, parameters),
    ]
    found = _caps(facts, parameters)
    if found is None and facts.month is not None:
        reasons.append(REASON("household_unknown"))
    if found is None or facts.month is None or facts.own is None:
        return Decision(concluded(reasons), tuple(reasons), due=due, unsure=_unsure(facts, parameters))
    return _with_amount(facts, facts.month, facts.own, found, reasons, due, as_of, parameters)


def _with_amount(
    facts: Facts,
    month: Month,
    own: int,
    found: Caps,
    reasons: list[Reason],
    due: date | None,
    as_of: date,
    parameters: Parameters,
) -> Decision:
    amount = refund(own, (facts.others,), found)
    said = {
        "month": month,
        "paid": f"{own:,}",
        "name": CLASSES[found.name],
        "household": f"{found.household:,}",
        "amount": f"{amount:,}",
    }
    if not amount:
        reasons = [REASON("below_cap", **said), *reasons]
    elif concluded(reasons) != "not_eligible":
        reasons = [REASON("refunded", **said), *reasons]
    results: dict[str, Json] = {
        "month": str(month),
        "cap_class": found.name,
        "cap_class_name": CLASSES[found.name].ja,
        "household_cap_yen": found.household,
        "person_cap_yen": found.person,
        "paid_yen": own,
        "refund_amount": amount,
    }
    outcome = concluded(reasons)
    effects = (
        (
            kept(
                series_of(month),
                {"month": str(month), "paid": own, "amount": amount},
                as_of,
                subject=facts.insured,
            ),
        )
        if outcome == "eligible"
        else ()
    )
    return Decision(outcome, tuple(reasons), results, effects, due, _unsure(facts, parameters))


def _caps(facts: Facts, parameters: Parameters) -> Caps | None:
    if facts.month is None:
        return None
    household = Household.from_known(facts.members, facts.month.first, parameters)
    if household is None:
        return None
    return caps(household, facts.welfare, facts.welfare_pension, facts.month.first, parameters)


def _unsure(facts: Facts, parameters: Parameters) -> tuple[str, ...]:
    return parameters.unsure(("kaigo_futan.low_income",), facts.month.first) if facts.month else ()


def _month_findings(facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    month = facts.month
    if month is None:
        yield REASON("month_unknown")
        return
    if facts.claimed_on <= month.last:
        yield REASON("month_not_over", month=month)
    elif lapsed(month.plus(1).first, facts.claimed_on, parameters):
        yield COMMON("time_barred", since=month.plus(1).first)
    if facts.paid_before:
        yield REASON("paid_before", month=month)
    if facts.own is None:
        yield REASON("claims_outstanding", month=month)
