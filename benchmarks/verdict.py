"""One verdict's price: our core with a large revocation list, beside a bare RSA check and beside pyHanko.

All on the same message, certificate and list, in one process and run. Prints CPU per item (this process's CPU
time, best of the rounds) and ratios; nothing is compared with figures from another machine.

    python -m benchmarks.verdict [--entries 20000] [--rounds 5]
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from asn1crypto import cms, crl, x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from yakuba.card.attributes import Attributes, birth_text
from yakuba.card.certificate import parse_certificate, rsa_public_key
from yakuba.card.crl import RevokedTable, read_head
from yakuba.card.emulated import EmulatedSession
from yakuba.card.outcomes import Outcome
from yakuba.card.revocation import RevocationIndex, verified_crl
from yakuba.card.signing import signed_data
from yakuba.card.testca import NEWEST, TestCA
from yakuba.card.trust import TrustStore
from yakuba.card.verdict import verify_cms_detached

TOWN = "143014"
CONTENT = b'{"yakuba":"application/1"}' + b" " * 2_000


@dataclass(frozen=True)
class Case:
    """One signed message and all that is needed to judge it."""

    message: bytes
    certificate: bytes
    trust: TrustStore
    root: bytes
    crl_file: Path
    crls_folder: Path
    at: datetime


def make_case(folder: Path, entries: int) -> Case:
    """A fresh authority, one synthetic person's signature, and a list of ``entries`` others."""
    at = datetime.now(UTC)
    authority = TestCA.create(folder, now=at - timedelta(days=1), municipalities=(TOWN,))
    address = "神奈川県三浦郡葉山町堀内2135"
    holder = Attributes("葉山 花子", "0" * 5, "2", birth_text(date(1990, 1, 2)), address, "0" * len(address))
    pair = authority.issue(holder, TOWN, now=at - timedelta(days=1))
    authority.publish_crls(now=at - timedelta(hours=1), fillers=entries)
    session = EmulatedSession(pair.sign.certificate, pair.sign.key)
    return Case(
        signed_data(session, CONTENT, at),
        pair.sign.certificate,
        TrustStore.from_folder(authority.roots_folder),
        authority.root("sign").certificate.raw,
        authority.crls_folder / f"sign-{NEWEST}-{TOWN}.crl",
        authority.crls_folder,
        at,
    )


def ours(case: Case) -> Callable[[], None]:
    """Our verdict; the lists are indexed beforehand, as in a running service."""
    index = RevocationIndex.from_folder(case.crls_folder, case.trust)

    def once() -> None:
        verdict = verify_cms_detached(CONTENT, case.message, at=case.at, trust=case.trust, revocation=index)
        assert verdict.outcome is Outcome.GOOD, verdict

    return once


def bare_rsa(case: Case) -> Callable[[], None]:
    """The two RSA checks no verdict can do without: the certificate's and the message's."""
    certificate = parse_certificate(case.certificate)
    root_key = next(root.key for root in case.trust.roots if root.certificate.raw == case.root)
    key = rsa_public_key(certificate.public_key_info, smallest=2048, largest=2048)
    signer = cms.ContentInfo.load(case.message)["content"]["signer_infos"][0]
    signed, signature = signer["signed_attrs"].untag().dump(), signer["signature"].native

    def once() -> None:
        root_key.verify(certificate.signature, certificate.to_be_signed, PKCS1v15(), SHA256())
        key.verify(signature, signed, PKCS1v15(), SHA256())

    return once


def pyhanko(case: Case) -> Callable[[], None]:
    """pyHanko on the same message with the same root and list, the list's frame taken apart beforehand."""
    root, listed = x509.Certificate.load(case.root), crl.CertificateList.load(case.crl_file.read_bytes())

    async def once() -> None:
        context = ValidationContext(
            trust_roots=[root], crls=[listed], moment=case.at, revocation_mode="require", allow_fetching=False
        )
        status = await async_validate_detached_cms(
            CONTENT,
            cms.ContentInfo.load(case.message)["content"],
            signer_validation_context=context,
            key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"}),
        )
        assert status.valid, status
        assert status.intact, status
        assert status.trusted, status

    runner = asyncio.Runner()
    return lambda: runner.run(once())


def cpu_seconds(once: Callable[[], None], *, rounds: int, seconds: float = 0.4) -> float:
    """CPU of one call: the best round's mean, each round at least ``seconds`` long."""
    once()
    found = []
    for _ in range(rounds):
        calls, begin = 0, time.process_time()
        while time.process_time() - begin < seconds:
            once()
            calls += 1
        found.append((time.process_time() - begin) / calls)
    return min(found)


def look_up_seconds(case: Case, entries: int) -> float:
    """CPU of one look-up in the list, listed and unlisted serials in turn."""
    table = RevokedTable.read(read_head(case.crl_file.read_bytes()))
    serials = [0x4000_0000 + 7 * (each * entries // 1_000) + each % 2 for each in range(1_000)]
    times = []
    for _ in range(5):
        begin = time.process_time()
        for serial in serials:
            table.find(serial)
        times.append((time.process_time() - begin) / len(serials))
    return statistics.median(times)


def import_seconds(case: Case) -> float:
    """CPU of taking the list in: signature, form and index."""
    raw, begin = case.crl_file.read_bytes(), time.process_time()
    verified_crl(raw, case.trust)
    return time.process_time() - begin


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="verdict per signature, beside bare RSA and pyHanko")
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        case = make_case(Path(folder) / "pki", asked.entries)
        prices = {
            "bare RSA (2 checks)": cpu_seconds(bare_rsa(case), rounds=asked.rounds),
            "yakuba verdict": cpu_seconds(ours(case), rounds=asked.rounds),
            "pyHanko": cpu_seconds(pyhanko(case), rounds=min(2, asked.rounds)),
        }
        mine = prices["yakuba verdict"]
        print(f"revocation list: {asked.entries:,} entries, {case.crl_file.stat().st_size:,} octets")
        for name, price in prices.items():
            print(f"{name:22} {price * 1e3:10.3f} CPU-ms   {price / mine:8.2f} x yakuba")
        print(f"{'look-up':22} {look_up_seconds(case, asked.entries) * 1e6:10.2f} CPU-us")
        print(f"{'list import':22} {import_seconds(case):10.3f} CPU-s")


if __name__ == "__main__":
    main()
