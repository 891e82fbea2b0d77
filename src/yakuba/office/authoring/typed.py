"""What was typed into the workshop's forms, as parts of a document; and what is wrong with it, in words.

Nothing typed is lost: where something is wrong, the form is shown again as it was sent.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from yakuba.procedures.authoring.documents import DatesAsText, Document, said
from yakuba.procedures.authoring.edits import Node, fresh_id
from yakuba.procedures.components.kinds import GROUP, KINDS
from yakuba.procedures.context import is_moment
from yakuba.procedures.file_kinds import USUAL
from yakuba.procedures.meta import FIELD_ID

Posted = Mapping[str, str]
Problems = dict[str, str]

KIND_NAMES: Mapping[str, str] = {
    "text": "文字(1行)",
    "long_text": "文章",
    "kana": "ふりがな",
    "phone": "電話番号",
    "email": "メールアドレス",
    "digits": "数字だけの番号",
    "postal_code": "郵便番号",
    "number": "数",
    "yen": "金額(円)",
    "date": "日付",
    "choice": "1つ選ぶ(ボタン)",
    "select": "1つ選ぶ(一覧)",
    "multi_choice": "いくつでも選ぶ",
    "ranked": "順位をつけて選ぶ",
    "yes_no": "はい・いいえ",
    "declaration": "同意・確認のチェック",
    "person_name": "氏名",
    "address": "住所",
    "bank_account": "振込先の口座",
    "file": "書類の添付",
    "static": "説明の文章",
    GROUP: "くり返し(人や物ごとに同じ質問)",
}
FILE_NAMES: Mapping[str, str] = {
    "image/jpeg": "写真(JPEG)",
    "image/png": "画像(PNG)",
    "image/heic": "写真(HEIC)",
    "application/pdf": "PDF",
    "word": "ワード(docx・doc・odt・rtf)",
    "excel": "エクセル(xlsx・xls・ods)",
    "powerpoint": "パワーポイント(pptx・ppt・odp)",
    "csv": "表(CSV)",
    "text": "文字だけのファイル",
    "zip": "ZIPにまとめたもの",
}
WITH_OPTIONS = ("choice", "select", "multi_choice", "ranked")
_SEPARATOR = re.compile(r"\s*[|｜]\s*(?![^{}]*\})")  # not the one inside a reading, {漢字|かんじ}


def text_in(posted: Posted, name: str) -> dict[str, str] | None:
    """A text in three languages from ``<name>_ja``, ``_en``, ``_easy``; what is left empty is said in Japanese."""
    ja, en, easy = (posted.get(f"{name}_{language}", "").strip() for language in ("ja", "en", "easy"))
    return said(ja, en, easy) if ja else None


def lines(text: str) -> list[str]:
    """The lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def options_in(text: str) -> tuple[list[Node], str]:
    """Options written a line each: ``値 | 日本語 | English | やさしい日本語``; the value may be left out.

    Returns the options and what is wrong with them (empty if nothing).
    """
    found: list[Node] = []
    for number, line in enumerate(lines(text), start=1):
        parts = _SEPARATOR.split(line)
        if len(parts) == 1:
            parts = [f"o{number}", *parts]
        value, words = parts[0], parts[1:4]
        if not words[0]:
            return found, f"{number}行目に日本語の言葉がありません。例: half | 半壊 | Half destroyed"
        found.append({"value": value, "label": said(*words)})
    values = [one["value"] for one in found]
    doubles = sorted({value for value in values if values.count(value) > 1})
    return found, f"同じ値が2つあります: {', '.join(doubles)}" if doubles else ""


def options_as_lines(options: list[Node]) -> str:
    """As :func:`options_in` reads them."""
    return "\n".join(_option_as_line(one["value"], one["label"]) for one in options)


def _option_as_line(value: str, label: Mapping[str, str]) -> str:
    if label["en"] == label["easy"] == label["ja"]:
        return f"{value} | {label['ja']}"
    return f"{value} | {label['ja']} | {label['en']} | {label['easy']}"


def field_in(posted: Posted, document: Document, old: Node | None, *, inside: bool) -> tuple[Node, Problems]:
    """The field a form describes, and its problems by the name of the input."""
    problems: Problems = {}
    kind = posted.get("type", "")
    if kind not in KINDS and (kind != GROUP or inside):
        problems["type"] = "質問の種類を選んでください。"
        kind = "text"
    node: Node = {"id": _field_id(posted, document, old, problems), "type": kind}
    node["label"] = _needed_text(
        posted, "label", problems, "質問の言葉を書いてください。例: お子さんの学校の名前"
    )
    _put_plain(node, posted, kind, problems)
    if kind in WITH_OPTIONS:
        _put_options(node, posted, old, problems)
    if kind == "file":
        node["accepts"] = [one for one in FILE_NAMES if posted.get(f"accepts_{one}")] or list(USUAL)
        if posted.get("keeps_text"):
            node["sanitise"] = "disarm"
    if kind == GROUP:
        node["item_name"] = text_in(posted, "item_name") or node["label"]
        node.setdefault("fields", (old or {}).get("fields", []))
    if condition := _condition_in(posted, problems):
        node["when"] = condition
    return {**_kept(old, kind), **node}, problems


