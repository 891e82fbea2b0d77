"""The reasons an application for works on the home can meet, in words, each with its clause."""

from yakuba.base.texts import Text
from yakuba.procedures.rules.decision import Catalogue, Reason

_BEFORE = "介護保険法45条1項・57条1項、同法施行規則75条1項・94条1項"
_LIMIT = "介護保険法45条4項・57条4項、同法施行規則76条・95条"
REASON = Catalogue.of(
    Reason(
        "works_approved",
        Text(
            "予定の住宅改修は支給の対象です。工事を始めてかまいません。支給の見込みは<amount>円です(残りの限度額<remaining>円)。",
            "The works planned are covered; they may begin. About <amount> yen will be paid back (left of the limit: "
            "<remaining> yen).",
            "{工事|こうじ}を{始|はじ}めていいです。もどるお{金|かね}は<amount>{円|えん}くらいです。",
        ),
        _BEFORE,
    ),
    Reason(
        "works_paid",
        Text(
            "住宅改修費として<amount>円を支給します(対象となる費用<counts>円、工事のあとの残りの限度額<remaining>円)。",
            "<amount> yen are paid back for the works (cost that counts: <counts> yen; left of the limit after: "
            "<remaining> yen).",
            "{工事|こうじ}のお{金|かね}を<amount>{円|えん}もどします。",
        ),
        _LIMIT,
    ),
    Reason(
        "limit_used_up",
        Text(
            "この住宅の限度額はすべて使われているため、支給はありません。",
            "The limit of this dwelling is used up: nothing is paid.",
            "この{家|いえ}で{使|つか}えるお{金|かね}は、もうありません。",
        ),
        _LIMIT,
        "not_eligible",
    ),
    Reason(
        "limit_anew_by_need",
        Text(
            "介護の必要の程度が3段階以上上がったため、限度額があらためて使えます(一度限り)。",
            "The need of care rose by three steps or more: the limit begins anew (once).",
            "{介護|かいご}が{重|おも}くなったので、もう{一度|いちど}{使|つか}えます。",
        ),
        _LIMIT,
    ),
    Reason(
        "limit_anew_by_move",
        Text(
            "転居したため、いまの住宅について限度額があらためて使えます。",
            "After a move the limit begins anew for the present dwelling.",
            "{引|ひ}っこしたので、もう{一度|いちど}{使|つか}えます。",
        ),
        _LIMIT,
    ),
    Reason(
        "limit_unclear",
        Text(
            "残りの限度額を決める要介護状態区分がわかりません。確認する必要があります。",
            "The level of care that decides what is left of the limit is not known; it must be confirmed.",
            "{使|つか}えるお{金|かね}を{確認|かくにん}します。",
        ),
        _LIMIT,
        "cannot_tell",
    ),
    Reason(
        "begun_before_approval",
        Text(
            "町が確認する前に工事を始めているため、支給できません。",
            "The works began before the town had approved them: nothing can be paid.",
            "{役場|やくば}が{確認|かくにん}する{前|まえ}に{工事|こうじ}を{始|はじ}めたので、もらえません。",
        ),
        _BEFORE,
        "not_eligible",
    ),
    Reason(
        "not_approved",
        Text(
            "工事の前の申請と確認が台帳に見つかりません。入院などやむを得ない事情があったかを確認する必要があります。",
            "The register holds no approval before the works. Whether there was a hindrance (a stay in hospital …) must be "
            "confirmed.",
            "{工事|こうじ}の{前|まえ}の{申請|しんせい}が{見|み}つかりません。{確認|かくにん}します。",
        ),
        _BEFORE,
        "cannot_tell",
    ),
    Reason(
        "late_application_excused",
        Text(
            "やむを得ない事情が確認できたため、工事のあとの申請で足ります。",
            "A hindrance is confirmed: an application after the works is enough.",
            "{理由|りゆう}がわかりました。{工事|こうじ}のあとの{申請|しんせい}でいいです。",
        ),
        "介護保険法施行規則75条1項ただし書・94条1項ただし書",
    ),
    Reason(
        "kind_not_covered",
        Text(
            "支給の対象となる種類の工事が含まれていません。",
            "None of the works is of a kind that is covered.",
            "この{工事|こうじ}は{対象|たいしょう}ではありません。",
        ),
        "介護保険法45条1項・厚生労働大臣が定める住宅改修の種類",
        "not_eligible",
    ),
    Reason(
        "works_need_checking",
        Text(
            "工事の内容と理由書をまだ確認していません。",
            "The works and the statement why they are needed have not been checked yet.",
            "{工事|こうじ}の{内容|ないよう}を{確認|かくにん}しています。",
        ),
        _BEFORE,
        "cannot_tell",
    ),
    Reason(
        "works_not_needed",
        Text(
            "心身や住宅の状況からみて、必要な工事と認められませんでした。",
            "In view of the person's state and the dwelling the works were not found to be needed.",
            "{必要|ひつよう}な{工事|こうじ}だと{認|みと}められませんでした。",
        ),
        "介護保険法45条2項・57条2項",
        "not_eligible",
    ),
    Reason(
        "not_the_home",
        Text(
            "被保険者証の住所の住宅ではないため、支給できません。",
            "The dwelling is not at the address on the insurance card: nothing can be paid.",
            "{保険証|ほけんしょう}の{住所|じゅうしょ}の{家|いえ}ではないので、もらえません。",
        ),
        "介護保険法45条1項・57条1項",
        "not_eligible",
    ),
)
