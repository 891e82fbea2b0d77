"""負担限度額認定申請: the decision whether meals and room are limited, at which stage (介護保険法51条の3, 61条の3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.rules.answers import Known, answers_of, number, one_of, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Catalogue, Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.kaigo_futan.benefits import applicant_findings, insured_here_of, kept, needs_law
from yakuba.procedures.rules.kaigo_futan.household import Household
from yakuba.procedures.rules.kaigo_futan.limits import (
    Room,
    Stage,
    Stay,
    amounts,
    asset_bound,
    benefit_year,
    stage,
)
from yakuba.procedures.rules.parameters import Parameters

PROCEDURE = "kaigo-futangendo"
_CLAUSE = "介護保険法51条の3・61条の3、同法施行規則83条の5・97条の3"
STAGES: Mapping[Stage, Text] = {
    "1": Text("第1段階", "stage 1", "1{段階|だんかい}"),
    "2": Text("第2段階", "stage 2", "2{段階|だんかい}"),
    "3_1": Text("第3段階①", "stage 3-1", "3の1{段階|だんかい}"),
    "3_2": Text("第3段階②", "stage 3-2", "3の2{段階|だんかい}"),
}
REASON = Catalogue.of(
    Reason(
        "limited",
        Text(
            "<stage>に該当するため、<start>から<end>まで食費と居住費(滞在費)の負担限度額を認定します。",
            "At <stage>: meals and room are limited from <start> until <end>.",
            "<stage>です。<start>から<end>まで{食事|しょくじ}と{部屋|へや}のお{金|かね}が{安|やす}くなります。",
        ),
        _CLAUSE,
    ),
    Reason(
        "household_taxed",
        Text(
            "世帯に市町村民税が課税されている方がいるため、対象になりません。",
            "A member of the household pays resident tax, so the limit does not apply.",
            "{家族|かぞく}に{住民税|じゅうみんぜい}を{払|はら}う{人|ひと}がいるので、{使|つか}えません。",
        ),
        _CLAUSE,
        "not_eligible",
    ),
    Reason(
        "spouse_taxed",
        Text(
            "配偶者(別世帯・事実婚を含む)に市町村民税が課税されているため、対象になりません。",
            "The spouse, also in another household, pays resident tax, so the limit does not apply.",
            "{夫|おっと}や{妻|つま}に{住民税|じゅうみんぜい}があるので、{使|つか}えません。",
        ),
        _CLAUSE,
        "not_eligible",
    ),
    Reason(
        "tax_unknown",
        Text(
            "世帯や配偶者の課税の有無が台帳でわかりません。確認する必要があります。",
            "Whether the household or the spouse pays resident tax is not in the registers; it must be confirmed.",
            "{家族|かぞく}の{税金|ぜいきん}を{確認|かくにん}します。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
    Reason(
        "income_unknown",
        Text(
            "段階を決める年金収入等(非課税年金を含む)を確認する必要があります。",
            "The pensions, untaxed ones too, and other income that decide the stage must be confirmed.",
            "{年金|ねんきん}などの{収入|しゅうにゅう}を{確認|かくにん}します。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
    Reason(
        "stage_bound_unsure",
        Text(
            "年金収入等が第2段階と第3段階の境に近く、境の額が確かでないため、人が確かめます。",
            "The income lies close to the bound of stages 2 and 3, and that bound is not certain in the data: people check.",
            "2{段階|だんかい}か3{段階|だんかい}か、{人|ひと}が{確|たし}かめます。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
    Reason(
        "too_much_saved",
        Text(
            "預貯金等が<saved>円で、<stage>の基準(<bound>円)を超えるため、対象になりません。",
            "Savings of <saved> yen exceed the bound of <stage>, <bound> yen.",
            "{貯金|ちょきん}が<bound>{円|えん}より{多|おお}いので、{使|つか}えません。",
        ),
        _CLAUSE,
        "not_eligible",
    ),
    Reason(
        "savings_unchecked",
        Text(
            "預貯金等の額を、通帳の写しなどで確認する必要があります。",
            "The savings must be checked against copies of the bank books.",
            "{貯金|ちょきん}を{通帳|つうちょう}で{確認|かくにん}します。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
    Reason(
        "amounts_not_in_data",
        Text(
            "この段階の食費または居住費の額が登録されていません。告示を確かめて記入してください。",
            "The amount for meals or room at this stage is not in the data; take it from the gazette.",
            "{食事|しょくじ}と{部屋|へや}のお{金|かね}は、{役場|やくば}が{確|たし}かめます。",
        ),
        "介護保険法51条の3第2項・食費及び居住費の負担限度額(厚生労働省告示)",
        "cannot_tell",
    ),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """An application. ``saved``: savings of the insured and the spouse in yen as declared (or found by a clerk).

    ``spouse_taxed``: of a spouse outside the household. ``untaxed_pensions``: a year, as declared or found.
    ``food``, ``room_yen``: amounts a clerk took from the gazette where the data hold none.
    """

    insured: str
    applied_on: date
    stay: Stay = "facility"
    room: Room | None = None
    members: tuple[Known, ...] = ()
    insured_here: bool | None = None
    proof_shown: bool | None = None
    welfare: bool = False
    welfare_pension: bool = False
    couple: bool = False
    spouse_taxed: bool | None = None
    spouse_elsewhere: bool = False
    untaxed_pensions: int | None = None
    saved: int | None = None
    savings_checked: bool | None = None
    food: int | None = None
    room_yen: int | None = None


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """``register``: ``insured``, ``insured_here``, ``proof_shown``, ``household`` (members with ``juminzei``), and what a
    clerk found: ``welfare``, ``welfare_pension``, ``spouse_taxed``, ``untaxed_pensions``, ``saved``, ``savings_checked``,
    ``food``, ``room_yen``."""
    answers = answers_of(application)
    stated = str(answers.get("income_kind", ""))
    return Facts(
        str(register.get("insured", "insured")),
        received_on,
        one_of(answers.get("stay"), Stay) or "facility",
        one_of(answers.get("room"), Room),
        tuple(register.get("household") or ()),
        insured_here_of(register),
        yes_no(register.get("proof_shown")),
        _said_or_found(register.get("welfare"), stated == "welfare"),
        _said_or_found(register.get("welfare_pension"), stated == "welfare_pension"),
        answers.get("has_spouse") is True,
        yes_no(register.get("spouse_taxed")),
        answers.get("spouse_elsewhere") is True,
        _first(number(register.get("untaxed_pensions")), _untaxed(answers)),
        _first(number(register.get("saved")), _saved(answers)),
        yes_no(register.get("savings_checked")),
        number(register.get("food")),
        number(register.get("room_yen")),
    )


def _said_or_found(found: object, said: bool) -> bool:
    known = yes_no(found)
    return said if known is None else known


def _first(*values: int | None) -> int | None:
    return next((one for one in values if one is not None), None)


def _untaxed(answers: Known) -> int | None:
    if answers.get("has_untaxed_pension") is False:
        return 0
    return number(answers.get("untaxed_pension_yen"))


def _saved(answers: Known) -> int | None:
    parts = [number(answers.get(name)) for name in ("savings", "securities", "other_assets")]
    debts = number(answers.get("debts")) or 0
    return None if None in parts else max(0, sum(one for one in parts if one is not None) - debts)


@needs_law
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether meals and room are limited, at which stage and up to which amounts. The law is that of the day applied."""
    del as_of
    on = facts.applied_on
    household = Household.from_known(facts.members, on, parameters)
    of = _stage(facts, household, parameters)
    reasons = [
        *applicant_findings(application, facts.proof_shown, facts.insured_here, on, parameters),
        *_tax_findings(facts, household),
        *_stage_findings(facts, household, of),
        *_savings_findings(facts, household, of, parameters),
    ]
    if of is None:
        due = due_date(PROCEDURE, on, parameters)
        return Decision(concluded(reasons), tuple(reasons), due=due, unsure=_unsure(on, parameters))
    return _at_stage(facts, of, reasons, parameters)


