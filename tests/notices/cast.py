"""The notices the tests are about: synthetic people of 葉山町, one of each kind of notice."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

from yakuba.base.texts import Text
from yakuba.casework.notices.data import Addressee, Amount, Correction, NoticeData, Reason
from yakuba.casework.notices.kinds import FactField, Kind
from yakuba.casework.notices.kinds import kind as kind_named

HAYAMA, NINOMIYA = "143014", "143421"
SIGNED_AT = datetime(2026, 12, 4, 3, 0, tzinfo=UTC)
URL = "http://127.0.0.1:8000/143014/verify/?n=0190aaaa-0000-7000-8000-000000000000"


def same(words: str) -> Text:
    """A text that is the same in all languages."""
    return Text(words, words, words)


def notice_data(name: str = "髙﨑 𠮷邉󠄂子", **changes: object) -> NoticeData:
    """A notice to ``name``, of no kind in particular."""
    data = NoticeData(
        application_id=uuid.UUID(int=7),
        receipt_number="7K3M-9QX2-4TVA",
        applied_on=date(2026, 11, 23),
        decided_on=date(2026, 12, 4),
        addressee=Addressee(name, ("神奈川県三浦郡葉山町一色九九番地の九",), "240-0111"),
    )
    return replace(data, **changes)  # type: ignore[arg-type]


_REASON = (Reason(same("請求者は公務員であり、勤務先が支給します。"), "児童手当法第17条"),)
_CORRECTION = (Correction(same("就労証明書"), same("事業者の記名がありません。")),)

FACTS: dict[str, dict[str, object]] = {
    "child_allowance_approved": {
        "facts": {
            "start_month": "2026-12",
            "monthly_amount": 45000,
            "children": [{"name": "髙﨑 葛󠄀", "birth": "2024-05-01", "rank": "第1子", "amount": 15000}],
            "payments": [{"month": "2027-02", "amount": 90000}],
        }
    },
    "child_allowance_refused": {"reasons": _REASON},
    "disaster_certificate": {
        "facts": {
            "disaster": "令和8年台風第21号",
            "damaged_on": "2026-10-12",
            "building_address": "神奈川県三浦郡葉山町長柄1番地",
            "damage_class": "大規模半壊",
            "household": [{"name": "見本 一郎", "relationship": "世帯主"}],
        }
    },
    "care_need_result": {
        "facts": {
            "insured_name": "見本 ハナ",
            "care_level": {"ja": "要介護2", "en": "Care level 2", "easy": "{要介護|ようかいご}2"},
            "valid_from": "2026-11-23",
            "valid_until": "2027-05-31",
        }
    },
    "childcare_certified": {
        "facts": {
            "children": [
                {
                    "name": "見本 空",
                    "birth": "2024-06-01",
                    "category": "3号",
                    "hours": "保育標準時間",
                    "valid_until": "2027-05-31",
                }
            ],
            "need": "就労",
            "valid_from": "2027-04-01",
        }
    },
    "childcare_refused": {"reasons": _REASON},
    "decision": {"facts": {"procedure": "架空の手続", "decision": "承認"}},
    "refusal": {"facts": {"procedure": "架空の手続"}, "reasons": _REASON},
    "correction_request": {
        "facts": {"procedure": "保育施設等の利用申込"},
        "corrections": _CORRECTION,
        "due": date(2026, 12, 18),
    },
}
AMOUNTS = (Amount(same("手数料"), 300, "納付済み"), Amount(same("郵送料"), 110))


def of_kind(kind: str, name: str = "髙﨑 𠮷邉󠄂子", **changes: object) -> NoticeData:
    """A complete notice of ``kind``."""
    return notice_data(name, **{**FACTS.get(kind, _sample(kind_named(kind))), **changes})


def _sample(kind: Kind) -> dict[str, object]:
    """Facts of a kind nobody wrote any for: each of its type."""
    facts = {field.key: _value(field) for field in kind.facts}
    return {"facts": facts, "reasons": _REASON if kind.needs_reasons else ()}


def _value(field: FactField) -> object:
    if field.type == "table":
        return [{column.key: _value(column) for column in field.columns}]
    return {"date": "2026-12-01", "month": "2026-12", "yen": 15000}.get(field.type, "見本")
