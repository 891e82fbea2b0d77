"""Decided cases of the four procedures, made from the definitions' own examples; synthetic people."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from yakuba.audit.events import AuditEvent
from yakuba.base.ids import receipt_number
from yakuba.base.tenancy import under
from yakuba.casework.handover.models import Item, OutsideSystem
from yakuba.casework.handover.record import DecidedCase
from yakuba.casework.handover.service import hand_over
from yakuba.casework.handover.systems import register

HAYAMA, NINOMIYA = "143014", "143421"
AT = datetime(2026, 12, 4, 3, 0, tzinfo=UTC)

ANSWERS: dict[str, dict[str, Any]] = {
    "jidou-teate-nintei": {
        "claim_reason": "birth",
        "event_date": "2026-11-03",
        "claimant_name": {"name": "葉山 健太", "kana": "ハヤマ ケンタ"},
        "claimant_birth_date": "1995-06-18",
        "claimant_address": {
            "postal_code": "2400112",
            "address": "神奈川県三浦郡葉山町堀内1234番地5",
            "building": "海荘1",
        },
        "claimant_pension": "employees",
        "children": [
            {
                "id": "i0000001",
                "name": {"name": "葉山 陽菜", "kana": "ハヤマ ヒナ"},
                "birth_date": "2026-11-03",
                "relationship": "child",
                "lives_with_claimant": True,
            }
        ],
        "account_choice": "other",
        "account": {
            "bank_code": "9999",
            "branch_code": "001",
            "account_type": "ordinary",
            "account_number": "0012345",
            "account_holder": "ハヤマ ケンタ",
        },
    },
    "risai-shoumei": {
        "disaster": "2026-typhoon-21",
        "damaged_on": "2026-10-22",
        "cause": "wind",
        "applicant_name": {"name": "森戸 京子", "kana": "モリト キョウコ"},
        "applicant_address": {"address": "神奈川県三浦郡葉山町堀内500番地2"},
        "building_use": "dwelling",
        "structure": "wood",
        "floors": 2,
        "damage_parts": ["roof", "floor"],
        "wants_self_assessment": True,
        "members": [{"name": {"name": "森戸 実"}, "birth_date": "1970-00-00"}],
    },
    "kaigo-nintei": {
        "insured_name": {"name": "木古庭 正", "kana": "キコバ タダシ"},
        "insured_birth_date": "1935-03-00",
        "insured_address": {"address": "神奈川県三浦郡葉山町木古庭900番地"},
        "medical_insurance": "late_elderly",
        "survey_place": "hospital",
    },
    "hoiku-moushikomi": {
        "applicant_name": {"name": "SANTOS MARIA LOURDES"},
        "applicant_address": {"address": "神奈川県三浦郡葉山町長柄800番地", "building": "みどりハイツ305"},
        "wanted_from": "2027-01-01",
        "wants": "care",
        "hours_wanted": "short",
        "guardians": [{"name": {"name": "SANTOS MARIA LOURDES"}, "reason": "work", "hours": 120}],
        "children": [
            {
                "name": {"name": "SANTOS LUCAS"},
                "birth_date": "2024-05-05",
                "choices": ["hayama-nursery", "nagae-small"],
            }
        ],
    },
}
RESULTS: dict[str, dict[str, Any]] = {
    "jidou-teate-nintei": {
        "start_month": "2026-12",
        "monthly_amount": 15000,
        "children": [{"key": "100000000000017", "rank": 1, "stage": "under_3", "amount": 15000}],
    },
    "risai-shoumei": {"damage_class": "half", "method": "self_assessed"},
    "kaigo-nintei": {"care_level": "care_2", "certified_from": "2026-11-24", "certified_until": "2027-05-31"},
    "hoiku-moushikomi": {
        "children": [
            {
                "key": "100000000000025",
                "classification": 3,
                "hours": "short",
                "certified_from": "2027-01-01",
                "certified_until": "2027-05-04",
                "points": 18,
            }
        ]
    },
}


def decided(procedure: str = "jidou-teate-nintei", **changes: Any) -> DecidedCase:
    """A granted case; ``changes`` replace fields of it, ``answers`` are merged."""
    case = uuid.uuid4()
    answers = {**ANSWERS[procedure], **changes.pop("answers", {})}
    facts: dict[str, Any] = {
        "case_id": case,
        "application_id": case,
        "receipt_number": receipt_number(case),
        "procedure": procedure,
        "version": "2024-10",
        "outcome": "granted",
        "applied_on": date(2026, 11, 23),
        "decided_on": date(2026, 12, 4),
        "atena_number": "100000000000009",
        "history_number": 1,
        "answers": answers,
        "results": RESULTS[procedure],
        **changes,
    }
    return DecidedCase(**facts)


def event(municipality: str = HAYAMA) -> AuditEvent:
    return AuditEvent("staff:1", "handover.taken_in", "case:1", municipality)


def handed_over(procedure: str = "jidou-teate-nintei", municipality: str = HAYAMA, **changes: Any) -> Item:
    """A case handed over, ready to be sent."""
    with under(municipality):
        return hand_over(decided(procedure, **changes), AT, event(municipality))


def system(municipality: str = HAYAMA, *procedures: str, form: str = "jsonl") -> tuple[OutsideSystem, str]:
    """An outside system for ``procedures`` (child allowance if none are named) and its token."""
    with under(municipality):
        return register(
            "架空の基幹システム", list(procedures or ("jidou-teate-nintei",)), form, event(municipality)
        )
