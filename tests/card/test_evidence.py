"""By-laws of evidence: shown again in ten years, broken by any change, renewed before its stamp ends."""

import base64
import json
import random
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.card.cast import CHALLENGE, CONTENT, NINOMIYA, NOW, Pki, session, signed
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.card import der, oids, pki_profile, tsa
from yakuba.card import derwrite as w
from yakuba.card.certificate import Certificate, Extension, parse_certificate
from yakuba.card.evidence import NoEvidence, collect, renewed
from yakuba.card.evidence_material import Asked, Material, Proven
from yakuba.card.evidence_verdict import EvidenceCheckCode, EvidenceVerdict, verify_evidence
from yakuba.card.keyfiles import read_key
from yakuba.card.ocsp_responder import respond
from yakuba.card.ocsp_source import OcspSource
from yakuba.card.outcomes import Outcome, Reason, Verdict
from yakuba.card.revocation import NotChecked, Revocations, verified_crl
from yakuba.card.signing import signed_data
from yakuba.card.testca import NEWEST, Issued
from yakuba.card.timestamp import BadStamp, verify_stamp
from yakuba.card.trust import TrustStore
from yakuba.card.tsa import KEY_LIFE, TestTsa, new_stamping_key
from yakuba.card.verdict import verify_challenge, verify_cms_detached
from yakuba.card.xml import verify_xml
from yakuba.card.xml_signing import sign_xml

YEAR = timedelta(days=365)
COLLECTED = NOW + timedelta(seconds=2)


@dataclass(frozen=True)
class Office:
    """Who keeps evidence: the roots and lists, and a time-stamping authority."""

    pki: Pki
    folder: Path
    tsa: TestTsa
    authorities: TrustStore

    def stamper(self, at: datetime) -> Callable[[bytes], bytes]:
        return lambda digest: self.tsa.stamp(digest, at=at)

    def asked(self) -> Asked:
        return Asked(self.pki.revocations())

    def kept(self, proven: Proven, verdict: Verdict, asked: Asked, **how: Any) -> bytes:
        return collect(
            proven, verdict, asked=asked, material=Material(self.pki.folder), collected_at=COLLECTED,
            stamp=self.stamper(COLLECTED), **how,
        )  # fmt: skip

    def application(self, issued: Issued, at: datetime = NOW, **how: Any) -> bytes:
        """The record of an application signed with the certificate."""
        asked, message = self.asked(), signed_data(session(issued), CONTENT, at)
        verdict = verify_cms_detached(CONTENT, message, at=at, trust=self.pki.trust, revocation=asked)
        return self.kept(Proven("cms", "sign", at, CONTENT, message), verdict, asked, **how)

    def judged(self, record: bytes, at: datetime = NOW + YEAR, **how: Any) -> EvidenceVerdict:
        return verify_evidence(record, at=at, authorities=self.authorities, **how)


