"""What a notification of a pregnancy can meet, in words, each with its clause."""

from yakuba.base.texts import Text
from yakuba.procedures.rules.decision import Catalogue, Reason

REASON = Catalogue.of(
    Reason(
        "entered",
        Text(
            "妊娠の届出を受け付けました。母子健康手帳<count>冊を面談のときにお渡しします。",
            "The pregnancy is entered. <count> handbook(s) will be given to you at a meeting.",
            "{届け出|とどけで}を {受|う}け{取|と}りました。{母子健康手帳|ぼしけんこうてちょう} <count>{冊|さつ}を {会|あ}って {渡|わた}します。",
        ),
        "母子保健法15条・16条1項",
    ),
    Reason(
        "residence_unknown",
        Text(
            "住所をまだ確認していません。",
            "The address has not been confirmed yet.",
            "{住所|じゅうしょ}を {確認|かくにん}しています。",
        ),
        "母子保健法15条",
        "cannot_tell",
    ),
    Reason(
        "lives_elsewhere",
        Text(
            "妊娠の届出は、住んでいる市区町村にします。住民票と違うところに住んでいるときは、職員に相談してください。",
            "Notify the municipality where you live. If you live elsewhere than registered, talk to us.",
            "{住|す}んでいる {町|まち}に {出|だ}してください。",
        ),
        "母子保健法15条",
        "not_eligible",
    ),
    Reason(
        "known_already",
        Text(
            "同じ分娩予定日の届出がすでに登録されています。母子健康手帳の再交付や追加は窓口で受け付けます。",
            "A pregnancy with this expected day is already on record. Further handbooks are given at the counter.",
            "もう {出|だ}してあります。",
        ),
        "母子保健法15条・16条",
        "not_eligible",
    ),
    Reason(
        "weeks_unknown",
        Text(
            "妊娠の週数（月数）が書かれていません。",
            "The weeks of pregnancy are missing.",
            "{何週|なんしゅう}か {教|おし}えてください。",
        ),
        "母子保健法施行規則3条",
        "cannot_tell",
    ),
    Reason(
        "not_examined",
        Text(
            "まだ医師や助産師の診察を受けていません。届出はできますが、早めに受診してください（費用の助成や相談ができます）。",
            "You have not been examined yet. You may notify now; please see a doctor or midwife soon (help with the cost exists).",
            "まだ {病院|びょういん}に {行|い}っていません。{早|はや}く {行|い}ってください。{相談|そうだん}できます。",
        ),
        "母子保健法13条・15条・施行規則3条",
    ),
)
