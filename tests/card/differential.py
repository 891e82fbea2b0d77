"""The same certificates and messages put to our core, to OpenSSL's commands and to pyHanko.

Everything is made from one seed. A certificate is changed in one to three places and signed anew by the root, so
that only what it says is wrong; or single octets of it are changed. A message is put together from parts of which
one to two are changed, and signed over whatever stands there; or its octets are changed.
"""

import asyncio
import base64
import random
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from asn1crypto import cms as asn1_cms
from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import CertificateValidator, ValidationContext

from tests.card import test_certificate_checks, test_message_checks
from tests.card.cast import CHALLENGE, CONTENT, HAYAMA, NOW, Pki, with_extension
from tests.card.forge import Message, message
from yakuba.card import derwrite as w
from yakuba.card import oids, pki_profile
from yakuba.card.certificate import Extension
from yakuba.card.outcomes import Outcome, Verdict
from yakuba.card.pki_profile import Request
from yakuba.card.policy import SIGN_POLICY
from yakuba.card.verdict import verify_challenge

ACCEPTED = ""
"""What another judge says of what it accepts; else its words, shortened."""


@dataclass(frozen=True)
class Judged:
    """One certificate or message with all verdicts; ``theirs`` maps a judge's name to :data:`ACCEPTED` or words."""

    raw: bytes
    ours: Verdict
    theirs: dict[str, str]


# --- certificates ------------------------------------------------------------------------------------------


def certificates(pki: Pki, seed: int, signed: int, octets: int) -> Iterator[bytes]:
    """``signed`` certificates changed and signed anew, then ``octets`` with changed octets."""
    chance = random.Random(seed)
    changes = [case[0] for case in test_certificate_checks.CASES.values()]
    base = pki.request()
    right = pki.authority.certify("sign", base)
    yield right
    for _ in range(signed):
        request = base
        for _ in range(chance.choice((1, 1, 2, 3))):
            request = chance.choice((_one_of(changes, pki), _extension_change, _field_change))(
                request, chance
            )
        key = chance.random() < 0.03 and pki.keys[1]
        try:
            yield pki_profile.sign_certificate(request, key or pki.authority.root_key("sign"))
        except (ValueError, OverflowError):
            continue
    for _ in range(octets):
        yield _changed_octets(right, chance)


def _one_of(changes: Sequence[Callable[..., Request]], pki: Pki) -> Callable[..., Request]:
    return lambda request, chance: chance.choice(changes)(pki, request)


def _extension_change(request: Request, chance: random.Random) -> Request:
    name = chance.choice(sorted(request.extensions))
    found = request.extensions[name]
    kind = chance.randrange(4)
    if kind == 0:
        return with_extension(request, name, None)
    if kind == 1:
        return with_extension(request, name, Extension(not found.critical, found.value))
    if kind == 2:
        return with_extension(request, name, Extension(found.critical, _changed_octets(found.value, chance)))
    unknown = Extension(chance.random() < 0.5, w.octets(chance.randbytes(4)))
    return with_extension(request, f"2.999.{chance.randrange(9)}", unknown)


def _field_change(request: Request, chance: random.Random) -> Request:
    kind = chance.randrange(5)
    if kind == 0:
        return replace(request, not_before=NOW + timedelta(days=chance.randrange(-40, 5)))
    if kind == 1:
        return replace(request, not_after=NOW + timedelta(days=chance.randrange(-5, 40)))
    if kind == 2:
        return replace(request, serial=chance.choice((0, -1, 2**159, 2**167, request.serial + 1)))
    if kind == 3:
        return replace(request, issuer=_changed_octets(request.issuer, chance))
    return replace(request, subject=_changed_octets(request.subject, chance))


