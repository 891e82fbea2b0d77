"""What the gateway's pages call zones, kinds of messages and faults, in the words of people who run the town's systems."""

from collections.abc import Mapping

ZONES: Mapping[str, str] = {
    "internet": "インターネット側",
    "lgwan": "LGWAN 側",
    "mynumber": "番号利用側",
}
KINDS: Mapping[str, str] = {
    "application.submitted": "申請",
    "application.withdrawn": "申請の取下げ",
    "application.at_counter": "書かない窓口で受け付けた知らせ",
    "mandate.revoked": "委任を取り消した知らせ",
    "status.changed": "状態の知らせ",
    "correction.requested": "補正の依頼",
    "notice.issued": "通知書",
    "prefill.requested": "記入のための問い合わせ",
    "prefill.answered": "記入のための回答",
    "certificates.requested": "前の証明書の問い合わせ",
    "certificates.answered": "前の証明書の回答",
    "copy.requested": "前の申請の写しの依頼",
    "wards.requested": "法定代理で代われる人の問い合わせ",
    "wards.answered": "法定代理で代われる人の回答",
    "copy.answered": "前の申請の写し",
    "settings.published": "手続の設定",
    "definition.published": "町の手続きの公開",
}
_FAULTS: Mapping[str, str] = {
    "PeerAway": "相手につながりません(止まっているか、起動中です)",
    "BrokenMessage": "届いたものの署名が合いません",
    "BrokenSlip": "受け取りの証明の署名が合いません",
    "OperationalError": "データベースにつながりません",
    "MissingBlob": "ファイルが見つかりません",
    "ScannerAway": "マルウェアの検査プログラムが答えません",
    "UnknownKind": "知らない種類の届け物です",
}


def zone(name: str) -> str:
    """A zone's name."""
    return ZONES.get(name, name)


def kind(name: str) -> str:
    """A kind of message; one without words stays as it is."""
    return KINDS.get(name, name)


def fault(problem: str) -> str:
    """A fault as the gateway notes it (``PeerAway: ConnectionRefusedError …``): its words first, the fault itself behind."""
    words = _FAULTS.get(problem.partition(":")[0].strip())
    return f"{words} [{problem}]" if words else problem
