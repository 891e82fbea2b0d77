"""``docs/law.md``.

Every parameter of law in one table, written from the data and compared with it by a test.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from yakuba.procedures.rules.parameters import UNITS, Dated, Parameter, Parameters

_TITLES = {
    "clock": "処理期限 (clocks)",
    "hoiku": "保育の利用申込・教育・保育給付認定 (childcare)",
    "hoiku_futan": "保育の利用者負担の上限 (ceilings of childcare fees)",
    "jidou_fuyou": "児童扶養手当 (child rearing allowance)",
    "jidou_teate": "児童手当 (child allowance)",
    "kaigo": "要介護・要支援認定 (care need)",
    "kaigo_futan": "介護保険の利用者負担 (what the insured pay for care)",
    "kaigo_kyufu": "福祉用具・住宅改修 (equipment and works on the home)",
    "jidousha": "自動車保有関係手続 (owning a car)",
    "office": "閉庁日 (days on which the town hall is closed)",
    "risai": "罹災証明書 (certificate of disaster damage)",
}
_HEAD = """# 規定の値 (the law as data)

This page is written from `src/yakuba/procedures/rules/data/` and the procedures' `parameters.yaml` by `scripts/write_law_page.py`; a test compares the two.
Days are inclusive. 市 = a municipality sets its own value (within the range given); what stands here is where yakuba
starts. ？ = not certain; the note says what. Amounts and days follow the law as it was read for this project; they
are no legal advice.
"""
_COLUMNS = "| 項目 | 値 | 単位 | 期間 | 根拠 | 市 | 確 |\n|---|---|---|---|---|---|---|"


def law_page(parameters: Parameters) -> str:
    """The page as Markdown, a section for each procedure, a row for each dated value."""
    by_name = [parameters.by_name[name] for name in sorted(parameters.by_name)]
    sections = [
        _section(prefix, list(group))
        for prefix, group in groupby(by_name, lambda each: each.name.split(".")[0])
    ]
    return "\n".join([_HEAD, *sections])


def _section(prefix: str, parameters: list[Parameter]) -> str:
    rows = [_row(parameter, dated) for parameter in parameters for dated in parameter.history]
    notes = [_note(parameter, dated) for parameter in parameters for dated in parameter.history if dated.note]
    table = "\n".join([_COLUMNS, *rows])
    return f"## {_TITLES[prefix]}\n\n{table}\n\n" + ("\n".join(notes) + "\n" if notes else "")


def _row(parameter: Parameter, dated: Dated) -> str:
    cells = (
        f"{parameter.ja}<br>{parameter.en}<br>`{parameter.name}`",
        _value(dated.value),
        UNITS[parameter.unit],
        f"{dated.valid_from} 〜 {dated.valid_until or ''}".rstrip(),
        dated.source,
        _municipal(parameter),
        "" if dated.sure else "？",
    )
    return "| " + " | ".join(cells) + " |"


def _note(parameter: Parameter, dated: Dated) -> str:
    return f"- `{parameter.name}` ({dated.valid_from}): {dated.note}"


def _municipal(parameter: Parameter) -> str:
    if not parameter.municipal:
        return ""
    if parameter.limits:
        return f"市 ({parameter.limits[0]}–{parameter.limits[1]})"
    return f"市 ({' / '.join(parameter.choices)})" if parameter.choices else "市"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Mapping):
        return _mapping(value)
    return _list(value) if isinstance(value, tuple) else str(value)


def _mapping(value: Mapping[str, Any]) -> str:
    """A row of a list is shown by its name, a table by its entries."""
    if "ja" in value:
        lower = f" ({value['from']}%〜)" if "from" in value else ""
        return f"{value['ja']}{lower}"
    return "<br>".join(f"{key}: {_value(each)}" for key, each in value.items())


def _list(value: Iterable[Any]) -> str:
    each = list(value)
    if each and all(isinstance(item, Mapping) for item in each):
        return "<br>".join(_value(item) for item in each)
    return (
        "、".join("/".join(map(str, item)) if isinstance(item, tuple) else str(item) for item in each)
        or "なし"
    )
