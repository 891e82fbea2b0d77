"""The mistakes of a definition in the words of the people who write one in the workshop.

Definitions are checked for programmers too, in English; here each of those messages has its Japanese words. A test
goes through the checks' source and finds a message that has none.
"""

import re
from collections.abc import Mapping

from yakuba.procedures.faults import DefinitionFault

_PLACES: Mapping[str, str] = {
    "title": "手続きの名前",
    "summary": "何のための手続きか",
    "laws": "よりどころ",
    "keywords": "探すときの言葉",
    "deadline": "いつまでに出すか",
    "processing": "結果が出るまでの目安",
    "applicants": "申請できる人",
    "life_events": "ライフイベント",
    "versions": "版",
    "signature": "本人の確かめ方",
    "pages": "ページ",
    "fields": "質問",
    "options": "選ぶ言葉",
    "when": "出す条件",
    "label": "質問の言葉",
    "hint": "説明",
    "intro": "はじめの説明",
    "eligibility": "始める前の質問",
    "hints": "案内の言葉",
    "examples": "記入例",
    "sets": "例",
    "computed": "計算する値",
    "notices": "通知書の名前",
    "checks": "確かめ",
    "ja": "日本語",
    "en": "English",
    "easy": "やさしい日本語",
    "text": "言葉",
}

