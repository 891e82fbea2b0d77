"""The reasons an application for childcare can meet, in words, each with its clause."""

from yakuba.base.texts import Text
from yakuba.procedures.rules.decision import Catalogue, Reason

CLASSES = {
    "1": Text("1号認定（教育）", "class 1 (education)", "1{号|ごう}"),
    "2": Text("2号認定（満3歳以上・保育）", "class 2 (care, from three)", "2{号|ごう}"),
    "3": Text("3号認定（満3歳未満・保育）", "class 3 (care, under three)", "3{号|ごう}"),
}
LENGTHS = {
    "standard": Text("保育標準時間", "standard hours", "{長|なが}い{時間|じかん}"),
    "short": Text("保育短時間", "short hours", "{短|みじか}い{時間|じかん}"),
}
DOCUMENTS = {
    "employment_certificate": Text(
        "就労証明書", "certificate of employment", "{仕事|しごと}の{証明書|しょうめいしょ}"
    ),
    "maternity_handbook": Text(
        "母子健康手帳の写し", "copy of the maternity handbook", "{母子健康手帳|ぼしけんこうてちょう}のコピー"
    ),
    "medical_certificate": Text(
        "診断書または障害者手帳等の写し",
        "medical certificate or copy of a disability handbook",
        "{診断書|しんだんしょ}など",
    ),
    "nursing_statement": Text(
        "介護・看護状況申告書", "statement on the nursing", "{介護|かいご}の{説明|せつめい}の{紙|かみ}"
    ),
    "disaster_certificate": Text(
        "罹災証明書", "certificate of disaster damage", "{罹災証明書|りさいしょうめいしょ}"
    ),
    "job_search_statement": Text(
        "求職活動申告書", "statement on looking for work", "{仕事|しごと}さがしの{説明|せつめい}の{紙|かみ}"
    ),
    "enrolment_certificate": Text(
        "在学証明書", "certificate of enrolment", "{学校|がっこう}の{証明書|しょうめいしょ}"
    ),
    "timetable": Text("時間割", "timetable", "{時間割|じかんわり}"),
    "leave_certificate": Text(
        "育児休業の期間を証明する書類",
        "certificate of childcare leave",
        "{育児|いくじ}の{休|やす}みの{証明書|しょうめいしょ}",
    ),
    "statement": Text("申立書", "written statement", "{説明|せつめい}の{紙|かみ}"),
}

