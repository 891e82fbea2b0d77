"""Words of the hand-over's pages for clerks (staff pages are in Japanese)."""

from collections.abc import Mapping

from yakuba.casework.handover.reconcile import Kind, Part

PARTS: Mapping[Part, str] = {
    "ready": "未送信",
    "held": "保留",
    "sent": "受領待ち",
    "missing": "受領なし(3日超)",
    "acknowledged": "受領済み",
    "returned": "結果返却済み",
    "rejected": "相手が不受理",
}
DIFFERENCES: Mapping[Kind, str] = {
    "missing": "送信から3日を過ぎても受領の通知がありません。相手のシステムを確かめ、必要なら送り直してください。",
    "held": "変換できない項目があるため送っていません。",
    "rejected": "相手のシステムが受け付けませんでした。理由を確かめて、直してから未送信に戻してください。",
    "unknown_there": "こちらでは受領済みですが、相手の一覧にありません。",
    "unknown_here": "相手の一覧にありますが、こちらから送っていません。",
    "count_differs": "バッチの件数が、送信した申請の数と合いません。",
    "file_differs": "保存してあるファイルが、記録した内容と違います。",
}
_REASONS: Mapping[str, str] = {
    "missing": "必須の項目が空です",
    "no_code": "対応表にこの値のコードがありません",
    "not_text": "文字ではありません",
    "not_a_list": "一覧ではありません",
    "not_a_number": "数ではありません",
    "not_yes_or_no": "はい・いいえではありません",
    "not_a_date": "日付ではありません",
    "not_a_month": "年月ではありません",
    "no_era_date": "元号の日付にできません(不詳の日付など)",
}


def reason_in_words(reason: str) -> str:
    """Why a value could not be converted."""
    return _REASONS.get(reason, reason)
