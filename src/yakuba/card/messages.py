"""What a resident is told about a card, a PIN or a verdict, and what to do next; in three languages.

Several reasons share one message where the resident can do the same thing about them; staff see the check and the
clause instead. No message repeats what was typed.
"""

from collections.abc import Mapping
from typing import Final

from yakuba.base.texts import Text
from yakuba.card.interface import CardError, PinForm, PinLocked, WrongPin
from yakuba.card.outcomes import Kind, Reason, Verdict

_COUNTER: Final = Text(
    "お住まいの市区町村の窓口(または マイナンバー総合フリーダイヤル 0120-95-0178)にご相談ください。",
    "Please ask at your municipality's counter (or call the My Number helpline, 0120-95-0178).",
    "{住|す}んでいる {市区町村|しくちょうそん}の {窓口|まどぐち}か、{電話|でんわ} 0120-95-0178 に {聞|き}いてください。",
)


def _and_ask(ja: str, en: str, easy: str) -> Text:
    """A message that ends with where to ask."""
    return Text(f"{ja}{_COUNTER.ja}", f"{en} {_COUNTER.en}", f"{easy} {_COUNTER.easy}")


DAMAGED: Final = Text(
    "署名のデータがこわれているため、受け付けられませんでした。入力した内容は残っています。「署名する」をもう一度押してください。",
    'The signature data is damaged, so we could not accept it. What you entered is kept. Please press "Sign" again.',
    "{署名|しょめい}の データが こわれています。{書|か}いたものは {残|のこ}っています。もう{一度|いちど}「{署名|しょめい}する」を {押|お}してください。",
)
CONTENT_CHANGED: Final = Text(
    "署名したあとに申請の内容が変わっています。内容を確認して、もう一度署名してください。",
    "The application was changed after it was signed. Please check it and sign again.",
    "{署名|しょめい}した{後|あと}で、{申請|しんせい}の {内容|ないよう}が {変|か}わりました。もう{一度|いちど} {見|み}て、{署名|しょめい}してください。",
)
NOT_THE_CARD: Final = _and_ask(
    "このカードの電子証明書は、この手続きでは使えない種類です。マイナンバーカードをもう一度読み取ってください。それでも進めないときは、",
    "The certificate on this card cannot be used for this procedure. Please read your My Number Card again.",
    "この カードの {証明書|しょうめいしょ}は、ここでは {使|つか}えません。マイナンバーカードを もう{一度|いちど} {使|つか}ってください。だめなときは、",
)
EXPIRED: Final = _and_ask(
    "電子証明書の有効期限が切れています。窓口で電子証明書を更新すると、続きから申請できます。入力した内容は残っています。",
    "The certificate on your card has expired. You can renew it at the counter and go on from here; what you entered is kept.",
    "カードの {証明書|しょうめいしょ}の {期限|きげん}が {切|き}れています。{窓口|まどぐち}で {新|あたら}しく してください。{書|か}いたものは {残|のこ}っています。",
)
NOT_YET_VALID: Final = _and_ask(
    "電子証明書の有効期間がまだ始まっていません。日をあらためてお試しください。",
    "The certificate on your card is not valid yet. Please try again later.",
    "カードの {証明書|しょうめいしょ}は、まだ {使|つか}えません。{後|あと}で もう{一度|いちど} してください。",
)
REVOKED: Final = _and_ask(
    "電子証明書が失効しています。引っ越しや氏名の変更をすると、署名用電子証明書は使えなくなります。窓口で新しい電子証明書を受け取ってください。",
    "The certificate on your card has been revoked. Moving house or changing your name ends the signing certificate. You can get a new one at the counter.",
    "カードの {証明書|しょうめいしょ}は {使|つか}えなくなりました。{引|ひ}っこしや {名前|なまえ}が {変|か}わった{時|とき}に、{使|つか}えなくなります。{窓口|まどぐち}で {新|あたら}しく してください。",
)
ON_HOLD: Final = Text(
    "カードが一時停止されています。カードが見つかったときは、マイナンバー総合フリーダイヤル 0120-95-0178 に連絡し、窓口で一時停止を解除してください。",
    "Your card is suspended. If you have found your card again, call the My Number helpline (0120-95-0178) and have the suspension lifted at the counter.",
    "カードは {止|と}められています。カードが {見|み}つかったら、{電話|でんわ} 0120-95-0178 に {言|い}ってください。それから {窓口|まどぐち}へ {行|い}ってください。",
)
NOT_CHECKED: Final = Text(
    "電子証明書が有効かどうかを、いま確認できません。申請の内容は保存しました。しばらくしてから、もう一度お試しください。",
    "We cannot check at the moment whether your certificate is still valid. Your application is saved. Please try again later.",
    "いま、カードの {証明書|しょうめいしょ}を {確認|かくにん}できません。{書|か}いたものは {残|のこ}っています。{少|すこ}し {待|ま}って、もう{一度|いちど} してください。",
)
FORGED: Final = _and_ask(
    "このカードの電子証明書は、正しい発行元のものと確認できませんでした。",
    "We could not confirm that the certificate on this card comes from the proper authority.",
    "この カードの {証明書|しょうめいしょ}が {正|ただ}しいものか、わかりませんでした。",
)
OTHER_PERSON: Final = Text(
    "ログインした方と署名した方のカードが違います。申請するご本人のカードで署名してください。代わりに申請するときは「代理で申請する」を選んでください。",
    'The card used to sign is not the card used to log in. Please sign with the applicant\'s own card. To apply for someone else, choose "Apply for someone else".',
    "ログインした{人|ひと}の カードと、{署名|しょめい}した{人|ひと}の カードが {違|ちが}います。{自分|じぶん}の カードを {使|つか}ってください。",
)
LOGIN_FAILED: Final = Text(
    "ログインを確認できませんでした。もう一度、カードを読み取ってください。",
    "We could not confirm your log-in. Please read your card again.",
    "ログインが できませんでした。もう{一度|いちど} カードを {使|つか}ってください。",
)

