"""Who the applicant is: concluding from a verdict and what the registers hold. A function of values.

A case is identified by rule only where everything fits; every other finding names its reason and waits for a person.
"""

from dataclasses import dataclass, field
from typing import Literal

from yakuba.registers.names import Likeness

Reason = Literal[
    "signature_bad",
    "could_not_tell",
    "signature_missing",
    "no_match",
    "several_matches",
    "signer_is_not_claimant",
    "lapsed_certificate",
    "not_resident",
    "proxy_without_mandate",
    "guardianship_not_found",
    "claimant_not_found",
    "several_claimants",
    "other_person_than_before",
    "doubted",
]

REASONS: dict[Reason, str] = {
    "signature_bad": "署名または添付書類の検証に失敗(改ざんのおそれ)",
    "could_not_tell": "署名を検証できなかった(失効情報が無いなど)",
    "signature_missing": "電子署名が必要な手続だが、署名がない",
    "no_match": "証明書のシリアル番号に該当する人がいない",
    "several_matches": "証明書のシリアル番号に複数の人が該当",
    "signer_is_not_claimant": "署名した人と申請者が違う",
    "lapsed_certificate": "台帳の上で有効でない証明書(更新・失効・期限切れ)",
    "not_resident": "該当した人が住民でない(転出・死亡など)",
    "proxy_without_mandate": "代理申請だが、委任状がないか、委任が有効でない",
    "guardianship_not_found": "法定代理の申請だが、後見などの登録がない",
    "claimant_not_found": "代理された本人が台帳に見つからない",
    "several_claimants": "代理された本人に複数の人が該当",
    "other_person_than_before": "補正前の申請と別の人が申請",
    "doubted": "職員が特定を取り消した",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person of the register and how well the application's claimant fits (name and birth)."""

    atena_number: str
    history_number: int
    certificate_active: bool = True
    resident: bool = True
    name: Likeness = Likeness.SAME
    birth_fits: bool = True
    address_fits: bool = True

    @property
    def may_be_claimant(self) -> bool:
        """Whether this may be the person the application names."""
        return self.name is not Likeness.DIFFERENT and self.birth_fits


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the conclusion rests on.

    Attributes:
        signers: whom the certificate is recorded for.
        claimants: people who fit the name and birth date of the one applied for (proxies only).
        mandate_fails: a mandate as data came along and does not hold.
        household: 宛名番号 of the signer's household; wards: of those the signer acts for by law.
    """

    verdict: str
    role: str
    signed_as_required: bool = True
    signers: tuple[Candidate, ...] = ()
    claimants: tuple[Candidate, ...] = ()
    household: frozenset[str] = frozenset()
    wards: frozenset[str] = frozenset()
    mandate_attached: bool = False
    mandate_fails: bool = False


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Either a person (``reason`` is None), or why a clerk must look.

    ``flags`` are for the case page; ``how`` says for the history how a person was found.
    """

    reason: Reason | None
    person: Candidate | None = None
    signer: Candidate | None = None
    flags: tuple[str, ...] = field(default=())
    how: str = "証明書のシリアル番号と申請内容が台帳と一致"

    def __post_init__(self) -> None:
        if (self.reason is None) == (self.person is None):
            raise ValueError("a conclusion names a person or a reason, and never both")


def conclude(evidence: Evidence) -> Conclusion:
    """Who the applicant is, or why that cannot be said by rule."""
    if evidence.verdict != "good":
        return Conclusion("signature_bad" if evidence.verdict == "bad" else "could_not_tell")
    if not evidence.signed_as_required:
        return Conclusion("signature_missing")
    if evidence.role in ("self", "household"):
        return _by_certificate(evidence)
    return _by_proxy(evidence)


def _by_certificate(evidence: Evidence) -> Conclusion:
    if len(evidence.signers) != 1:
        return Conclusion("several_matches" if evidence.signers else "no_match")
    signer = evidence.signers[0]
    if not signer.certificate_active:
        return Conclusion("lapsed_certificate", signer=signer)
    if not signer.resident:
        return Conclusion("not_resident", signer=signer)
    if evidence.role == "self":
        return (
            _person(signer, signer)
            if signer.may_be_claimant
            else Conclusion("signer_is_not_claimant", signer=signer)
        )
    return _in_household(evidence, signer)


def _in_household(evidence: Evidence, signer: Candidate) -> Conclusion:
    """A member of the household applies for it or for one of its people."""
    if signer.may_be_claimant:
        return _person(signer, signer)
    fitting = tuple(one for one in evidence.claimants if one.atena_number in evidence.household)
    if len(fitting) == 1:
        return _person(fitting[0], signer)
    return Conclusion("signer_is_not_claimant", signer=signer)


def _by_proxy(evidence: Evidence) -> Conclusion:
    """Somebody else applies: the claimant is found by name, birth date and address together, the signer by the
    certificate where it is recorded here (a proxy may live elsewhere)."""
    signer = evidence.signers[0] if len(evidence.signers) == 1 else None
    if signer is not None and not signer.certificate_active:
        return Conclusion("lapsed_certificate", signer=signer)
    if evidence.role == "proxy_by_mandate" and not evidence.mandate_attached:
        return Conclusion("proxy_without_mandate", signer=signer)
    if evidence.role == "care_manager" and evidence.mandate_fails:
        # 介護保険法27条1項 lets the insured have them do it, and asks for no letter; but this insured has said something else
        return Conclusion("proxy_without_mandate", signer=signer)
    fitting = tuple(one for one in evidence.claimants if one.may_be_claimant and one.address_fits)
    if len(fitting) != 1:
        return Conclusion("several_claimants" if fitting else "claimant_not_found", signer=signer)
    if evidence.role == "proxy_by_law" and fitting[0].atena_number not in evidence.wards:
        return Conclusion("guardianship_not_found", signer=signer)
    return _person(fitting[0], signer, "proxy")


def _person(person: Candidate, signer: Candidate | None, *flags: str) -> Conclusion:
    found = [*flags]
    if person.name is Likeness.MAY_DIFFER_BY_VARIANT:
        found.append("name_may_differ")
    if signer is not None and signer.atena_number != person.atena_number and "proxy" not in found:
        found.append("by_household")
    return Conclusion(None, person, signer, tuple(found))
