"""The known cast of the desk: Kenta applies, Misaki is his wife, Taro has no business here. All synthetic.

Staff: 花子 at intake, 次郎 reviews, 三郎 and 四郎 decide, 五郎 administers, 六郎 audits; 七子 works for another town.
"""

import base64
import hashlib
import uuid
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from yakuba.audit.events import AuditEvent
from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import JAPAN, now, utc_text
from yakuba.base.dates import UncertainDate
from yakuba.base.ids import receipt_number, uuid7
from yakuba.base.tenancy import current_municipality, under
from yakuba.card.attributes import Attributes, birth_text
from yakuba.card.emulated import EmulatedSession
from yakuba.card.signing import signed_data
from yakuba.card.testca import IssuedPair, TestCA
from yakuba.casework.models import Case
from yakuba.casework.roles import Role
from yakuba.casework.staff.accounts import make_account
from yakuba.casework.staff.models import Staff
from yakuba.casework.staff.second_factor import set_totp_secret
from yakuba.gateway import blobs
from yakuba.gateway.envelope import AttachmentRef, Envelope
from yakuba.procedures import registry
from yakuba.registers import changes
from yakuba.registers.models import CardCertificate, Resident

HAYAMA, NINOMIYA = "143014", "143421"
PASSWORD = "correct horse battery"
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
KENTA, MISAKI, HINA, TARO = "0000000001", "0000000002", "0000000003", "0000000004"
ADDRESS = "神奈川県三浦郡葉山町堀内1234番地5"


def japan(moment: datetime) -> date:
    return moment.astimezone(JAPAN).date()


def event(municipality: str = HAYAMA) -> AuditEvent:
    return AuditEvent("staff:test", "test.prepared", "test", municipality)


@dataclass(frozen=True)
class World:
    """A test authority, one card for each of a few people, and the time it is."""

    folder: Path
    authority: TestCA
    now: datetime
    keys: tuple[RSAPrivateKey, ...]
    cards: dict[str, IssuedPair] = field(default_factory=dict)

    def card(self, atena_number: str, name: str = "葉山 健太", birth: date = date(1995, 6, 18)) -> IssuedPair:
        """The person's card; made once."""
        if atena_number not in self.cards:
            holder = Attributes(name, "0" * len(name), "1", birth_text(birth), ADDRESS, "0" * len(ADDRESS))
            key = self.keys[len(self.cards) % len(self.keys)]
            made = self.authority.issue(
                holder, HAYAMA, now=self.now - timedelta(days=30), keys=(key, self.keys[0])
            )
            self.cards[atena_number] = made
        return self.cards[atena_number]


def town(world: World, municipality: str = HAYAMA) -> None:
    """Kenta's household and Taro, each with a card that is recorded here."""
    with under(municipality):
        settle(KENTA, "葉山　健太", "ハヤマ　ケンタ", date(1995, 6, 18))
        settle(MISAKI, "葉山　美咲", "ハヤマ　ミサキ", date(1996, 2, 9), relationship="妻", sex="2")
        settle(
            HINA,
            "葉山　陽菜",
            "ハヤマ　ヒナ",
            born(),
            relationship="子",
            sex="2",
        )
        settle(TARO, "逗子　太郎", "ズシ　タロウ", date(1980, 1, 1), household=TARO)
        record_card(world, KENTA)
        record_card(world, TARO)


def settle(
    number: str, name: str, kana: str, birth: date, *, household: str = KENTA, relationship: str = "世帯主",
    **values: Any,
) -> Resident:  # fmt: skip
    """A resident in the register."""
    fields: dict[str, Any] = {
        "atena_number": number, "valid_from": date(2020, 4, 1), "reason": "move_in",
        "changed_on": UncertainDate(2020, 4, 1), "status": "resident", "name": name, "name_kana": kana, "sex": "1",
        "birth": UncertainDate(birth.year, birth.month, birth.day), "household_number": household,
        "relationship": relationship, "address": ADDRESS,
    }  # fmt: skip
    return changes.register_person(Resident(**(fields | values)), event())


def record_card(world: World, atena_number: str, state: str = "active", of: str | None = None) -> None:
    """The town knows the card (of another person with ``of``) as belonging to ``atena_number``."""
    pair = world.card(of or atena_number)
    for issued in (pair.sign, pair.auth):
        CardCertificate.objects.create(
            municipality=current_municipality(), issuer_key_id=issued.issuer_key_id, serial=issued.serial,
            atena_number=atena_number, kind=issued.kind, not_before=date(2026, 1, 1), not_after=date(2031, 1, 1),
            state=state, recorded_from=date(2026, 1, 1),
        )  # fmt: skip


def answers(**changed: Any) -> dict[str, Any]:
    """Kenta claims child allowance for a new-born (the definition's own example)."""
    example = next(one for one in registry.procedure("jidou-teate-nintei").examples if one.id == "birth")
    said = deepcopy(dict(example.answers))
    said["event_date"] = said["children"][0]["birth_date"] = born().isoformat()  # type: ignore[index]
    return {**said, **changed}


