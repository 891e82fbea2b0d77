"""Prefill, worked-out values, hints, summaries, the canonical application, and search."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from yakuba.base.canonical import canonical_bytes
from yakuba.base.texts import LANGUAGES
from yakuba.procedures import registry
from yakuba.procedures.application import (
    Assistance,
    AttachedFile,
    application_bytes,
    application_document,
    context_of,
)
from yakuba.procedures.computed import computed
from yakuba.procedures.context import Context
from yakuba.procedures.eligibility import eligibility_hints
from yakuba.procedures.life_events import life_events
from yakuba.procedures.prefill import apply_prefill, known_to_town, prefill_items, register_mapping
from yakuba.procedures.rendering import render_page, render_summary
from yakuba.procedures.search import by_life_event, search
from yakuba.procedures.summary import rows, summary

TODAY = date(2026, 11, 23)
CONTEXT = Context(TODAY)
CLAIM = registry.procedure("jidou-teate-nintei")
BIRTH = next(one for one in CLAIM.examples if one.id == "birth")
HANAKO = {
    "juki.name": "葉山　花子",
    "juki.kana": "ハヤマ ハナコ",
    "juki.birth_date": "1990-04-01",
    "juki.address": "神奈川県三浦郡葉山町堀内1",
    "juki.postal_code": "2400112",
}
BABY = {"juki.name": "葉山　陽菜", "juki.birth_date": "2026-11-03"}
GRANDMOTHER = {"juki.name": "葉山　トメ", "juki.birth_date": "1940-00-00"}


def test_a_claim_asks_the_town_for_the_resident_record_only() -> None:
    assert prefill_items(CLAIM) == (
        "juki.address",
        "juki.birth_date",
        "juki.building",
        "juki.kana",
        "juki.name",
        "juki.postal_code",
    )


def test_what_the_town_knows_is_filled_in_and_marked() -> None:
    answers = apply_prefill(CLAIM, {}, HANAKO, [BABY, GRANDMOTHER], CONTEXT, lambda: "i1")
    assert answers["claimant_name"] == {"name": "葉山　花子", "kana": "ハヤマ ハナコ"}
    assert answers["claimant_birth_date"] == "1990-04-01"
    assert answers["children"] == [{"id": "i1", "name": {"name": "葉山　陽菜"}, "birth_date": "2026-11-03"}]
    known = known_to_town(CLAIM, answers, HANAKO, [BABY])
    assert {"claimant_name", "claimant_address", "children-0-birth_date"} <= known
    assert "役場に登録されている内容" in render_page(CLAIM, "claimant", answers, CONTEXT, "ja", known=known)


def test_a_correction_takes_the_mark_away() -> None:
    answers = apply_prefill(CLAIM, {}, HANAKO, [], CONTEXT)
    answers["claimant_birth_date"] = "1990-04-02"
    assert "claimant_birth_date" not in known_to_town(CLAIM, answers, HANAKO, [])


def test_what_the_resident_wrote_is_never_overwritten() -> None:
    typed = {"claimant_name": {"name": "べつの名前"}}
    assert apply_prefill(CLAIM, typed, HANAKO, [], CONTEXT)["claimant_name"] == {"name": "べつの名前"}


def test_a_proxys_record_fills_in_the_proxy_not_the_claimant() -> None:
    answers = apply_prefill(CLAIM, {}, HANAKO, [BABY], Context(TODAY, "proxy_by_mandate"))
    assert answers["proxy_name"]["name"] == "葉山　花子"
    assert "claimant_name" not in answers
    assert "children" not in answers


def test_the_applying_guardian_is_the_first_guardian() -> None:
    nursery = registry.procedure("hoiku-moushikomi")
    answers = apply_prefill(nursery, {}, HANAKO, [BABY, GRANDMOTHER], CONTEXT)
    assert [one["name"]["name"] for one in answers["guardians"]] == ["葉山　花子"]
    assert [one["name"]["name"] for one in answers["children"]] == ["葉山　陽菜"]


def test_answers_are_mapped_to_register_items() -> None:
    mapping = register_mapping(CLAIM)
    assert mapping["account.bank_code"] == "jidou_teate.bank_code"
    assert mapping["children[].birth_date"] == "juki.birth_date"
    assert register_mapping(registry.procedure("risai-shoumei"))["disaster"] == "hisaisha.disaster"


@pytest.mark.parametrize(
    ("event", "today", "start"),
    [
        ("2026-11-03", "2026-11-18", "2026-12"),  # the 15th day after the birth
        ("2026-11-25", "2026-12-10", "2026-12"),  # within 15 days over the turn of the month
        ("2026-11-25", "2026-12-11", "2027-01"),  # a day too late: a month is lost
        ("2026-12-31", "2026-12-31", "2027-01"),
    ],
)
def test_the_first_month_paid_follows_the_15_day_rule(event: str, today: str, start: str) -> None:
    answers = {"claim_reason": "birth", "event_date": event}
    assert computed(CLAIM, answers, Context(date.fromisoformat(today)))["start_month"] == start


def test_worked_out_values_stand_in_the_page_in_words() -> None:
    html = render_page(CLAIM, "reason", {"claim_reason": "birth", "event_date": "2026-11-20"}, CONTEXT, "ja")
    assert "令和8年12月（2026年）分から" in html
    assert "令和8年12月5日（2026年）" in html
    english = render_page(
        CLAIM, "reason", {"claim_reason": "birth", "event_date": "2026-11-20"}, CONTEXT, "en"
    )
    assert "December 2026" in english


def test_a_worked_out_value_that_is_not_known_is_not_shown() -> None:
    html = render_page(CLAIM, "reason", {"claim_reason": "birth"}, CONTEXT, "ja")
    assert "start_month" not in html.replace("start_month_hint", "")


def test_hints_come_before_typing_and_never_stop_anybody() -> None:
    public_servant = {
        "q_live_here": True,
        "q_civil_servant": True,
        "q_youngest_birth_date": "2026-11-03",
        "q_receiving": False,
    }
    hints = eligibility_hints(CLAIM, public_servant, CONTEXT)
    assert [hint.verdict for hint in hints] == ["elsewhere"]
    assert [
        hint.verdict
        for hint in eligibility_hints(CLAIM, {**public_servant, "q_civil_servant": False}, CONTEXT)
    ] == ["likely"]
    assert eligibility_hints(CLAIM, {}, CONTEXT) == ()


def test_a_child_past_the_school_year_of_18_is_told_so() -> None:
    answers = {"q_youngest_birth_date": "2008-04-01"}
    assert [hint.verdict for hint in eligibility_hints(CLAIM, answers, CONTEXT)] == ["unlikely"]
    assert eligibility_hints(CLAIM, {"q_youngest_birth_date": "2008-04-02"}, CONTEXT) == ()


def test_the_summary_says_everything_that_is_sent() -> None:
    attachments = [{"slot": "account_proof", "filename": "通帳.jpg"}]
    shown = dict(rows(summary(CLAIM, BIRTH.answers, attachments, "ja", CONTEXT)))
    assert shown["請求する理由"] == "子どもが生まれた"
    assert shown["請求者の氏名"] == "葉山　健太（ハヤマ ケンタ）"
    assert shown["口座がわかるもの（通帳・キャッシュカードの写し）"] == "通帳.jpg"
    assert shown["メールアドレス"] == "（記入なし）"


def test_the_summary_shows_a_residents_own_words_untouched() -> None:
    """Readings are ours; a resident's braces are text, and markup is no markup."""
    answers = {**BIRTH.answers, "claimant_name": {"name": "{山|やま}<b>"}}
    for language in LANGUAGES:
        html = render_summary(summary(CLAIM, answers, [], language, CONTEXT), language)
        assert "{山|やま}&lt;b&gt;" in html


