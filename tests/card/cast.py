"""The known cast of the card tests: synthetic people, a test authority, and ways to make one thing wrong."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from yakuba.card.attributes import Attributes, birth_text
from yakuba.card.certificate import Extension
from yakuba.card.emulated import EmulatedSession
from yakuba.card.outcomes import Kind, Verdict
from yakuba.card.pki_profile import Request
from yakuba.card.policy import AUTH_POLICY, SIGN_POLICY
from yakuba.card.revocation import RevocationIndex, RevocationSource
from yakuba.card.signing import signed_data
from yakuba.card.testca import NEWEST, Issued, TestCA
from yakuba.card.trust import TrustStore
from yakuba.card.verdict import verify_challenge, verify_cms_detached

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HAYAMA, NINOMIYA = "143014", "143421"
CONTENT = '{"yakuba":"application/1","answers":{"name":"葉山 花子"}}'.encode()
CHALLENGE = bytes(range(32))
HANAKO = Attributes(
    "葉山 花子", "00000", "2", birth_text(date(1990, 1, 2)), "神奈川県三浦郡葉山町堀内2135番地", "0" * 18
)
TARO = Attributes("葉山 太郎", "00000", "1", birth_text(date(1988, 4, 5)), HANAKO.address, "0" * 18)
SIGN_PIN, AUTH_PIN = "HAYAMA2026", "1234"


@dataclass(frozen=True)
class Pki:
    """A test authority with a few keys made once; issuing with them takes no time."""

    folder: Path
    authority: TestCA
    trust: TrustStore
    keys: tuple[RSAPrivateKey, ...]
    as_made: RevocationIndex

    def revocations(self) -> RevocationIndex:
        """The published lists, read now."""
        return RevocationIndex.from_folder(self.authority.crls_folder, self.trust)

    def request(self, kind: Kind = "sign", **how: object) -> Request:
        """What Hanako's certificate says."""
        return self.authority.request(kind, HANAKO, HAYAMA, self.keys[0], now=NOW - timedelta(days=30), **how)  # type: ignore[arg-type]

    def issued(self, kind: Kind, request: Request, generation: str = NEWEST) -> Issued:
        """The certificate asked for, with Hanako's key."""
        key_id = self.authority.root(kind, generation).key_id.hex()
        raw = self.authority.certify(kind, request, generation)
        return Issued(kind, raw, self.keys[0], key_id, f"{request.serial:x}")

    def hanako(self, kind: Kind = "sign", generation: str = NEWEST) -> Issued:
        """A good certificate of Hanako's."""
        return self.issued(kind, self.request(kind, generation=generation), generation)

    def judge(
        self,
        message: bytes,
        *,
        content: bytes = CONTENT,
        at: datetime = NOW,
        revocation: RevocationSource | None = None,
    ) -> Verdict:
        """The verdict on a signed message."""
        source = revocation or self.as_made
        return verify_cms_detached(
            content, message, at=at, trust=self.trust, revocation=source, policy=SIGN_POLICY
        )

    def judge_login(
        self, signature: bytes, certificate: bytes, *, challenge: bytes = CHALLENGE, at: datetime = NOW,
        revocation: RevocationSource | None = None,
    ) -> Verdict:  # fmt: skip
        """The verdict on a signed challenge."""
        source = revocation or self.as_made
        return verify_challenge(
            challenge, signature, certificate, at=at, trust=self.trust, revocation=source, policy=AUTH_POLICY
        )


def session(issued: Issued) -> EmulatedSession:
    """An open session with the certificate, as if its PIN had been right."""
    return EmulatedSession(issued.certificate, issued.key)


def signed(issued: Issued, content: bytes = CONTENT) -> bytes:
    """``content`` signed with the certificate, as a card does it."""
    return signed_data(session(issued), content, NOW)


def with_extension(request: Request, dotted: str, extension: Extension | None) -> Request:
    """``request`` with one extension put in another's place, or left out."""
    extensions = {name: one for name, one in request.extensions.items() if name != dotted}
    if extension is not None:
        extensions[dotted] = extension
    return replace(request, extensions=extensions)


def not_good(verdict: Verdict) -> dict[str, str]:
    """The checks that are not good, with their reasons."""
    return {check.code.value: check.reason.value for check in verdict.checks if check.reason}
