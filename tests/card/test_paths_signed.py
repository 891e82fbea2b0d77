"""Signatures of other PKIs: a strict message, then a whole path; only both together are good."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.card.forge import Message, message
from tests.card.suites.foreign import AT, Holder, holder
from yakuba.card import derwrite as w
from yakuba.card import oids
from yakuba.card.commands import card
from yakuba.card.outcomes import Outcome
from yakuba.card.paths import Authorities, PathJudge, SignedVerdict, verify_cms
from yakuba.card.testca import Issued

CONTENT = "葉山町告示第1号".encode()


@dataclass(frozen=True)
class Foreign:
    """The PKI with a judge."""

    anchor: Holder
    office: Holder
    signer: Holder
    judge: PathJudge

    @property
    def known(self) -> Authorities:
        """What the town has pinned and fetched."""
        return Authorities((self.anchor.der,), (self.anchor.revokes(), self.office.revokes()))

    def message(self, by: Holder | None = None) -> Message:
        """A right message with the office's certificate beside the signer's."""
        signer = by or self.signer
        made = message(Issued("sign", signer.der, signer.key, "", ""), CONTENT)
        return replace(made, certificates=tuple(sorted((signer.der, self.office.der))))

    def verdict(
        self, made: Message, *, content: bytes = CONTENT, known: Authorities | None = None
    ) -> SignedVerdict:
        """The verdict at the time of the suite."""
        return verify_cms(content, made.encoded(), at=AT, authorities=known or self.known, judge=self.judge)


@pytest.fixture(scope="module")
def foreign() -> Iterator[Foreign]:
    anchor = holder("anchor", None, authority=True)
    office = holder("office", anchor, authority=True)
    with PathJudge() as judge:
        yield Foreign(anchor, office, holder("signer", office, authority=False), judge)


def test_a_right_message_with_a_good_path_is_good(foreign: Foreign) -> None:
    verdict = foreign.verdict(foreign.message())
    assert (verdict.outcome, verdict.reason) == (Outcome.GOOD, None), verdict
    assert verdict.path is not None
    assert len(verdict.path.chain) == 3


def test_other_contents_and_a_broken_signature_are_bad(foreign: Foreign) -> None:
    assert foreign.verdict(foreign.message(), content=b"other").reason == "content_changed"
    by_another = replace(foreign.message(), key=foreign.office.key)
    assert foreign.verdict(by_another).reason == "signature_wrong"


def test_the_signers_certificate_must_be_there_once_and_be_the_one_signed_for(foreign: Foreign) -> None:
    made = foreign.message()
    missing = replace(made, certificates=(foreign.office.der,))
    assert foreign.verdict(missing).reason == "signer_certificate_missing"
    other = made.with_attribute(
        oids.SIGNING_CERTIFICATE_V2, w.sequence(w.sequence(w.sequence(w.octets(bytes(32)))))
    )
    assert foreign.verdict(other).reason == "signing_certificate_differs"
    typed = made.with_attribute(oids.CONTENT_TYPE, w.oid(oids.SIGNED_DATA))
    assert foreign.verdict(typed).reason == "wrong_content_type"


def test_a_key_that_may_not_sign_signs_nothing(foreign: Foreign) -> None:
    enciphers = holder("enciphers", foreign.office, authority=False, signs=False)
    assert foreign.verdict(foreign.message(enciphers)).reason == "wrong_key_usage"


def test_a_signer_or_an_office_that_is_revoked_is_bad(foreign: Foreign) -> None:
    serials = foreign.signer.certificate.serial_number, foreign.office.certificate.serial_number
    for lists in (
        (foreign.anchor.revokes(), foreign.office.revokes(serials[0])),
        (foreign.anchor.revokes(serials[1]), foreign.office.revokes()),
    ):
        verdict = foreign.verdict(foreign.message(), known=replace(foreign.known, lists=lists))
        assert (verdict.outcome, verdict.reason) == (Outcome.BAD, "revoked")


def test_without_the_offices_list_nobody_can_tell(foreign: Foreign) -> None:
    known = replace(foreign.known, lists=(foreign.anchor.revokes(),))
    verdict = foreign.verdict(foreign.message(), known=known)
    assert (verdict.outcome, verdict.reason) == (Outcome.UNKNOWN, "revocation_not_checked")
    assert verdict.clause == "RFC 5280 6.3.3 (l)"


def test_an_anchor_that_is_only_embedded_carries_nobody(foreign: Foreign) -> None:
    stranger = holder("stranger", None, authority=True)
    known = replace(foreign.known, anchors=(stranger.der,))
    made = foreign.message()
    carried = replace(made, certificates=tuple(sorted((*made.certificates, foreign.anchor.der))))
    assert foreign.verdict(carried, known=known).reason == "no_path"


def test_no_octet_the_signer_sent_can_be_another(foreign: Foreign) -> None:
    """But in the office's certificate, which anybody may send along and which is believed in nothing."""
    whole = foreign.message().encoded()
    begin = whole.index(foreign.office.der)
    own = [place for place in range(len(whole)) if not begin <= place < begin + len(foreign.office.der)]
    for place in own[::7]:
        changed = bytearray(whole)
        changed[place] ^= 1
        verdict = verify_cms(CONTENT, bytes(changed), at=AT, authorities=foreign.known, judge=foreign.judge)
        assert verdict.outcome is not Outcome.GOOD, place


def test_rubbish_is_bad_and_never_raises(foreign: Foreign) -> None:
    for rubbish in (b"", b"\x30\x80", b"\x30\x00", b"x" * 300_000, foreign.signer.der):
        verdict = verify_cms(CONTENT, rubbish, at=AT, authorities=foreign.known, judge=foreign.judge)
        assert verdict.outcome is Outcome.BAD
        assert verdict.clause


def test_the_command_tells_and_exits_by_the_outcome(foreign: Foreign, tmp_path: Path) -> None:
    files = {
        "signer": foreign.signer.der, "anchor": foreign.anchor.der, "office": foreign.office.der,
        "list1": foreign.anchor.revokes(), "list2": foreign.office.revokes(),
    }  # fmt: skip
    for name, raw in files.items():
        (tmp_path / name).write_bytes(raw)
    order = ["path", str(tmp_path / "signer"), "--anchor", str(tmp_path / "anchor"), "--at", f"{AT:%Y-%m-%dT%H:%M:%SZ}",
             "--other", str(tmp_path / "office"), "--list", str(tmp_path / "list1")]  # fmt: skip
    waiting = CliRunner().invoke(card, order)
    assert waiting.exit_code == 2
    assert "確かめられない" in waiting.output
    good = CliRunner().invoke(card, [*order, "--list", str(tmp_path / "list2"), "--json"])
    assert good.exit_code == 0, good.output
    assert '"outcome": "good"' in good.output
    asked = CliRunner().invoke(card, [*order, "--list", str(tmp_path / "list2"), "--policy", "2.999.1"])
    assert asked.exit_code == 1
    assert "policy" in asked.output
