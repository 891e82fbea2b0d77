"""What a rule worked out (amounts, classes, periods, points), in words for the desk. Functions of values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yakuba.casework.procedure_desk import desk_of

LABELS: Mapping[str, str] = {
    "start_month": "支給開始の月",
    "claim_deadline": "15日以内の期限",
    "monthly_amount": "月額",
    "children": "子ども",
    "counted_only": "数えるだけの子",
    "excluded": "対象にならない子",
    "payments": "支払の予定",
    "damage_class_name": "被害の程度",
    "damage_rate": "損害割合",
    "method": "判定の方法",
    "disaster": "災害",
    "insured_class": "被保険者の区分",
    "care_level_name": "要介護状態区分等",
    "certified_from": "有効期間のはじめ",
    "certified_until": "有効期間のおわり",
    "months": "有効期間(月数)",
    "siblings": "きょうだいの希望",
    "key": "対象",
    "rank": "第何子",
    "stage": "年齢の区分",
    "amount": "月額",
    "month": "支払月",
    "covers": "対象の月",
    "reason": "理由",
    "classification": "認定区分",
    "hours": "保育必要量",
    "points": "利用調整の指数",
    "hours_a_day": "1日の時間",
    "base": "基本指数",
    "adjustments": "調整指数",
    "total": "合計",
    "need": "保育を必要とする事由",
}
VALUES: Mapping[str, str] = {
    "under_three": "3歳未満",
    "primary": "3歳から小学校修了前",
    "junior_high": "中学生",
    "high_school": "高校生年代",
    "first": "第1次調査",
    "second": "第2次調査",
    "self_assessed": "自己判定方式",
    "standard": "保育標準時間",
    "short": "保育短時間",
}
YEN = ("amount", "_yen")  # how the names of results in yen end
# said in words elsewhere: the class by its name, what is missing by the rule's own reasons
_HIDDEN = ("damage_class", "care_level", "my_number_needed", "documents_missing")


def results_in_words(procedure: str, results: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each result with its label; what has no value is left out."""
    own = desk_of(procedure)
    words = _Words({**LABELS, **own.labels}, {**VALUES, **own.values})
    return [
        (words.labels.get(key, key), said)
        for key, value in results.items()
        if key not in _HIDDEN and (said := words.of(key, value))
    ]


@dataclass(frozen=True, slots=True)
class _Words:
    """The names of results and of their values: the common ones and the procedure's own."""

    labels: Mapping[str, str]
    values: Mapping[str, str]

    def of(self, key: str, value: Any) -> str:
        """``value`` of the result ``key`` in words; empty where it says nothing."""
        if value is None or value == [] or value == {}:
            return ""
        if isinstance(value, Mapping):
            return str(value["ja"]) if "ja" in value else "、".join(self._pairs(value))
        if isinstance(value, list):
            return "\n".join(self.of(key, one) for one in value)
        if isinstance(value, bool):
            return "はい" if value else "いいえ"
        if isinstance(value, int) and key.endswith(YEN):
            return f"{value:,}円"
        return self.values.get(str(value), str(value)) + ("%" if key == "damage_rate" else "")

    def _pairs(self, value: Mapping[str, Any]) -> Iterator[str]:
        for key, inner in value.items():
            if words := self.of(key, inner):
                yield f"{self.labels.get(key, key)} {words}"
