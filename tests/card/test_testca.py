"""The test authority writes JPKI's profile, and libraries of others read what it writes."""

import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.card.cast import CONTENT, HANAKO, HAYAMA, NINOMIYA, NOW, TARO, Pki, signed, with_extension
from yakuba.base.municipality import InvalidMunicipalityCode
from yakuba.card import der, oids
from yakuba.card import derwrite as w
from yakuba.card.attributes import birth_text, read_attributes, write_attributes
from yakuba.card.books import AlreadyIssued, NotIssued
from yakuba.card.certificate import Extension
from yakuba.card.outcomes import Kind, Outcome
from yakuba.card.pki_profile import Request
from yakuba.card.testca import GENERATIONS, KINDS, NEWEST, Issued, TestCA
from yakuba.card.trust import TrustStore, UnusableRoot, read_root
from yakuba.card.verdict import verify_cms_detached


def _read(issued: Issued) -> x509.Certificate:
    return x509.load_der_x509_certificate(issued.certificate)


@pytest.mark.parametrize("kind", KINDS)
def test_certificates_are_rsa_2048_with_sha256_and_signed_by_their_root(pki: Pki, kind: Kind) -> None:
    found = _read(pki.hanako(kind))
    key = found.public_key()
    assert isinstance(key, RSAPublicKey)
    assert key.key_size == 2048
    assert isinstance(found.signature_hash_algorithm, SHA256)
    root = pki.authority.root(kind)
    root.key.verify(found.signature, found.tbs_certificate_bytes, PKCS1v15(), SHA256())


def test_the_common_name_is_an_issuing_number_and_not_the_name(pki: Pki) -> None:
    for kind in KINDS:
        (name,) = _read(pki.hanako(kind)).subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        assert str(name.value).isdigit()


@pytest.mark.parametrize(("kind", "non_repudiation"), [("sign", True), ("auth", False)])
def test_key_usage_is_critical_and_of_the_kind(pki: Pki, kind: Kind, non_repudiation: bool) -> None:
    found = _read(pki.hanako(kind)).extensions.get_extension_for_class(x509.KeyUsage)
    assert found.critical
    assert found.value == x509.KeyUsage(True, non_repudiation, *[False] * 7)


@pytest.mark.parametrize(("kind", "policy"), [("sign", "2.999.143.1"), ("auth", "2.999.143.2")])
def test_the_policy_is_critical_and_under_the_example_arc(pki: Pki, kind: Kind, policy: str) -> None:
    found = _read(pki.hanako(kind)).extensions.get_extension_for_class(x509.CertificatePolicies)
    assert found.critical
    assert [one.policy_identifier.dotted_string for one in found.value] == [policy]


def test_the_attributes_are_six_utf8_other_names_in_the_signing_certificate_only(pki: Pki) -> None:
    found = _read(pki.hanako()).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    names = {one.type_id.dotted_string: one.value for one in found.value if isinstance(one, x509.OtherName)}
    assert set(names) == {f"1.2.392.200149.8.5.5.{number}" for number in range(1, 7)}
    assert names["1.2.392.200149.8.5.5.4"] == b"\x0c\x09419900102"
    assert all(value[0] == der.UTF8_STRING for value in names.values())
    with pytest.raises(x509.ExtensionNotFound):
        _read(pki.hanako("auth")).extensions.get_extension_for_class(x509.SubjectAlternativeName)


def test_the_distribution_point_is_the_municipalitys_directory_name(pki: Pki) -> None:
    for kind in KINDS:
        found = _read(pki.hanako(kind)).extensions.get_extension_for_class(x509.CRLDistributionPoints)
        (place,) = found.value
        assert place.full_name is not None
        (name,) = place.full_name
        assert isinstance(name, x509.DirectoryName)
        (last,) = name.value.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        assert last.value == f"{HAYAMA} CRLDP"


def test_the_authority_key_identifier_names_the_root(pki: Pki) -> None:
    found = _read(pki.hanako()).extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    root = pki.authority.root("sign")
    assert found.key_identifier == root.key_id
    assert found.authority_cert_serial_number == root.certificate.serial


def test_several_roots_share_one_name_and_one_of_them_has_expired(pki: Pki) -> None:
    for kind in KINDS:
        roots = [pki.authority.root(kind, generation) for generation in GENERATIONS]
        assert len({root.certificate.subject for root in roots}) == 1
        assert len({root.key_id for root in roots}) == len(GENERATIONS)
        assert [root.certificate.not_after < NOW for root in roots] == [True, False, False]


