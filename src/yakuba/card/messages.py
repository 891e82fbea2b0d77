"""What a resident is told about a card, a PIN or a verdict, and what to do next; in three languages.

The words stand in ``texts/messages.yaml``. Several reasons share one message where the resident can do the same
thing about them; staff see the check and the clause instead. No message repeats what was typed.
"""

from collections.abc import Mapping
from typing import Final

from yakuba.base.catalog import text
from yakuba.base.texts import Text
from yakuba.card.bundle import AnyVerdict, BundleReason
from yakuba.card.interface import CardError, PinForm, PinLocked, WrongPin
from yakuba.card.outcomes import Kind, Reason

_DAMAGED: Final = (
    Reason.NOT_DER, Reason.TOO_LARGE, Reason.WRONG_STRUCTURE, Reason.NOT_DETACHED, Reason.NOT_ONE_SIGNER,
    Reason.WRONG_ALGORITHM, Reason.WRONG_SIGNED_ATTRIBUTES, Reason.SIGNER_CERTIFICATE_MISSING,
    Reason.WRONG_CONTENT_TYPE, Reason.SIGNING_CERTIFICATE_DIFFERS, Reason.SIGNATURE_WRONG,
)  # fmt: skip
_NOT_THE_CARD: Final = (
    Reason.WRONG_CERTIFICATE_FORM, Reason.WEAK_KEY, Reason.UNKNOWN_CRITICAL_EXTENSION, Reason.WRONG_POLICY,
    Reason.WRONG_KEY_USAGE, Reason.IS_A_CA, Reason.HOLDER_ATTRIBUTES_MISSING, Reason.WRONG_DISTRIBUTION_POINT,
)  # fmt: skip
_NOT_CHECKED: Final = (Reason.REVOCATION_NOT_CHECKED, Reason.REVOCATION_OUT_OF_SCOPE, Reason.REVOCATION_STALE)
MESSAGE_KEYS: Final[Mapping[Reason | BundleReason, str]] = {
    **dict.fromkeys(_DAMAGED, "damaged"),
    **dict.fromkeys(_NOT_THE_CARD, "not_the_card"),
    **dict.fromkeys(_NOT_CHECKED, "not_checked"),
    **dict.fromkeys((Reason.ISSUER_NOT_TRUSTED, Reason.CERTIFICATE_FORGED), "forged"),
    **dict.fromkeys((Reason.EXPIRED, Reason.ISSUER_EXPIRED), "expired"),
    Reason.CHALLENGE_LENGTH: "login_failed",
    Reason.NOT_YET_VALID: "not_yet_valid",
    Reason.REVOKED: "revoked",
    Reason.ON_HOLD: "on_hold",
    Reason.CONTENT_CHANGED: "content_changed",
    **dict.fromkeys(BundleReason, "not_as_bundled"),
}
"""The message of each reason a verdict can have; a test sees that none is missing."""
AGENT_ERRORS: Final[Mapping[str, str]] = {
    "cancelled": "cancelled",
    "pin_locked": "pin_locked",
    "card_expired": "expired",
    "card_unreadable": "unreadable",
}
"""The ``error`` codes the card agent sends back to the portal, with the message of each."""


def message(key: str) -> Text:
    """The message ``key`` of ``texts/messages.yaml``."""
    return text("yakuba.card", f"messages.{key}")


def for_reason(reason: Reason | BundleReason | None) -> Text:
    """What a resident is told when a verdict is not good for ``reason``."""
    return message(MESSAGE_KEYS[reason] if reason else "damaged")


def for_verdict(verdict: AnyVerdict) -> Text:
    """What a resident is told about a verdict that is not good."""
    return for_reason(verdict.reason)


def for_other_person() -> Text:
    """What a resident is told who logged in with one person's card and signed with another's."""
    return message("other_person")


def for_agent_error(code: str) -> Text:
    """What a resident is told about an ``error`` code sent by an agent; unknown codes read as unreadable card."""
    return message(AGENT_ERRORS.get(code, "unreadable"))


def for_card_error(error: CardError, kind: Kind) -> Text:
    """What a resident is told when the card did not do it."""
    if isinstance(error, WrongPin):
        return message(f"wrong_pin.{kind}").format(tries=error.tries_left)
    if isinstance(error, PinForm):
        return message(f"pin_form.{kind}")
    return message("pin_locked" if isinstance(error, PinLocked) else "unreadable")
