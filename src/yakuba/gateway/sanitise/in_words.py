"""The sanitiser's evidence in the words of those who read it: clerks and the organisation's security officers."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

METHODS = MappingProxyType(
    {
        "raster": "ページや写真を画像として描き直した",
        "disarm": "文字を残し、動く部分を取り除いて書き直した",
        "office": "隔離した場所でPDFに変え、画像として描き直した",
        "text": "文字だけを取り出した",
        "csv": "表として書き直し、計算式を文字にした",
        "archive": "中のファイルを一つずつ無害化して、詰め直した",
        "none": "何もしていない(測定用)",
    }
)
"""How a file was made, by ``method``."""

FINDINGS = MappingProxyType(
    {
        "javascript": "スクリプト", "open_action": "開いたときの動作", "automatic_action": "自動の動作",
        "launch": "プログラムの起動", "embedded_file": "埋め込まれたファイル", "xfa": "XFAフォーム", "form": "入力欄",
        "submit_form": "フォームの送信", "import_data": "データの取込み", "remote_link": "ほかのファイルへのリンク",
        "link": "ウェブへのリンク", "rich_media": "動画・音声など", "encryption": "暗号化", "metadata": "文書の情報",
        "archive": "書庫(ZIP)が隠れている", "script": "ウェブのスクリプト", "program": "プログラム", "exif": "撮影の情報",
        "location": "撮影した場所", "xmp": "編集の情報", "colour_profile": "色の設定", "comment": "コメント",
        "thumbnail": "縮小画像", "text": "書き込まれた文字", "further_frames": "2枚目からの画像",
        "system_files": "パソコンが作った管理ファイル", "control_characters": "画面を操る文字",
        "direction_marks": "文字の向きを変える印", "macro": "マクロ", "ole": "埋め込まれた部品(OLE)",
        "active_x": "ActiveX部品", "custom_ui": "メニューの変更", "dde": "ほかのプログラムの呼出し(DDE)",
        "external_reference": "外への参照", "template_reference": "外のひな形の参照", "formula": "計算式",
    }
)  # fmt: skip
"""What did not come through, by the code in ``removed``."""


def removed(codes: Iterable[str]) -> str:
    """``スクリプト、撮影した場所``; a code without words as it is."""
    return "、".join(FINDINGS.get(code, code) for code in codes)


def facts(evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of each line, of a file's evidence or that of a member of an archive; what is empty is left out."""
    lines = (
        ("方法", METHODS.get(str(evidence.get("method")), "")),
        (
            "方法の変更",
            "文字を残す方法では同じに見えなかったため、描き直した" if evidence.get("instead_of") else "",
        ),
        ("取り除いたもの(見つかった分)", removed(evidence.get("removed") or ())),
        ("もとの種類", str(evidence.get("source") or "")),
        ("ページ", str(evidence.get("pages") or "")),
        ("処理時間", f"{evidence['cpu_ms']} ミリ秒" if evidence.get("cpu_ms") else ""),
        ("無害化の前 (SHA-256)", str(evidence.get("before") or "")),
        ("無害化の後 (SHA-256)", str(evidence.get("after") or "")),
        ("囲い", "、".join([*(evidence.get("walls") or ()), *(evidence.get("office_walls") or ())])),
        ("役場に入っていないプログラム", "、".join(evidence.get("missing") or ())),
    )
    return [(label, value) for label, value in lines if value]
