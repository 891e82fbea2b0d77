"""The reasons that arise after the first claim for child allowance, and the names of causes, changes and costs."""

from collections.abc import Mapping

from yakuba.base.texts import Text
from yakuba.procedures.rules.decision import Catalogue, Reason

CAUSES: Mapping[str, Text] = {
    "moved_out": Text(
        "町の外へ引っ越した", "you moved out of town", "{町|まち}の {外|そと}へ {引|ひ}っ{越|こ}した"
    ),
    "abroad": Text(
        "日本国内に住所がなくなった", "you no longer live in Japan", "{日本|にほん}に {住|す}まなくなった"
    ),
    "no_longer_cares": Text(
        "児童を監護しなくなった、または生計を同じくしなくなった",
        "you no longer care for the child or share its livelihood",
        "{子|こ}どもを {育|そだ}てなくなった",
    ),
    "spouse_earns_more": Text(
        "配偶者が生計を維持する程度の高い者となった",
        "your spouse now maintains the livelihood more",
        "{夫|おっと}か {妻|つま}が もらうことに なった",
    ),
    "became_civil_servant": Text(
        "公務員になった", "you became a public servant", "{公務員|こうむいん}に なった"
    ),
    "facility": Text(
        "児童がすべて施設等に入所した",
        "every child was placed in an institution",
        "{子|こ}どもが {施設|しせつ}に {入|はい}った",
    ),
    "child_died": Text("支給の対象となる児童が亡くなった", "the child died", "{子|こ}どもが {亡|な}くなった"),
}
"""Why an entitlement ends (施行規則7条)."""

CHANGES: Mapping[str, Text] = {
    "own_name": Text("受給者の氏名", "recipient's name", "もらう {人|ひと}の {名前|なまえ}"),
    "own_address": Text(
        "受給者の住所（町内）", "recipient's address in this town", "もらう {人|ひと}の {住所|じゅうしょ}"
    ),
    "child_name": Text("児童の氏名", "child's name", "{子|こ}どもの {名前|なまえ}"),
    "child_address": Text(
        "児童の住所（別居を含む）", "child's address (living apart too)", "{子|こ}どもの {住所|じゅうしょ}"
    ),
    "spouse": Text(
        "配偶者（婚姻・離婚・氏名・住所）",
        "spouse (marriage, divorce, name, address)",
        "{夫|おっと}・{妻|つま}の こと",
    ),
    "account": Text("振込先の口座", "account for payment", "{口座|こうざ}"),
    "pension": Text("加入している年金", "pension insurance", "{年金|ねんきん}"),
}
"""What may change about a recipient (施行規則5条・6条)."""

COSTS: Mapping[str, Text] = {
    "school_lunch": Text("学校給食費", "school lunch", "{給食費|きゅうしょくひ}"),
    "school_supplies": Text(
        "学用品の購入などに要する費用", "school supplies", "{学用品|がくようひん}の お{金|かね}"
    ),
    "school_other": Text(
        "その他学校教育に伴って必要な費用",
        "other costs of school education",
        "{学校|がっこう}の ほかの お{金|かね}",
    ),
    "childcare_fee": Text("保育料など", "childcare fees", "{保育料|ほいくりょう}"),
    "after_school": Text(
        "放課後児童クラブの費用", "after-school care", "{放課後|ほうかご}の クラブの お{金|かね}"
    ),
}
"""What a payment may be set off against (児童手当法21条; 施行規則12条の10)."""