# English message → words; {0}, {1} … are what stands between.
_MESSAGES: tuple[tuple[str, str], ...] = (
    (r'"(.+)" is a required property.*', "「{0}」がありません。書いてください。"),
    (r'"" is shorter than 1 character', "まだ書いてありません。"),
    (r"\[\] has less than 1 item", "まだ1つもありません。1つ以上、入れてください。"),
    (r"Additional properties are not allowed \((.+) (?:was|were) unexpected\)", "{0} という項目はここでは使えません。"),
    (r'(.+) is not of types? (.+)', "書き方が違います({1} の形にしてください)。"),
    (r"(.+) is not one of (.+)", "{0} は使えません。使えるもの: {1}"),
    (r"(.+) does not match (.+)", "{0} は決まった形になっていません。英小文字・数字・ハイフンなどで書いてください。"),
    (r"(.+) is not valid under any of the given schemas", "書き方が違います。"),
    (r"(.+) is (?:less|greater) than .+", "数が決まりの外です: {0}"),
    (r"ends before it begins", "終わる日が始まる日より前です。"),
    (r"no place for files is called so; there are (.*)", "そのような書類の欄はありません。あるのは: {0}"),
    (r"(.+) is unknown; there are (.+)", "{0} は知られていません。使えるもの: {1}"),
    (r"the id (.+) is used twice.*", "記号名 {0} が2回使われています。1つを変えてください。"),
    (r"the id (.+) is taken in this group", "記号名 {0} は、このくり返しの中でもう使われています。"),
    (r"a role is listed twice", "同じ立場が2回並んでいます。"),
    (r"has the minimum (.+) above the maximum (.+)", "いちばん小さい数({0})が、いちばん大きい数({1})より大きくなっています。"),
    (r"known_from is for the questions before typing; .+", "役場の記録で答える設定(known_from)は、始める前の質問だけに使えます。"),
    (r"answers a (.+); the question is a (.+)", "役場の記録の答えは {0} ですが、質問は {1} です。"),
    (r"(.+) is each application's own and has no shared meaning", "この種類の質問({0})は申請ごとのもので、ほかの手続きと共通にできません。"),
    (r"a repeating group needs fields", "「くり返し」の中に質問がありません。「くり返しの中に質問を足す」から足してください。"),
    (r"a repeating group cannot stand inside another", "「くり返し」の中に「くり返し」は入れられません。"),
    (r"(.+) needs options, or options_from naming a municipal list", "選ぶ言葉がありません。1行に1つずつ書いてください。"),
    (r"the value (.+) is used twice", "同じ値 {0} が2つあります。"),
    (r"digits needs how many: .+", "何けたの番号かを書いてください。例: 10"),
    (r"(.+) is no moment; write .+", "{0} は日付として読めません。例: 2026-04-01、today-15d"),
    (r"a required text needs an example, .+", "かならず答える質問には、書き方の例を入れてください。"),
    (r"(.+) has no answer to map to a register", "この種類の質問には、台帳に入れる答えがありません。"),
    (r"(.+) is none of its parts: (.+)", "{0} という部分はありません。使えるもの: {1}"),
    (r"(.+) has no parts; name one register item", "この質問は1つの台帳項目とだけ結べます。"),
    (r"shows <(.+)>, which is not among the computed values", "<{0}> という計算する値はありません。"),
    (r"(.+) needs the input\(s\) (.+)", "{0} の計算には {1} が要ります。"),
    (r"names the field (.+), which does not exist", "{0} という質問はありません。"),
    (r"names (.+), which is not on this page", "{0} という質問はこのページにありません。"),
    (r"answers the unknown field\(s\) (.+)", "なくなった質問に答えています: {0}。試し記入からやり直してください。"),
    (r"the role (.+) may not apply", "例の立場 {0} は、申請できる人に入っていません。"),
    (r"is like (.+), which is no fragment; .+", "{0} という共通の部品はありません。"),
    (r"the condition names the field (.+), which does not stand before it\..+", "条件が {0} を見ていますが、それより前にその質問がありません。順番を直すか、条件を変えてください。"),
    (r"the condition names the repeating group (.+), which .+", "条件が「くり返し」{0} を見ていますが、それより前にありません。"),
    (r"the condition names the role (.+); roles are .+", "条件の立場 {0} はありません。"),
    (r"the condition names the moment (.+); write .+", "条件の日付 {0} を読めません。例: 2026-04-01、today"),
    (r"the condition asks an age .+", "条件の年齢に、何歳以上・何歳未満がありません。"),
    (r"the condition compares the field (.+) with nothing; .+", "条件に、{0} の答えが何のときかがありません。"),
    (r"the condition compares with (.+?);.+", "条件の値 {0} とは比べられません。"),
    (r"the condition uses (.+) on (.+), which is .+", "条件の書き方({0})は、質問 {1} の種類には使えません。"),
    (r"(?:the condition )?looks at more than .+", "条件がこみ入りすぎています。分けてください。"),
    (r"the condition (?:is|has) .+", "条件の書き方が違います。例: {{field: lives_apart, equals: true}}"),
    (r"the condition (.+)", "条件が合いません: {0}"),
    (r"(.+) needs an electronic signature by national rule", "国の定めで電子署名が必要です。"),
    (r"(.+) has nobody who could sign as a second person", "この手続に、もう一人の署名を付ける人の欄はありません。"),
    (r"no group is called (.+)", "{0} という「くり返し」はありません。"),
    (r"its rows need the fields 'name' and 'birth_date'", "署名する人の「くり返し」には、氏名(name)と生年月日(birth_date)の質問が要ります。"),
    (r"no field is called so; there are (.+)", "その記号名の質問はありません。使えるもの: {0}"),
    (r"the field is required by the national definition", "国の定義でかならず答える質問なので、隠せません。"),
    (r"other fields depend on its answer", "ほかの質問がこの答えを見ているので、隠せません。"),
    (r"the national definition requires it; a town cannot waive it", "国の定義でかならず答える質問なので、任意にできません。"),
    (r"no page is called (.+); there are (.+)", "{0} というページはありません。使えるもの: {1}"),
    (r"a town's own id begins with (.+) and is not taken", "町が足すものの記号名は {0} で始め、使われていないものにしてください。"),
    (r"a town adds places for files \(file\) and explanations \(static\)", "町が足せるのは、書類の添付(file)と説明の文章(static)です。"),
    (r"a town's own field has no condition and no register item", "町が足すものに、条件や台帳の項目はつけられません。"),
    (r"no field lets residents choose the public account", "この手続に、公金受取口座を選ぶ質問はありません。"),
    (r"no field takes this list; there are (.+)", "この一覧を使う質問はありません。使えるもの: {0}"),
    (r"the national procedure is called (.+) already; .+", "{0} は国の手続きの記号名です。別の名前にしてください。"),
)  # fmt: skip


def in_words(fault: DefinitionFault) -> str:
    """What is wrong, in Japanese. A message in Japanese already (an example's answer) stays as it is."""
    for pattern, words in _MESSAGES:
        if found := re.fullmatch(pattern, fault.says, re.DOTALL):
            return words.format(*found.groups())
    return fault.says


def where_in_words(fault: DefinitionFault) -> str:
    """The place, with the parts of a definition called as the workshop calls them."""
    return " › ".join(_PLACES.get(step, step) for step in fault.where.split("/"))
