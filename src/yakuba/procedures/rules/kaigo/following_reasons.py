"""The reasons of certifications that follow another one, beside those of a first application."""

from yakuba.base.texts import Text
from yakuba.procedures.rules.decision import Catalogue, Reason
from yakuba.procedures.rules.kaigo import reasons

REASON = Catalogue.of(
    *reasons.REASON.by_code.values(),
    Reason(
        "renewed",
        Text(
            "「<level>」として更新します。前の有効期間に続けて<start>から<end>まで有効です。",
            "Renewed as “<level>”, following the last certification: from <start> until <end>.",
            "「<level>」です。<start>から<end>までです。",
        ),
        "介護保険法28条4項・9項、33条4項・6項、同法施行規則41条・55条",
    ),
    Reason(
        "nothing_to_renew",
        Text(
            "更新できる要介護・要支援認定が台帳に見つかりません。",
            "The register holds no certification that could be renewed.",
            "{更新|こうしん}する{認定|にんてい}が{見|み}つかりません。{確認|かくにん}します。",
        ),
        "介護保険法28条2項・33条2項",
        "cannot_tell",
    ),
    Reason(
        "too_early_to_renew",
        Text(
            "いまの認定は<end>まで有効で、更新の申請は<opens>からできます。状態が変わったときは区分変更の申請ができます。",
            "The certification runs until <end>; a renewal may be applied for from <opens>. If the need has changed, "
            "apply for a change of level.",
            "{今|いま}の{認定|にんてい}は<end>までです。<opens>から{申|もう}しこめます。",
        ),
        "介護保険法28条2項・33条2項・同法施行規則39条・54条",
        "not_eligible",
    ),
    Reason(
        "too_late_to_renew",
        Text(
            "認定の有効期間は<end>に満了しているため、更新はできません。新規の申請をしてください。",
            "The certification ended on <end>; it cannot be renewed. Please make a first application.",
            "{認定|にんてい}は<end>に{終|お}わりました。はじめての{申|もう}しこみをしてください。",
        ),
        "介護保険法28条2項・3項、33条2項・3項",
        "not_eligible",
    ),
    Reason(
        "hindrance_unconfirmed",
        Text(
            "期間内に申請できなかったやむを得ない理由を確認する必要があります。",
            "The hindrance that kept the application from coming in time must be confirmed.",
            "おくれた{理由|りゆう}を{確認|かくにん}します。",
        ),
        "介護保険法28条3項・33条3項",
        "cannot_tell",
    ),
    Reason(
        "late_renewal_excused",
        Text(
            "やむを得ない理由がやんでから1か月以内の申請のため、更新として扱います。",
            "The application came within a month of the end of the hindrance and counts as a renewal.",
            "おくれた{理由|りゆう}がわかりました。{更新|こうしん}できます。",
        ),
        "介護保険法28条3項・33条3項",
    ),
    Reason(
        "level_changed",
        Text(
            "「<before>」から「<level>」に変更します。申請日にさかのぼって<start>から<end>まで有効です。",
            "Changed from “<before>” to “<level>”, valid from the day of application, <start>, until <end>.",
            "「<before>」から「<level>」になります。<start>から<end>までです。",
        ),
        "介護保険法29条・33条の2、同法施行規則42条・55条の2",
    ),
    Reason(
        "level_unchanged",
        Text(
            "審査の結果、区分はいまと同じ「<level>」でした。いまの認定が<end>まで続きます。",
            "The review found the same level as now, “<level>”. The certification runs on until <end>.",
            "{審査|しんさ}をしました。{今|いま}と{同|おな}じ「<level>」です。<end>までです。",
        ),
        "介護保険法29条・33条の2",
        "not_eligible",
    ),
    Reason(
        "nothing_to_change",
        Text(
            "区分を変更できる要介護・要支援認定が台帳に見つかりません。",
            "The register holds no certification whose level could be changed.",
            "{変更|へんこう}する{認定|にんてい}が{見|み}つかりません。{確認|かくにん}します。",
        ),
        "介護保険法29条1項・33条の2第1項",
        "cannot_tell",
    ),
    Reason(
        "ended_before_change",
        Text(
            "認定の有効期間は<end>に満了しているため、区分の変更はできません。新規の申請をしてください。",
            "The certification ended on <end>; its level cannot be changed. Please make a first application.",
            "{認定|にんてい}は<end>に{終|お}わりました。はじめての{申|もう}しこみをしてください。",
        ),
        "介護保険法29条1項・33条の2第1項",
        "not_eligible",
    ),
    Reason(
        "carried_over",
        Text(
            "前の市区町村での認定に即して「<level>」と認定します。<start>から<end>まで有効です。",
            "Certified as “<level>” in line with the former municipality's certificate, from <start> until <end>.",
            "{前|まえ}の{町|まち}と{同|おな}じ「<level>」です。<start>から<end>までです。",
        ),
        "介護保険法36条",
    ),
    Reason(
        "qualified_unknown",
        Text(
            "この町の被保険者になった日を確認する必要があります。",
            "The day of becoming insured with this municipality must be confirmed.",
            "この{町|まち}に{来|き}た{日|ひ}を{確認|かくにん}します。",
        ),
        "介護保険法10条・36条",
        "cannot_tell",
    ),
    Reason(
        "too_late_to_transfer",
        Text(
            "前の市区町村の認定を引き継ぐ申請は<last>まででした。新規の申請をしてください。",
            "Carrying the former certification over had to be applied for by <last>. Please make a first application.",
            "<last>までに{出|だ}す{手続|てつづ}きでした。はじめての{申|もう}しこみをしてください。",
        ),
        "介護保険法36条",
        "not_eligible",
    ),
    Reason(
        "ended_before_moving",
        Text(
            "前の市区町村の認定は<end>に満了しており、引き継げません。新規の申請をしてください。",
            "The former certification had ended on <end> and cannot be carried over. Please make a first application.",
            "{前|まえ}の{町|まち}の{認定|にんてい}は<end>に{終|お}わりました。はじめての{申|もう}しこみをしてください。",
        ),
        "介護保険法36条",
        "not_eligible",
    ),
    Reason(
        "former_certificate_missing",
        Text(
            "前の市区町村が交付した受給資格証明書がまだありません。",
            "The former municipality's certificate of entitlement is not there yet.",
            "{前|まえ}の{町|まち}の「{受給資格証明書|じゅきゅうしかくしょうめいしょ}」がまだありません。",
        ),
        "介護保険法36条",
        "cannot_tell",
    ),
    Reason(
        "former_certificate_unread",
        Text(
            "受給資格証明書の内容(区分と有効期間)を確認する必要があります。",
            "The level and period on the former certificate must be checked.",
            "{前|まえ}の{町|まち}の{証明書|しょうめいしょ}を{確認|かくにん}します。",
        ),
        "介護保険法36条",
        "cannot_tell",
    ),
)