REASON = Catalogue.of(
    Reason(
        "recipient_unknown",
        Text(
            "児童手当を受けている方かどうかを、まだ確認していません。",
            "Whether this person receives child allowance has not been confirmed yet.",
            "{児童手当|じどうてあて}を もらっている {人|ひと}か、{確認|かくにん}しています。",
        ),
        "児童手当法26条3項",
        "cannot_tell",
    ),
    Reason(
        "not_a_recipient",
        Text(
            "この町から児童手当を受けていないため、この手続はできません。初めて受けるときは「認定請求」をしてください。",
            "This person does not receive child allowance from this town. To receive it for the first time, make the first claim.",
            "この {町|まち}から {児童手当|じどうてあて}を もらっていません。はじめての {人|ひと}は「{認定|にんてい}{請求|せいきゅう}」を してください。",
        ),
        "児童手当法7条1項・9条1項",
        "not_eligible",
    ),
    Reason(
        "event_unknown",
        Text(
            "いつからのことかが分からないため、手続を進められません。",
            "The day of the event is not known.",
            "いつの ことか、{教|おし}えてください。",
        ),
        "児童手当法8条2項・9条",
        "cannot_tell",
    ),
    Reason(
        "child_not_on_record",
        Text(
            "「<child>」さんは、支給の対象として登録された児童と一致しません。氏名と生年月日を確認する必要があります。",
            "“<child>” does not match a child on record; name and date of birth must be checked.",
            "「<child>」さんが {台帳|だいちょう}に ありません。{名前|なまえ}と {生|う}まれた {日|ひ}を {確認|かくにん}します。",
        ),
        "児童手当法9条3項",
        "cannot_tell",
    ),
    Reason(
        "revised_up",
        Text(
            "<month>分から、児童手当の月額が<before>円から<after>円に増えます。",
            "From <month> child allowance rises from <before> yen to <after> yen a month.",
            "<month>から、{児童手当|じどうてあて}が {毎月|まいつき}<before>{円|えん}から <after>{円|えん}に {増|ふ}えます。",
        ),
        "児童手当法9条1項・2項",
    ),
    Reason(
        "revised_down",
        Text(
            "<month>分から、児童手当の月額が<before>円から<after>円になります。",
            "From <month> child allowance changes from <before> yen to <after> yen a month.",
            "<month>から、{児童手当|じどうてあて}が {毎月|まいつき}<before>{円|えん}から <after>{円|えん}に なります。",
        ),
        "児童手当法9条3項",
    ),
    Reason(
        "older_children_unconfirmed",
        Text(
            "第何子かを数えるための年上のお子さんが登録されていません。監護相当・生計費の負担を確認する必要があります。",
            "The older children that count towards the order are not on record; care and living expenses must be confirmed.",
            "{上|うえ}の {子|こ}の ことが {台帳|だいちょう}に ありません。{確認|かくにん}します。",
        ),
        "児童手当法6条1項・施行規則2条",
        "cannot_tell",
    ),
    Reason(
        "no_increase",
        Text(
            "届けられた児童を加えても、児童手当の額（月額<amount>円）は増えません。",
            "With the child named, the allowance (<amount> yen a month) does not rise.",
            "この {子|こ}を {足|た}しても、{児童手当|じどうてあて}（{毎月|まいつき}<amount>{円|えん}）は {増|ふ}えません。",
        ),
        "児童手当法9条1項",
        "not_eligible",
    ),
    Reason(
        "no_decrease",
        Text(
            "届けられた内容では、児童手当の額（月額<amount>円）は減りません。内容を確認する必要があります。",
            "By what was notified the allowance (<amount> yen a month) does not fall; this must be looked at.",
            "{児童手当|じどうてあて}（{毎月|まいつき}<amount>{円|えん}）は {減|へ}りません。{確認|かくにん}します。",
        ),
        "児童手当法9条3項",
        "cannot_tell",
    ),
    Reason(
        "no_child_left",
        Text(
            "支給の対象となる児童がいなくなるときは、額の改定ではなく「受給事由消滅の届出」です。職員が確認します。",
            "When no child is left to be paid for, the entitlement ends: that is the notification of the end. A clerk will look at it.",
            "{子|こ}どもが みんな {対象|たいしょう}で なくなる ときは「{受給|じゅきゅう}{事由|じゆう}{消滅|しょうめつ}の{届出|とどけで}」です。{職員|しょくいん}が {確認|かくにん}します。",
        ),
        "児童手当法8条2項・施行規則7条",
        "cannot_tell",
    ),
    Reason(
        "paid_too_much_possible",
        Text(
            "<month>分以後にすでに支払われた分があるときは、これからの手当で調整するか、返していただきます。",
            "If anything was already paid for <month> or later, it is set off against later payments or must be returned.",
            "<month>より {後|あと}の お{金|かね}を もう もらっている ときは、{返|かえ}すことが あります。",
        ),
        "児童手当法13条・14条",
    ),
    Reason(
        "ended",
        Text(
            "<cause>ため、<month>分で児童手当の支給が終わります。",
            "Child allowance ends with <month>: <cause>.",
            "<cause>ので、{児童手当|じどうてあて}は <month>で {終|お}わります。",
        ),
        "児童手当法8条2項・施行規則7条",
    ),
    Reason(
        "claim_where_you_moved",
        Text(
            "引っ越し先の市区町村に、転出予定日の翌日から15日以内に認定の請求をしてください。遅れると、その月分を受けられません。",
            "Claim in the municipality you moved to within 15 days from the day after the planned moving-out date, or months are lost.",
            "{引|ひ}っ{越|こ}した {町|まち}で、15{日|にち}の うちに {請求|せいきゅう}してください。",
        ),
        "児童手当法7条1項・8条3項",
    ),
    Reason(
        "claim_at_work",
        Text(
            "勤務先に、公務員になった日の翌日から15日以内に認定の請求をしてください。",
            "Claim at your workplace within 15 days from the day after you became a public servant.",
            "{働|はたら}く ところに、15{日|にち}の うちに {請求|せいきゅう}してください。",
        ),
        "児童手当法17条1項・8条3項",
    ),
    Reason(
        "change_entered",
        Text(
            "届け出られた変更（<changes>）を登録します。",
            "The change notified (<changes>) is entered in the register.",
            "{変|か}わった こと（<changes>）を {台帳|だいちょう}に {書|か}きます。",
        ),
        "児童手当法26条3項・施行規則5条・6条",
    ),
    Reason(
        "nothing_changed",
        Text(
            "何が変わったかが選ばれていません。",
            "What changed was not stated.",
            "{何|なに}が {変|か}わったか、{教|おし}えてください。",
        ),
        "児童手当法施行規則5条・6条",
        "cannot_tell",
    ),
    Reason(
        "moved_out_is_an_end",
        Text(
            "この町に住民登録がありません。町の外へ引っ越したときは「受給事由消滅の届出」をし、新しい市区町村で請求します。",
            "You are not registered here. After moving away, notify the end here and claim in your new municipality.",
            "この {町|まち}に {住民票|じゅうみんひょう}が ありません。「{受給|じゅきゅう}{事由|じゆう}{消滅|しょうめつ}の{届出|とどけで}」を して、{新|あたら}しい {町|まち}で {請求|せいきゅう}してください。",
        ),
        "児童手当法7条1項・施行規則7条",
        "not_eligible",
    ),
    Reason(
        "resident_record_suffices",
        Text(
            "この町の中の氏名や住所の変更は、住民基本台帳の届出があれば、この届出もあったものとされます。",
            "A change of name or address within this town counts as notified once it is in the resident register.",
            "この {町|まち}の {中|なか}の {引|ひ}っ{越|こ}しは、{住民票|じゅうみんひょう}の {届け出|とどけで}だけで いいです。",
        ),
        "児童手当法施行規則8条",
    ),
    Reason(
        "account_unchecked",
        Text(
            "口座の名義が、受け取る本人のものかどうかを、まだ確認していません。",
            "Whether the account is in the recipient's own name has not been checked yet.",
            "{口座|こうざ}が {本人|ほんにん}の ものか、{確認|かくにん}しています。",
        ),
        "児童手当法15条・施行規則1条の4",
        "cannot_tell",
    ),
    Reason(
        "account_of_another",
        Text(
            "振込先は、受け取る本人の名義の口座に限ります。",
            "The account must be in the recipient's own name.",
            "{本人|ほんにん}の {名前|なまえ}の {口座|こうざ}だけ {使|つか}えます。",
        ),
        "児童手当法15条",
        "not_eligible",
    ),
    Reason(
        "account_not_the_childs",
        Text(
            "未支払の手当の振込先は、児童本人の名義の口座に限ります。",
            "The unpaid allowance is paid only to an account in the child's own name.",
            "{子|こ}どもの {名前|なまえ}の {口座|こうざ}だけ {使|つか}えます。",
        ),
        "児童手当法12条1項",
        "not_eligible",
    ),
    Reason(
        "unpaid_paid_to_child",
        Text(
            "亡くなった受給者に支払われていなかった<month>分までの児童手当<amount>円を、お子さんに支払います。",
            "The <amount> yen of child allowance up to <month> that the deceased had not been paid is paid to the child.",
            "{亡|な}くなった {人|ひと}が もらっていなかった {児童手当|じどうてあて} <amount>{円|えん}を、{子|こ}どもに {払|はら}います。",
        ),
        "児童手当法12条1項",
    ),
    Reason(
        "claim_barred",
        Text(
            "支払を請求できるときから2年を過ぎたため、受け取る権利は時効により消滅しています。",
            "More than two years have passed: the right to the payment has lapsed.",
            "2{年|ねん}を {過|す}ぎたので、もらえません。",
        ),
        "児童手当法23条1項",
        "not_eligible",
    ),
    Reason(
        "dead_unchecked",
        Text(
            "亡くなった方の受給の記録と未支払の額を、まだ確認していません。",
            "The record of the deceased and the unpaid amount have not been checked yet.",
            "{亡|な}くなった {人|ひと}の {記録|きろく}を {確認|かくにん}しています。",
        ),
        "児童手当法12条1項",
        "cannot_tell",
    ),
    Reason(
        "dead_no_recipient",
        Text(
            "亡くなった方は、この町から児童手当を受けていませんでした。",
            "The deceased did not receive child allowance from this town.",
            "{亡|な}くなった {人|ひと}は、この {町|まち}から {児童手当|じどうてあて}を もらっていませんでした。",
        ),
        "児童手当法12条1項",
        "not_eligible",
    ),
    Reason(
        "dead_did_not_raise",
        Text(
            "この児童は、亡くなった受給者が養育していた児童ではありません。",
            "The deceased recipient did not raise this child.",
            "{亡|な}くなった {人|ひと}が {育|そだ}てていた {子|こ}では ありません。",
        ),
        "児童手当法12条1項",
        "not_eligible",
    ),
    Reason(
        "nothing_unpaid",
        Text(
            "亡くなった方に未支払の児童手当はありません。",
            "No child allowance was left unpaid.",
            "もらっていない {児童手当|じどうてあて}は ありません。",
        ),
        "児童手当法12条1項",
        "not_eligible",
    ),
    Reason(
        "report_too_early",
        Text(
            "現況届は、<day>の状況を届けるものです。その日より前には受け付けられません。",
            "The report is about how things stand on <day>; it cannot be handed in earlier.",
            "{現況|げんきょう}{届|とど}は <day>から {出|だ}せます。",
        ),
        "児童手当法26条1項・施行規則4条",
        "not_eligible",
    ),
    Reason(
        "corporation_on_paper",
        Text(
            "法人である未成年後見人などの現況届は、書面で受け付けます。",
            "Corporate guardians report on paper.",
            "{法人|ほうじん}は {紙|かみ}で {出|だ}してください。",
        ),
        "児童手当法施行規則4条",
        "cannot_tell",
    ),
    Reason(
        "report_not_needed",
        Text(
            "この現況届は、公簿等で確認できるため提出が省かれているものです。届の内容は確認に使います。",
            "This report was not needed, because public registers show the same. What it says is used as a check.",
            "この {届け出|とどけで}は いりませんでした。{書|か}かれた ことは {確認|かくにん}に {使|つか}います。",
        ),
        "児童手当法施行規則4条（ただし書）",
    ),
    Reason(
        "goes_on",
        Text(
            "引き続き、月額<amount>円の児童手当を受けられます。",
            "Child allowance of <amount> yen a month goes on.",
            "これからも {毎月|まいつき}<amount>{円|えん}の {児童手当|じどうてあて}を もらえます。",
        ),
        "児童手当法26条1項・6条1項",
    ),
    Reason(
        "amount_differs",
        Text(
            "届の内容による月額（<reported>円）が、いまの月額（<now>円）と違います。額の改定が必要かどうかを確認します。",
            "By the report the monthly amount would be <reported> yen, but it is <now> yen now; whether it must be changed is looked at.",
            "{額|がく}が {違|ちが}います（{今|いま} <now>{円|えん}、{届け|とどけ} <reported>{円|えん}）。{確認|かくにん}します。",
        ),
        "児童手当法9条",
        "cannot_tell",
    ),
    Reason(
        "only_the_recipient",
        Text(
            "この申出ができるのは、児童手当を受けている本人だけです。",
            "Only the recipient may give this instruction.",
            "{児童手当|じどうてあて}を もらっている {本人|ほんにん}だけが できます。",
        ),
        "児童手当法20条1項・21条1項・2項",
        "not_eligible",
    ),
    Reason(
        "no_payment_month",
        Text(
            "<month>は児童手当の支払がある月ではありません。支払期月を選んでください。",
            "No child allowance is paid in <month>; choose a payment month.",
            "<month>は お{金|かね}を {払|はら}う {月|つき}では ありません。",
        ),
        "児童手当法8条4項",
        "not_eligible",
    ),
    Reason(
        "month_not_in_data",
        Text(
            "支払期月の定めが登録されていないため判断できません（<name>）。",
            "The payment months of that time are not in the data (<name>).",
            "{今|いま}は わかりません。{職員|しょくいん}が {確認|かくにん}します。",
        ),
        "児童手当法8条4項",
        "cannot_tell",
    ),
    Reason(
        "after_the_limit",
        Text(
            "<month>の支払についての申出の期限（<limit>）を過ぎています。次の支払期月から申し出てください。",
            "The last day for the payment of <month> was <limit>; choose the next payment month.",
            "<month>の {分|ぶん}は {期限|きげん}（<limit>）を {過|す}ぎました。{次|つぎ}の {月|つき}を {選|えら}んでください。",
        ),
        "児童手当法20条1項・21条1項・施行規則12条の9・12条の10",
        "not_eligible",
    ),
    Reason(
        "instruction_unknown",
        Text(
            "いまの申出の記録を、まだ確認していません。",
            "The instruction on record has not been looked up yet.",
            "{前|まえ}の {申出|もうしで}を {確認|かくにん}しています。",
        ),
        "児童手当法施行規則12条の9・12条の10",
        "cannot_tell",
    ),
    Reason(
        "no_instruction_stands",
        Text(
            "変更・撤回する申出が記録にありません。新しく申し出てください。",
            "No instruction is on record to be changed. Give a new one.",
            "{変|か}える {申出|もうしで}が ありません。{新|あたら}しく {出|だ}してください。",
        ),
        "児童手当法20条1項・21条1項",
        "not_eligible",
    ),
    Reason(
        "amount_missing",
        Text(
            "支払ごとの額が書かれていません。",
            "The amount of each payment is missing.",
            "いくらか、{教|おし}えてください。",
        ),
        "児童手当法20条1項・21条1項",
        "cannot_tell",
    ),
    Reason(
        "more_than_is_paid",
        Text(
            "申出の額（<amount>円）が、1回の支払額（<paid>円）を超えています。",
            "The amount (<amount> yen) is more than one payment (<paid> yen).",
            "1{回|かい}に もらう お{金|かね}（<paid>{円|えん}）より {多|おお}いです。",
        ),
        "児童手当法20条1項・21条1項",
        "not_eligible",
    ),
    Reason(
        "costs_missing",
        Text(
            "充てる費用と児童が選ばれていません。",
            "The costs and the child were not stated.",
            "{何|なに}の {費用|ひよう}か、どの {子|こ}か、{教|おし}えてください。",
        ),
        "児童手当法21条1項・施行規則12条の10",
        "cannot_tell",
    ),
    Reason(
        "past_junior_high",
        Text(
            "「<child>」さんは中学校修了後のため、この申出の対象になりません。",
            "“<child>” is past junior high school; the instruction is only for younger children.",
            "「<child>」さんは {中学校|ちゅうがっこう}が {終|お}わっているので、できません。",
        ),
        "児童手当法21条1項",
        "not_eligible",
    ),
    Reason(
        "costs_unchecked",
        Text(
            "町や学校に支払う費用があることを、まだ確認していません。",
            "Whether such costs are owed has not been checked yet.",
            "{払|はら}う {費用|ひよう}が あるか、{確認|かくにん}しています。",
        ),
        "児童手当法21条1項・2項",
        "cannot_tell",
    ),
    Reason(
        "no_costs_owed",
        Text(
            "充てる費用（町や学校に支払うもの）がありません。",
            "There are no such costs to be paid.",
            "{払|はら}う {費用|ひよう}が ありません。",
        ),
        "児童手当法21条1項・2項",
        "not_eligible",
    ),
    Reason(
        "kifu_whole",
        Text(
            "<month>の支払から、児童手当の全部を町に寄附します。",
            "From the payment of <month> the whole child allowance is given to the town.",
            "<month>から、{児童手当|じどうてあて}の {全部|ぜんぶ}を {町|まち}に {寄付|きふ}します。",
        ),
        "児童手当法20条1項",
    ),
    Reason(
        "kifu_part",
        Text(
            "<month>の支払から、1回につき<amount>円を町に寄附します。",
            "From the payment of <month>, <amount> yen of each payment is given to the town.",
            "<month>から、1{回|かい}に <amount>{円|えん}を {町|まち}に {寄付|きふ}します。",
        ),
        "児童手当法20条1項",
    ),
    Reason(
        "kyushoku_whole",
        Text(
            "<month>の支払から、児童手当の全部を<costs>の支払に充てます。",
            "From the payment of <month> the whole child allowance goes to: <costs>.",
            "<month>から、{児童手当|じどうてあて}の {全部|ぜんぶ}を <costs>に {使|つか}います。",
        ),
        "児童手当法21条1項・2項",
    ),
    Reason(
        "kyushoku_part",
        Text(
            "<month>の支払から、1回につき<amount>円を<costs>の支払に充てます。",
            "From the payment of <month>, <amount> yen of each payment goes to: <costs>.",
            "<month>から、1{回|かい}に <amount>{円|えん}を <costs>に {使|つか}います。",
        ),
        "児童手当法21条1項・2項",
    ),
    Reason(
        "instruction_withdrawn",
        Text(
            "<month>の支払から、申出の撤回により全額を本人に支払います。",
            "From the payment of <month> the instruction is withdrawn and everything is paid to the recipient.",
            "<month>から、お{金|かね}は {全部|ぜんぶ} {本人|ほんにん}に {払|はら}います。",
        ),
        "児童手当法20条1項・21条1項",
    ),
)
