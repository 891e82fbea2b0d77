"""The checks on a case in words: the signature, the files, the form, and the rule, each with the clause it rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yakuba.card.bundle import BundleCheckCode, BundleReason
from yakuba.card.messages import for_reason
from yakuba.card.outcomes import CheckCode, Reason
from yakuba.casework.evidence import STATES
from yakuba.casework.models import Case, CaseAttachment, CaseDocument
from yakuba.casework.noticing import procedure_title
from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.parameters import load_parameters

OUTCOMES = {"good": "正しい", "bad": "正しくない", "unknown": "判断できない"}
TELLS = {"eligible": "good", "not_eligible": "bad", "cannot_tell": "unknown"}
RULE_OUTCOMES = {
    "eligible": "要件を満たす",
    "not_eligible": "要件を満たさない",
    "cannot_tell": "人の判断が必要",
}

CHECKS: Mapping[CheckCode | BundleCheckCode, str] = {
    CheckCode.ENCODING: "データの形(DER)",
    CheckCode.STRUCTURE: "署名データの構造",
    CheckCode.DETACHED: "申請と署名の分離",
    CheckCode.ONE_SIGNER: "署名者がちょうど一人",
    CheckCode.ALGORITHMS: "暗号の方式",
    CheckCode.SIGNED_ATTRIBUTES: "署名属性",
    CheckCode.CHALLENGE: "ログインの照合値",
    CheckCode.SIGNER_CERTIFICATE: "署名者の証明書の有無",
    CheckCode.CERTIFICATE: "証明書の形",
    CheckCode.ISSUER: "発行した認証局",
    CheckCode.CERTIFICATE_SIGNATURE: "証明書への認証局の署名",
    CheckCode.ISSUER_VALIDITY: "認証局の有効期間",
    CheckCode.VALIDITY: "証明書の有効期間(受付の時点)",
    CheckCode.PUBLIC_KEY: "公開鍵の強さ",
    CheckCode.CRITICAL_EXTENSIONS: "必須の拡張項目",
    CheckCode.CERTIFICATE_POLICY: "証明書ポリシー",
    CheckCode.KEY_USAGE: "鍵の用途",
    CheckCode.NOT_A_CA: "認証局の証明書でないこと",
    CheckCode.HOLDER_ATTRIBUTES: "基本4情報の記載",
    CheckCode.DISTRIBUTION_POINT: "失効情報の配布先",
    CheckCode.REVOCATION_SCOPE: "失効情報の範囲",
    CheckCode.REVOCATION_FRESHNESS: "失効情報の新しさ",
    CheckCode.REVOCATION: "失効していないこと",
    CheckCode.CONTENT_TYPE: "署名対象の種類",
    CheckCode.MESSAGE_DIGEST: "申請内容が署名のときと同じ",
    CheckCode.SIGNING_CERTIFICATE: "署名に使った証明書",
    CheckCode.SIGNATURE: "署名の値",
    BundleCheckCode.MANIFEST: "まとめた申請の一覧の形",
    BundleCheckCode.MANIFEST_TOWN: "一覧のあて先",
    BundleCheckCode.LISTED_ONCE: "一覧に同じ申請が2つないこと",
    BundleCheckCode.LISTED: "この申請がそのまま一覧にあること",
}


_LABELS = {code.value: label for code, label in CHECKS.items()}


@dataclass(frozen=True, slots=True)
class Shown:
    """One check for the page: outcome ``good``, ``bad`` or ``unknown``."""

    label: str
    outcome: str
    words: str
    clause: str

    @property
    def outcome_name(self) -> str:
        """The outcome in words."""
        return OUTCOMES[self.outcome]


def of_signature(document: CaseDocument) -> list[Shown]:
    """Every check of this zone's verdict, those that are not good first."""
    found = [_check(one) for one in document.verdict.get("checks", [])]
    order = {"bad": 0, "unknown": 1, "good": 2}
    return sorted(found, key=lambda one: order[one.outcome])


def _check(one: Mapping[str, Any]) -> Shown:
    label = _LABELS.get(one["code"], str(one["code"]))  # else stored by a later version
    words = for_reason(_reason(one["reason"])).ja if one.get("reason") else ""
    return Shown(label, one["outcome"], words, str(one.get("clause", "")))


def _reason(text: str) -> Reason | BundleReason:
    return BundleReason(text) if text in list(BundleReason) else Reason(text)


def portal_agrees(document: CaseDocument) -> bool:
    """Whether the portal had come to the same outcome (a difference is worth a look, and nothing more)."""
    if document.portal_verdict is None:  # taken in at the counter: there was no portal to agree with
        return True
    return bool(document.portal_verdict.get("outcome") == document.verdict.get("outcome"))


def unsure_in_words(decision: Decision | None) -> tuple[str, ...]:
    """The values the rule used that are marked as not certain, by their names."""
    known = load_parameters().by_name
    return tuple(known[name].ja if name in known else name for name in (decision.unsure if decision else ()))


def of_form(case: Case, document: CaseDocument, attachments: list[CaseAttachment]) -> Iterator[Shown]:
    """Formal checks (形式審査, 行政手続法第7条)."""
    law = "行政手続法第7条"
    problems = document.schema_problems
    known = "unknown_form" not in case.flags
    yield Shown(
        "手続の定義と版", "good" if known else "bad", f"{procedure_title(case)}({case.version}の版)", law
    )
    words = "\n".join(problem["message"] for problem in problems) if known else ""
    yield Shown("記入もれ・記入の誤り", "bad" if problems else "good", words, law)
    for one in attachments:
        outcome = {"ok": "good", "refused": "unknown"}.get(one.state, "bad")
        words = STATES[one.state]  # type: ignore[index]
        yield Shown(f"添付書類「{one.filename}」", outcome, words, "署名されたSHA-256との照合")


def of_rule(decision: Decision | None) -> list[Shown]:
    """The findings of the rule with the law they rest on."""
    return [
        Shown("", TELLS[reason.tells], reason.text.ja, reason.clause)
        for reason in (decision.reasons if decision else ())
    ]