_BY_REASON: Final[Mapping[Reason, Text]] = {
    **dict.fromkeys(
        (
            Reason.NOT_DER, Reason.TOO_LARGE, Reason.WRONG_STRUCTURE, Reason.NOT_DETACHED, Reason.NOT_ONE_SIGNER,
            Reason.WRONG_ALGORITHM, Reason.WRONG_SIGNED_ATTRIBUTES, Reason.SIGNER_CERTIFICATE_MISSING,
            Reason.WRONG_CONTENT_TYPE, Reason.SIGNING_CERTIFICATE_DIFFERS, Reason.SIGNATURE_WRONG,
        ),
        DAMAGED,
    ),
    **dict.fromkeys(
        (
            Reason.WRONG_CERTIFICATE_FORM, Reason.WEAK_KEY, Reason.UNKNOWN_CRITICAL_EXTENSION, Reason.WRONG_POLICY,
            Reason.WRONG_KEY_USAGE, Reason.IS_A_CA, Reason.HOLDER_ATTRIBUTES_MISSING,
            Reason.WRONG_DISTRIBUTION_POINT,
        ),
        NOT_THE_CARD,
    ),
    **dict.fromkeys((Reason.ISSUER_NOT_TRUSTED, Reason.CERTIFICATE_FORGED), FORGED),
    **dict.fromkeys((Reason.EXPIRED, Reason.ISSUER_EXPIRED), EXPIRED),
    **dict.fromkeys(
        (Reason.REVOCATION_NOT_CHECKED, Reason.REVOCATION_OUT_OF_SCOPE, Reason.REVOCATION_STALE), NOT_CHECKED
    ),
    Reason.CHALLENGE_TOO_SHORT: LOGIN_FAILED,
    Reason.NOT_YET_VALID: NOT_YET_VALID,
    Reason.REVOKED: REVOKED,
    Reason.ON_HOLD: ON_HOLD,
    Reason.CONTENT_CHANGED: CONTENT_CHANGED,
}  # fmt: skip