def _at_stage(facts: Facts, of: Stage, reasons: list[Reason], parameters: Parameters) -> Decision:
    on = facts.applied_on
    known = amounts(of, facts.stay, facts.room, on, parameters)
    food, room = _first(facts.food, known.food), _first(facts.room_yen, known.room)
    if food is None or (facts.room is not None and room is None):
        reasons.append(REASON("amounts_not_in_data"))
    start, end = benefit_year(on, parameters)
    outcome = concluded(reasons)
    effects: tuple[RegisterEffect, ...] = ()
    if outcome == "eligible":
        reasons.insert(0, REASON("limited", stage=STAGES[of], start=start, end=end))
        items: dict[str, Json] = {"stage": of, "food": food, "room": facts.room, "room_yen": room}
        effects = (kept("limit", items, start, end, facts.insured),)
    results: dict[str, Json] = {
        "stage": of,
        "stage_name": STAGES[of].ja,
        "food_yen": food,
        "room_yen": room,
        "valid_from": start.isoformat(),
        "valid_until": end.isoformat(),
    }
    due = due_date(PROCEDURE, on, parameters)
    return Decision(outcome, tuple(reasons), results, effects, due, _unsure(on, parameters))


def _unsure(on: date, parameters: Parameters) -> tuple[str, ...]:
    names = ("kaigo_futan.low_income", "kaigo_futan.limit.food", "kaigo_futan.limit.room")
    return parameters.unsure(names, on)


def _receipts(facts: Facts, household: Household | None) -> int | None:
    if household is None or household.own.receipts is None or facts.untaxed_pensions is None:
        return None
    return household.own.receipts + facts.untaxed_pensions


def _stage(facts: Facts, household: Household | None, parameters: Parameters) -> Stage | None:
    receipts = _receipts(facts, household)
    if receipts is None and not (facts.welfare or facts.welfare_pension):
        return None
    return stage(receipts or 0, facts.welfare, facts.welfare_pension, facts.applied_on, parameters)


def _tax_findings(facts: Facts, household: Household | None) -> Iterator[Reason]:
    if facts.welfare:
        return
    taxed = household.taxed if household else None
    if taxed is not False:
        yield REASON("tax_unknown" if taxed is None else "household_taxed")
    if facts.couple and facts.spouse_elsewhere and facts.spouse_taxed is not False:
        yield REASON("tax_unknown" if facts.spouse_taxed is None else "spouse_taxed")


def _stage_findings(facts: Facts, household: Household | None, of: Stage | None) -> Iterator[Reason]:
    if of is None:
        known = _receipts(facts, household) is not None
        yield REASON("stage_bound_unsure" if known else "income_unknown")


def _savings_findings(
    facts: Facts, household: Household | None, of: Stage | None, parameters: Parameters
) -> Iterator[Reason]:
    if of is None or facts.welfare:
        return
    second_class = household is not None and household.own.first_class is False
    bound = asset_bound(of, second_class, facts.couple, facts.welfare, facts.applied_on, parameters)
    if bound is None:
        return
    if facts.saved is not None and facts.saved > bound:
        yield REASON("too_much_saved", saved=f"{facts.saved:,}", stage=STAGES[of], bound=f"{bound:,}")
    elif facts.saved is None or facts.savings_checked is not True:
        yield REASON("savings_unchecked")