def test_lists_of_twenty_thousand_are_read_by_another_library(pki: Pki, tmp_path: Path) -> None:
    authority = TestCA.create(tmp_path, now=NOW, municipalities=(HAYAMA,))
    authority.publish_crls(now=NOW, fillers=20_000)
    found = x509.load_der_x509_crl((authority.crls_folder / f"sign-{NEWEST}-{HAYAMA}.crl").read_bytes())
    assert len(found) == 20_000
    assert found.is_signature_valid(authority.root("sign").key)
    assert found.next_update_utc == NOW + timedelta(days=7)
    scope = found.extensions.get_extension_for_class(x509.IssuingDistributionPoint)
    assert scope.critical


def test_serials_repeat_between_roots_and_never_within_one(pki: Pki, tmp_path: Path) -> None:
    authority = TestCA.create(tmp_path, now=NOW, municipalities=(HAYAMA,))
    first, second = (
        authority.issue(who, HAYAMA, now=NOW, keys=(pki.keys[0], pki.keys[1])) for who in (HANAKO, TARO)
    )
    assert first.sign.serial == first.auth.serial
    assert first.sign.serial != second.sign.serial
    with pytest.raises(AlreadyIssued):
        authority.issue(
            TARO, HAYAMA, now=NOW, keys=(pki.keys[0], pki.keys[1]), serials=(int(first.sign.serial, 16), 5)
        )


def test_a_serial_can_be_asked_for(pki: Pki) -> None:
    pair = pki.authority.issue(
        HANAKO, HAYAMA, now=NOW, keys=(pki.keys[0], pki.keys[1]), serials=(0xABCDEF, 0xABCDEF)
    )
    assert (pair.sign.serial, pair.auth.serial) == ("abcdef", "abcdef")


def test_private_parts_are_for_their_owner_only_and_public_folders_hold_no_key(pki: Pki) -> None:
    private = pki.folder / "private"
    assert private.stat().st_mode & 0o777 == 0o700
    files = [path for path in private.iterdir() if path.is_file()]
    assert {"unlock.key", "books.json", "sign-g1.key"} <= {path.name for path in files}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)
    public = {
        path.suffix
        for folder in (pki.authority.roots_folder, pki.authority.crls_folder)
        for path in folder.iterdir()
    }
    assert public == {".crt", ".crl"}


def test_an_authority_is_opened_again_with_its_books(pki: Pki, tmp_path: Path) -> None:
    issued = TestCA.create(tmp_path, now=NOW, municipalities=(HAYAMA,)).issue(
        HANAKO, NINOMIYA, now=NOW, keys=(pki.keys[0], pki.keys[1])
    )
    again = TestCA.open(tmp_path)
    again.revoke("sign", issued.sign.issuer_key_id, issued.sign.serial, at=NOW)
    again.publish_crls(now=NOW)
    assert (again.crls_folder / f"sign-{NEWEST}-{NINOMIYA}.crl").exists()
    with pytest.raises(FileExistsError):
        TestCA.create(tmp_path, now=NOW, municipalities=(HAYAMA,))


def test_only_what_was_issued_is_revoked_and_only_holds_are_released(pki: Pki) -> None:
    issued = pki.hanako()
    with pytest.raises(NotIssued):
        pki.authority.revoke("sign", issued.issuer_key_id, "dead", at=NOW)
    with pytest.raises(NotIssued):
        pki.authority.release("sign", issued.issuer_key_id, issued.serial)
    with pytest.raises(InvalidMunicipalityCode):
        pki.authority.issue(HANAKO, "143010", now=NOW, keys=(pki.keys[0], pki.keys[1]))


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2019, 5, 1), "520190501"), (date(2019, 4, 30), "420190430"), (date(1989, 1, 7), "319890107"),
        (date(1926, 12, 24), "219261224"), (date(1912, 7, 29), "119120729"),
    ],
)  # fmt: skip
def test_the_birth_is_an_era_digit_and_a_western_date(day: date, text: str) -> None:
    assert birth_text(day) == text
    attributes = read_attributes(write_attributes(replace(HANAKO, birth=text)))
    assert attributes.birth_date == day


def test_an_unknown_birthday_is_kept_as_unknown() -> None:
    assert replace(HANAKO, birth="319450000").birth_date is None
    with pytest.raises(ValueError, match="Meiji"):
        birth_text(date(1868, 1, 24))


