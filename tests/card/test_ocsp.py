"""OCSP: the answer about one card counts only from the issuer, for this question, for as long as it says."""

import json
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import cryptography_vectors
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import (
    OCSPCertStatus,
    OCSPResponderEncoding,
    OCSPResponseBuilder,
    load_der_ocsp_response,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.card.cast import HAYAMA, NOW, Pki, not_good, signed
from yakuba.base import clock
from yakuba.card import derwrite as w
from yakuba.card import oids, pki_profile
from yakuba.card.certificate import Extension
from yakuba.card.in_force import WrongSetting, in_force, over_http
from yakuba.card.ocsp import UnusableAnswer, question, read_answer
from yakuba.card.ocsp_responder import Responder, respond
from yakuba.card.ocsp_source import OcspSource, SourceByPoint
from yakuba.card.outcomes import Outcome, Reason
from yakuba.card.pki_profile import Request, distribution_point_name
from yakuba.card.revocation import Answer, NoAnswer, NotChecked
from yakuba.card.testca import Issued

DAY = timedelta(days=1)
NONCE = bytes(range(32))


@pytest.fixture
def source(pki: Pki) -> OcspSource:
    return OcspSource(pki.trust, lambda asked: respond(asked, pki.authority, now=NOW), lambda: NOW)


def _serial(issued: Issued) -> int:
    return int(issued.serial, 16)


def test_a_card_in_force_is_good_by_ocsp_alone(pki: Pki, source: OcspSource) -> None:
    assert pki.judge(signed(pki.hanako()), revocation=source).outcome is Outcome.GOOD


def test_a_revoked_card_is_refused_with_the_reason(pki: Pki, source: OcspSource) -> None:
    issued = pki.hanako()
    pki.authority.revoke("sign", issued.issuer_key_id, issued.serial, at=NOW - DAY, reason="keyCompromise")
    verdict = pki.judge(signed(issued), revocation=source)
    assert not_good(verdict) == {"revocation": "revoked"}
    assert verdict.failed is not None
    assert verdict.failed.facts["crl_reason"] == "keyCompromise"


def test_a_hold_and_its_release_are_seen_once_asked_anew(pki: Pki, source: OcspSource) -> None:
    issued = pki.hanako()
    pki.authority.revoke("sign", issued.issuer_key_id, issued.serial, at=NOW - DAY, reason="certificateHold")
    assert not_good(pki.judge(signed(issued), revocation=source)) == {"revocation": "on_hold"}
    pki.authority.release("sign", issued.issuer_key_id, issued.serial)
    assert not_good(pki.judge(signed(issued), revocation=source)) == {"revocation": "on_hold"}
    source.forget()
    assert pki.judge(signed(issued), revocation=source).outcome is Outcome.GOOD


def test_a_certificate_the_authority_never_issued_is_not_good(pki: Pki, source: OcspSource) -> None:
    found = source.look_up(pki.authority.root("sign").key_id, b"", 0x7777_7777)
    assert found == NoAnswer(Reason.REVOCATION_NOT_CHECKED)


def test_when_the_responder_is_away_nothing_was_checked_and_nothing_passes(pki: Pki) -> None:
    def away(_asked: bytes) -> bytes:
        raise TimeoutError

    source = OcspSource(pki.trust, away, lambda: NOW)
    verdict = pki.judge(signed(pki.hanako()), revocation=source)
    assert verdict.outcome is Outcome.UNKNOWN
    assert source.problems == {"no answer: TimeoutError": 1}


def test_an_answer_is_kept_until_its_time_is_over_and_no_longer(pki: Pki) -> None:
    asked: list[bytes] = []
    now = NOW

    def ask(request: bytes) -> bytes:
        asked.append(request)
        return respond(request, pki.authority, now=now)

    source = OcspSource(pki.trust, ask, lambda: now)
    issued = pki.hanako()
    for _ in range(3):
        source.look_up(bytes.fromhex(issued.issuer_key_id), b"", _serial(issued))
    assert len(asked) == 1
    now = NOW + DAY
    source.look_up(bytes.fromhex(issued.issuer_key_id), b"", _serial(issued))
    assert len(asked) == 2
    assert asked[0] != asked[1]  # a new nonce each time


def test_one_municipality_by_ocsp_and_the_others_by_list(pki: Pki, source: OcspSource) -> None:
    point = distribution_point_name("sign", HAYAMA)
    both = SourceByPoint(NotChecked(), {point: source})
    assert pki.judge(signed(pki.hanako()), revocation=both).outcome is Outcome.GOOD
    elsewhere = SourceByPoint(source, {point: NotChecked()})
    assert pki.judge(signed(pki.hanako()), revocation=elsewhere).outcome is Outcome.UNKNOWN


@dataclass(frozen=True)
class Forged:
    """Everything an answer says, to change one thing."""

    serial: int
    root: x509.Certificate
    key: RSAPrivateKey
    signer: x509.Certificate
    status: OCSPCertStatus = OCSPCertStatus.GOOD
    begin: timedelta = timedelta(hours=-1)
    end: timedelta | None = DAY
    nonce: bytes | None = NONCE
    embedded: tuple[x509.Certificate, ...] = ()
    by_name: bool = True
    issuer: x509.Certificate | None = None
    algorithm: type[SHA256] | type[SHA384] = SHA256
    critical: bool = False

    def encoded(self) -> bytes:
        subject = self.issuer or self.root
        shown = x509.load_der_x509_certificate(subject.public_bytes(Encoding.DER))
        holder = (
            x509.CertificateBuilder().subject_name(shown.subject).issuer_name(shown.subject)
            .public_key(shown.public_key()).serial_number(self.serial)  # type: ignore[arg-type]
            .not_valid_before(NOW - DAY).not_valid_after(NOW + DAY).sign(self.key, SHA256())
        )  # fmt: skip
        builder = OCSPResponseBuilder().add_response(
            cert=holder, issuer=subject, algorithm=SHA256(), cert_status=self.status,
            this_update=NOW + self.begin, next_update=None if self.end is None else NOW + self.end,
            revocation_time=NOW - DAY if self.status is OCSPCertStatus.REVOKED else None,
            revocation_reason=None,
        )  # fmt: skip
        encoding = OCSPResponderEncoding.NAME if self.by_name else OCSPResponderEncoding.HASH
        builder = builder.responder_id(encoding, self.signer)
        if self.embedded:
            builder = builder.certificates(list(self.embedded))
        if self.nonce is not None:
            builder = builder.add_extension(x509.OCSPNonce(self.nonce), critical=False)
        if self.critical:
            unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.5"), b"\x05\x00")
            builder = builder.add_extension(unknown, critical=True)
        return builder.sign(self.key, self.algorithm()).public_bytes(Encoding.DER)


def _forged(pki: Pki, serial: int = 0x0100_0001) -> Forged:
    root = x509.load_der_x509_certificate(pki.authority.root("sign").certificate.raw)
    return Forged(serial, root, pki.authority.root_key("sign"), root)


def _responder(pki: Pki, change: Callable[[Request], Request] = lambda request: request) -> x509.Certificate:
    """A certificate by the root that lets the first of the run's keys answer for it."""
    root = pki.authority.root("sign")
    key = pki.keys[0].public_key()
    request = Request(
        0x0200_0002, root.certificate.subject, pki_profile.distinguished_name((oids.COMMON_NAME, "responder")),
        NOW - DAY, NOW + DAY, pki_profile.public_key_info(key),
        {
            oids.AUTHORITY_KEY_IDENTIFIER: pki.authority.authority("sign"),
            oids.KEY_USAGE: Extension(True, w.named_bits(0)),
            "2.5.29.37": Extension(True, w.sequence(w.oid("1.3.6.1.5.5.7.3.9"))),
            "1.3.6.1.5.5.7.48.1.5": Extension(False, w.null()),
        },
    )  # fmt: skip
    return x509.load_der_x509_certificate(pki.authority.certify("sign", change(request)))


def _by_responder(pki: Pki, certificate: x509.Certificate) -> Forged:
    return replace(_forged(pki), key=pki.keys[0], signer=certificate, embedded=(certificate,))


def _read(pki: Pki, answer: bytes, nonce: bytes | None = NONCE) -> object:
    return read_answer(answer, pki.authority.root("sign"), 0x0100_0001, nonce, NOW)


def test_answers_by_the_root_and_by_its_responder_are_read(pki: Pki) -> None:
    assert _read(pki, _forged(pki).encoded()) is not None
    assert _read(pki, replace(_forged(pki), by_name=False).encoded()) is not None
    assert _read(pki, _by_responder(pki, _responder(pki)).encoded()) is not None
    assert (
        _read(
            pki,
            _forged(
                pki,
            ).encoded(),
            nonce=None,
        )
        is not None
    )
    assert _read(pki, replace(_forged(pki), status=OCSPCertStatus.UNKNOWN).encoded()) is None


WRONG: dict[str, Callable[[Forged], Forged]] = {
    "another certificate": lambda one: replace(one, serial=0x0100_0002),
    "another issuer": lambda one: replace(one, issuer=_stranger_certificate(one)),
    "an old answer": lambda one: replace(one, nonce=bytes(32)),
    "no nonce": lambda one: replace(one, nonce=None),
    "no end": lambda one: replace(one, end=None),
    "of a time to come": lambda one: replace(one, begin=timedelta(hours=1)),
    "another hash": lambda one: replace(one, algorithm=SHA384),
    "a critical part nobody knows": lambda one: replace(one, critical=True),
}


def _stranger_certificate(one: Forged) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stranger")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    builder = builder.not_valid_before(NOW - DAY).not_valid_after(NOW + DAY)
    return builder.public_key(one.key.public_key()).sign(one.key, SHA256())


@pytest.mark.parametrize("case", WRONG)
def test_an_answer_wrong_in_one_place_is_not_used(pki: Pki, case: str) -> None:
    with pytest.raises(UnusableAnswer):
        _read(pki, WRONG[case](_forged(pki)).encoded())


def _without(dotted: str) -> Callable[[Request], Request]:
    def change(request: Request) -> Request:
        return replace(request, extensions={k: v for k, v in request.extensions.items() if k != dotted})

    return change


def _with(dotted: str, value: bytes, *, critical: bool = True) -> Callable[[Request], Request]:
    def change(request: Request) -> Request:
        return replace(request, extensions={**request.extensions, dotted: Extension(critical, value)})

    return change


RESPONDERS: dict[str, Callable[[Request], Request]] = {
    "no right to sign answers": _without("2.5.29.37"),
    "other purposes too": _with(
        "2.5.29.37", w.sequence(w.oid("1.3.6.1.5.5.7.3.9"), w.oid("1.3.6.1.5.5.7.3.2"))
    ),
    "its own revocation open": _without("1.3.6.1.5.5.7.48.1.5"),
    "no key usage": _without(oids.KEY_USAGE),
    "another key usage": _with(oids.KEY_USAGE, w.named_bits(0, 5)),
    "an authority": _with(oids.BASIC_CONSTRAINTS, w.sequence(w.boolean(True))),
    "a critical part nobody knows": _with("2.999.6", w.null()),
    "expired": lambda request: replace(request, not_after=NOW - timedelta(seconds=1)),
    "not yet valid": lambda request: replace(request, not_before=NOW + timedelta(seconds=1)),
    "another issuer's name": lambda request: replace(
        request, issuer=pki_profile.distinguished_name((oids.COMMON_NAME, "other"))
    ),
}


@pytest.mark.parametrize("case", RESPONDERS)
def test_a_responder_without_the_issuers_right_says_nothing(pki: Pki, case: str) -> None:
    with pytest.raises(UnusableAnswer):
        _read(pki, _by_responder(pki, _responder(pki, RESPONDERS[case])).encoded())


def test_a_resident_cannot_answer_about_herself(pki: Pki) -> None:
    issued = pki.hanako()
    own = x509.load_der_x509_certificate(issued.certificate)
    with pytest.raises(UnusableAnswer):
        _read(pki, replace(_forged(pki), key=issued.key, signer=own, embedded=(own,)).encoded())


def test_a_responder_of_another_root_answers_only_for_that_root(pki: Pki) -> None:
    auth = pki.authority.root("auth")
    with pytest.raises(UnusableAnswer):
        read_answer(_forged(pki).encoded(), auth, 0x0100_0001, NONCE, NOW)


def _signed_with_an_even_end(pki: Pki) -> bytes:
    """An answer whose signature ends in a zero bit: its count of unused bits could be another in good DER."""
    forged = _by_responder(pki, _responder(pki))
    answers = (replace(forged, end=DAY + timedelta(seconds=n)).encoded() for n in range(64))
    return next(raw for raw in answers if load_der_ocsp_response(raw).signature[-1] & 1 == 0)


def test_no_byte_of_an_answer_can_be_another(pki: Pki) -> None:
    answer = _signed_with_an_even_end(pki)
    for position in range(len(answer)):
        changed = bytearray(answer)
        changed[position] ^= 0x01
        with pytest.raises(UnusableAnswer):
            _read(pki, bytes(changed))


@given(answer=st.binary(max_size=200))
def test_no_bytes_make_the_reader_do_anything_but_refuse(pki: Pki, answer: bytes) -> None:
    with pytest.raises(UnusableAnswer):
        _read(pki, answer)


def test_what_is_no_question_is_refused_in_words_of_the_protocol(pki: Pki) -> None:
    refusal = load_der_ocsp_response(respond(b"rubbish", pki.authority, now=NOW))
    assert refusal.response_status.name == "MALFORMED_REQUEST"


_VECTORS = Path(cryptography_vectors.__file__).parent / "x509" / "ocsp"
REQUESTS = {
    "ocsp-army.inapplicable-req.der": "UNAUTHORIZED",
    "ocsp-army.revoked-req.der": "UNAUTHORIZED",
    "ocsp-army.valid-req.der": "UNAUTHORIZED",
    "req-acceptable-responses.der": "UNAUTHORIZED",
    "req-duplicate-ext.der": "MALFORMED_REQUEST",
    "req-ext-nonce.der": "UNAUTHORIZED",
    "req-ext-unknown-oid.der": "UNAUTHORIZED",
    "req-invalid-hash-alg.der": "MALFORMED_REQUEST",
    "req-invalid-version.der": "MALFORMED_REQUEST",
    "req-multi-sha1.der": "MALFORMED_REQUEST",
    "req-sha1.der": "UNAUTHORIZED",
}


def test_every_vector_of_the_suite_has_its_test() -> None:
    there = {path.name for path in _VECTORS.glob("*.der")}
    assert there == REQUESTS.keys() | {name for name in there if "resp" in name and "req" not in name}


@pytest.mark.parametrize("name", REQUESTS)
def test_our_responder_answers_the_suites_questions(pki: Pki, name: str) -> None:
    answer = load_der_ocsp_response(respond((_VECTORS / name).read_bytes(), pki.authority, now=NOW))
    assert answer.response_status.name == REQUESTS[name]


@pytest.mark.parametrize(
    "name", sorted({path.name for path in _VECTORS.glob("*resp*.der")} - REQUESTS.keys())
)
def test_no_answer_of_the_suite_is_believed_under_our_roots(pki: Pki, name: str) -> None:
    with pytest.raises(UnusableAnswer):
        _read(pki, (_VECTORS / name).read_bytes(), nonce=None)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def served(pki: Pki) -> Iterator[str]:
    with make_server("127.0.0.1", 0, Responder(pki.authority, lambda: NOW), handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_the_responder_answers_over_http(pki: Pki, served: str) -> None:
    def ask(asked: bytes) -> bytes:
        request = urllib.request.Request(served, asked, {"Content-Type": "application/ocsp-request"})
        with urllib.request.urlopen(request, timeout=10) as response:
            return bytes(response.read())

    source = OcspSource(pki.trust, ask, lambda: NOW)
    issued = pki.hanako()
    found = source.look_up(bytes.fromhex(issued.issuer_key_id), b"", _serial(issued))
    assert isinstance(found, Answer)
    assert found.entry is None
    with pytest.raises(UnusableAnswer):
        read_answer(ask(b"\x30\x00"), pki.authority.root("sign"), 1, None, NOW)
    with pytest.raises(urllib.error.HTTPError, match="405") as refused:
        urllib.request.urlopen(served, timeout=10)
    refused.value.close()


@pytest.fixture
def town(pki: Pki, served: str, tmp_path: Path) -> Path:
    """A trust folder whose town asks the responder instead of taking lists."""
    (tmp_path / "roots").symlink_to(pki.authority.roots_folder)
    (tmp_path / "crls").mkdir()
    row = {"kind": "sign", "municipality": HAYAMA, "url": served}
    (tmp_path / "ocsp.json").write_text(json.dumps([row]))
    return tmp_path


def test_the_outer_zone_asks_and_the_inner_zone_reads_what_was_brought(
    pki: Pki, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    inner, outer = in_force(town, may_ask=False), in_force(town, may_ask=True)
    message = signed(pki.hanako())
    assert pki.judge(message, revocation=inner.revocation).outcome is Outcome.UNKNOWN
    assert pki.judge(message, revocation=outer.revocation).outcome is Outcome.GOOD
    assert pki.judge(message, revocation=inner.revocation).outcome is Outcome.GOOD


def test_an_answer_on_file_is_no_answer_once_its_time_is_over_or_for_another_card(
    pki: Pki, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    hanako, taro = pki.hanako(), pki.hanako()
    outer, inner = in_force(town, may_ask=True).revocation, in_force(town, may_ask=False).revocation
    assert pki.judge(signed(hanako), revocation=outer).outcome is Outcome.GOOD
    (kept,) = (town / "ocsp").iterdir()
    kept.with_name(kept.name.replace(hanako.serial, taro.serial)).write_bytes(kept.read_bytes())
    assert pki.judge(signed(taro), revocation=inner).outcome is Outcome.UNKNOWN
    assert pki.judge(signed(hanako), revocation=inner, at=NOW + DAY).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "setting", ["{", "[{}]", '[{"kind": "sign", "municipality": "1", "url": "http://a/"}]', '[{"kind": "x"}]',
                '[{"kind": "sign", "municipality": "143014", "url": "file:///etc/passwd"}]'],
)  # fmt: skip
def test_a_wrong_setting_stops_the_start_and_shows_a_right_one(town: Path, setting: str) -> None:
    (town / "ocsp.json").write_text(setting)
    with pytest.raises(WrongSetting, match="例"):
        in_force(town, may_ask=False)


def test_a_responder_that_is_away_or_sends_too_much_is_no_answer(pki: Pki) -> None:
    source = OcspSource(pki.trust, over_http("http://127.0.0.1:9/"), lambda: NOW)
    key_id = pki.authority.root("sign").key_id
    assert source.look_up(key_id, b"", 1) == NoAnswer(Reason.REVOCATION_NOT_CHECKED)
    assert list(source.problems) == ["no answer: OSError"]


def test_our_question_is_one_openssls_readers_know(pki: Pki, tmp_path: Path) -> None:
    (tmp_path / "q.der").write_bytes(question(pki.authority.root("sign"), 0xABCDEF, NONCE))
    read = subprocess.run(
        ["openssl", "ocsp", "-reqin", tmp_path / "q.der", "-req_text"], capture_output=True, text=True
    )
    assert "Serial Number: ABCDEF" in read.stdout
    assert "OCSP Nonce" in read.stdout
