"""The reasons an application for a certificate of disaster damage can meet, in words, each with its clause."""

from yakuba.base.texts import Text
from yakuba.procedures.rules.decision import Catalogue, Reason

REASON = Catalogue.of(
    Reason(
        "certified",
        Text(
            "住家の被害の程度は「<damage>」です。罹災証明書を交付します。",
            "The damage to the dwelling is “<damage>”. The certificate is issued.",
            "{家|いえ}の{被害|ひがい}は「<damage>」です。{罹災証明書|りさいしょうめいしょ}を{出|だ}します。",
        ),
        "災害対策基本法90条の2第1項",
    ),
    Reason(
        "no_disaster_open",
        Text(
            "この災害についての罹災証明書の受付は行っていません。",
            "No disaster is open for applications here.",
            "この{災害|さいがい}の{申|もう}しこみは、いまできません。",
        ),
        "災害対策基本法90条の2第1項",
        "not_eligible",
    ),
    Reason(
        "not_yet_open",
        Text(
            "受付は<day>からです。",
            "Applications open on <day>.",
            "{申|もう}しこみは<day>からです。",
        ),
        "災害対策基本法90条の2第1項（受付期間は市町村が定める）",
        "not_eligible",
    ),
    Reason(
        "closed",
        Text(
            "受付は<day>で終わりました。事情がある方は窓口にご相談ください。",
            "Applications closed on <day>. If you could not apply in time, please ask at the counter.",
            "{申|もう}しこみは<day>で{終|お}わりました。{困|こま}っている{人|ひと}は{窓口|まどぐち}に{聞|き}いてください。",
        ),
        "災害対策基本法90条の2第1項（受付期間は市町村が定める）",
        "not_eligible",
    ),
    Reason(
        "damage_outside_disaster",
        Text(
            "被害を受けた日が、<disaster>の期間に入っていません。",
            "The day of the damage lies outside the days of <disaster>.",
            "{被害|ひがい}の{日|ひ}が、<disaster>の{日|ひ}とちがいます。",
        ),
        "災害対策基本法90条の2第1項",
        "not_eligible",
    ),
    Reason(
        "damage_day_unknown",
        Text(
            "被害を受けた日が分かりません。",
            "The day of the damage is not known.",
            "{被害|ひがい}の{日|ひ}がわかりません。",
        ),
        "災害対策基本法90条の2第1項",
        "cannot_tell",
    ),
    Reason(
        "outside_town",
        Text(
            "被害を受けた建物がこの市町村にありません。建物のある市町村に申請してください。",
            "The damaged building is not in this municipality. Apply where the building stands.",
            "{建物|たてもの}がこの{町|まち}にありません。{建物|たてもの}がある{町|まち}に{申|もう}しこんでください。",
        ),
        "災害対策基本法90条の2第1項",
        "not_eligible",
    ),
    Reason(
        "address_unclear",
        Text(
            "被害を受けた建物の所在地を確認する必要があります。",
            "Where the damaged building stands must be confirmed.",
            "{建物|たてもの}の{場所|ばしょ}を{確認|かくにん}します。",
        ),
        "災害対策基本法90条の2第1項",
        "cannot_tell",
    ),
    Reason(
        "not_a_dwelling",
        Text(
            "住家（実際に住んでいる建物）ではないため、罹災証明書の対象になりません。被災証明書についてご相談ください。",
            "The building is not a dwelling in use. Please ask for a statement of damage instead.",
            "{人|ひと}が{住|す}んでいる{家|いえ}ではないので、{出|だ}せません。べつの{証明書|しょうめいしょ}があります。",
        ),
        "災害対策基本法90条の2第1項",
        "not_eligible",
    ),
    Reason(
        "dwelling_unclear",
        Text(
            "住家（実際に住んでいる建物）かどうかを確認する必要があります。",
            "Whether the building is a dwelling in use must be confirmed.",
            "{人|ひと}が{住|す}んでいる{家|いえ}かどうかを{確認|かくにん}します。",
        ),
        "災害対策基本法90条の2第1項",
        "cannot_tell",
    ),
    Reason(
        "by_survey",
        Text(
            "<day>の調査による損害割合は<percent>%です。",
            "The survey of <day> found <percent>% damage.",
            "<day>に{調|しら}べました。{被害|ひがい}は<percent>%です。",
        ),
        "災害対策基本法90条の2第1項・災害に係る住家の被害認定基準運用指針",
    ),
    Reason(
        "by_self_assessment",
        Text(
            "写真による自己判定方式で、現地調査をせずに判定しました。",
            "Judged from photographs by self-assessment, without a visit.",
            "{写真|しゃしん}を{見|み}て{決|き}めました。{家|いえ}には{行|い}きません。",
        ),
        "災害に係る住家の被害認定基準運用指針（自己判定方式）",
    ),
    Reason(
        "self_assessment_closed",
        Text(
            "この災害では自己判定方式を行っていません。調査を行います。",
            "Self-assessment is not offered for this disaster; a survey will be made.",
            "この{災害|さいがい}では、{家|いえ}を{見|み}に{行|い}きます。",
        ),
        "災害に係る住家の被害認定基準運用指針（自己判定方式）",
        "cannot_tell",
    ),
    Reason(
        "not_agreed",
        Text(
            "自己判定方式には、「準半壊に至らない（一部損壊）」とすることへの同意が必要です。同意がないため調査を行います。",
            "Self-assessment needs your agreement to the lowest class; without it a survey will be made.",
            "{写真|しゃしん}だけで{決|き}めるには「{一部|いちぶ}{損壊|そんかい}」でよいという{同意|どうい}がいります。",
        ),
        "災害に係る住家の被害認定基準運用指針（自己判定方式）",
        "cannot_tell",
    ),
    Reason(
        "photos_missing",
        Text(
            "被害の状況が分かる写真がありません。",
            "There is no photograph that shows the damage.",
            "{被害|ひがい}がわかる{写真|しゃしん}がありません。",
        ),
        "災害に係る住家の被害認定基準運用指針（自己判定方式）",
        "cannot_tell",
    ),
    Reason(
        "photos_unseen",
        Text(
            "写真の確認がまだ終わっていません。",
            "The photographs have not been looked at yet.",
            "{写真|しゃしん}を{確認|かくにん}しています。",
        ),
        "災害に係る住家の被害認定基準運用指針（自己判定方式）",
        "cannot_tell",
    ),
    Reason(
        "photos_show_more",
        Text(
            "写真からは「準半壊に至らない」と判定できないため、調査を行います。",
            "The photographs do not show that the damage is in the lowest class; a survey will be made.",
            "{写真|しゃしん}だけでは{決|き}められません。{家|いえ}を{見|み}に{行|い}きます。",
        ),
        "災害に係る住家の被害認定基準運用指針（自己判定方式）",
        "cannot_tell",
    ),
    Reason(
        "survey_outstanding",
        Text(
            "住家の被害の調査がまだ終わっていないため、被害の程度を証明できません。",
            "The dwelling has not been surveyed yet, so the damage cannot be certified.",
            "{家|いえ}をまだ{調|しら}べていません。{調|しら}べてから{決|き}めます。",
        ),
        "災害対策基本法90条の2第1項",
        "cannot_tell",
    ),
    Reason(
        "law_not_in_data",
        Text(
            "この時期の規定が登録されていないため、判断できません（<name>）。",
            "The rules for that time are not in the data, so this cannot be told (<name>).",
            "この{時|とき}の{決|き}まりがわかりません（<name>）。",
        ),
        "災害対策基本法90条の2",
        "cannot_tell",
    ),
)
