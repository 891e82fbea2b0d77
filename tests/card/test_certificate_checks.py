"""Each check on the certificate is necessary: a certificate that is wrong only there is refused, for that reason.

Every case says what it changes in a right certificate, and which check must object; no other check may be BAD.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.card.cast import CHALLENGE, HANAKO, HAYAMA, NOW, Pki, not_good, session, with_extension
from tests.card.forge import message
from yakuba.card import derwrite as w
from yakuba.card import oids, pki_profile
from yakuba.card.attributes import write_attributes
from yakuba.card.certificate import Extension
from yakuba.card.outcomes import Outcome
from yakuba.card.pki_profile import Request, distribution_point_name, point
from yakuba.card.testca import NEWEST, Issued

Change = Callable[[Pki, Request], Request]
_URI = w.explicit(0, w.explicit(0, w.implicit(6, b"http://stranger.example.com/hayama.crl")))
_POINT = point(distribution_point_name("sign", HAYAMA))


def _extension(dotted: str, value: bytes | None, *, critical: bool = False) -> Change:
    extension = None if value is None else Extension(critical, value)
    return lambda _pki, request: with_extension(request, dotted, extension)


def _policy(*dotted: str, critical: bool = True) -> Change:
    value = w.sequence(*(w.sequence(w.oid(one)) for one in dotted))
    return _extension(oids.CERTIFICATE_POLICIES, value, critical=critical)


def _usage(*bits: int, critical: bool = True) -> Change:
    return _extension(oids.KEY_USAGE, w.named_bits(*bits), critical=critical)


def _points(*parts: bytes) -> Change:
    return _extension(oids.CRL_DISTRIBUTION_POINTS, w.sequence(*parts))


def _names(*names: bytes) -> Change:
    return _extension(oids.SUBJECT_ALT_NAME, w.sequence(*names))


def _other_name(dotted: str, text: str) -> bytes:
    return w.explicit(0, w.oid(dotted), w.explicit(0, w.utf8(text)))


def _authority(
    *, key_id: bytes | None = None, issuer: bytes | None = None, serial: int | None = None
) -> Change:
    def change(pki: Pki, request: Request) -> Request:
        root = pki.authority.root("sign")
        extension = pki_profile.authority_key_identifier(
            key_id or root.key_id, issuer or root.certificate.issuer, serial or root.certificate.serial
        )
        return with_extension(request, oids.AUTHORITY_KEY_IDENTIFIER, extension)

    return change


def _days(before: int, after: int) -> Change:
    return lambda _pki, request: replace(
        request, not_before=NOW + timedelta(days=before), not_after=NOW + timedelta(days=after)
    )


_ATTRIBUTES = write_attributes(HANAKO)
_SIX = [
    _other_name(oids.ATTRIBUTE_NAME, "葉山 花子"), _other_name(oids.ATTRIBUTE_NAME_SUBSTITUTES, "00000"),
    _other_name(oids.ATTRIBUTE_SEX, "2"), _other_name(oids.ATTRIBUTE_BIRTH, "419900102"),
    _other_name(oids.ATTRIBUTE_ADDRESS, "葉山町"), _other_name(oids.ATTRIBUTE_ADDRESS_SUBSTITUTES, "000"),
]  # fmt: skip

CASES: Mapping[str, tuple[Change, str, str]] = {
    "no issuer key named": (_extension(oids.AUTHORITY_KEY_IDENTIFIER, None), "issuer", "issuer_not_trusted"),
    "an issuer key we do not pin": (_authority(key_id=b"\x01" * 20), "issuer", "issuer_not_trusted"),
    "an issuer certificate of another serial": (_authority(serial=7), "issuer", "issuer_not_trusted"),
    "an issuer of another name": (
        lambda _pki, request: replace(request, issuer=pki_profile.distinguished_name((oids.COUNTRY, "JP"))),
        "issuer", "issuer_not_trusted",
    ),
    "not yet valid": (_days(1, 100), "validity", "not_yet_valid"),
    "expired yesterday": (_days(-100, -1), "validity", "expired"),
    "no policy": (_extension(oids.CERTIFICATE_POLICIES, None), "certificate_policy", "wrong_policy"),
    "policy not critical": (_policy(oids.TEST_SIGN_POLICY, critical=False), "certificate_policy", "wrong_policy"),
    "the policy of log-in certificates": (_policy(oids.TEST_AUTH_POLICY), "certificate_policy", "wrong_policy"),
    "any policy": (_policy("2.5.29.32.0"), "certificate_policy", "wrong_policy"),
    "a second policy": (_policy(oids.TEST_SIGN_POLICY, "2.999.7"), "certificate_policy", "wrong_policy"),
    "JPKI's own arc": (_policy("1.2.392.200149.8.5.1.1.10"), "certificate_policy", "wrong_policy"),
    "no key usage": (_extension(oids.KEY_USAGE, None), "key_usage", "wrong_key_usage"),
    "key usage not critical": (_usage(0, 1, critical=False), "key_usage", "wrong_key_usage"),
    "key usage without non-repudiation": (_usage(0), "key_usage", "wrong_key_usage"),
    "key usage without digital signature": (_usage(1), "key_usage", "wrong_key_usage"),
    "key usage to sign certificates": (_usage(0, 1, 5), "key_usage", "wrong_key_usage"),
    "key usage with decipherOnly": (_usage(0, 1, 8), "key_usage", "wrong_key_usage"),
    "an authority": (
        _extension(oids.BASIC_CONSTRAINTS, w.sequence(w.boolean(True)), critical=True), "not_a_ca", "is_a_ca"
    ),
    "basic constraints of wrong form": (_extension(oids.BASIC_CONSTRAINTS, w.integer(1)), "not_a_ca", "is_a_ca"),
    "a critical part nobody knows": (
        _extension("2.999.99", w.null(), critical=True), "critical_extensions", "unknown_critical_extension"
    ),
    "critical name constraints": (
        _extension("2.5.29.30", w.sequence(), critical=True), "critical_extensions", "unknown_critical_extension"
    ),
    "no attributes": (
        _extension(oids.SUBJECT_ALT_NAME, None), "holder_attributes", "holder_attributes_missing"
    ),
    "no address": (_names(*_SIX[:4], _SIX[5]), "holder_attributes", "holder_attributes_missing"),
    "two names": (_names(*_SIX, _SIX[0]), "holder_attributes", "holder_attributes_missing"),
    "a birth without era": (
        _names(*_SIX[:3], _other_name(oids.ATTRIBUTE_BIRTH, "19900102"), *_SIX[4:]),
        "holder_attributes", "holder_attributes_missing",
    ),
    "a birth in full-width digits": (
        _names(*_SIX[:3], _other_name(oids.ATTRIBUTE_BIRTH, "４１９９００１０２"), *_SIX[4:]),
        "holder_attributes", "holder_attributes_missing",
    ),
    "no distribution point": (
        _extension(oids.CRL_DISTRIBUTION_POINTS, None), "distribution_point", "wrong_distribution_point"
    ),
    "two distribution points": (
        _points(w.sequence(_POINT), w.sequence(_POINT)), "distribution_point", "wrong_distribution_point"
    ),
    "a distribution point elsewhere": (
        _points(w.sequence(_URI)), "distribution_point", "wrong_distribution_point"
    ),
    "a distribution point for some reasons": (
        _points(w.sequence(_POINT, w.implicit(1, b"\x01\x40"))), "distribution_point", "wrong_distribution_point"
    ),
    "a list issued by someone else": (
        _points(w.sequence(_POINT, w.explicit(2, w.explicit(4, pki_profile.authority_name("auth"))))),
        "distribution_point", "wrong_distribution_point",
    ),
}  # fmt: skip


def _issue(pki: Pki, change: Change) -> Issued:
    return pki.issued("sign", change(pki, pki.request()))


@pytest.mark.parametrize("case", CASES)
def test_a_certificate_wrong_in_one_place_is_refused_for_that(pki: Pki, case: str) -> None:
    change, check, reason = CASES[case]
    verdict = pki.judge(message(_issue(pki, change)).encoded())
    assert verdict.outcome is Outcome.BAD
    assert {one.code.value for one in verdict.checks if one.outcome is Outcome.BAD} == {check}
    assert verdict.reason is not None
    assert verdict.reason.value == reason


@pytest.mark.parametrize(
    "change",
    [
        _extension(oids.BASIC_CONSTRAINTS, w.sequence()),
        _extension("2.999.99", w.null()),
        _extension(oids.CRL_DISTRIBUTION_POINTS, w.sequence(w.sequence(_POINT)), critical=True),
        _names(*_SIX, w.implicit(1, b"hanako@example.jp")),
        _extension(oids.AUTHORITY_KEY_IDENTIFIER, None),
    ],
)
def test_what_the_profile_leaves_open_does_not_matter(pki: Pki, change: Change) -> None:
    request = change(pki, pki.request())
    if (
        oids.AUTHORITY_KEY_IDENTIFIER not in request.extensions
    ):  # only the key named, not the issuer's certificate
        key_only = Extension(False, w.sequence(w.implicit(0, pki.authority.root("sign").key_id)))
        request = with_extension(request, oids.AUTHORITY_KEY_IDENTIFIER, key_only)
    assert pki.judge(message(pki.issued("sign", request)).encoded()).outcome is Outcome.GOOD


def test_a_root_that_has_expired_carries_nobody(pki: Pki) -> None:
    verdict = pki.judge(message(pki.hanako(generation="g1")).encoded())
    assert not_good(verdict) == {"issuer_validity": "issuer_expired"}


def test_roots_of_one_name_are_told_apart_by_key(pki: Pki) -> None:
    names = {pki.authority.root("sign", generation).certificate.subject for generation in ("g1", "g2", "g3")}
    assert len(names) == 1
    for generation in ("g2", "g3"):
        issued = pki.hanako(generation=generation)
        verdict = pki.judge(message(issued).encoded())
        assert verdict.outcome is Outcome.GOOD
        assert verdict.signer is not None
        assert verdict.signer.issuer_key_id == pki.authority.root("sign", generation).key_id.hex()


def test_a_certificate_another_root_of_the_same_name_signed_is_forged(pki: Pki) -> None:
    request = pki.request(generation="g3")
    raw = pki.authority.certify("sign", request, "g2")
    verdict = pki.judge(message(Issued("sign", raw, pki.keys[0], "", "")).encoded())
    assert verdict.reason == "certificate_forged"


def test_an_authority_of_the_same_name_with_its_own_key_fools_nobody(pki: Pki) -> None:
    impostor = pki.keys[1]
    for key_id in (pki_profile.key_identifier(impostor.public_key()), pki.authority.root("sign").key_id):
        authority = Extension(False, w.sequence(w.implicit(0, key_id)))
        request = with_extension(pki.request(), oids.AUTHORITY_KEY_IDENTIFIER, authority)
        raw = pki_profile.sign_certificate(request, impostor)
        root = pki_profile.sign_certificate(
            replace(
                request, subject=request.issuer, public_key=pki_profile.public_key_info(impostor.public_key()),
                extensions=pki_profile.root_extensions(impostor.public_key()),
            ),
            impostor,
        )  # fmt: skip
        made = message(Issued("sign", raw, pki.keys[0], "", ""))
        carried = replace(made, certificates=tuple(sorted((raw, root))))
        assert pki.judge(carried.encoded()).outcome is Outcome.BAD


def test_a_certificate_signed_by_another_resident_is_refused(pki: Pki) -> None:
    hanako = pki.hanako()
    issuer = pki_profile.Request(
        9, pki_profile.holder_name(HAYAMA, "1"), pki_profile.holder_name(HAYAMA, "2"), NOW - timedelta(1),
        NOW + timedelta(1), pki_profile.public_key_info(pki.keys[1].public_key()), pki.request().extensions,
    )  # fmt: skip
    raw = pki_profile.sign_certificate(issuer, pki.keys[0])
    made = message(Issued("sign", raw, pki.keys[1], "", ""))
    carried = replace(made, certificates=tuple(sorted((raw, hanako.certificate))))
    assert pki.judge(carried.encoded()).reason == "issuer_not_trusted"


def _weak(kind: str) -> bytes:
    if kind == "elliptic":
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if kind == "even":
        return _rsa_info(2**2047, 65_537)
    if kind == "huge":
        return _rsa_info(2**16_383 + 1, 65_537)
    small = rsa.generate_private_key(
        3 if kind == "exponent 3" else 65_537, 2048 if kind == "exponent 3" else 1024
    )
    return pki_profile.public_key_info(small.public_key())


def _rsa_info(modulus: int, exponent: int) -> bytes:
    return w.sequence(oids.RSA, w.bits(w.sequence(w.integer(modulus), w.integer(exponent))))


@pytest.mark.parametrize("kind", ["1024 bits", "exponent 3", "elliptic", "even", "huge"])
def test_a_key_that_is_not_rsa_of_2048_bits_or_more_is_never_used(pki: Pki, kind: str) -> None:
    request = replace(pki.request(), public_key=_weak(kind))
    verdict = pki.judge(message(pki.issued("sign", request)).encoded())
    assert not_good(verdict) == {"public_key": "weak_key"}
    assert "signature" not in {check.code.value for check in verdict.checks}


def test_a_login_certificate_signs_no_application(pki: Pki) -> None:
    verdict = pki.judge(message(pki.hanako("auth")).encoded())
    assert not_good(verdict).keys() == {"certificate_policy", "key_usage", "holder_attributes"}


def test_a_signing_certificate_logs_nobody_in(pki: Pki) -> None:
    issued = pki.hanako("sign")
    signature = session(issued).sign_digest(hashlib.sha256(CHALLENGE).digest())
    verdict = pki.judge_login(signature, issued.certificate)
    assert not_good(verdict).keys() == {"certificate_policy", "key_usage"}


@pytest.mark.parametrize("place", range(3))
def test_a_certificate_of_wrong_form_is_refused(pki: Pki, place: int) -> None:
    good = pki.request()
    doubled = _twice(pki_profile.sign_certificate(good, pki.authority.root_key("sign")))
    raws = (
        pki.authority.certify("sign", replace(good, serial=-5)),
        pki.authority.certify("sign", replace(good, serial=1 << 200)),
        doubled,
    )
    verdict = pki.judge(message(Issued("sign", raws[place], pki.keys[0], "", "")).encoded())
    assert not_good(verdict) == {"certificate": "wrong_certificate_form"}


def _twice(raw: bytes) -> bytes:
    """The certificate with its last extension's identifier made the same as the one before it."""
    return raw.replace(w.oid(oids.KEY_USAGE), w.oid(oids.AUTHORITY_KEY_IDENTIFIER))


def test_the_algorithm_named_outside_must_be_the_one_inside(pki: Pki) -> None:
    raw = pki.hanako().certificate
    algorithm = oids.SHA256_WITH_RSA
    other = w.sequence(w.oid("1.2.840.113549.1.1.12"), w.null())
    last = raw.rindex(algorithm)
    changed = raw[:last] + other + raw[last + len(algorithm) :]
    verdict = pki.judge(message(Issued("sign", changed, pki.keys[0], "", "")).encoded())
    assert not_good(verdict) == {"certificate_signature": "certificate_forged"}


@pytest.mark.parametrize("seconds", [0, -1])
def test_the_first_and_the_last_second_of_validity_count(pki: Pki, seconds: int) -> None:
    made = message(pki.issued("sign", replace(pki.request(), not_before=NOW, not_after=NOW))).encoded()
    verdict = pki.judge(made, at=NOW + timedelta(seconds=seconds))
    assert (verdict.outcome is Outcome.GOOD) == (seconds == 0)


def test_the_newest_root_is_the_one_cards_are_issued_under(pki: Pki) -> None:
    assert pki.hanako().issuer_key_id == pki.authority.root("sign", NEWEST).key_id.hex()