def born() -> date:
    """Hina's birthday: eight days ago, within the fifteen days of 児童手当法第8条第3項."""
    return japan(now()) - timedelta(days=8)


@dataclass(frozen=True)
class Draft:
    """An application before it is signed; tests make one thing wrong with ``replace``."""

    world: World
    signer: str = KENTA
    role: str = "self"
    applicant_for: dict[str, str] | None = None
    answers: dict[str, Any] = field(default_factory=answers)
    files: tuple[tuple[str, bytes], ...] = (("account_proof", b"photo of the passbook"),)
    procedure: str = "jidou-teate-nintei"
    version: str = "2024-10"
    previous: uuid.UUID | None = None
    municipality: str = HAYAMA
    identifier: uuid.UUID = field(default_factory=uuid7)

    def document(self) -> dict[str, Any]:
        """The canonical application."""
        attachments = [
            {"slot": slot, "filename": f"{slot}.jpg", "media_type": "image/jpeg", "size": len(data),
             "sha256": hashlib.sha256(data).hexdigest()}
            for slot, data in self.files
        ]  # fmt: skip
        return {
            "yakuba": "application/1", "application_id": str(self.identifier), "municipality": self.municipality,
            "procedure": self.procedure, "version": self.version, "answers": self.answers,
            "attachments": attachments, "applicant": {"role": self.role, "for": self.applicant_for},
            "assisted": None, "previous": str(self.previous) if self.previous else None, "language": "ja",
            "created_at": utc_text(self.world.now),
        }  # fmt: skip

    def signed(self, document: dict[str, Any] | None = None) -> bytes:
        """The signature of the signer's card."""
        issued = self.world.card(self.signer).sign
        content = canonical_bytes(document or self.document())
        return signed_data(EmulatedSession(issued.certificate, issued.key), content, self.world.now)

    def refs(self) -> tuple[AttachmentRef, ...]:
        """The files as they come out of the sanitiser, with its evidence, kept in this zone."""
        return tuple(sanitised(self.municipality, slot, data) for slot, data in self.files)

    def envelope(
        self,
        *,
        document: dict[str, Any] | None = None,
        signature: bytes | None = None,
        refs: tuple[AttachmentRef, ...] | None = None,
        **body: Any,
    ) -> Envelope:
        """The message that arrives; what is handed in takes the place of the honest part."""
        honest = self.document()
        contents = {
            "receipt_number": receipt_number(self.identifier),
            "application": document or honest,
            "mode": "signature",
            "signature": base64.b64encode(self.signed(honest) if signature is None else signature).decode(),
            "login": None,
            "submitted_at": utc_text(self.world.now),
            "verdict": {"outcome": "good", "reason": None, "checks": []},
            **body,
        }
        kept = self.refs() if refs is None else refs
        return message("application.submitted", contents, kept, self.municipality, self.world.now)


def sanitised(municipality: str, slot: str, data: bytes) -> AttachmentRef:
    """A file after sanitising (here: with a mark added), with the evidence that travels with it."""
    clean = b"rebuilt:" + data
    ref = blobs.put(
        municipality, clean, slot=slot, filename=f"{slot}.jpg", media_type="image/jpeg", holder="inbox:test"
    )
    evidence = {"before": hashlib.sha256(data).hexdigest(), "after": ref.sha256, "method": "image/re-encode"}
    return replace(ref, evidence=evidence)


def message(
    kind: str, body: dict[str, Any], refs: tuple[AttachmentRef, ...] = (), municipality: str = HAYAMA,
    at: datetime | None = None,
) -> Envelope:  # fmt: skip
    """A message from the internet zone."""
    return Envelope(uuid7(), municipality, kind, "internet", "mynumber", at or now(), body, refs)


def member(login: str, *roles: Role, name: str = "", municipality: str = HAYAMA) -> Staff:
    """A member of staff with both factors set up."""
    staff = make_account(
        municipality,
        login,
        name or login,
        roles,
        PASSWORD,
        audit=event(municipality),
        must_change_password=False,
    )
    with under(municipality):
        set_totp_secret(staff, TOTP, confirmed=True)
    return staff


@dataclass(frozen=True)
class Desk:
    """The staff of the town, by what they do."""

    intake: Staff
    reviewer: Staff
    approver: Staff
    second_approver: Staff
    admin: Staff
    auditor: Staff
    elsewhere: Staff


def staff_of_the_desk(municipality: str = HAYAMA) -> Desk:
    made = partial(member, municipality=municipality)
    return Desk(
        made("hanako", Role.INTAKE, name="受付 花子"),
        made("jiro", Role.REVIEWER, name="審査 次郎"),
        made("saburo", Role.APPROVER, name="決裁 三郎"),
        made("shiro", Role.APPROVER, Role.REVIEWER, name="決裁 四郎"),
        made("goro", Role.ADMIN, name="管理 五郎"),
        made("rokuro", Role.AUDITOR, name="監査 六郎"),
        member("nanako", Role.INTAKE, Role.REVIEWER, Role.APPROVER, name="二宮 七子", municipality=NINOMIYA),
    )


Receive = Callable[[Envelope], Case]
