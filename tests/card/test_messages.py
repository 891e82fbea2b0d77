"""Each thing that can go wrong is told to the resident in three languages, with what to do next."""

import re

import pytest

from tests.card.cast import Pki, signed
from yakuba.base.catalog import catalog
from yakuba.base.texts import LANGUAGES, without_readings
from yakuba.card import messages
from yakuba.card.interface import PinForm, PinLocked, UnreadableCard, WrongPin
from yakuba.card.outcomes import Reason

_KANJI_WITHOUT_READING = re.compile(r"[一-龯々]")
_READING = re.compile(r"\{[^{}|]+\|[^{}|]+\}")


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_for_the_resident(reason: Reason) -> None:
    said = messages.for_reason(reason)
    assert all(said.in_language(language) for language in LANGUAGES)


def test_what_a_resident_can_do_something_about_has_its_own_message() -> None:
    own = (
        Reason.EXPIRED, Reason.REVOKED, Reason.ON_HOLD, Reason.CONTENT_CHANGED, Reason.NOT_YET_VALID,
        Reason.REVOCATION_NOT_CHECKED, Reason.CERTIFICATE_FORGED, Reason.SIGNATURE_WRONG, Reason.WRONG_POLICY,
    )  # fmt: skip
    said = {messages.for_reason(reason).ja for reason in own} | {messages.for_other_person().ja}
    assert len(said) == len(own) + 1


def test_a_wrong_pin_says_how_many_tries_are_left() -> None:
    assert "あと2回" in messages.for_card_error(WrongPin(2), "auth").ja
    assert "2 more" in messages.for_card_error(WrongPin(2), "sign").en
    assert "<tries>" not in messages.for_card_error(WrongPin(2), "sign").easy


def test_each_trouble_with_a_card_has_its_own_words() -> None:
    errors = (WrongPin(1), PinForm("sign"), PinLocked(), UnreadableCard("x"))
    assert len({messages.for_card_error(error, "sign").ja for error in errors}) == len(errors)
    for code in messages.AGENT_ERRORS:
        assert messages.for_agent_error(code).ja
    assert messages.for_agent_error("<script>") == messages.for_agent_error("card_unreadable")


def test_a_verdict_that_is_not_good_has_its_message(pki: Pki) -> None:
    verdict = pki.judge(signed(pki.hanako()), content=b"other")
    assert messages.for_verdict(verdict) == messages.message("content_changed")


def test_what_is_stored_of_a_verdict_holds_no_personal_data(pki: Pki) -> None:
    issued = pki.hanako()
    verdict = pki.judge(signed(issued), content=b"other")
    stored = str(verdict.as_dict())
    for text in ("葉山", "1990", "堀内"):
        assert text not in stored
    assert verdict.as_dict()["reason"] == "content_changed"


@pytest.mark.parametrize("key", catalog("yakuba.card"))
def test_easy_japanese_gives_a_reading_for_every_kanji(key: str) -> None:
    easy = catalog("yakuba.card")[key].easy
    assert not _KANJI_WITHOUT_READING.search(_READING.sub("", easy)), easy
    assert "{" not in without_readings(easy)
