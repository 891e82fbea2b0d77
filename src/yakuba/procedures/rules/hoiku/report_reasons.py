"""What a report on certified childcare can meet, in words, each with its clause."""

from yakuba.base.texts import Text
from yakuba.procedures.rules.decision import Catalogue, Reason

REASON = Catalogue.of(
    Reason(
        "record_unknown",
        Text(
            "「<child>」さんの認定を、まだ確認していません。",
            "The certification of “<child>” has not been looked up yet.",
            "「<child>」さんの {認定|にんてい}を {確認|かくにん}しています。",
        ),
        "子ども・子育て支援法22条",
        "cannot_tell",
    ),
    Reason(
        "not_certified",
        Text(
            "「<child>」さんは教育・保育給付認定を受けていません。",
            "“<child>” is not certified.",
            "「<child>」さんは {認定|にんてい}が ありません。",
        ),
        "子ども・子育て支援法20条・22条",
        "not_eligible",
    ),
    Reason(
        "goes_on",
        Text(
            "「<child>」さんの認定は、区分も保育必要量も変わりません。",
            "The certification of “<child>” stays as it is.",
            "「<child>」さんの {認定|にんてい}は {同じ|おなじ}です。",
        ),
        "子ども・子育て支援法22条・施行規則9条",
    ),
    Reason(
        "changes",
        Text(
            "「<child>」さんの認定は、区分または保育必要量が変わります。職員が変更の認定をします。",
            "The class or length of care of “<child>” changes; a clerk makes the change.",
            "「<child>」さんの {認定|にんてい}が {変|か}わります。{職員|しょくいん}が {確認|かくにん}します。",
        ),
        "子ども・子育て支援法23条4項",
        "cannot_tell",
    ),
    Reason(
        "need_in_doubt",
        Text(
            "保育を必要とする事由が確認できません。認定の取消しは、事情を聞いてから職員が判断します。",
            "A reason for childcare is not shown. Whether the certification ends is decided by a person after hearing you.",
            "{理由|りゆう}が わかりません。{話|はな}を {聞|き}いて {決|き}めます。",
        ),
        "子ども・子育て支援法24条1項",
        "cannot_tell",
    ),
)