def document(**changes: object) -> dict[str, object]:
    arguments: dict[str, object] = {
        "application_id": UUID(int=7),
        "municipality": "143014",
        "role": "self",
        "applicant_for": None,
        "attachments": [],
        "language": "ja",
        "created_at": datetime(2026, 11, 10, 1, 2, 3, 999, tzinfo=UTC),
        **changes,
    }
    return application_document(CLAIM, BIRTH.answers, **arguments)  # type: ignore[arg-type]


def test_the_canonical_application_is_the_contract() -> None:
    assert document() == {
        "yakuba": "application/1",
        "application_id": "00000000-0000-0000-0000-000000000007",
        "municipality": "143014",
        "procedure": "jidou-teate-nintei",
        "version": "2024-10",
        "answers": dict(BIRTH.answers),
        "attachments": [],
        "applicant": {"role": "self", "for": None},
        "assisted": None,
        "previous": None,
        "language": "ja",
        "created_at": "2026-11-10T01:02:03Z",
    }
    assert application_bytes(document()) == canonical_bytes(document())
    assert json.loads(application_bytes(document())) == document()


def test_files_without_a_visible_slot_are_not_signed() -> None:
    files = [AttachedFile(slot, "a.jpg", "image/jpeg", 3, "ab" * 32) for slot in ("mandate", "account_proof")]
    assert document(attachments=files)["attachments"] == [
        {
            "slot": "account_proof",
            "filename": "a.jpg",
            "media_type": "image/jpeg",
            "size": 3,
            "sha256": "ab" * 32,
        }
    ]