def _changed_octets(raw: bytes, chance: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(chance.choice((1, 1, 1, 2))):
        where, kind = chance.randrange(len(changed)), chance.randrange(5)
        if kind <= 2:
            changed[where] ^= 1 << chance.randrange(8)
        elif kind == 3:
            del changed[where]
        else:
            changed.insert(where, chance.randrange(256))
    return bytes(changed)


def judge_certificates(pki: Pki, found: Sequence[bytes], folder: Path, also_pyhanko: int) -> list[Judged]:
    """All verdicts; pyHanko, the slowest, is asked about every certificate whose number ``also_pyhanko`` divides."""
    signature = pki.keys[0].sign(CHALLENGE, PKCS1v15(), SHA256())
    openssl = _openssl_verify(pki, found, folder)
    judged = []
    for place, raw in enumerate(found):
        ours = verify_challenge(
            CHALLENGE, signature, raw, at=NOW, trust=pki.trust, revocation=pki.as_made, policy=SIGN_POLICY
        )
        theirs = {"openssl": openssl[place]}
        if place % also_pyhanko == 0:
            theirs["pyhanko"] = _pyhanko_path(pki, raw)
        judged.append(Judged(raw, ours, theirs))
    return judged


def _openssl_trust(pki: Pki, folder: Path) -> list[str]:
    root = folder / "root.pem"
    root.write_text(_pem(pki.authority.root("sign").certificate.raw, "CERTIFICATE"))
    listed = (pki.authority.crls_folder / f"sign-g3-{HAYAMA}.crl").read_bytes()
    (folder / "list.pem").write_text(_pem(listed, "X509 CRL"))
    at = str(int(NOW.timestamp()))
    return ["-CAfile", str(root), "-no-CApath", "-no-CAstore", "-crl_check", "-attime", at, "-purpose", "any"]


def _openssl_verify(pki: Pki, found: Sequence[bytes], folder: Path) -> list[str]:
    """One process for each 500 certificates."""
    command = ["openssl", "verify", *_openssl_trust(pki, folder), "-CRLfile", str(folder / "list.pem")]
    names = [f"{place}.pem" for place in range(len(found))]
    for name, raw in zip(names, found, strict=True):
        (folder / name).write_text(_pem(raw, "CERTIFICATE"))
    said: dict[str, str] = {}
    for begin in range(0, len(names), 500):
        run = subprocess.run(
            [*command, *names[begin : begin + 500]],
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
        )
        said |= {
            line.removesuffix(": OK"): ACCEPTED for line in run.stdout.splitlines() if line.endswith(": OK")
        }
        said |= _openssl_errors(run.stderr)
    return [said.get(name, "unreadable") for name in names]


def _openssl_errors(printed: str) -> dict[str, str]:
    """What OpenSSL says of each file it does not verify: its first error."""
    found, words = {}, ""
    for line in printed.splitlines():
        if match := re.fullmatch(r"error \d+ at \d+ depth lookup: (.*)", line):
            words = words or match[1]
        elif match := re.fullmatch(r"error (\S+): verification failed", line):
            found[match[1]], words = words or "not verified", ""
    return found


def _pem(raw: bytes, label: str) -> str:
    text = base64.encodebytes(raw).decode()
    return f"-----BEGIN {label}-----\n{text}-----END {label}-----\n"


def _context(pki: Pki) -> ValidationContext:
    root = x509.Certificate.load(pki.authority.root("sign").certificate.raw)
    listed = (pki.authority.crls_folder / f"sign-g3-{HAYAMA}.crl").read_bytes()
    return ValidationContext(
        trust_roots=[root], crls=[listed], moment=NOW, revocation_mode="require", allow_fetching=False
    )


def _pyhanko_path(pki: Pki, raw: bytes) -> str:
    try:
        certificate = x509.Certificate.load(raw, strict=True)
        validator = CertificateValidator(certificate, validation_context=_context(pki))
        asyncio.run(validator.async_validate_path())
    except Exception as problem:  # noqa: BLE001 - whatever another library raises is its way to refuse
        return _words(problem)
    return ACCEPTED


def _words(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"[:160]


# --- messages ----------------------------------------------------------------------------------------------


def messages(pki: Pki, seed: int, built: int, octets: int) -> Iterator[bytes]:
    """``built`` messages of changed parts, then ``octets`` with changed octets."""
    chance = random.Random(seed)
    changes = [case[0] for case in test_message_checks.CASES.values()]
    right = message(pki.hanako())
    yield right.encoded()
    for _ in range(built):
        changed = right
        for _ in range(chance.choice((1, 1, 2))):
            changed = chance.choice((chance.choice(changes), _sloppy(chance)))(changed)
        yield changed.encoded()
    for _ in range(octets):
        yield _changed_octets(right.encoded(), chance)


def _sloppy(chance: random.Random) -> Callable[[Message], Message]:
    """What senders do without any harm meant: algorithms named otherwise, more certificates, other attributes."""
    choices: list[Callable[[Message], Message]] = [
        lambda m: replace(m, signature_algorithm=oids.RSA).without(oids.ALGORITHM_PROTECTION),
        lambda m: m.without(oids.ALGORITHM_PROTECTION),
        lambda m: replace(m, certificates=tuple(sorted((*m.certificates, w.sequence(w.integer(1)))))),
        lambda m: m.with_attribute("1.2.840.113549.1.9.15", w.sequence()),
        lambda m: m.with_attribute(oids.SIGNING_TIME, w.time(NOW - timedelta(days=1))),
        lambda m: replace(m, digest_algorithms=()),
    ]
    return chance.choice(choices)


def judge_messages(pki: Pki, found: Sequence[bytes], folder: Path) -> list[Judged]:
    """All verdicts on all messages."""
    (folder / "content").write_bytes(CONTENT)
    trust = _openssl_trust(pki, folder)
    joined = (folder / "root.pem").read_text() + (folder / "list.pem").read_text()
    (folder / "root.pem").write_text(joined)
    with ThreadPoolExecutor(2) as pool:
        openssl = list(pool.map(lambda each: _openssl_cms(each, trust, folder), enumerate(found)))
    with asyncio.Runner() as runner:
        pyhanko = [runner.run(_pyhanko_cms(pki, raw)) for raw in found]
    return [
        Judged(raw, pki.judge(raw), {"openssl": openssl[place], "pyhanko": pyhanko[place]})
        for place, raw in enumerate(found)
    ]


def _openssl_cms(each: tuple[int, bytes], trust: Sequence[str], folder: Path) -> str:
    place, raw = each
    file = folder / f"{place}.cms"
    file.write_bytes(raw)
    run = subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", file, "-content", folder / "content",
         *trust, "-out", "/dev/null"],
        capture_output=True, text=True, errors="replace",
    )  # fmt: skip
    match = re.search(r"Verify error: ?(.*)", run.stderr)
    return ACCEPTED if run.returncode == 0 else match[1] if match else "unreadable"


async def _pyhanko_cms(pki: Pki, raw: bytes) -> str:
    try:
        content = asn1_cms.ContentInfo.load(raw, strict=True)["content"]
        status = await async_validate_detached_cms(
            CONTENT, content, signer_validation_context=_context(pki),
            key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"}),
        )  # fmt: skip
    except Exception as problem:  # noqa: BLE001 - as above
        return _words(problem)
    return ACCEPTED if status.valid and status.intact and status.trusted else "not valid, intact and trusted"


def disagreements(judged: Sequence[Judged]) -> dict[tuple[str, str], list[Judged]]:
    """Verdicts that differ, by class: whose, and the check of ours that refuses what they accept; or
    ``accepted:`` and their words where we accept what they refuse.
    """
    found: dict[tuple[str, str], list[Judged]] = {}
    for one in judged:
        good = one.ours.outcome is Outcome.GOOD
        for judge, said in one.theirs.items():
            if good == (said == ACCEPTED):
                continue
            failed = one.ours.failed
            name = failed.code.value if failed else f"accepted: {said.split(':')[0]}"
            found.setdefault((judge, name), []).append(one)
    return found
