"""Signed applications handed in over the API of a running town hall: for tests and benchmarks that need many."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.ids import receipt_number
from yakuba.card.emulated import EmulatedCard
from yakuba.demo.cards import cards_made
from yakuba.demo.cast import CastMember, cast
from yakuba.procedures.application import AttachedFile, application_document
from yakuba.procedures.registry import procedure
from yakuba.zones.play.browser import Browser
from yakuba.zones.play.doors import with_card

PROCEDURE = "jidou-teate-nintei"
SLOT = "account_proof"


@dataclass(frozen=True)
class Parcel:
    """One application, ready to be posted."""

    id: uuid.UUID
    content: bytes
    cms: bytes
    pdf: bytes

    @property
    def receipt_number(self) -> str:
        return receipt_number(self.id)


def mother(ready: Mapping[str, Any]) -> CastMember:
    """The cast member who claims."""
    made = cards_made(Path(ready["cards"]))
    assert made is not None
    return next(member for member in cast(made.as_of) if member.id == "mother")


def signers(ready: Mapping[str, Any]) -> list[CastMember]:
    """The mother and everybody of her town with a good card: many applications need many cards, because the portal takes
    only so many of one card in ten minutes."""
    made = cards_made(Path(ready["cards"]))
    assert made is not None
    first = mother(ready)
    others = [
        one for one in cast(made.as_of) if one.municipality == first.municipality and one.id != first.id
    ]
    return [first, *(one for one in others if one.card and one.card.state == "active")]


def answers(born: str, member: CastMember) -> dict[str, Any]:
    """The claim as the cast's mother makes it, in the name of ``member``."""
    return {
        "claim_reason": "birth", "event_date": born,
        "claimant_name": {"name": member.name, "kana": member.kana.replace("\u3000", " ")}, "claimant_birth_date": member.birth,
        "claimant_address": {"postal_code": "2400111", "address": "神奈川県三浦郡葉山町一色1320番地5"},
        "claimant_phone": "09000001234", "claimant_capacity": "parent", "claimant_occupation": "employee",
        "claimant_here_on_january_1": True, "has_spouse": False,
        "children": [{
            "id": "i0000001", "name": {"name": "髙橋　陽葵", "kana": "タカハシ ヒマリ"}, "birth_date": born,
            "relationship": "child", "lives_with_claimant": True, "cared_for": True, "shares_livelihood": True,
            "in_facility": False, "residence": "japan",
        }],
        "has_older_children": False, "claimant_pension": "employees", "account_choice": "other",
        "account": {
            "bank_name": "みなと信用金庫", "bank_code": "9999", "branch_name": "葉山支店", "branch_code": "001",
            "account_type": "ordinary", "account_number": "0012345", "account_holder": "タカハシ ミサキ",
        },
        "consent_records": True, "declaration_true": True,
    }  # fmt: skip


def make(
    ready: Mapping[str, Any], pdf: bytes, count: int, members: Sequence[CastMember] = ()
) -> list[Parcel]:
    """``count`` signed applications, of ``members`` in turn (the mother); each has its own number and bytes of ``pdf``."""
    held = [(one, card_of(ready, one)) for one in members or [mother(ready)]]
    found = []
    for number in range(count):
        member, card = held[number % len(held)]
        found.append(_one(card, member, pdf + b"\n%" + uuid.uuid4().bytes.hex().encode()))
    return found


def card_of(ready: Mapping[str, Any], member: CastMember) -> EmulatedCard:
    """The member's emulated card."""
    return EmulatedCard.load(Path(ready["cards"]) / f"{member.id}.card.json")


def _one(card: EmulatedCard, member: CastMember, pdf: bytes) -> Parcel:
    at = datetime.now(UTC)
    born = ((at + timedelta(hours=9)).date() - timedelta(days=9)).isoformat()
    application = uuid.uuid4()
    attached = [AttachedFile(SLOT, "通帳.pdf", "application/pdf", len(pdf), sha256_hex(pdf))]
    document = application_document(
        procedure(PROCEDURE, as_of=at.date()), answers(born, member), application_id=application,
        municipality=member.municipality, role="self", applicant_for=None, attachments=attached, language="ja",
        created_at=at,
    )  # fmt: skip
    content = canonical_bytes(document)
    return Parcel(application, content, card.sign_cms(content, member.sign_pin or "", at=at), pdf)


def session(ready: Mapping[str, Any], member: CastMember | None = None) -> httpx.Client:
    """A browser that is signed in as ``member`` (the mother), as a client for the API."""
    member, portal = member or mother(ready), ready["addresses"]["portal"]
    browser = Browser()
    page = browser.get(f"{portal}/{member.municipality}/sign-in/")
    page = with_card(browser, page, member, member.auth_pin)
    assert "/mine" in page.url, page.words[:500]
    browser.close()
    token = browser.cookies.get("yakuba_portal_csrf") or ""
    headers = {"X-CSRFToken": token, "Referer": f"{portal}/"}
    base = f"{portal}/api/{member.municipality}"
    return httpx.Client(base_url=base, cookies=browser.cookies, headers=headers, timeout=60)


def post(client: httpx.Client, parcel: Parcel) -> httpx.Response:
    """Hand one in."""
    return client.post(
        "/applications",
        files={
            "document": ("application.json", parcel.content),
            "signature": ("signature.p7s", parcel.cms),
            f"file:{SLOT}": ("通帳.pdf", parcel.pdf, "application/pdf"),
        },
    )