def test_assisted_mode_and_a_previous_application_are_in_it() -> None:
    consent = Assistance("staff:17", datetime(2026, 11, 10, 9, 0, tzinfo=UTC))
    made = document(assisted=consent, previous=UUID(int=6))
    assert made["assisted"] == {"helper": "staff:17", "consent_at": "2026-11-10T09:00:00Z"}
    assert made["previous"] == "00000000-0000-0000-0000-000000000006"


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        document(created_at=datetime(2026, 11, 10, 9, 0))  # noqa: DTZ001 - that is the point


def test_the_day_of_an_application_is_the_day_in_japan() -> None:
    late = document(created_at=datetime(2026, 11, 9, 15, 0, tzinfo=UTC))
    assert context_of(late) == Context(date(2026, 11, 10), "self")
    early = document(created_at=datetime(2026, 11, 9, 15, 0, tzinfo=UTC) - timedelta(seconds=1))
    assert context_of(early).today == date(2026, 11, 9)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("児童手当", "jidou-teate-nintei"),
        ("じどうてあて", "jidou-teate-nintei"),
        ("ジドウテアテ", "jidou-teate-nintei"),
        ("ｼﾞﾄﾞｳﾃｱﾃ", "jidou-teate-nintei"),
        ("子ども手当", "jidou-teate-nintei"),
        ("CHILD allowance", "jidou-teate-nintei"),
        ("家が壊れた", "risai-shoumei"),
        ("り災証明", "risai-shoumei"),
        ("りさいしょうめいしょ", "risai-shoumei"),
        ("flood", "risai-shoumei"),
        ("介護保険", "kaigo-nintei"),
        ("認知症", "kaigo-nintei"),
        ("かいご", "kaigo-nintei"),
        ("保育園　入園", "hoiku-moushikomi"),
        ("ほいくえん", "hoiku-moushikomi"),
        ("daycare", "hoiku-moushikomi"),
    ],
)
def test_a_search_finds_the_procedure_first(words: str, wanted: str) -> None:
    for language in LANGUAGES:
        found = search(words, language, TODAY)
        assert found
        assert found[0].procedure.id == wanted


def test_a_search_for_nothing_shows_everything_and_for_nonsense_nothing() -> None:
    assert len(search("  ", "ja", TODAY)) == len(registry.all_procedures(TODAY))
    assert search("ペンギンの散歩", "ja", TODAY) == ()


def test_every_life_event_of_a_procedure_leads_to_it() -> None:
    known = {event.id for event in life_events()}
    for one in registry.all_procedures(TODAY):
        for event in one.life_events:
            assert event in known
            assert one in by_life_event(event, TODAY)
