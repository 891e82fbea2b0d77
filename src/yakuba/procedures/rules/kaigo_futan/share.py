"""The share of the cost the insured pay: 10, 20 or 30 percent (介護保険法49条の2, 59条の2; 施行令22条の2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from yakuba.base.texts import Text
from yakuba.procedures.rules.answers import Known
from yakuba.procedures.rules.decision import Catalogue, Reason
from yakuba.procedures.rules.kaigo_futan.household import Household
from yakuba.procedures.rules.parameters import Parameters

_CLAUSE = "介護保険法49条の2・59条の2、同法施行令22条の2・29条の2"
REASON = Catalogue.of(
    Reason(
        "share_base",
        Text(
            "負担割合は1割です(<why>)。",
            "The share is 10 percent (<why>).",
            "{払|はら}うのは1{割|わり}です（<why>）。",
        ),
        _CLAUSE,
    ),
    Reason(
        "share_raised",
        Text(
            "負担割合は<tenths>割です。本人の合計所得金額<income>円、世帯の第1号被保険者の年金収入等<receipts>円によります。",
            "The share is <percent> percent, by an own total income of <income> yen and receipts of <receipts> yen of "
            "the household's first-class insured.",
            "{払|はら}うのは<tenths>{割|わり}です。{収入|しゅうにゅう}で{決|き}まります。",
        ),
        _CLAUSE,
    ),
    Reason(
        "share_found",
        Text(
            "負担割合は<tenths>割です(職員が負担割合証などで確認)。",
            "The share is <percent> percent (checked by a clerk).",
            "{払|はら}うのは<tenths>{割|わり}です。",
        ),
        _CLAUSE,
    ),
    Reason(
        "share_unknown",
        Text(
            "負担割合を決める所得が台帳でわかりません(<what>)。確認する必要があります。",
            "The income that decides the share is not in the registers (<what>); it must be confirmed.",
            "{収入|しゅうにゅう}を{確認|かくにん}します（<what>）。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
)
_WHY: Mapping[str, Text] = {
    "second_class": Text("第2号被保険者", "insured in the second class", "40{歳|さい}から64{歳|さい}"),
    "welfare": Text("生活保護", "public assistance", "{生活保護|せいかつほご}"),
    "untaxed": Text("市町村民税非課税", "no resident tax", "{住民税|じゅうみんぜい}がない{人|ひと}"),
    "income": Text("本人の合計所得金額による", "by own total income", "{収入|しゅうにゅう}による"),
    "receipts": Text(
        "世帯の年金収入等による", "by the household's receipts", "{家族|かぞく}の{収入|しゅうにゅう}による"
    ),
}
_WHAT: Mapping[str, Text] = {
    "first_class": Text("被保険者の区分", "the class", "{年|とし}"),
    "taxed": Text("課税の有無", "whether taxed", "{税金|ぜいきん}"),
    "total_income": Text("合計所得金額", "total income", "{収入|しゅうにゅう}"),
    "receipts": Text("世帯の年金収入等", "the household's receipts", "{家族|かぞく}の{収入|しゅうにゅう}"),
}


@dataclass(frozen=True, slots=True)
class Share:
    """``percent``: what the insured pay of the cost; None when it cannot be told. ``reason`` says why."""

    percent: int | None
    reason: Reason


def share(household: Household | None, welfare: bool | None, on: date, parameters: Parameters) -> Share:
    """The share on ``on``. Before August 2018 there was no 30 percent, before August 2015 no 20 percent.

    ``welfare``: whether public assistance (生活保護) is received; None counts as not known only where it decides.
    """
    if household is None:
        return _unknown("first_class")
    own = household.own
    if welfare:
        return _base("welfare")
    for name, settles in (("first_class", False), ("taxed", False)):
        value = getattr(own, name)
        if value is None:
            return _unknown(name)
        if value is settles:
            return _base("second_class" if name == "first_class" else "untaxed")
    if own.total_income is None:
        return _unknown("total_income")
    return _by_income(household, own.total_income, on, parameters)


def own_share(
    members: Iterable[Known], welfare: bool | None, found: int | None, on: date, parameters: Parameters
) -> Share:
    """The share by the registers, unless a clerk ``found`` it (on the certificate, or raised for arrears: 69条)."""
    if found is not None:
        return Share(found, REASON("share_found", tenths=found // 10, percent=found))
    return share(Household.from_known(members, on, parameters), welfare, on, parameters)


def _by_income(household: Household, income: int, on: date, parameters: Parameters) -> Share:
    steps = [
        (percent, level)
        for percent, level in ((30, "triple"), (20, "double"))
        if parameters.has(f"kaigo_futan.share.{level}_from_income", on)
    ]
    reached = [percent for percent, level in steps if income >= _from_income(level, on, parameters)]
    if not reached:
        return _base("income")
    receipts = household.receipts_of_first_class()
    if receipts is None:
        return _unknown("receipts")
    size = "single" if len(household.first_class) == 1 else "several"
    for percent, level in steps:
        bound = parameters.value(f"kaigo_futan.share.{level}_from_receipts", on)[size]
        if percent in reached and receipts >= bound:
            reason = REASON(
                "share_raised",
                tenths=percent // 10,
                percent=percent,
                income=f"{income:,}",
                receipts=f"{receipts:,}",
            )
            return Share(percent, reason)
    return _base("receipts")


def _from_income(level: str, on: date, parameters: Parameters) -> int:
    return parameters.number(f"kaigo_futan.share.{level}_from_income", on)


def _base(why: str) -> Share:
    return Share(10, REASON("share_base", why=_WHY[why]))


def _unknown(what: str) -> Share:
    return Share(None, REASON("share_unknown", what=_WHAT[what]))
