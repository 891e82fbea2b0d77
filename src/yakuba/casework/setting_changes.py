"""What a change of settings means, in words: line by line before and after, for the preview and for the history."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yakuba.casework import setting_rows
from yakuba.procedures.definition import Procedure
from yakuba.procedures.overrides import effective, opening, option_lists
from yakuba.procedures.rules.parameters import UNITS, Parameter

Line = tuple[str, str, str]
CHOICES = {
    "standard": "保育標準時間",
    "short": "保育短時間",
    "applied_on": "申請した日",
    "qualified_on": "資格を得た日",
    True: "する",
    False: "しない",
}
SECOND_SIGNATURE = {"off": "求めない", "optional": "付けられる(任意)", "required": "必須にする"}
_REST_NAMES = {"accepts": "書類の種類", "sanitise": "無害化の方法", "contact": "問い合わせ先"}


def value_in_words(parameter: Parameter, value: object) -> str:
    """A value with its unit: ``30 日 (暦日)``."""
    if value is None:
        return "定めなし"
    if parameter.choices or isinstance(value, bool):
        return str(CHOICES.get(value, value))
    return f"{value} {UNITS[parameter.unit]}"


def default_of(parameter: Parameter, today: date) -> object:
    """The value yakuba starts from on that day."""
    return next((one.value for one in parameter.history if one.in_force(today)), None)


def lines(procedure: Procedure, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """Every difference between two settings (overrides with ``open`` and ``signature``)."""
    return [
        (what, old, new)
        for (what, old), (_, new) in zip(_said(procedure, before), _said(procedure, after), strict=True)
        if old != new
    ]


def value_lines(
    settable: list[Parameter], before: Mapping[str, Any], after: Mapping[str, Any], today: date
) -> list[Line]:
    """The same of the values of law left to the municipality."""
    found = []
    for one in settable:
        starting = default_of(one, today)
        old, new = before.get(one.name, starting), after.get(one.name, starting)
        if old != new:
            found.append((one.ja, value_in_words(one, old), value_in_words(one, new)))
    return found


def effects(
    procedure: Procedure, after: Mapping[str, Any], today: date, *, disaster_declared: bool
) -> list[str]:
    """What residents meet once it is published."""
    as_offered = effective(procedure, after)
    now = opening(as_offered, after, today, disaster_declared=disaster_declared)
    said = [
        "今日: 受け付けます。" if now.open else f"今日: 受け付けません。{now.reason.ja if now.reason else ''}"
    ]
    said.append(
        "申請には電子署名(署名用の暗証番号)が必要です。"
        if as_offered.signature == "required"
        else "ログイン(利用者証明用の暗証番号)だけで申請できます。"
    )
    if as_offered.cosigning:
        said.append(f"もう一人の保護者などの署名: {SECOND_SIGNATURE[as_offered.second_signature]}")
    said.append(f"申請できる人: {'、'.join(one.label.ja for one in as_offered.applicants)}")
    said.append(f"決まるまでの目安の表示: {as_offered.processing.text.ja}")
    return said


def _said(procedure: Procedure, settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "受付", "受け付ける" if settings.get("open", True) else "止める"
    login = settings.get("signature", procedure.signature) == "login"
    yield "本人確認", "ログインだけ" if login else "電子署名"
    if procedure.cosigning:
        second = settings.get("second_signature", procedure.second_signature)
        yield "もう一人の保護者などの署名", SECOND_SIGNATURE[second]
    periods = (f"{one['from']}から{one['until']}まで" for one in settings.get("periods", ()))
    yield "受付期間", "、".join(periods) or "定めなし"
    roles = settings.get("roles", {})
    yield "申請できる人", "、".join(one.label.ja for one in procedure.applicants if roles.get(one.role, True))
    yield "公金受取口座", "必須にする" if settings.get("public_account") else "住民が選ぶ"
    days = settings.get("processing_days")
    yield "住民に見せる処理期間", f"{days}日" if days else "国の定義のまま"
    for _, field in procedure.fields():
        yield field.label.ja, _use(field.id, settings)
    for name in option_lists(procedure):
        labels = (option["label"]["ja"] for option in settings.get("options", {}).get(name, ()))
        yield f"一覧「{name}」", "、".join(labels) or "なし"
    yield "説明の追加", setting_rows.help_in_words(procedure, settings) or "なし"
    yield "書類の欄の追加", setting_rows.places_in_words(procedure, settings) or "なし"
    for key, name in _REST_NAMES.items():
        yield name, str(settings.get(key, "なし"))


def _use(name: str, settings: Mapping[str, Any]) -> str:
    if name in settings.get("hide", ()):
        return "出さない"
    return "必須にする" if settings.get("required", {}).get(name) else "国の定義のまま"