REASON = Catalogue.of(
    Reason(
        "certified",
        Text(
            "<child>さんを<classification>・<hours>と認定します（<start>から<end>まで）。",
            "<child> is certified: <classification>, <hours>, from <start> until <end>.",
            "<child>さんは<classification>・<hours>です。<start>から<end>までです。",
        ),
        "子ども・子育て支援法19条・20条3項・21条",
    ),
    Reason(
        "certified_education",
        Text(
            "<child>さんを<classification>と認定します（<start>から<end>まで）。",
            "<child> is certified: <classification>, from <start> until <end>.",
            "<child>さんは<classification>です。<start>から<end>までです。",
        ),
        "子ども・子育て支援法19条・20条3項・21条",
    ),
    Reason(
        "not_resident_here",
        Text(
            "保護者の居住地の市町村に申請してください。他の市町村の施設を希望する場合も同じです。",
            "Apply to the municipality where the guardian lives, also for a facility elsewhere.",
            "あなたが{住|す}んでいる{町|まち}に{申|もう}しこんでください。",
        ),
        "子ども・子育て支援法20条2項",
        "not_eligible",
    ),
    Reason(
        "residence_unknown",
        Text(
            "保護者の居住地を確認する必要があります。",
            "Where the guardian lives must be confirmed.",
            "{住所|じゅうしょ}を{確認|かくにん}します。",
        ),
        "子ども・子育て支援法20条2項",
        "cannot_tell",
    ),
    Reason(
        "no_guardian",
        Text(
            "保護者の状況が分かりません。",
            "Nothing is known about the guardians.",
            "{父|ちち}や{母|はは}のことがわかりません。",
        ),
        "子ども・子育て支援法19条・同法施行規則1条の5",
        "cannot_tell",
    ),
    Reason(
        "no_child",
        Text(
            "申込みの対象となる子どもがいません。",
            "There is no child to apply for.",
            "{申|もう}しこむ{子|こ}どもがいません。",
        ),
        "子ども・子育て支援法19条",
        "not_eligible",
    ),
    Reason(
        "at_school",
        Text(
            "<child>さんは利用希望日に小学校就学の時期に達しています。",
            "<child> will have reached school age on the day wanted.",
            "<child>さんは、もう{小学校|しょうがっこう}に{行|い}く{年齢|ねんれい}です。",
        ),
        "子ども・子育て支援法6条1項・19条",
        "not_eligible",
    ),
    Reason(
        "birth_unknown",
        Text(
            "<child>さんの生年月日を確認する必要があります。",
            "<child>'s day of birth must be confirmed.",
            "<child>さんの{生|う}まれた{日|ひ}を{確認|かくにん}します。",
        ),
        "子ども・子育て支援法19条",
        "cannot_tell",
    ),
    Reason(
        "not_born",
        Text(
            "<child>さんは利用希望日にまだ生まれていません。",
            "<child> will not be born on the day wanted.",
            "<child>さんは、その{日|ひ}にはまだ{生|う}まれていません。",
        ),
        "子ども・子育て支援法19条",
        "cannot_tell",
    ),
    Reason(
        "needed",
        Text(
            "<guardian>さんは「<reason>」により、家庭で保育することが困難です。",
            "<guardian> cannot care for the child at home: <reason>.",
            "<guardian>さんは「<reason>」なので、{家|いえ}で{世話|せわ}ができません。",
        ),
        "子ども・子育て支援法施行規則1条の5",
    ),
    Reason(
        "not_needed",
        Text(
            "<guardian>さんに保育を必要とする事由がないため、2号・3号の認定はできません。",
            "<guardian> has no reason for childcare, so classes 2 and 3 cannot be certified.",
            "<guardian>さんに{理由|りゆう}がないので、{保育|ほいく}の{認定|にんてい}はできません。",
        ),
        "子ども・子育て支援法19条・同法施行規則1条の5",
        "not_eligible",
    ),
    Reason(
        "hours_too_few",
        Text(
            "<guardian>さんの就労時間（月<hours>時間）が、市町村の定める下限（月<minimum>時間）に達していません。",
            "<guardian> works <hours> hours a month; this municipality asks for at least <minimum>.",
            "<guardian>さんの{仕事|しごと}は{月|つき}<hours>{時間|じかん}です。<minimum>{時間|じかん}より{少|すく}ないです。",
        ),
        "子ども・子育て支援法施行規則1条の5第1号",
        "not_eligible",
    ),
    Reason(
        "reason_unknown",
        Text(
            "<guardian>さんの保育を必要とする事由が分かりません。",
            "<guardian>'s reason is not known.",
            "<guardian>さんの{理由|りゆう}がわかりません。",
        ),
        "子ども・子育て支援法施行規則1条の5",
        "cannot_tell",
    ),
    Reason(
        "hours_unknown",
        Text(
            "<guardian>さんの1か月当たりの時間が分からないため、保育必要量を決められません。",
            "<guardian>'s hours a month are not known, so the length of care cannot be told.",
            "<guardian>さんの1か{月|げつ}の{時間|じかん}がわかりません。",
        ),
        "子ども・子育て支援法施行規則4条",
        "cannot_tell",
    ),
    Reason(
        "document_missing",
        Text(
            "<guardian>さんの書類（<documents>）がありません。",
            "<guardian>'s documents are missing: <documents>.",
            "<guardian>さんの{書類|しょるい}（<documents>）がありません。",
        ),
        "子ども・子育て支援法施行規則2条2項",
        "cannot_tell",
    ),
    Reason(
        "education_possible",
        Text(
            "<child>さんは、幼稚園などの教育のための1号認定を受けることができます。",
            "<child> can be certified for education (class 1) in a kindergarten.",
            "<child>さんは、{幼稚園|ようちえん}の{認定|にんてい}ができます。",
        ),
        "子ども・子育て支援法19条1号",
    ),
    Reason(
        "education_from_three",
        Text(
            "<child>さんは満3歳になっていないため、1号認定はできません。",
            "<child> is not yet three, so class 1 cannot be certified.",
            "<child>さんは、まだ3{歳|さい}ではないので、1{号|ごう}の{認定|にんてい}はできません。",
        ),
        "子ども・子育て支援法19条1号",
        "not_eligible",
    ),
    Reason(
        "already_over",
        Text(
            "<child>さんの認定の事由が、利用希望日（<start>）より前に終わります。",
            "The reason for <child>'s certification ends before the day wanted (<start>).",
            "<child>さんの{理由|りゆう}は、<start>より{前|まえ}に{終|お}わります。",
        ),
        "子ども・子育て支援法21条・同法施行規則8条",
        "not_eligible",
    ),
    Reason(
        "siblings_together",
        Text(
            "きょうだい<count>人の申込みをまとめて扱います（<wish>）。",
            "The applications of <count> siblings are handled together (<wish>).",
            "きょうだい<count>{人|にん}をいっしょに{考|かんが}えます（<wish>）。",
        ),
        "児童福祉法24条3項（利用調整は市町村が行う）",
    ),
    Reason(
        "law_not_in_data",
        Text(
            "この時期の規定が登録されていないため、判断できません（<name>）。",
            "The rules for that time are not in the data, so this cannot be told (<name>).",
            "この{時|とき}の{決|き}まりがわかりません（<name>）。",
        ),
        "子ども・子育て支援法",
        "cannot_tell",
    ),
)
SIBLINGS = {
    "same_facility": Text("同じ施設を希望", "same facility", "{同|おな}じ{所|ところ}"),
    "same_time": Text("同じ時期の利用を希望", "same time", "{同|おな}じ{時|とき}"),
    "any": Text("別々でもよい", "apart is fine", "べつでもいい"),
}