_WRITTEN_HERE = (
    *("id", "type", "label", "hint", "example", "required", "options", "options_from", "unit", "minimum", "maximum"),
    *("max_length", "digits", "earliest", "latest", "accepts", "item_name", "when", "law", "original_needed"),
    *("can_follow_later", "review_only", "sanitise"),
)  # fmt: skip


def _kept(old: Node | None, kind: str) -> Node:
    """What this form does not show (a mapping to a register, …) stays, unless the kind of the field changes."""
    if not old or old["type"] != kind:
        return {}
    return {key: value for key, value in old.items() if key not in _WRITTEN_HERE}


def _field_id(posted: Posted, document: Document, old: Node | None, problems: Problems) -> str:
    if old is not None:
        return str(old["id"])
    typed = posted.get("id", "").strip()
    if typed and not re.match(FIELD_ID, typed):
        problems["id"] = "記号名は、英小文字で始まる英小文字・数字・_ で書きます。例: school_name"
        return "q"
    free = fresh_id(document, typed or "q")
    if typed and free != typed:
        problems["id"] = f"{typed} はもう使われています。{free} なら使えます。"
    return free


def _needed_text(posted: Posted, name: str, problems: Problems, says: str) -> dict[str, str]:
    found = text_in(posted, name)
    if found is None:
        problems[f"{name}_ja"] = says
    return found or said("")


def _put_plain(node: Node, posted: Posted, kind: str, problems: Problems) -> None:
    if hint := text_in(posted, "hint"):
        node["hint"] = hint
    for name in ("example", "unit", "law"):
        if words := posted.get(name, "").strip():
            node[name] = words
    for name in ("minimum", "maximum", "max_length", "digits"):
        _put_number(node, posted, name, problems)
    for name in ("earliest", "latest"):
        _put_moment(node, posted, name, problems)
    if not posted.get("required") and kind not in ("static", GROUP):
        node["required"] = False
    for name in ("original_needed", "can_follow_later", "review_only"):
        if posted.get(name):
            node[name] = True
    if kind == "digits" and "digits" not in node and "digits" not in problems:
        problems["digits"] = "何けたの番号かを書いてください。例: 10"
    if kind in ("text", "long_text") and node.get("required", True) and "example" not in node:
        problems["example"] = "かならず答える質問には、書き方の例を入れてください。例: 葉山小学校"


def _put_number(node: Node, posted: Posted, name: str, problems: Problems) -> None:
    typed = posted.get(name, "").strip()
    if not typed:
        return
    try:
        node[name] = int(typed)
    except ValueError:
        problems[name] = f"数字で書いてください。例: 10(書かれたもの: {typed[:20]})"


def _put_moment(node: Node, posted: Posted, name: str, problems: Problems) -> None:
    typed = posted.get(name, "").strip()
    if typed and not is_moment(typed):
        problems[name] = (
            "2026-04-01 のような日付か、today、today-15d、fiscal_year_start のように書いてください。"
        )
    elif typed:
        node[name] = typed


def _put_options(node: Node, posted: Posted, old: Node | None, problems: Problems) -> None:
    if listed := (old or {}).get("options_from"):
        node["options_from"] = listed
        return
    node["options"], wrong = options_in(posted.get("options", ""))
    if wrong or not node["options"]:
        problems["options"] = wrong or "選ぶ言葉を1行に1つずつ書いてください。例: lunch | 給食 | School lunch"


def _condition_in(posted: Posted, problems: Problems) -> Any:
    if written := posted.get("when_text", "").strip():
        return _written_condition(written, problems)
    field, value = posted.get("when_field", ""), posted.get("when_value", "").strip()
    if not field:
        return None
    if not value:
        problems["when_value"] = "どの答えのときに聞くかを書いてください。例: はい"
        return None
    return {"field": field, "equals": {"はい": True, "いいえ": False}.get(value, value)}


def _written_condition(written: str, problems: Problems) -> Any:
    try:
        found = yaml.load(written, Loader=DatesAsText)  # noqa: S506 - a safe loader without timestamps
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        problems["when_text"] = "条件を読めません。例: {field: lives_apart, equals: true}"
        return None
    return found


