"""What a report on the child rearing allowance can meet, in words, each with its clause."""

from collections.abc import Mapping

from yakuba.base.texts import Text
from yakuba.procedures.rules.decision import Catalogue, Reason

BANDS: Mapping[str, Text] = {
    "full": Text("全部支給", "full amount", "{全部|ぜんぶ}"),
    "partial": Text("一部支給", "a part", "{一部|いちぶ}"),
    "none": Text("全部支給停止", "nothing", "なし"),
}
"""How much of the allowance is paid."""

REASON = Catalogue.of(
    Reason(
        "only_in_person",
        Text(
            "現況届は受給している本人が届け出て、本人が面談を受けます。代理ではできません。",
            "The recipient reports and is interviewed in person; no proxy can.",
            "{本人|ほんにん}だけが できます。",
        ),
        "児童扶養手当法28条1項・施行規則4条",
        "not_eligible",
    ),
    Reason(
        "recipient_unknown",
        Text(
            "児童扶養手当を受けている方かどうかを、まだ確認していません。",
            "Whether this person receives the allowance has not been confirmed yet.",
            "{手当|てあて}を もらっている {人|ひと}か、{確認|かくにん}しています。",
        ),
        "児童扶養手当法28条1項",
        "cannot_tell",
    ),
    Reason(
        "not_a_recipient",
        Text(
            "この町で児童扶養手当の受給資格の認定を受けていません。初めての方は窓口で認定請求をしてください。",
            "No entitlement to this allowance is on record here. Claim it first, at the counter.",
            "この{町|まち}で {手当|てあて}を もらっていません。はじめての {人|ひと}は {窓口|まどぐち}に {来|き}てください。",
        ),
        "児童扶養手当法6条1項",
        "not_eligible",
    ),
    Reason(
        "too_early",
        Text(
            "現況届は<day>から受け付けます。",
            "The report can be sent from <day>.",
            "<day>から {出|だ}せます。",
        ),
        "児童扶養手当法施行規則4条",
        "not_eligible",
    ),
    Reason(
        "no_child",
        Text(
            "対象になる児童が書かれていません。",
            "No child was named.",
            "{子|こ}どもの ことを {書|か}いてください。",
        ),
        "児童扶養手当法4条",
        "cannot_tell",
    ),
    Reason(
        "interview_needed",
        Text(
            "事前送信を受け付けました。現況届は、窓口での面談が済んで初めて完了します。面談の日をご連絡します。",
            "The report was received. It is complete only after an interview at the town office; we will arrange the day.",
            "{届|とど}きました。まだ {終|お}わりでは ありません。{役場|やくば}で {話|はな}を {聞|き}きます。{日|ひ}を {連絡|れんらく}します。",
        ),
        "児童扶養手当法28条1項・29条・施行規則4条",
        "cannot_tell",
    ),
    Reason(
        "entitlement_unclear",
        Text(
            "面談は済みましたが、受給資格が続いているかどうかがまだ記録されていません。",
            "The interview is over, but whether the entitlement stands is not recorded yet.",
            "{確認|かくにん}しています。",
        ),
        "児童扶養手当法4条",
        "cannot_tell",
    ),
    Reason(
        "no_longer_entitled",
        Text(
            "面談の結果、受給資格がなくなったと確認されました。",
            "The interview showed that the entitlement has ended.",
            "{手当|てあて}を もらえなく なりました。",
        ),
        "児童扶養手当法4条2項・3項",
        "not_eligible",
    ),
    Reason(
        "income_unknown",
        Text(
            "所得、控除、扶養親族等の数がそろっていないため、手当の額を計算できません。",
            "Income, deductions and dependants are not all known, so the amount cannot be worked out.",
            "{所得|しょとく}を {確認|かくにん}しています。",
        ),
        "児童扶養手当法9条・施行令2条の4・3条・4条",
        "cannot_tell",
    ),
    Reason(
        "family_income_unknown",
        Text(
            "同居している扶養義務者の所得をまだ確認していません。",
            "The income of family members obliged to support has not been checked yet.",
            "いっしょに {住|す}む {家族|かぞく}の {所得|しょとく}を {確認|かくにん}しています。",
        ),
        "児童扶養手当法10条・11条",
        "cannot_tell",
    ),
    Reason(
        "five_years_unknown",
        Text(
            "受給期間が5年などを過ぎた方の一部支給停止に当たるかどうかを、まだ確認していません。",
            "Whether the reduction after five years applies has not been checked yet.",
            "5{年|ねん}の きまりを {確認|かくにん}しています。",
        ),
        "児童扶養手当法13条の3",
        "cannot_tell",
    ),
    Reason(
        "five_years_reduction",
        Text(
            "受給期間による一部支給停止（最大2分の1）に当たります。適用除外の届出があるかを確認し、額は職員が決めます。",
            "The reduction after five years (up to half) applies; a clerk checks for exemptions and sets the amount.",
            "5{年|ねん}を {過|す}ぎたので {額|がく}が {減|へ}ることが あります。{職員|しょくいん}が {確認|かくにん}します。",
        ),
        "児童扶養手当法13条の3・施行令7条・8条",
        "cannot_tell",
    ),
    Reason(
        "amount_not_in_data",
        Text(
            "支給の区分は「<band>」ですが、この年度の手当の額が登録されていないため、額を決められません（<name>）。",
            "The band is “<band>”, but the amounts of that year are not in the data (<name>).",
            "{区分|くぶん}は「<band>」です。{額|がく}は {職員|しょくいん}が {確認|かくにん}します。",
        ),
        "児童扶養手当法5条の2・施行令2条の2",
        "cannot_tell",
    ),
    Reason(
        "goes_on_full",
        Text(
            "<month>分から、全部支給で月額<amount>円です。",
            "From <month> the full amount, <amount> yen a month.",
            "<month>から、{毎月|まいつき}<amount>{円|えん}です。",
        ),
        "児童扶養手当法5条・9条1項",
    ),
    Reason(
        "goes_on_partial",
        Text(
            "<month>分から、一部支給で月額<amount>円です。",
            "From <month> a part, <amount> yen a month.",
            "<month>から、{毎月|まいつき}<amount>{円|えん}（{一部|いちぶ}）です。",
        ),
        "児童扶養手当法9条1項・施行令2条の4",
    ),
    Reason(
        "goes_on_none",
        Text(
            "受給資格は続きますが、<month>分から所得により全部支給停止（月額0円）です。",
            "The entitlement stands, but from <month> nothing is paid because of the income.",
            "<month>から、{所得|しょとく}が {多|おお}いので お{金|かね}は ありません。",
        ),
        "児童扶養手当法9条〜11条",
    ),
)
