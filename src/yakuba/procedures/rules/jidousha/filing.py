"""What all filings about a car share: who files, which car, and where it is kept on record."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.rules.answers import Known
from yakuba.procedures.rules.decision import Catalogue, Json, Reason, RegisterEffect
from yakuba.procedures.rules.law_needed import law_needed
from yakuba.procedures.rules.proxies import proxy_finding

REGISTER = "jidousha"
REASON = Catalogue.of(
    Reason(
        "outside_the_prefecture",
        Text(
            "この都道府県に主な使用の場所(定置場)がある車ではありません。定置場のある都道府県に申告・届出をしてください。",
            "The car is not mainly kept in this prefecture. File with the one where it is.",
            "この{県|けん}の{車|くるま}ではありません。{車|くるま}がある{県|けん}に{出|だ}してください。",
        ),
        "地方税法146条・177条の7",
        "not_eligible",
    ),
    Reason(
        "kept_here_unclear",
        Text(
            "主な使用の場所(定置場)がこの都道府県にあるかを確認する必要があります。",
            "Whether the car is mainly kept in this prefecture must be confirmed.",
            "{車|くるま}がある{場所|ばしょ}を{確認|かくにん}します。",
        ),
        "地方税法146条・177条の7",
        "cannot_tell",
    ),
    Reason(
        "law_not_in_data",
        Text(
            "この時期の規定が登録されていないため、判断できません（<name>）。",
            "The rules for that time are not in the data, so this cannot be told (<name>).",
            "この{時|とき}の{決|き}まりがわかりません（<name>）。",
        ),
        "地方税法",
        "cannot_tell",
    ),
)


def applicant_findings(
    application: Mapping[str, Any], proof_shown: bool | None, kept_here: bool | None
) -> Iterator[Reason]:
    """What stands against who files, and against this prefecture receiving it."""
    proxy = proxy_finding(application, proof_shown)
    if proxy:
        yield proxy
    if kept_here is not True:
        yield REASON("kept_here_unclear" if kept_here is None else "outside_the_prefecture")


def car(answers: Known) -> str:
    """How the car is called on record: its number plate, else its frame number."""
    return str(answers.get("plate") or answers.get("frame") or "—")


def kept(
    kind: str, answers: Known, filed_on: date, items: Mapping[str, Json], subject: str
) -> RegisterEffect:
    """The filing's entry in the prefecture's register."""
    stated = {
        "filing": f"{kind} {car(answers)}"[:80],
        "plate": answers.get("plate"),
        "frame": answers.get("frame"),
        "filed_on": filed_on.isoformat(),
        **items,
    }
    known = {name: value for name, value in stated.items() if value is not None}
    return RegisterEffect(REGISTER, known, filed_on, subject=subject)


needs_law = law_needed(REASON)