def page_in(posted: Posted, document: Document, old: Node | None) -> tuple[Node, Problems]:
    """The page a form describes (without its fields), and its problems."""
    problems: Problems = {}
    title = _needed_text(posted, "title", problems, "ページの題を書いてください。例: お子さんについて")
    node: Node = {"id": old["id"] if old else fresh_id(document, "page"), "title": title}
    node["intro"] = text_in(posted, "intro")
    node["when"] = _condition_in(posted, problems)
    return node, problems


def frame_in(posted: Posted, document: Document) -> tuple[Node, Problems]:
    """The frame a form describes: names, law, who may apply, when; and its problems."""
    problems: Problems = {}
    node: Node = {
        "title": _needed_text(posted, "title", problems, "手続きの名前を書いてください。例: 学校給食費の免除の申請"),
        "summary": _needed_text(posted, "summary", problems, "何のための手続きかを、1、2文で書いてください。"),
        "keywords": lines(posted.get("keywords", "")),
        "deadline": _term(posted, "deadline", document, problems, "いつまでに出すかを書いてください。例: 期限はありません。"),
        "processing": _term(posted, "processing", document, problems, "結果が出るまでの目安を書いてください。例: 2週間ほど"),
    }  # fmt: skip
    if not node["keywords"]:
        problems["keywords"] = "探すときの言葉を1行に1つずつ書いてください。例: 給食費"
    node["laws"] = _laws(posted, problems)
    node["life_events"] = [key[6:] for key in posted if key.startswith("event_")]
    node["applicants"] = _applicants(posted, document, problems)
    node["availability"] = "period" if posted.get("availability") == "period" else "always"
    signature = "required" if posted.get("signature") == "required" else "login"
    node["signature"] = {"rule": "municipality_decides", "default": signature}
    _until(node, posted, document, problems)
    return node, problems


def _term(posted: Posted, name: str, document: Document, problems: Problems, says: str) -> Node:
    kept = {key: value for key, value in document.get(name, {}).items() if key in ("law", "sure", "note")}
    node: Node = {**kept, "text": _needed_text(posted, name, problems, says)}
    _put_number(node, {"days": posted.get(f"{name}_days", "")}, "days", problems)
    if "days" in problems:
        problems[f"{name}_days"] = problems.pop("days")
    return node


def _laws(posted: Posted, problems: Problems) -> list[Node]:
    found = []
    for line in lines(posted.get("laws", "")):
        law, _, article = re.sub(_SEPARATOR, "|", line).partition("|")
        found.append({"law": law, "article": article or "全体"})
    if not found:
        problems["laws"] = (
            "よりどころの条例・規則・要綱を書いてください。例: 葉山町学校給食費に関する規則 | 第5条"
        )
    return found


def laws_as_lines(laws: list[Node]) -> str:
    """As the frame's form reads them."""
    return "\n".join(f"{one['law']} | {one['article']}" for one in laws)


ROLE_WORDS: Mapping[str, tuple[str, str, str]] = {
    "self": ("本人", "The person concerned", "{本人|ほんにん}"),
    "household": ("同じ世帯の家族", "A member of the same household", "いっしょに {住|す}む {家族|かぞく}"),
    "proxy_by_law": ("法定代理人(親権者、成年後見人など)", "Legal representative", "{親|おや}、{成年後見人|せいねんこうけんにん}など"),
    "proxy_by_mandate": ("委任を受けた代理人", "Representative with a mandate", "{頼|たの}まれた {人|ひと}"),
    "care_manager": ("ケアマネジャー", "Care manager", "ケアマネジャー"),
}  # fmt: skip


def _applicants(posted: Posted, document: Document, problems: Problems) -> list[Node]:
    before = {one["role"]: one for one in document.get("applicants", ())}
    found = [
        before.get(role) or {"role": role, "label": said(*words)}
        for role, words in ROLE_WORDS.items()
        if posted.get(f"role_{role}")
    ]
    if not found:
        problems["applicants"] = "申請できる人を1つは選んでください。"
    return found


def _until(node: Node, posted: Posted, document: Document, problems: Problems) -> None:
    """The last day of the procedure itself, if it is to end."""
    version = {key: value for key, value in document["versions"][0].items() if key != "valid_until"}
    typed = posted.get("valid_until", "").strip()
    try:
        if typed:
            version["valid_until"] = date.fromisoformat(typed).isoformat()
    except ValueError:
        problems["valid_until"] = "日付で書いてください。例: 2027-03-31"
    node["versions"] = [version]
