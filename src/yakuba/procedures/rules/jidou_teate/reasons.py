"""The reasons a claim for child allowance can meet, in words, each with its clause."""

from yakuba.base.texts import Text
from yakuba.procedures.rules.decision import Catalogue, Reason

REASON = Catalogue.of(
    Reason(
        "entitled",
        Text(
            "<month>分から、月額<amount>円の児童手当を受けられます。",
            "You receive child allowance of <amount> yen a month from <month>.",
            "<month>から、{毎月|まいつき}<amount>{円|えん}の{児童手当|じどうてあて}をもらえます。",
        ),
        "児童手当法4条1項・6条1項",
    ),
    Reason(
        "not_resident_here",
        Text(
            "児童手当は、請求する方が住民登録をしている市町村に請求します。ご住所のある市町村に請求してください。",
            "Claim child allowance from the municipality where you are registered as a resident.",
            "{児童手当|じどうてあて}は、あなたの{住所|じゅうしょ}がある{市町村|しちょうそん}に{申|もう}しこんでください。",
        ),
        "児童手当法7条1項",
        "not_eligible",
    ),
    Reason(
        "not_in_japan",
        Text(
            "請求する方が日本国内に住所を有していないため、受けられません。国内で児童を養育している方を指定できます。",
            "The claimant must live in Japan. Parents abroad may name the person who raises the child in Japan.",
            "{日本|にほん}に{住|す}んでいる{人|ひと}だけが{申|もう}しこめます。",
        ),
        "児童手当法4条1項",
        "not_eligible",
    ),
    Reason(
        "civil_servant",
        Text(
            "公務員の方には勤務先から支給されます。勤務先に請求してください。",
            "Public employees are paid by their employer. Claim from your employer.",
            "{公務員|こうむいん}の{人|ひと}は、はたらいている{所|ところ}に{申|もう}しこんでください。",
        ),
        "児童手当法17条1項",
        "not_eligible",
    ),
    Reason(
        "civil_servant_unknown",
        Text(
            "請求する方が公務員かどうかが分からないため、支給する機関を決められません。",
            "It is not known whether the claimant is a public employee, which decides who pays.",
            "{公務員|こうむいん}かどうかを{教|おし}えてください。",
        ),
        "児童手当法17条1項",
        "cannot_tell",
    ),
    Reason(
        "residence_unknown",
        Text(
            "請求する方の住所を確認できていません。",
            "The claimant's address has not been confirmed.",
            "あなたの{住所|じゅうしょ}を{確認|かくにん}しています。",
        ),
        "児童手当法4条1項・7条1項",
        "cannot_tell",
    ),
    Reason(
        "already_recipient",
        Text(
            "すでに児童手当の受給者として認定されています。児童が増えたときは「額の改定の請求」をしてください。",
            "You are already recognised as a recipient of child allowance. When a child is added, claim a change of the amount instead.",
            "もう{児童手当|じどうてあて}をもらう{人|ひと}に{決|き}まっています。{子|こ}どもが{増|ふ}えたときは「{額|がく}の{改定|かいてい}」を{申|もう}しこんでください。",
        ),
        "児童手当法7条・9条1項",
        "not_eligible",
    ),
    Reason(
        "child_granted_already",
        Text(
            "<child>さんの児童手当は、<month>分から認定済みです。同じ児童について重ねて認定することはできません。",
            "Child allowance for <child> has already been granted to you from <month>. It cannot be granted twice.",
            "<child>さんの{児童手当|じどうてあて}は、<month>からもらえることがもう{決|き}まっています。{二回|にかい}は{申|もう}しこめません。",
        ),
        "児童手当法7条1項・8条1項",
        "not_eligible",
    ),
    Reason(
        "child_granted_to_other",
        Text(
            "<child>さんの児童手当は、<month>分から別の方に認定されています。受給者を変えるかどうかを確認する必要があります。",
            "Child allowance for <child> is granted to somebody else from <month>; a change of recipient must be settled.",
            "<child>さんの{児童手当|じどうてあて}は、<month>からほかの{人|ひと}がもらうことになっています。どちらがもらうかを{確認|かくにん}します。",
        ),
        "児童手当法4条3項・4項",
        "cannot_tell",
    ),
    Reason(
        "spouse_receives",
        Text(
            "同じ児童について配偶者が児童手当を受けています。受給者を変えるかどうかを確認する必要があります。",
            "The other parent already receives the allowance for these children; a change of recipient must be settled.",
            "{夫|おっと}か{妻|つま}が、もう{児童手当|じどうてあて}をもらっています。どちらがもらうかを{確認|かくにん}します。",
        ),
        "児童手当法4条3項",
        "cannot_tell",
    ),
    Reason(
        "spouse_receives_unknown",
        Text(
            "同じ児童について配偶者が児童手当を受けているかどうかを確認する必要があります。",
            "Whether the other parent receives the allowance for these children must be confirmed.",
            "{夫|おっと}か{妻|つま}が{児童手当|じどうてあて}をもらっているかを{確認|かくにん}します。",
        ),
        "児童手当法4条3項",
        "cannot_tell",
    ),
    Reason(
        "spouse_earns_more",
        Text(
            "配偶者の所得のほうが高いため、生計を維持する程度の高い方がどちらかを確認する必要があります。",
            "The other parent's income is higher; it must be settled who maintains the children's livelihood more.",
            "{夫|おっと}か{妻|つま}の{収入|しゅうにゅう}のほうが{多|おお}いです。どちらが{申|もう}しこむかを{確認|かくにん}します。",
        ),
        "児童手当法4条3項",
        "cannot_tell",
    ),
    Reason(
        "incomes_unknown",
        Text(
            "父母の所得が分からないため、生計を維持する程度の高い方を判断できません。",
            "The parents' incomes are not known, so it cannot be told who maintains the livelihood more.",
            "{父|ちち}と{母|はは}の{収入|しゅうにゅう}がわかりません。{確認|かくにん}します。",
        ),
        "児童手当法4条3項",
        "cannot_tell",
    ),
    Reason(
        "not_main_earner",
        Text(
            "生計を維持する程度の高い父または母が請求してください。",
            "The parent who maintains the children's livelihood more must claim.",
            "{家|いえ}のお{金|かね}をおもに{出|だ}している{父|ちち}か{母|はは}が{申|もう}しこんでください。",
        ),
        "児童手当法4条3項",
        "not_eligible",
    ),
    Reason(
        "no_payable_child",
        Text(
            "支給の対象となる児童がいません。",
            "There is no child for whom the allowance is paid.",
            "お{金|かね}をもらえる{年齢|ねんれい}などの{子|こ}どもがいません。",
        ),
        "児童手当法4条1項",
        "not_eligible",
    ),
    Reason(
        "over_income_ceiling",
        Text(
            "所得が所得上限限度額以上のため、<month>分は支給されません（令和6年9月分までの規定）。",
            "Income at or above the ceiling: nothing is paid for <month> (rule until September 2024).",
            "{収入|しゅうにゅう}が{多|おお}いので、<month>はお{金|かね}が{出|で}ません。",
        ),
        "児童手当法5条1項（令和6年改正前）",
        "not_eligible",
    ),
    Reason(
        "income_for_limit_unknown",
        Text(
            "<month>分には所得制限があり、所得が分からないため額を決められません。",
            "An income limit holds for <month> and the income is not known, so the amount cannot be told.",
            "<month>の{金額|きんがく}は{収入|しゅうにゅう}で{変|か}わります。{収入|しゅうにゅう}がわかりません。",
        ),
        "児童手当法5条1項（令和6年改正前）",
        "cannot_tell",
    ),
    Reason(
        "law_not_in_data",
        Text(
            "この時期の規定が登録されていないため、判断できません（<name>）。",
            "The rules for that time are not in the data, so this cannot be told (<name>).",
            "この{時|とき}の{決|き}まりがわかりません（<name>）。",
        ),
        "児童手当法",
        "cannot_tell",
    ),
    Reason(
        "special_benefit",
        Text(
            "所得が所得制限限度額以上のため、<month>分は児童1人につき特例給付となります（令和6年9月分までの規定）。",
            "Income at or above the limit: for <month> the special benefit per child is paid (until September 2024).",
            "{収入|しゅうにゅう}が{多|おお}いので、<month>の{金額|きんがく}は{少|すく}なくなります。",
        ),
        "児童手当法附則2条（令和6年改正前）",
    ),
    Reason(
        "start_after_claim",
        Text(
            "請求した月の翌月（<month>分）から支給されます。",
            "Paid from the month after the claim (<month>).",
            "{申|もう}しこんだ{月|つき}の{次|つぎ}の{月|つき}（<month>）からもらえます。",
        ),
        "児童手当法8条2項",
    ),
    Reason(
        "start_after_event",
        Text(
            "<event>の翌日から15日以内（<deadline>まで）の請求なので、<event>の月の翌月（<month>分）から支給されます。",
            "Claimed within 15 days of the day after <event> (by <deadline>): paid from the month after it (<month>).",
            "<event>の{次|つぎ}の{日|ひ}から15{日|にち}の{間|あいだ}（<deadline>まで）に"
            "{申|もう}しこんだので、<month>からもらえます。",
        ),
        "児童手当法8条3項",
    ),
    Reason(
        "start_late",
        Text(
            "<event>の翌日から15日以内（<deadline>まで）の請求ではないため、請求した月の翌月（<month>分）からとなります。",
            "Not within 15 days of the day after <event> (by <deadline>): paid from the month after the claim (<month>).",
            "<deadline>までに{申|もう}しこまなかったので、{申|もう}しこんだ{月|つき}の{次|つぎ}の{月|つき}（<month>）からです。",
        ),
        "児童手当法8条2項・3項",
    ),
    Reason(
        "start_at_reform",
        Text(
            "令和6年10月の改正で新たに対象となり、期限までの請求なので、<month>分から支給されます。",
            "Newly entitled by the reform of October 2024 and claimed in time: paid from <month>.",
            "{新|あたら}しい{決|き}まりでもらえるようになったので、<month>からもらえます。",
        ),
        "令和6年法律47号附則",
    ),
    Reason(
        "child_too_old",
        Text(
            "<child>さんは支給の対象となる年齢（年度末まで）を過ぎています。",
            "<child> is past the school year up to which the allowance is paid.",
            "<child>さんは、もらえる{年齢|ねんれい}をすぎています。",
        ),
        "児童手当法3条1項・4条1項",
    ),
    Reason(
        "child_counted_only",
        Text(
            "<child>さんの分は支給されませんが、第何子かの数えに入ります。",
            "Nothing is paid for <child>, but <child> counts when children are ranked.",
            "<child>さんのお{金|かね}は{出|で}ませんが、{子|こ}どもの{人数|にんずう}に{入|はい}ります。",
        ),
        "児童手当法6条1項",
    ),
    Reason(
        "child_abroad",
        Text(
            "<child>さんは日本国内に住所がなく、留学にも当たらないため、対象になりません。",
            "<child> does not live in Japan and is not abroad to study as the law means it.",
            "<child>さんは{日本|にほん}に{住|す}んでいないので、もらえません。",
        ),
        "児童手当法3条1項・同法施行規則1条",
    ),
    Reason(
        "child_in_facility",
        Text(
            "<child>さんは施設などに入所しているため、施設の設置者などに支給されます。",
            "<child> lives in an institution or with foster parents, who receive the allowance instead.",
            "<child>さんは{施設|しせつ}にいるので、{施設|しせつ}がもらいます。",
        ),
        "児童手当法3条3項・4条1項4号",
    ),
    Reason(
        "child_not_cared_for",
        Text(
            "<child>さんを監護し生計を同じくしていると認められないため、対象になりません。",
            "You do not care for <child> or do not share a livelihood.",
            "<child>さんの{世話|せわ}や{生活費|せいかつひ}の{条件|じょうけん}にあいません。",
        ),
        "児童手当法4条1項",
    ),
    Reason(
        "child_with_other_parent",
        Text(
            "父母が別居し生計が別のため、<child>さんと同居している父または母が受給者になります。",
            "The parents live apart with separate livelihoods: the parent living with <child> is the recipient.",
            "<child>さんといっしょに{住|す}んでいる{父|ちち}か{母|はは}がもらいます。",
        ),
        "児童手当法4条4項",
    ),
    Reason(
        "child_unclear",
        Text(
            "<child>さんについて、<missing>を確認する必要があります。",
            "For <child> this must still be confirmed: <missing>.",
            "<child>さんについて、<missing>を{確認|かくにん}します。",
        ),
        "児童手当法3条・4条",
        "cannot_tell",
    ),
    Reason(
        "child_apart",
        Text(
            "<child>さんと別居していますが、監護し生計を同じくしているため対象になります（別居監護申立書が必要です）。",
            "<child> lives apart but you care for the child and share a livelihood (a statement is needed).",
            "<child>さんと{別|べつ}に{住|す}んでいますが、もらえます。{説明|せつめい}の{書類|しょるい}がいります。",
        ),
        "児童手当法4条1項・同法施行規則1条の4",
    ),
)
