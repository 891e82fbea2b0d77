"""The reasons an application for certification of care need can meet, in words, each with its clause."""

from yakuba.base.texts import Text
from yakuba.procedures.rules.decision import Catalogue, Reason

LEVELS = {
    "not_applicable": Text("非該当", "no need of care", "{非該当|ひがいとう}"),
    "support_1": Text("要支援1", "support need 1", "{要支援|ようしえん}1"),
    "support_2": Text("要支援2", "support need 2", "{要支援|ようしえん}2"),
    "care_1": Text("要介護1", "care need 1", "{要介護|ようかいご}1"),
    "care_2": Text("要介護2", "care need 2", "{要介護|ようかいご}2"),
    "care_3": Text("要介護3", "care need 3", "{要介護|ようかいご}3"),
    "care_4": Text("要介護4", "care need 4", "{要介護|ようかいご}4"),
    "care_5": Text("要介護5", "care need 5", "{要介護|ようかいご}5"),
}

REASON = Catalogue.of(
    Reason(
        "certified",
        Text(
            "「<level>」と認定します。申請日にさかのぼって<start>から<end>まで有効です。",
            "Certified as “<level>”, valid from the day of application, <start>, until <end>.",
            "「<level>」です。<start>から<end>までです。",
        ),
        "介護保険法27条7項・8項・28条1項、32条6項・7項・33条1項",
    ),
    Reason(
        "not_in_need",
        Text(
            "審査の結果、要介護者にも要支援者にも該当しませんでした（非該当）。",
            "The review found neither a need of care nor of support.",
            "{審査|しんさ}をしました。{介護|かいご}や{支援|しえん}の{認定|にんてい}はありません。",
        ),
        "介護保険法27条9項・32条8項",
        "not_eligible",
    ),
    Reason(
        "insured_elsewhere",
        Text(
            "この市町村の介護保険の被保険者ではありません。被保険者証を発行した市町村に申請してください。",
            "You are not insured with this municipality. Apply to the one that issued your insurance card.",
            "この{町|まち}の{介護保険|かいごほけん}ではありません。{保険証|ほけんしょう}を{出|だ}した{町|まち}に{申|もう}しこんでください。",
        ),
        "介護保険法9条・13条・27条1項",
        "not_eligible",
    ),
    Reason(
        "insured_unclear",
        Text(
            "この市町村の被保険者かどうかを確認する必要があります。",
            "Whether you are insured with this municipality must be confirmed.",
            "この{町|まち}の{介護保険|かいごほけん}かどうかを{確認|かくにん}します。",
        ),
        "介護保険法9条・27条1項",
        "cannot_tell",
    ),
    Reason(
        "birth_uncertain",
        Text(
            "生年月日に不詳の部分があり、被保険者の区分を決められません。",
            "A part of the day of birth is not known, so the insured class cannot be told.",
            "{生|う}まれた{日|ひ}がはっきりわかりません。{確認|かくにん}します。",
        ),
        "介護保険法9条・10条",
        "cannot_tell",
    ),
    Reason(
        "too_young",
        Text(
            "40歳未満の方は介護保険の被保険者ではないため、申請できません。",
            "Below 40 one is not insured for long-term care.",
            "40{歳|さい}より{若|わか}い{人|ひと}は{申|もう}しこめません。",
        ),
        "介護保険法9条",
        "not_eligible",
    ),
    Reason(
        "no_medical_insurance",
        Text(
            "40歳から64歳の方は、医療保険に加入していることが必要です。",
            "Between 40 and 64 one must be enrolled in public health insurance.",
            "40{歳|さい}から64{歳|さい}の{人|ひと}は、{健康保険|けんこうほけん}に{入|はい}っていることが{必要|ひつよう}です。",
        ),
        "介護保険法9条2号",
        "not_eligible",
    ),
    Reason(
        "medical_insurance_unclear",
        Text(
            "医療保険に加入しているかどうかを確認する必要があります。",
            "Enrolment in public health insurance must be confirmed.",
            "{健康保険|けんこうほけん}に{入|はい}っているかを{確認|かくにん}します。",
        ),
        "介護保険法9条2号",
        "cannot_tell",
    ),
    Reason(
        "disease_unknown",
        Text(
            "40歳から64歳の方は特定疾病が原因であることが必要です。病名を確認する必要があります。",
            "Between 40 and 64 a specified disease must be the cause; which one is not known yet.",
            "40{歳|さい}から64{歳|さい}の{人|ひと}は、{決|き}まった{病気|びょうき}のときだけです。{病気|びょうき}の{名前|なまえ}を{確認|かくにん}します。",
        ),
        "介護保険法7条3項2号・4項2号・同法施行令2条",
        "cannot_tell",
    ),
    Reason(
        "not_a_specified_disease",
        Text(
            "40歳から64歳の方は特定疾病（16種類）が原因であることが必要です。",
            "Between 40 and 64 one of the sixteen specified diseases must be the cause.",
            "40{歳|さい}から64{歳|さい}の{人|ひと}は、{決|き}まった16の{病気|びょうき}のときだけ{申|もう}しこめます。",
        ),
        "介護保険法7条3項2号・4項2号・同法施行令2条",
        "not_eligible",
    ),
    Reason(
        "already_certified",
        Text(
            "すでに<end>まで有効な認定があります。更新または状態区分の変更の申請をしてください。",
            "A certification runs until <end>. Apply for renewal or for a change of level instead.",
            "もう<end>までの{認定|にんてい}があります。「{更新|こうしん}」か「{変更|へんこう}」を{申|もう}しこんでください。",
        ),
        "介護保険法28条2項・29条1項・33条2項・33条の2第1項",
        "not_eligible",
    ),
    Reason(
        "agent_not_named_by_law",
        Text(
            "この事業者は、法律が定める申請を代行できる事業者ではありません。",
            "This office is not one that the law lets apply on the insured person's behalf.",
            "この{事業所|じぎょうしょ}は、かわりに{申|もう}しこむことができません。",
        ),
        "介護保険法27条1項・同法施行規則35条",
        "not_eligible",
    ),
    Reason(
        "agent_unchecked",
        Text(
            "申請を代行した事業者が、法律の定める事業者かどうかを確認する必要があります。",
            "Whether the office that applied is one that the law names must be confirmed.",
            "かわりに{申|もう}しこんだ{事業所|じぎょうしょ}を{確認|かくにん}します。",
        ),
        "介護保険法27条1項・同法施行規則35条",
        "cannot_tell",
    ),
    Reason(
        "survey_outstanding",
        Text(
            "認定調査がまだ終わっていません。",
            "The visit for the assessment has not been made yet.",
            "{調査|ちょうさ}がまだ{終|お}わっていません。",
        ),
        "介護保険法27条2項",
        "cannot_tell",
    ),
    Reason(
        "opinion_outstanding",
        Text(
            "主治医の意見書がまだ届いていません。",
            "The physician's opinion has not arrived yet.",
            "{医者|いしゃ}の{書類|しょるい}をまっています。",
        ),
        "介護保険法27条3項",
        "cannot_tell",
    ),
    Reason(
        "judgement_outstanding",
        Text(
            "介護認定審査会の審査がまだ終わっていません。",
            "The review board has not judged yet.",
            "{審査|しんさ}がまだ{終|お}わっていません。",
        ),
        "介護保険法27条4項・5項",
        "cannot_tell",
    ),
    Reason(
        "disease_unconfirmed",
        Text(
            "特定疾病が原因であることが審査会で確認されていません。",
            "The review board has not confirmed a specified disease as the cause.",
            "{病気|びょうき}の{確認|かくにん}がまだです。",
        ),
        "介護保険法7条3項2号・4項2号・27条5項",
        "cannot_tell",
    ),
    Reason(
        "my_number_not_needed",
        Text(
            "本人を特定できているため、個人番号の記載は求めません。",
            "Identity is settled; the personal number is not asked for.",
            "あなたのことがわかっているので、マイナンバーはいりません。",
        ),
        "介護保険法27条1項",
    ),
    Reason(
        "my_number_may_be_asked",
        Text(
            "本人を特定するため個人番号をうかがうことがあります。書けない場合も申請は受け付けます。",
            "The personal number may be asked for to settle identity; the application stands without it.",
            "マイナンバーを{聞|き}くことがあります。わからなくても{申|もう}しこめます。",
        ),
        "介護保険法27条1項",
    ),
    Reason(
        "law_not_in_data",
        Text(
            "この時期の規定が登録されていないため、判断できません（<name>）。",
            "The rules for that time are not in the data, so this cannot be told (<name>).",
            "この{時|とき}の{決|き}まりがわかりません（<name>）。",
        ),
        "介護保険法27条",
        "cannot_tell",
    ),
)
