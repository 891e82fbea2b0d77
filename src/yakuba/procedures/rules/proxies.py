"""Who may apply for somebody else, and what must be shown (代理権, 民法99条.

任意代理 by 委任状, 法定代理 by register).
"""

from collections.abc import Collection, Mapping
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.rules.decision import Catalogue, Reason

_REASON = Catalogue.of(
    Reason(
        "mandate_missing",
        Text(
            "代理の方が申請していますが、代理権を示す書類（委任状など）がありません。",
            "A proxy applied without a document that gives the power to do so (a letter of mandate).",
            "かわりに{申|もう}しこむ{人|ひと}は、{委任状|いにんじょう}がいります。",
        ),
        "民法99条・113条1項",
        "not_eligible",
    ),
    Reason(
        "mandate_unchecked",
        Text(
            "代理の方の代理権（委任状など）をまだ確認していません。",
            "The proxy's power (for example a letter of mandate) has not been checked yet.",
            "かわりに{申|もう}しこむ{人|ひと}の{書類|しょるい}を{確認|かくにん}しています。",
        ),
        "民法99条",
        "cannot_tell",
    ),
    Reason(
        "may_not_apply",
        Text(
            "この手続では、この立場の方（<role>）は申請できません。",
            "In this procedure a person in this role (<role>) cannot apply.",
            "この{手続|てつづき}は、この{人|ひと}（<role>）は{申|もう}しこめません。",
        ),
        "民法99条",
        "not_eligible",
    ),
)
_NEEDS_PROOF = ("proxy_by_mandate", "proxy_by_law")


def role_of(application: Mapping[str, Any]) -> str:
    """The applicant's role in a canonical application; "self" when it says nothing."""
    applicant = application.get("applicant") or {}
    return str(applicant.get("role", "self"))


def proxy_finding(
    application: Mapping[str, Any], proof_shown: bool | None, without_proof: Collection[str] = ()
) -> Reason | None:
    """What stands against the one who applied, if anything.

    ``proof_shown``: whether a mandate (or proof of 法定代理) was shown and checked, None while unchecked.
    ``without_proof``: the roles that this procedure lets apply as they are (for example "household").
    """
    role = role_of(application)
    if role == "self" or role in without_proof:
        return None
    if role not in _NEEDS_PROOF:
        return _REASON("may_not_apply", role=role)
    if proof_shown is None:
        return _REASON("mandate_unchecked")
    return None if proof_shown else _REASON("mandate_missing")
