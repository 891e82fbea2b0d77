"""Whose card lies on the reader: found in the register by the certificate's serial number, or why not, and what to do.

A function of values (:func:`conclude`) behind one question to the registers. Where the card alone is not enough, the clerk
goes on with another identity document; which one is recorded, and the case keeps it.
"""

from dataclasses import dataclass
from typing import Literal

from yakuba.registers import people
from yakuba.registers.models import Resident

Trouble = Literal[
    "no_match", "several_matches", "lapsed_certificate", "not_resident", "card_over", "card_not_good",
    "card_not_read", "no_card",
]  # fmt: skip

TROUBLES: dict[Trouble, tuple[str, str]] = {
    "no_match": (
        "このカードの証明書は、住民の台帳に登録がありません。",
        "転入したばかりか、カードを作りなおした直後かもしれません。ほかの本人確認書類を見せてもらってください。",
    ),
    "several_matches": (
        "このカードの証明書に、2人以上の人が登録されています。",
        "台帳の誤りのおそれがあります。ほかの本人確認書類で、どの人かを確かめてください。",
    ),
    "lapsed_certificate": (
        "このカードの証明書は、台帳の上で有効ではありません(更新・失効・期限切れ)。",
        "カードを更新した人は新しいカードで読み取りなおしてください。なければ、ほかの本人確認書類で進められます。",
    ),
    "not_resident": (
        "このカードの人は、この町の住民ではありません(転出・死亡などの登録)。",
        "転入の手続がすんでいるかを確かめ、ほかの本人確認書類でどの人かを確かめてください。",
    ),
    "card_over": (
        "このカードの電子証明書は、期限切れ・失効・一時停止のどれかです。",
        "更新の手続をすればカードで進められます。どの人かは、ほかの本人確認書類で確かめて始められます。",
    ),
    "card_not_read": (
        "カードを読み取れませんでした。",
        "カードの向きと置き方を確かめて、もう一度読み取ってください。ロックされたときは、ほかの本人確認書類で進められます。",
    ),
    "card_not_good": (
        "カードの証明書を「正しい」と確かめられませんでした。",
        "もう一度読み取ってください。それでもだめなら、ほかの本人確認書類で進められます。",
    ),
    "no_card": (
        "カードなしで始めます。",
        "ほかの本人確認書類を見せてもらってください。申請を出すときは、本人のカードでの署名または確認が必要です。",
    ),
}  # fmt: skip

DOCUMENTS: dict[str, str] = {
    "driving_licence": "運転免許証",
    "passport": "パスポート",
    "residence_card": "在留カード・特別永住者証明書",
    "disability_handbook": "障害者手帳(写真のあるもの)",
    "card_face": "マイナンバーカードの券面(ICを読めない)",
    "two_documents": "写真のない書類を2つ(資格確認書と年金手帳など)",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """The one resident the card belongs to, or why that cannot be said."""

    person: Resident | None
    trouble: Trouble | None = None

    def __post_init__(self) -> None:
        if (self.person is None) == (self.trouble is None):
            raise ValueError("a card has either its person or its trouble")


def holder(issuer_key_id: str, serial: str) -> Holder:
    """Ask the register whose certificate it is."""
    return conclude(people.by_certificate(issuer_key_id, serial))


def conclude(matches: list[people.CertificateMatch]) -> Holder:
    """From what is recorded for a certificate."""
    if len(matches) != 1:
        return Holder(None, "several_matches" if matches else "no_match")
    found = matches[0]
    if found.certificate.state != "active":
        return Holder(None, "lapsed_certificate")
    if found.person.status != "resident":
        return Holder(None, "not_resident")
    return Holder(found.person)