_PIN_FORMS: Final[Mapping[Kind, Text]] = {
    "sign": Text(
        "署名用パスワードは、半角の英大文字と数字で6文字から16文字です(例: ABC123)。カードには送っていないので、残りの回数は減っていません。",
        "The signing password is 6 to 16 upper-case letters and digits (for example ABC123). It was not sent to the card, so no try was used up.",
        "{署名|しょめい}の パスワードは、{英語|えいご}の {大|おお}きい{文字|もじ}と {数字|すうじ}で、6から16{文字|もじ}です({例|れい}: ABC123)。{残|のこ}りの {回数|かいすう}は {減|へ}っていません。",
    ),
    "auth": Text(
        "利用者証明用の暗証番号は、4桁の数字です(例: 1234)。カードには送っていないので、残りの回数は減っていません。",
        "The user-authentication PIN is 4 digits (for example 1234). It was not sent to the card, so no try was used up.",
        "{暗証番号|あんしょうばんごう}は 4つの {数字|すうじ}です({例|れい}: 1234)。{残|のこ}りの {回数|かいすう}は {減|へ}っていません。",
    ),
}
_WRONG_PINS: Final[Mapping[Kind, Text]] = {
    "sign": Text(
        "署名用パスワードが違います。あと<tries>回間違えると、ロックされて使えなくなります。",
        "The signing password is wrong. After <tries> more wrong tries it will be locked.",
        "パスワードが {違|ちが}います。あと<tries>{回|かい} {間違|まちが}えると、{使|つか}えなくなります。",
    ),
    "auth": Text(
        "暗証番号が違います。あと<tries>回間違えると、ロックされて使えなくなります。",
        "The PIN is wrong. After <tries> more wrong tries it will be locked.",
        "{暗証番号|あんしょうばんごう}が {違|ちが}います。あと<tries>{回|かい} {間違|まちが}えると、{使|つか}えなくなります。",
    ),
}
PIN_LOCKED: Final = _and_ask(
    "暗証番号を続けて間違えたため、ロックされています。窓口で再設定すると、また使えます。入力した内容は残っています。",
    "The PIN is locked after too many wrong tries. It can be reset at the counter. What you entered is kept.",
    "{何度|なんど}も {間違|まちが}えたので、{使|つか}えなくなりました。{窓口|まどぐち}で {新|あたら}しく {決|き}めてください。{書|か}いたものは {残|のこ}っています。",
)
UNREADABLE: Final = _and_ask(
    "カードを読み取れませんでした。カードを置きなおして、もう一度お試しください。",
    "The card could not be read. Please put it on the reader again.",
    "カードを {読|よ}めませんでした。もう{一度|いちど} {置|お}いてください。",
)
CANCELLED: Final = Text(
    "カードの操作を取りやめました。入力した内容は残っています。",
    "You stopped before the card was used. What you entered is kept.",
    "カードを {使|つか}うのを やめました。{書|か}いたものは {残|のこ}っています。",
)
AGENT_ERRORS: Final[Mapping[str, Text]] = {
    "cancelled": CANCELLED,
    "pin_locked": PIN_LOCKED,
    "card_expired": EXPIRED,
    "card_unreadable": UNREADABLE,
}
"""The ``error`` codes the card agent sends back to the portal, with the words for the resident."""


def for_reason(reason: Reason | None) -> Text:
    """What a resident is told when a verdict is not good for ``reason``."""
    return _BY_REASON.get(reason, DAMAGED) if reason else DAMAGED


def for_verdict(verdict: Verdict) -> Text:
    """What a resident is told about a verdict that is not good."""
    return for_reason(verdict.reason)


def for_agent_error(code: str) -> Text:
    """What a resident is told about an ``error`` code sent by an agent; unknown codes read as unreadable card."""
    return AGENT_ERRORS.get(code, UNREADABLE)


def for_card_error(error: CardError, kind: Kind) -> Text:
    """What a resident is told when the card did not do it."""
    if isinstance(error, WrongPin):
        return _WRONG_PINS[kind].format(tries=error.tries_left)
    if isinstance(error, PinForm):
        return _PIN_FORMS[kind]
    return PIN_LOCKED if isinstance(error, PinLocked) else UNREADABLE