@pytest.fixture(scope="module")
def office(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("tsa")
    tsa = TestTsa.create(folder, now=NOW)
    return Office(pki, folder, tsa, TrustStore.from_folder(tsa.roots_folder))


@pytest.fixture(scope="module")
def record(office: Office, pki: Pki) -> bytes:
    """Hanako's application, stamped."""
    return office.application(pki.hanako())


def last(found: EvidenceVerdict) -> tuple[EvidenceCheckCode, Outcome, str | None]:
    check = found.checks[-1]
    return check.code, check.outcome, check.reason


def test_the_verdict_is_shown_again_nine_years_on_though_card_and_lists_are_long_over(
    office: Office, record: bytes, pki: Pki
) -> None:
    found = office.judged(record, NOW + 9 * YEAR, pinned=pki.trust)
    assert (found.record, found.outcome, found.at) == (Outcome.GOOD, Outcome.GOOD, NOW)
    assert [check.code for check in found.checks] == list(EvidenceCheckCode)
    assert found.verdict is not None
    assert found.verdict.outcome is Outcome.GOOD
    assert found.stamps[0].at == COLLECTED


def test_a_revocation_published_later_does_not_reach_back_into_the_record(office: Office, pki: Pki) -> None:
    issued = pki.hanako()
    record = office.application(issued)
    pki.authority.revoke("sign", issued.issuer_key_id, issued.serial, at=NOW + timedelta(days=1))
    pki.authority.publish_crls(now=NOW + timedelta(days=1))
    assert office.judged(record).outcome is Outcome.GOOD


def test_bad_and_unknown_verdicts_are_evidence_too(office: Office, pki: Pki) -> None:
    issued = pki.hanako()
    pki.authority.revoke("sign", issued.issuer_key_id, issued.serial, at=NOW - timedelta(days=1))
    pki.authority.publish_crls(now=NOW)
    found = office.judged(office.application(issued))
    assert (found.record, found.outcome) == (Outcome.GOOD, Outcome.BAD)
    assert found.verdict is not None
    assert found.verdict.reason is Reason.REVOKED
    message, asked = signed(pki.hanako()), Asked(NotChecked())
    verdict = verify_cms_detached(CONTENT, message, at=NOW, trust=pki.trust, revocation=asked)
    record = office.kept(Proven("cms", "sign", NOW, CONTENT, message), verdict, asked)
    found = office.judged(record)
    assert (found.record, found.outcome) == (Outcome.GOOD, Outcome.UNKNOWN)


def test_log_ins_and_xml_are_kept_as_applications_are(office: Office, pki: Pki) -> None:
    hanako, asked = pki.hanako("auth"), office.asked()
    signature = session(hanako).sign_digest(bytes.fromhex(sha256_hex(CHALLENGE)))
    how: dict[str, Any] = {"at": NOW, "trust": pki.trust}
    verdict = verify_challenge(CHALLENGE, signature, hanako.certificate, revocation=asked, **how)
    proven = Proven("challenge", "auth", NOW, CHALLENGE, signature, hanako.certificate)
    assert office.judged(office.kept(proven, verdict, asked)).outcome is Outcome.GOOD
    document, asked = sign_xml(session(pki.hanako()), b"<a>b</a>"), office.asked()
    core = verify_xml(document, revocation=asked, **how).core
    assert core is not None
    found = office.judged(office.kept(Proven("xml", "sign", NOW, document), core, asked))
    assert found.outcome is Outcome.GOOD


def test_parts_archived_once_for_many_records_are_fetched_by_their_digest(office: Office, pki: Pki) -> None:
    archive: dict[str, bytes] = {}

    def archived(part: bytes) -> bool:
        archive[sha256_hex(part)] = part
        return part != b""

    record = office.application(pki.hanako(), archived=archived)
    assert len(record) < 10_000
    assert office.judged(record, archive=archive.get).outcome is Outcome.GOOD
    assert last(office.judged(record)) == (EvidenceCheckCode.PARTS, Outcome.UNKNOWN, "part_not_here")
    changed = {digest: part + b"\0" for digest, part in archive.items()}
    found = office.judged(record, archive=changed.get)
    assert last(found) == (EvidenceCheckCode.PARTS, Outcome.BAD, "part_changed")


def _by_ocsp(office: Office, pki: Pki, issued: Issued) -> bytes:
    """The record of an application whose certificate was asked about instead of looked up."""
    source = OcspSource(pki.trust, lambda asked: respond(asked, pki.authority, now=NOW), lambda: NOW)
    asked, message = Asked(source), signed(issued)
    verdict = verify_cms_detached(CONTENT, message, at=NOW, trust=pki.trust, revocation=asked)
    return office.kept(Proven("cms", "sign", NOW, CONTENT, message), verdict, asked)


def test_a_verdict_by_ocsp_is_shown_again_from_the_answer_in_its_record(office: Office, pki: Pki) -> None:
    good, revoked = pki.hanako(), pki.hanako()
    pki.authority.revoke("sign", revoked.issuer_key_id, revoked.serial, at=NOW - timedelta(days=1))
    records = [_by_ocsp(office, pki, one) for one in (good, revoked)]
    found = [office.judged(record, NOW + 9 * YEAR) for record in records]
    assert [(one.record, one.outcome) for one in found] == [
        (Outcome.GOOD, Outcome.GOOD), (Outcome.GOOD, Outcome.BAD),
    ]  # fmt: skip
    assert [one.verdict and one.verdict.reason for one in found] == [None, Reason.REVOKED]
    bodies = [json.loads(record)["body"] for record in records]
    assert [len(body["ocsp"]) for body in bodies] == [1, 1]
    assert bodies[0]["lists"] == bodies[1]["lists"] == []
    for place in range(0, 1_200, 7):  # no octet of the answer can be another
        changed = _part_changed(records[0], bodies[0]["ocsp"][0], place)
        assert last(office.judged(changed))[2] == "part_changed"


def _part_changed(record: bytes, digest: str, place: int) -> bytes:
    def edit(found: dict[str, Any]) -> None:
        part = bytearray(base64.b64decode(found["parts"][digest]))
        part[place % len(part)] ^= 1
        found["parts"][digest] = base64.b64encode(part).decode()

    return _edited(record, edit)


def test_an_answer_about_another_certificate_or_of_another_day_shows_no_verdict(
    office: Office, pki: Pki
) -> None:
    mine, others = _by_ocsp(office, pki, pki.hanako()), _by_ocsp(office, pki, pki.hanako())
    foreign = json.loads(others)

    def anothers(found: dict[str, Any]) -> None:
        own, theirs = found["body"]["ocsp"][0], foreign["body"]["ocsp"][0]
        del found["parts"][own]
        found["parts"][theirs], found["body"]["ocsp"] = foreign["parts"][theirs], [theirs]

    def too_late(found: dict[str, Any]) -> None:
        found["body"]["at"] = (NOW + timedelta(hours=2)).isoformat()
        found["body"]["collected_at"] = found["body"]["at"]

    for edit in (anothers, too_late):

        def without_stamps(found: dict[str, Any], edit: Callable[[dict[str, Any]], None] = edit) -> None:
            edit(found)
            found["stamps"] = []

        forged = renewed(_edited(mine, without_stamps), stamp=office.stamper(NOW + timedelta(hours=3)))
        assert last(office.judged(forged))[2] == "another_verdict_than_recorded"


def test_a_record_from_before_answers_were_kept_is_read_as_it_was(office: Office, record: bytes) -> None:
    def as_before(found: dict[str, Any]) -> None:
        del found["body"]["ocsp"]
        found["stamps"] = []

    old = renewed(_edited(record, as_before), stamp=office.stamper(COLLECTED))
    assert office.judged(old).outcome is Outcome.GOOD


def test_a_could_not_tell_for_want_of_the_right_list_is_evidence_too(office: Office, pki: Pki) -> None:
    """Only another town's list of that issuer was there; the record holds none of it, for it did not speak."""
    raw = (pki.authority.crls_folder / f"sign-{NEWEST}-{NINOMIYA}.crl").read_bytes()
    asked, message = Asked(Revocations([verified_crl(raw, pki.trust)])), signed(pki.hanako())
    verdict = verify_cms_detached(CONTENT, message, at=NOW, trust=pki.trust, revocation=asked)
    assert verdict.reason is Reason.REVOCATION_OUT_OF_SCOPE
    found = office.judged(office.kept(Proven("cms", "sign", NOW, CONTENT, message), verdict, asked))
    assert (found.record, found.outcome) == (Outcome.GOOD, Outcome.UNKNOWN)


def test_a_list_gone_before_it_was_kept_is_no_evidence(office: Office, pki: Pki) -> None:
    asked, message = office.asked(), signed(pki.hanako())
    verdict = verify_cms_detached(CONTENT, message, at=NOW, trust=pki.trust, revocation=asked)
    pki.authority.publish_crls(now=NOW + timedelta(hours=1))
    with pytest.raises(NoEvidence, match="失効リスト"):
        office.kept(Proven("cms", "sign", NOW, CONTENT, message), verdict, asked)
    pki.authority.publish_crls(now=NOW)


def test_no_byte_of_a_record_can_be_changed(office: Office, record: bytes) -> None:
    """A seeded sample of places over the whole record: body, parts and stamps."""
    chosen = random.Random(20261123)
    for place in chosen.sample(range(len(record)), 300):
        changed = bytearray(record)
        changed[place] ^= 1 << chosen.randrange(8)
        assert office.judged(bytes(changed)).record is not Outcome.GOOD, place


def _edited(record: bytes, edit: Callable[[dict[str, Any]], None]) -> bytes:
    found = json.loads(record)
    edit(found)
    return canonical_bytes(found)


def test_a_changed_body_breaks_the_stamp_and_a_new_stamp_shows_when_it_was_made(
    office: Office, record: bytes
) -> None:
    def other_outcome(found: dict[str, Any]) -> None:
        found["body"]["verdict"]["outcome"] = "bad"

    forged = _edited(record, other_outcome)
    assert last(office.judged(forged))[2] == "stamp_of_something_else"

    def without_stamps(found: dict[str, Any]) -> None:
        found["stamps"] = []

    assert last(office.judged(_edited(record, without_stamps)))[2] == "no_stamp"
    stamped = renewed(_edited(forged, without_stamps), stamp=office.stamper(COLLECTED))
    found = office.judged(stamped)
    assert last(found) == (EvidenceCheckCode.REPLAY, Outcome.BAD, "another_verdict_than_recorded")


def test_a_stamp_from_before_what_it_stamps_is_bad(office: Office, pki: Pki) -> None:
    asked, message = office.asked(), signed(pki.hanako())
    verdict = verify_cms_detached(CONTENT, message, at=NOW, trust=pki.trust, revocation=asked)
    record = collect(
        Proven("cms", "sign", NOW, CONTENT, message), verdict, asked=asked, material=Material(pki.folder),
        collected_at=NOW + timedelta(days=2), stamp=office.stamper(NOW + timedelta(days=1)),
    )  # fmt: skip
    assert last(office.judged(record))[2] == "stamped_before_it_was_there"


def test_a_renewed_record_outlives_its_first_stamps_key_and_a_forgotten_one_lapses(
    office: Office, record: bytes
) -> None:
    in_eleven_years = NOW + KEY_LIFE + YEAR
    found = office.judged(record, in_eleven_years)
    assert last(found) == (EvidenceCheckCode.STAMPS, Outcome.UNKNOWN, "stamp_lapsed")
    new_stamping_key(office.folder, now=NOW + 8 * YEAR)
    later = TestTsa(office.folder)
    again = renewed(record, stamp=lambda digest: later.stamp(digest, at=NOW + 9 * YEAR))
    found = office.judged(again, in_eleven_years)
    assert (found.outcome, len(found.stamps)) == (Outcome.GOOD, 2)
    too_late = renewed(record, stamp=lambda digest: later.stamp(digest, at=in_eleven_years))
    assert last(office.judged(too_late, in_eleven_years))[2] == "renewed_too_late"


def test_roots_and_stamps_of_strangers_are_not_good(office: Office, record: bytes, pki: Pki) -> None:
    nobody = TrustStore(())
    assert last(office.judged(record, pinned=nobody))[2] == "a_root_you_do_not_pin"
    found = verify_evidence(record, at=NOW, authorities=nobody)
    assert (found.outcome, last(found)[2]) == (Outcome.UNKNOWN, "stamp_authority_not_trusted")
    assert verify_evidence(record, at=NOW, authorities=pki.trust).record is not Outcome.GOOD


@pytest.mark.parametrize(
    "rubbish",
    [
        b"", b"{}", b"[]", b"null", b'{"body":{},"parts":{},"stamps":[]}', b'{"body":1,"parts":2,"stamps":3}',
        b'{"body":{"format":"yakuba.evidence/1"},"parts":{},"stamps":["x"]}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_record_is_bad_and_never_raises(office: Office, rubbish: bytes) -> None:
    assert office.judged(rubbish).record is Outcome.BAD


def _restamped(edit: Callable[[dict[str, Any]], None]) -> Callable[[Office, bytes], bytes]:
    def made(office: Office, record: bytes) -> bytes:
        def both(found: dict[str, Any]) -> None:
            edit(found)
            found["stamps"] = []

        return renewed(_edited(record, both), stamp=office.stamper(COLLECTED))

    return made


def _as_it_is(edit: Callable[[dict[str, Any]], None]) -> Callable[[Office, bytes], bytes]:
    return lambda _office, record: _edited(record, edit)


WRONG_RECORDS: dict[str, Callable[[Office, bytes], bytes]] = {
    "not_a_record": lambda _office, _record: b"{}",
    "not_a_record: too many answers": _restamped(
        lambda found: found["body"].update(ocsp=[found["body"]["content"]] * 9)
    ),
    "part_nobody_named": _as_it_is(lambda found: found["parts"].update({sha256_hex(b"x"): "eA=="})),
    "stamp_not_readable": _as_it_is(lambda found: found.update(stamps=["!"])),
    "roots_or_lists_unusable": _restamped(
        lambda found: found["body"]["roots"].append(found["body"]["content"])
    ),
    "cannot_be_judged_again": _restamped(lambda found: found["body"].update(container="carrier pigeon")),
}


@pytest.mark.parametrize("reason", WRONG_RECORDS)
def test_a_record_wrong_in_one_place_is_refused_for_that(office: Office, record: bytes, reason: str) -> None:
    found = office.judged(WRONG_RECORDS[reason](office, record))
    assert found.record is not Outcome.GOOD
    assert last(found)[2] == reason.partition(":")[0]


def _stamping_certificate(office: Office, **changed: Extension | None) -> tuple[Certificate, RSAPrivateKey]:
    """A certificate by the authority's root that is like a stamping one but for one extension; and its key."""
    key, right = office.pki.keys[0], office.tsa.certificate
    extensions = {
        dotted: one
        for dotted in (oids.AUTHORITY_KEY_IDENTIFIER, oids.KEY_USAGE, oids.EXTENDED_KEY_USAGE)
        if (one := right.extension(dotted)) is not None
    }
    for name, one in changed.items():
        dotted = getattr(oids, name.upper())
        extensions = {k: v for k, v in extensions.items() if k != dotted} | ({dotted: one} if one else {})
    request = pki_profile.Request(
        77, right.issuer, right.subject, right.not_before, right.not_after,
        pki_profile.public_key_info(key.public_key()), extensions,
    )  # fmt: skip
    raw = pki_profile.sign_certificate(request, read_key(office.folder / "private" / "root.key"))
    return parse_certificate(raw), key


def _info(at: datetime = NOW) -> bytes:
    moment = w.value(der.GENERALIZED_TIME, at.strftime("%Y%m%d%H%M%SZ").encode())
    imprint = w.sequence(oids.SHA256_WITH_NULL, w.octets(bytes(32)))
    return w.sequence(w.integer(1), w.oid(oids.TEST_TIMESTAMP_POLICY), imprint, w.integer(5), moment)


def _stamp_by(office: Office, **changed: Extension | None) -> bytes:
    certificate, key = _stamping_certificate(office, **changed)
    return tsa._token(_info(), certificate, key)


_TIME_STAMPING_TOO = w.sequence(w.oid(oids.TIME_STAMPING), w.oid("1.3.6.1.5.5.7.3.4"))
_SHA384 = w.sequence(w.oid("2.16.840.1.101.3.4.2.2"))
WRONG_STAMPS: dict[str, list[Callable[[Office], bytes]]] = {
    "stamp_too_large": [lambda _office: bytes(40_000)],
    "stamp_not_readable": [
        lambda _office: b"\x30\x00",
        lambda office: office.tsa.stamp(bytes(32), at=NOW) + b"\0",
    ],
    "stamp_algorithm": [
        lambda office: office.tsa.stamp(bytes(32), at=NOW).replace(
            w.set_of(oids.SHA256), w.set_of(_SHA384), 1
        ),
    ],
    "stamp_certificate_missing": [
        lambda office: tsa._token(_info(), replace(office.tsa.certificate, serial=99), office.pki.keys[0]),
    ],
    "stamp_signature_wrong": [lambda office: tsa._token(_info(), office.tsa.certificate, office.pki.keys[0])],
    "stamp_certificate_purpose": [
        lambda office: _stamp_by(office, extended_key_usage=None),
        lambda office: _stamp_by(office, extended_key_usage=Extension(True, _TIME_STAMPING_TOO)),
        lambda office: _stamp_by(
            office, extended_key_usage=Extension(False, w.sequence(w.oid(oids.TIME_STAMPING)))
        ),
        lambda office: _stamp_by(office, key_usage=Extension(True, w.named_bits(5))),
        lambda office: _stamp_by(office, basic_constraints=Extension(True, w.sequence(w.boolean(True)))),
        lambda office: _stamp_by(office, crl_number=Extension(True, w.integer(1))),
    ],
    "stamp_authority_not_trusted": [lambda office: _stamp_by(office, authority_key_identifier=None)],
    "stamped_outside_validity": [lambda office: office.tsa.stamp(bytes(32), at=NOW + KEY_LIFE + YEAR)],
}


@pytest.mark.parametrize("reason", WRONG_STAMPS)
def test_a_stamp_wrong_in_one_place_is_refused_for_that(office: Office, reason: str) -> None:
    assert verify_stamp(_stamp_by(office), trust=office.authorities).digest == bytes(32)
    for make in WRONG_STAMPS[reason]:
        with pytest.raises(BadStamp, match=f"^{reason}$"):
            verify_stamp(make(office), trust=office.authorities)


@pytest.mark.parametrize("odd", [None, 1, "", "x", [], ["x"], {}, {"x": 1}, [[]], "2026-11-23T09:00:00"])
def test_a_stamped_record_of_any_shape_never_raises_nor_passes(
    office: Office, record: bytes, odd: Any
) -> None:
    """Anybody can have anything stamped: each field in turn is something else, and the stamp over it is good."""
    body = json.loads(record)["body"]
    for name in {name for name, value in body.items() if value != odd} - {"signer"}:

        def edit(found: dict[str, Any], name: str = name) -> None:
            found["body"][name], found["stamps"] = odd, []

        try:
            made = renewed(_edited(record, edit), stamp=office.stamper(COLLECTED))
        except NoEvidence:
            continue
        assert office.judged(made).record is not Outcome.GOOD, name
    for name in ("body", "parts", "stamps"):

        def replace(found: dict[str, Any], name: str = name) -> None:
            found[name] = odd

        assert office.judged(_edited(record, replace)).record is not Outcome.GOOD


def test_openssl_verifies_our_stamps(office: Office, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed here")
    (tmp_path / "data").write_bytes(CONTENT)
    token = office.tsa.stamp(bytes.fromhex(sha256_hex(CONTENT)), at=COLLECTED)
    (tmp_path / "token").write_bytes(token)
    root = (office.tsa.roots_folder / "tsa.crt").read_bytes()
    pem = base64.encodebytes(root).decode()
    (tmp_path / "root.pem").write_text(f"-----BEGIN CERTIFICATE-----\n{pem}-----END CERTIFICATE-----\n")
    moment = str(int((NOW + YEAR).timestamp()))
    words = (
        "openssl", "ts", "-verify", "-data", "data", "-in", "token", "-token_in", "-CAfile", "root.pem",
        "-attime", moment,
    )  # fmt: skip
    said = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert said.returncode == 0, said.stderr
    (tmp_path / "data").write_bytes(CONTENT + b".")
    assert subprocess.run(words, capture_output=True, cwd=tmp_path, check=False).returncode != 0


def test_no_flipped_byte_of_a_stamp_is_accepted(office: Office) -> None:
    digest = bytes.fromhex(sha256_hex(CONTENT))
    token = office.tsa.stamp(digest, at=NOW + timedelta(days=1))
    good = verify_stamp(token, trust=office.authorities)
    assert good.digest == digest
    for place in range(0, len(token), 3):
        changed = bytearray(token)
        changed[place] ^= 0x01
        try:
            found = verify_stamp(bytes(changed), trust=office.authorities)
        except BadStamp:
            continue
        assert found == good, place
