"""What every rule's answer has in common: outcomes add up, reasons speak three languages with readings."""

import re
from datetime import date

import pytest

from yakuba.base.texts import Text
from yakuba.procedures.rules.decision import Catalogue, Decision, Reason, concluded
from yakuba.procedures.rules.hoiku.reasons import REASON as HOIKU
from yakuba.procedures.rules.jidou_teate.reasons import REASON as JIDOU_TEATE
from yakuba.procedures.rules.kaigo.reasons import REASON as KAIGO
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.proxies import _REASON as PROXIES
from yakuba.procedures.rules.risai.reasons import REASON as RISAI
from yakuba.procedures.rules.words import in_words

CATALOGUES = {
    "jidou_teate": JIDOU_TEATE,
    "risai": RISAI,
    "kaigo": KAIGO,
    "hoiku": HOIKU,
    "proxies": PROXIES,
}
_READING = re.compile(r"\{[^{}|]+\|[ぁ-ゖー]+\}")
_KANJI = re.compile(r"[\u4e00-\u9fff]")
ALL_REASONS = [(name, reason) for name, each in CATALOGUES.items() for reason in each.by_code.values()]


def _reason(tells: str) -> Reason:
    return Reason(tells, Text("あ", "a", "あ"), "民法1条", tells)  # type: ignore[arg-type]


def test_one_refusal_outweighs_doubt_and_yes() -> None:
    assert concluded([_reason("eligible"), _reason("cannot_tell"), _reason("not_eligible")]) == "not_eligible"


def test_doubt_outweighs_yes() -> None:
    assert concluded([_reason("eligible"), _reason("cannot_tell")]) == "cannot_tell"


def test_nothing_against_it_is_a_yes() -> None:
    assert concluded([]) == "eligible"


def test_a_reason_is_filled_in_each_language() -> None:
    catalogue = Catalogue.of(Reason("from", Text("<month>から", "from <month>", "<month>から"), "民法1条"))
    text = catalogue("from", month=Month(2026, 11)).text
    assert text == Text("令和8年11月から", "from November 2026", "2026{年|ねん}11{月|がつ}から")


@pytest.mark.parametrize(
    ("day", "ja", "en"),
    [
        (date(2026, 11, 1), "令和8年11月1日", "1 November 2026"),
        (date(2019, 5, 1), "令和元年5月1日", "1 May 2019"),
        (date(2019, 4, 30), "平成31年4月30日", "30 April 2019"),
    ],
)
def test_days_are_written_in_the_era_of_their_day(day: date, ja: str, en: str) -> None:
    assert (in_words(day).ja, in_words(day).en) == (ja, en)


def test_a_month_is_written_in_the_era_of_its_first_day() -> None:
    assert (in_words(Month(2026, 11)).ja, in_words(Month(2019, 4)).ja) == ("令和8年11月", "平成31年4月")


def test_two_reasons_may_not_share_a_code() -> None:
    with pytest.raises(ValueError, match="share a code"):
        Catalogue.of(_reason("eligible"), _reason("eligible"))


def test_a_decision_speaks_with_its_clauses() -> None:
    assert Decision("eligible", (_reason("eligible"),)).in_words("en") == ("a (民法1条)",)


@pytest.mark.parametrize(
    ("catalogue", "reason"), ALL_REASONS, ids=lambda value: getattr(value, "code", value)
)
def test_easy_japanese_gives_a_reading_for_every_kanji(catalogue: str, reason: Reason) -> None:
    assert not _KANJI.search(_READING.sub("", reason.text.easy)), f"{catalogue}: {reason.text.easy}"


@pytest.mark.parametrize(
    ("catalogue", "reason"), ALL_REASONS, ids=lambda value: getattr(value, "code", value)
)
def test_english_text_has_no_japanese_and_the_same_places(catalogue: str, reason: Reason) -> None:
    places = set(re.findall(r"<\w+>", reason.text.ja))
    assert not re.search(r"[\u3040-\u9fff]", reason.text.en), catalogue
    assert set(re.findall(r"<\w+>", reason.text.en)) == places


@pytest.mark.parametrize(
    ("catalogue", "reason"), ALL_REASONS, ids=lambda value: getattr(value, "code", value)
)
def test_every_reason_names_its_clause(catalogue: str, reason: Reason) -> None:
    assert re.search(r"条|法|附則|運用指針", reason.clause), catalogue
