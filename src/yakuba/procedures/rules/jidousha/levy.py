"""自動車税環境性能割の申告納付 (地方税法146条, 149条, 156条–160条): due on cars acquired until March 2026."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from yakuba.base.texts import Text
from yakuba.procedures.rules.answers import Known, answers_of, day, number, one_of, yes_no
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Catalogue, Decision, Json, Reason, concluded
from yakuba.procedures.rules.jidousha.filing import applicant_findings, kept, needs_law
from yakuba.procedures.rules.parameters import Parameters

PROCEDURE = "jidousha-kankyou"
Power = Literal["electric", "fuel"]
_CLAUSE = "地方税法157条・158条・160条"
REASON = Catalogue.of(
    Reason(
        "levy_due",
        Text(
            "環境性能割は<amount>円です(取得価額<price>円、税率<rate>%)。",
            "The levy is <amount> yen (price <price> yen, rate <rate>%).",
            "{税金|ぜいきん}は<amount>{円|えん}です。",
        ),
        _CLAUSE,
    ),
    Reason(
        "no_levy_due",
        Text(
            "環境性能割はかかりません(<why>)。申告は受け付けます。",
            "No levy is due (<why>). The declaration is taken.",
            "{税金|ぜいきん}はありません（<why>）。",
        ),
        "地方税法149条・158条",
    ),
    Reason(
        "levy_abolished",
        Text(
            "令和8年4月1日以後に取得した車には環境性能割はかかりません。この申告は要りません。",
            "For a car acquired from 1 April 2026 there is no levy and nothing to declare.",
            "2026{年|ねん}4{月|がつ}から、この{税金|ぜいきん}はありません。",
        ),
        "地方税法(令和8年度税制改正)",
        "not_eligible",
    ),
    Reason(
        "rate_by_people",
        Text(
            "この車(営業用・貨物など)の税率の表が登録されていないため、税額は人が確かめます。",
            "The rates for this car (business, goods …) are not in the data: people work out the levy.",
            "{税金|ぜいきん}は{県|けん}の{人|ひと}が{確|たし}かめます。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
    Reason(
        "filed_late",
        Text(
            "登録の後の申告です(期限後申告)。延滞金などは別に計算します。",
            "Declared after the registration: late. Interest is worked out apart.",
            "おくれた{申告|しんこく}です。ほかのお{金|かね}がかかることがあります。",
        ),
        "地方税法160条・165条",
    ),
    Reason(
        "details_missing",
        Text(
            "税額を決める事項(取得の日・価額・燃費基準)がわかりません。",
            "What decides the levy (day, price, fuel standard) is not known.",
            "{計算|けいさん}に{必要|ひつよう}なことがわかりません。",
        ),
        _CLAUSE,
        "cannot_tell",
    ),
)
_WHY = {
    "electric": Text("電気自動車など", "electric and the like", "{電気|でんき}の{車|くるま}など"),
    "cheap": Text("取得価額が免税点以下", "price not above the exempt amount", "{値段|ねだん}が{安|やす}い"),
    "standard": Text("燃費基準を達成", "meets the fuel standard", "{燃費|ねんぴ}がいい"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """A declaration. ``price`` in yen; ``reached``: percent of the 2030 fuel standard; ``private_car``: 自家用乗用車."""

    declared_on: date
    acquired_on: date | None
    price: int | None
    power: Power | None
    reached: int | None
    private_car: bool
    answers: Known
    kept_here: bool | None = None
    proof_shown: bool | None = None
    amount_found: int | None = None
    applicant: str = "applicant"


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """``register``: ``applicant``, ``kept_here``, ``proof_shown``, ``amount_found`` (worked out by a clerk)."""
    answers = answers_of(application)
    return Facts(
        received_on,
        day(answers.get("acquired_on")),
        number(answers.get("price")),
        one_of(answers.get("power"), Power),
        number(answers.get("reached")),
        answers.get("use") == "private_car",
        answers,
        yes_no(register.get("kept_here")),
        yes_no(register.get("proof_shown")),
        number(register.get("amount_found")),
        str(register.get("applicant", "applicant")),
    )


def levy(price: int, reached: int, acquired_on: date, parameters: Parameters) -> tuple[int, int]:
    """The levy in yen on a private passenger car and its rate in 1/10,000.

    The price is cut to 1,000 yen, the levy to 100 yen (地方税法20条の4の2). Raises NotInForceError for a day of which
    the data hold no rates.
    """
    table = parameters.value("jidousha.levy.private_car", acquired_on)
    rate: int = next(row["rate"] for row in table if reached >= row["from"])
    return price // 1000 * 1000 * rate // 10_000 // 100 * 100, rate


@needs_law
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether the levy is due on the car and how much. The law is that of the day of acquisition."""
    del as_of
    due = due_date(PROCEDURE, facts.declared_on, parameters)
    findings = tuple(applicant_findings(application, facts.proof_shown, facts.kept_here))
    acquired = facts.acquired_on
    if acquired is None or facts.price is None or facts.power is None:
        reasons = (REASON("details_missing"), *findings)
        return Decision(concluded(reasons), reasons, due=due)
    unsure = parameters.unsure(("jidousha.levy.in_force", "jidousha.levy.private_car"), acquired)
    if not parameters.value("jidousha.levy.in_force", acquired):
        return Decision("not_eligible", (REASON("levy_abolished"), *findings), due=due, unsure=unsure)
    amount, why = _amount(facts, acquired, facts.price, parameters)
    reasons = (why, *_late(facts, acquired), *findings)
    outcome = concluded(reasons)
    results: dict[str, Json] = {
        "acquired_on": acquired.isoformat(),
        "price_yen": facts.price,
        "levy_amount": amount,
    }
    if outcome != "eligible":
        return Decision(outcome, reasons, results, due=due, unsure=unsure)
    items: dict[str, Json] = {"acquired_on": acquired.isoformat(), "price": facts.price, "levy": amount}
    effect = kept("環境性能割", facts.answers, facts.declared_on, items, facts.applicant)
    results["decision"] = why.text.ja
    return Decision(outcome, reasons, results, (effect,), due, unsure)


def _amount(facts: Facts, acquired: date, price: int, parameters: Parameters) -> tuple[int | None, Reason]:
    if facts.power == "electric":
        return 0, REASON("no_levy_due", why=_WHY["electric"])
    if price <= parameters.number("jidousha.levy.exempt_up_to", acquired):
        return 0, REASON("no_levy_due", why=_WHY["cheap"])
    if facts.amount_found is not None:
        return facts.amount_found, _due(facts.amount_found, price, "—")
    if not facts.private_car or facts.reached is None:
        return None, REASON("rate_by_people" if not facts.private_car else "details_missing")
    amount, rate = levy(price, facts.reached, acquired, parameters)
    if rate == 0:
        return 0, REASON("no_levy_due", why=_WHY["standard"])
    return amount, _due(amount, price, f"{rate / 100:g}")


def _due(amount: int, price: int, rate: str) -> Reason:
    return REASON("levy_due", amount=f"{amount:,}", price=f"{price:,}", rate=rate)


def _late(facts: Facts, acquired: date) -> Iterator[Reason]:
    registered = day(facts.answers.get("registered_on"))
    if registered is not None and facts.declared_on > registered:
        yield REASON("filed_late")