def _changed_root(pki: Pki, how: str) -> bytes:
    root = pki.authority.root("sign").certificate.raw
    changes = {
        "a resident's certificate": pki.hanako().certificate,
        "one bit changed": root[:-1] + bytes((root[-1] ^ 1,)),
        "a byte more": root + b"\x00",
        "nothing": b"",
        "too large": bytes(20_000),
        "another root's": pki.authority.certify("sign", _self_named(pki)),
    }
    return changes[how]


def _self_named(pki: Pki) -> Request:
    request = pki.request()
    extensions = {**request.extensions, oids.SUBJECT_KEY_IDENTIFIER: request.extensions[oids.KEY_USAGE]}
    return replace(request, subject=request.issuer, extensions=extensions)


@pytest.mark.parametrize(
    "how",
    ["a resident's certificate", "one bit changed", "a byte more", "nothing", "too large", "another root's"],
)
def test_a_folder_of_roots_with_something_else_in_it_is_not_trusted_at_all(
    pki: Pki, tmp_path: Path, how: str
) -> None:
    (tmp_path / "good.crt").write_bytes(pki.authority.root("sign").certificate.raw)
    assert len(TrustStore.from_folder(tmp_path).roots) == 1
    (tmp_path / "other.crt").write_bytes(_changed_root(pki, how))
    with pytest.raises(UnusableRoot, match=r"other\.crt"):
        TrustStore.from_folder(tmp_path)


def test_a_root_issued_again_over_its_key_carries_on(pki: Pki) -> None:
    """Of two certificates of one root key, the one valid at the time is meant."""
    old = pki.authority.root("sign", "g1")
    request = replace(
        pki.request(), serial=99, subject=old.certificate.subject, public_key=old.certificate.public_key_info,
        not_before=NOW - timedelta(days=400), not_after=NOW + timedelta(days=400),
        extensions={oid: old.certificate.extension(oid) for oid in (oids.SUBJECT_KEY_IDENTIFIER, oids.KEY_USAGE, oids.BASIC_CONSTRAINTS)},
    )  # fmt: skip
    renewed = read_root(pki.authority.certify("sign", request, "g1"))
    key_only = Extension(False, w.sequence(w.implicit(0, old.key_id)))
    leaf = with_extension(pki.request(generation="g1"), oids.AUTHORITY_KEY_IDENTIFIER, key_only)
    message = signed(pki.issued("sign", leaf, "g1"))
    for roots in ((old, renewed), (renewed, old)):
        verdict = verify_cms_detached(
            CONTENT, message, at=NOW, trust=TrustStore(roots), revocation=pki.as_made
        )
        assert verdict.outcome is Outcome.GOOD
    assert pki.judge(message).reason == "issuer_expired"


def _openssl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)


def test_openssl_reads_our_signature_and_refuses_it_over_other_bytes(pki: Pki, tmp_path: Path) -> None:
    message, content = tmp_path / "message", tmp_path / "content"
    message.write_bytes(signed(pki.hanako()))
    root = tmp_path / "root.pem"
    _openssl("x509", "-inform", "DER", "-in", pki.authority.roots_folder / f"sign-{NEWEST}.crt", "-out", root)

    def verify() -> int:
        return _openssl(
            "cms", "-verify", "-cades", "-inform", "DER", "-in", message, "-content", content, "-binary", "-CAfile",
            root, "-purpose", "any", "-attime", str(int(NOW.timestamp())), "-out", tmp_path / "out",
        ).returncode  # fmt: skip

    content.write_bytes(CONTENT)
    assert verify() == 0
    content.write_bytes(CONTENT + b" ")
    assert verify() != 0


def test_we_read_openssls_signature(pki: Pki, tmp_path: Path) -> None:
    issued = pki.hanako()
    certificate, key, content = tmp_path / "certificate.pem", tmp_path / "key.pem", tmp_path / "content"
    certificate.write_bytes(_read(issued).public_bytes(Encoding.PEM))
    key.write_bytes(issued.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    content.write_bytes(CONTENT)
    made = _openssl(
        "cms", "-sign", "-cades", "-nosmimecap", "-binary", "-md", "sha256", "-in", content, "-signer", certificate,
        "-inkey", key, "-outform", "DER", "-out", tmp_path / "message",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    message = (tmp_path / "message").read_bytes()
    assert pki.judge(message).outcome is Outcome.GOOD
    assert pki.judge(message, content=b"other").reason == "content_changed"
