"""The audit log in words: what the records of this zone call their actions, facts and actors."""

from collections.abc import Mapping

from yakuba.casework.workflow import MOVES

ACTIONS: Mapping[str, str] = {
    **{move.audit: move.label for move in MOVES},
    "addressee.taken_in": "申請者を宛名に加えた",
    "attachment.viewed": "添付書類を開いた",
    "case.assigned": "担当を変えた",
    "case.evidence_kept": "署名の検証記録を保管した",
    "case.evidence_written_out": "検証記録を書き出した",
    "case.handed_over": "基幹連携へ渡した",
    "case.noted": "メモを残した",
    "case.notice_asked": "通知書の作成を始めた",
    "case.notice_by_hand": "通知書を手作業にした",
    "case.step_recorded": "調査などの結果を記録した",
    "case.verified_again": "署名を検証しなおした",
    "case.viewed": "申請を開いた",
    "case.withdrawal_too_late": "取下げが間に合わなかった",
    "certificate.noted": "証明書を宛名に記録した",
    "certificates.answered": "前の証明書を答えた",
    "copy.answered": "前の申請の内容を答えた",
    "counter.card_not_enough": "窓口でカードだけでは始められなかった",
    "counter.discarded": "窓口の書きかけを捨てた",
    "counter.filled": "窓口で台帳から記入した",
    "counter.not_taken_in": "窓口で受け付けられなかった",
    "counter.person_found": "窓口で人を確かめた",
    "counter.taken_in": "窓口で受け付けた",
    "counter.taken_over": "窓口の書きかけを引き継いだ",
    "disaster.changed": "災害の受付の終わりを変えた",
    "disaster.declared": "災害を登録した",
    "handover.again": "未送信に戻した",
    "handover.batch_made": "連携ファイルを作った",
    "handover.downloaded": "連携ファイルを取り出した",
    "handover.system_closed": "連携先を閉じた",
    "handover.system_made": "連携先のシステムを加えた",
    "handover.system_registered": "連携先を登録した",
    "handover.token_changed": "連携先のトークンを変えた",
    "mandate.revoked": "委任の取消しが届いた",
    "message.closed": "届け物を対応済みにした",
    "notice.issued": "通知書を出した",
    "notice.issued_on_paper": "通知書を紙で出した",
    "notice.needs_a_person": "通知書に人の手が要る",
    "notice.opened": "通知書を開いた",
    "notice.tried_again": "通知書を作りなおした",
    "outside.answered": "外部のサービスが答えた",
    "person.viewed": "住民の画面を開いた",
    "prefill.answered": "記入のために台帳から答えた",
    "register.changed": "台帳を変えた",
    "register.reassessed": "台帳を判定しなおした",
    "registers.certificate_noted": "証明書を台帳に記録した",
    "seat.approved": "応援職員の席を承認した",
    "seat.ended": "応援職員の席を止めた",
    "seat.proposed": "応援職員の席を申し出た",
    "settings.changed": "手続の設定を変えた",
    "staff.changed": "職員の登録を変えた",
    "staff.made": "職員を加えた",
    "staff.passkey_added": "パスキーを登録した",
    "staff.passkey_removed": "パスキーを削除した",
    "staff.password_changed": "パスワードを変えた",
    "staff.recovery_codes_renewed": "回復コードを作りなおした",
    "staff.reset": "職員のサインインをやりなおしにした",
    "staff.second_factor_set": "第二要素を登録した",
    "staff.sessions_ended": "ほかの端末のサインインを終えた",
    "staff.signed_in": "サインインした",
    "staff.signed_out": "サインアウトした",
    "survey.checked_out": "調査の一覧を端末に持ち出した",
    "survey.checkout_ended": "持ち出しを止めた",
    "survey.entered": "被害認定調査の結果を入れた",
    "survey.gathered": "申請を家屋の一覧に加えた",
    "survey.house_viewed": "調査の家屋の画面を開いた",
    "survey.judged": "二つの調査結果のどちらを採るか決めた",
    "survey.list_viewed": "調査班の一覧を開いた",
    "survey.planned": "被害認定調査を計画した",
    "survey.planned_again": "申出による調査を計画した",
    "survey.team_made": "調査班を加えた",
}
FACTS: Mapping[str, str] = {
    "atena_number": "宛名番号", "procedure": "手続", "mode": "本人確認", "sha256": "SHA-256", "by": "方法",
    "document": "書類", "card": "カード", "items": "項目の数", "found": "見つかった", "to": "状態", "was": "前",
    "outcome": "結論", "reason": "理由", "verdict": "検証", "manual": "本人確認", "trouble": "わけ", "file": "ファイル",
    "open": "受付", "signature": "署名", "register": "台帳", "kind": "種類",
}  # fmt: skip
_ACTORS = {
    "zone": "自動処理",
    "resident": "住民(カード)",
    "operator": "端末の操作",
    "system": "連携先",
    "aid": "応援職員",
}


def actor_in_words(actor: str) -> str:
    """Who acted, where it is no member of staff: ``zone:mynumber`` → 自動処理; anything else stays as it is."""
    kind, _, rest = actor.partition(":")
    words = _ACTORS.get(kind)
    return actor if words is None else words if kind == "zone" else f"{words} {rest[:20]}"
