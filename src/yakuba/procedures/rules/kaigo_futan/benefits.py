"""What every benefit of the care insurance asks about who applies, and where it is kept."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.rules.answers import Known, yes_no
from yakuba.procedures.rules.decision import Catalogue, Json, Reason, RegisterEffect
from yakuba.procedures.rules.law_needed import law_needed
from yakuba.procedures.rules.parameters import Parameters
from yakuba.procedures.rules.proxies import proxy_finding

REGISTER = "kaigo_kyufu"
REASON = Catalogue.of(
    Reason(
        "insured_elsewhere",
        Text(
            "この市町村の介護保険の被保険者ではありません。被保険者証を発行した市町村に申請してください。",
            "You are not insured with this municipality. Apply to the one that issued your insurance card.",
            "この{町|まち}の{介護保険|かいごほけん}ではありません。{保険証|ほけんしょう}を{出|だ}した{町|まち}に{申|もう}しこんでください。",
        ),
        "介護保険法9条・13条",
        "not_eligible",
    ),
    Reason(
        "insured_unclear",
        Text(
            "この市町村の被保険者かどうかを確認する必要があります。",
            "Whether you are insured with this municipality must be confirmed.",
            "この{町|まち}の{介護保険|かいごほけん}かどうかを{確認|かくにん}します。",
        ),
        "介護保険法9条",
        "cannot_tell",
    ),
    Reason(
        "not_certified",
        Text(
            "その日に有効な要介護・要支援の認定がありません。",
            "No certification of care or support need was valid on that day.",
            "その{日|ひ}に{介護|かいご}の{認定|にんてい}がありません。",
        ),
        "介護保険法19条・27条・32条",
        "not_eligible",
    ),
    Reason(
        "certification_unclear",
        Text(
            "その日に有効な認定があったかどうかを確認する必要があります。",
            "Whether a certification was valid on that day must be confirmed.",
            "その{日|ひ}の{認定|にんてい}を{確認|かくにん}します。",
        ),
        "介護保険法19条",
        "cannot_tell",
    ),
    Reason(
        "time_barred",
        Text(
            "<since>から2年を過ぎたため、時効により支給できません。",
            "More than two years have passed since <since>: the right has lapsed.",
            "<since>から2{年|ねん}たったので、もらえません。",
        ),
        "介護保険法200条1項",
        "not_eligible",
    ),
    Reason(
        "law_not_in_data",
        Text(
            "この時期の規定が登録されていないため、判断できません（<name>）。",
            "The rules for that time are not in the data, so this cannot be told (<name>).",
            "この{時|とき}の{決|き}まりがわかりません（<name>）。",
        ),
        "介護保険法",
        "cannot_tell",
    ),
)


def applicant_findings(
    application: Mapping[str, Any],
    proof_shown: bool | None,
    insured_here: bool | None,
    on: date,
    parameters: Parameters,
) -> Iterator[Reason]:
    """What stands against who applies, and against this town being the insurer."""
    roles = parameters.value("kaigo.roles_without_mandate", on)
    proxy = proxy_finding(application, proof_shown, roles)
    if proxy:
        yield proxy
    if insured_here is not True:
        yield REASON("insured_unclear" if insured_here is None else "insured_elsewhere")


def certification_finding(certified: bool | None) -> Reason | None:
    """What stands against a benefit for somebody who must be certified on the day that counts."""
    if certified is True:
        return None
    return REASON("certification_unclear" if certified is None else "not_certified")


def certified_on(entry: Known, on: date) -> bool | None:
    """Whether the register's last certification held on ``on``; None where it holds none.

    An earlier certification may have: a day before this one's first is left to people.
    """
    start, end = entry.get("certified_from"), entry.get("certified_until")
    if entry.get("status") != "certified" or not start or not end or on.isoformat() < str(start):
        return None
    return on.isoformat() <= str(end)


def lapsed(since: date, claimed_on: date, parameters: Parameters) -> bool:
    """Whether a claim comes too late: two years from ``since``, that day counted (民法140条ただし書)."""
    years = parameters.number("kaigo_futan.claim_years", since)
    end = date(since.year + years, since.month, since.day if (since.month, since.day) != (2, 29) else 28)
    return claimed_on >= end if (since.month, since.day) != (2, 29) else claimed_on > end


def kept(
    benefit: str,
    items: Mapping[str, Json],
    since: date,
    until: date | None = None,
    subject: str = "applicant",
) -> RegisterEffect:
    """An entry of the benefits' register; ``benefit`` names its series (works, equipment_2026 …)."""
    stated = {name: value for name, value in items.items() if value is not None}
    return RegisterEffect(REGISTER, {"benefit": benefit, **stated}, since, until, subject)


needs_law = law_needed(REASON)


def insured_here_of(register: Known) -> bool | None:
    """Whether this town is the insurer, as the registers or a clerk say."""
    return yes_no(register.get("insured_here"))
