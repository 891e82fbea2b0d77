"""Verdicts on large revocation lists and on NIST's PKITS: our core, pyHanko and OpenSSL on the same work in one run.

CPU only (this process, or children as the kernel counts them), so that a busy machine changes little. The list of
a million entries is taken in by the feed as a town would, then asked. What another judge needs more than
``--patience`` CPU seconds for is stopped and printed as such.

    python -m benchmarks.verdict_suites [--entries 20000 1000000] [--patience 120] [--without-pkits]
"""

import argparse
import asyncio
import base64
import logging
import os
import random
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from asn1crypto import x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy, PKIXValidationParams

from benchmarks.driver import pkits
from benchmarks.driver import pkits_resident as resident
from benchmarks.verdict import CONTENT, TOWN, Case, bare_rsa, cpu_seconds, make_case, ours, pyhanko
from yakuba.card.crlwrite import ListFrame, Revoked, write_crl
from yakuba.card.feed import Feed
from yakuba.card.outcomes import Outcome
from yakuba.card.paths import PathJudge
from yakuba.card.paths.question import ANY_POLICY
from yakuba.card.pki_profile import distribution_point_name
from yakuba.card.revocation import RevocationIndex
from yakuba.card.testca import NEWEST, TestCA

LOOK_UPS = 20_000


@dataclass(frozen=True)
class Prices:
    """CPU seconds; None where patience ran out."""

    taken_in: float
    opened: float
    look_up: float
    rsa: float
    ours: float
    pyhanko: float | None
    openssl: float | None


def large_list(folder: Path, case: Case, entries: int) -> bytes:
    """The municipality's list with ``entries`` made-up others of 62-bit serials."""
    authority, chance = TestCA.open(folder), random.Random(1)
    frame = ListFrame(
        authority.root("sign").certificate.subject, authority.authority("sign"),
        distribution_point_name("sign", TOWN), 1_000, case.at.replace(microsecond=0) - timedelta(minutes=1),
        case.at.replace(microsecond=0) + timedelta(days=7),
    )  # fmt: skip
    begun = frame.this_update
    others = (
        Revoked(chance.getrandbits(62) | 1 << 61, begun - timedelta(minutes=each % 500_000), "superseded")
        for each in range(entries)
    )
    return write_crl(frame, others, authority.root_key("sign", NEWEST))


def with_list(entries: int, patience: float) -> Prices:
    """All prices with one list of ``entries``."""
    with tempfile.TemporaryDirectory() as name:
        folder, fed = Path(name) / "pki", Path(name) / "fed"
        case = make_case(folder, 0)
        raw = large_list(folder, case, entries)
        fed.mkdir()
        begin = time.process_time()
        taken = Feed(fed, case.trust).take(raw, at=case.at)
        taken_in, begin = time.process_time() - begin, time.process_time()
        index = RevocationIndex.from_folder(fed, case.trust)
        opened = time.process_time() - begin
        case = replace(case, crls_folder=fed, crl_file=taken.file)
        return Prices(
            taken_in, opened, _look_up(index, case), cpu_seconds(bare_rsa(case), rounds=3),
            cpu_seconds(ours(case), rounds=3), in_a_child(pyhanko(case), patience),
            _openssl(case, Path(name), patience),
        )  # fmt: skip


def _look_up(index: RevocationIndex, case: Case) -> float:
    key_id = next(root.key_id for root in case.trust.roots if root.certificate.raw == case.root)
    point, chance = distribution_point_name("sign", TOWN), random.Random(2)
    serials = [chance.getrandbits(62) | 1 << 61 for _ in range(LOOK_UPS)]
    begin = time.process_time()
    for serial in serials:
        index.look_up(key_id, point, serial)
    return (time.process_time() - begin) / LOOK_UPS


def in_a_child(once: Callable[[], None], patience: float) -> float | None:
    """CPU of ``once`` in a fork that dies when patience runs out."""
    begin = resource.getrusage(resource.RUSAGE_CHILDREN)
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (int(patience), int(patience)))
        try:
            once()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    return None if os.WIFSIGNALED(status) else _cpu(end) - _cpu(begin)


def _cpu(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


def _openssl(case: Case, folder: Path, patience: float) -> float | None:
    (folder / "trust.pem").write_text(
        _pem(case.root, "CERTIFICATE") + _pem(case.crl_file.read_bytes(), "X509 CRL")
    )
    (folder / "message").write_bytes(case.message)
    (folder / "content").write_bytes(CONTENT)
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", folder / "message", "-content",
               folder / "content", "-CAfile", folder / "trust.pem", "-crl_check", "-purpose", "any", "-out",
               "/dev/null"]  # fmt: skip
    return _child_cpu(command, patience)


def _child_cpu(command: Sequence[str | Path], patience: float) -> float | None:
    begin = resource.getrusage(resource.RUSAGE_CHILDREN)
    limits = (int(patience), int(patience))
    run = subprocess.run(
        command,
        check=False,
        capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, limits),
    )
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode < 0:
        return None
    assert run.returncode == 0, run.stderr.decode()
    return _cpu(end) - _cpu(begin)


def _pem(raw: bytes, label: str) -> str:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(raw).decode()}-----END {label}-----\n"


# --- PKITS -------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """One judge over the suite."""

    right: int = 0
    false_accepts: int = 0
    seconds: float = 0.0
    slowest: float = 0.0

    def count(self, test: pkits.PkitsTest, accepted: bool, seconds: float) -> None:
        """One case."""
        self.right += accepted == test.good
        self.false_accepts += accepted and not test.good
        self.seconds += seconds
        self.slowest = max(self.slowest, seconds)


def suite(tests: Sequence[pkits.PkitsTest]) -> Iterator[tuple[str, Tally]]:
    """Each judge's tally."""
    yield "yakuba residents' core", _residents(tests)
    yield "yakuba paths (own cell)", _paths(tests)
    yield "pyHanko, no limits", _pyhanko(tests)
    yield "openssl verify", _openssl_suite(tests)


def _residents(tests: Sequence[pkits.PkitsTest]) -> Tally:
    tally = Tally()
    for test in tests:
        begin = time.process_time()
        found = resident.judged(test)
        tally.count(test, not found.unread and not found.not_good, time.process_time() - begin)
    return tally


def _paths(tests: Sequence[pkits.PkitsTest]) -> Tally:
    tally = Tally()
    with PathJudge() as judge:
        for test in tests:
            accepted = judge.verdict(test.question()).outcome is Outcome.GOOD
            tally.count(test, accepted, judge.cpu_seconds)
    return tally


def _pyhanko(tests: Sequence[pkits.PkitsTest]) -> Tally:
    tally = Tally()
    with asyncio.Runner() as runner:
        for test in tests:
            begin = time.process_time()
            accepted = runner.run(_pyhanko_one(test))
            tally.count(test, accepted, time.process_time() - begin)
    return tally


async def _pyhanko_one(test: pkits.PkitsTest) -> bool:
    question = test.question()
    settings = question.settings
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(one) for one in question.anchors],
        other_certs=[x509.Certificate.load(one) for one in question.others],
        crls=list(question.lists), moment=question.at, revocation_mode="require", allow_fetching=False,
        algorithm_usage_policy=DisallowWeakAlgorithmsPolicy(  # type: ignore[no-untyped-call]
            weak_hash_algos=frozenset(), dsa_key_size_threshold=settings.smallest_dsa
        ),
    )  # fmt: skip
    parameters = PKIXValidationParams(
        user_initial_policy_set=frozenset(
            "any_policy" if one == ANY_POLICY else one for one in settings.policies
        ),
        initial_explicit_policy=settings.explicit_policy,
        initial_policy_mapping_inhibit=settings.inhibit_mapping,
        initial_any_policy_inhibit=settings.inhibit_any_policy,
    )
    target = x509.Certificate.load(question.target)
    validator = CertificateValidator(target, validation_context=context, pkix_params=parameters)
    try:
        await validator.async_validate_path()
    except Exception:  # noqa: BLE001 - whatever it raises is its way to refuse
        return False
    return True


def _openssl_suite(tests: Sequence[pkits.PkitsTest]) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        for test in tests:
            accepted, seconds = _openssl_one(test, Path(name))
            tally.count(test, accepted, seconds)
    return tally


def _openssl_one(test: pkits.PkitsTest, folder: Path) -> tuple[bool, float]:
    question = test.question()
    for file, label, parts in (
        ("anchor", "CERTIFICATE", question.anchors), ("others", "CERTIFICATE", question.others),
        ("lists", "X509 CRL", question.lists), ("target", "CERTIFICATE", (question.target,)),
    ):  # fmt: skip
        (folder / file).write_text("".join(_pem(one, label) for one in parts))
    command = ["openssl", "verify", "-CAfile", folder / "anchor", "-crl_check_all", "-extended_crl",
               "-use_deltas", "-policy_check", "-purpose", "any", "-attime",
               str(int(question.at.timestamp()))]  # fmt: skip
    for flag, wanted in (
        ("-explicit_policy", question.settings.explicit_policy),
        ("-inhibit_map", question.settings.inhibit_mapping),
        ("-inhibit_any", question.settings.inhibit_any_policy),
    ):
        command += [flag] if wanted else []
    for policy in sorted(question.settings.policies - {ANY_POLICY}):
        command += ["-policy", policy]
    command += ["-untrusted", folder / "others"] if question.others else []
    command += ["-CRLfile", folder / "lists"] if question.lists else []
    begin = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([*command, folder / "target"], check=False, capture_output=True)
    return run.returncode == 0, _cpu(resource.getrusage(resource.RUSAGE_CHILDREN)) - _cpu(begin)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="verdicts beside pyHanko and OpenSSL")
    parser.add_argument("--entries", type=int, nargs="*", default=[20_000, 1_000_000])
    parser.add_argument("--patience", type=float, default=120.0)
    parser.add_argument("--without-pkits", action="store_true")
    asked = parser.parse_args(arguments)
    logging.disable()  # pyHanko logs what it refuses
    for entries in asked.entries:
        _print(entries, with_list(entries, asked.patience), asked.patience)
    if not asked.without_pkits:
        tests = pkits.tests()
        print(f"PKITS, {len(tests)} cases: right, false accepts, CPU-ms each, slowest")
        for name, tally in suite(tests):
            each = tally.seconds / len(tests)
            print(
                f"  {name:26} {tally.right:4} {tally.false_accepts:3} {each * 1e3:9.2f} {tally.slowest * 1e3:9.2f}"
            )


def _print(entries: int, prices: Prices, patience: float) -> None:
    print(f"revocation list of {entries:,} entries")
    print(
        f"  taken in by the feed    {prices.taken_in:9.3f} CPU-s   opened by a service {prices.opened:.3f} CPU-s"
    )
    print(f"  look-up                 {prices.look_up * 1e6:9.2f} CPU-us")
    for name, price in (
        ("bare RSA (2 checks)", prices.rsa), ("yakuba verdict", prices.ours), ("pyHanko", prices.pyhanko),
        ("openssl cms -verify", prices.openssl),
    ):  # fmt: skip
        if price is None:
            print(f"  {name:23} more than {patience:.0f} CPU-s, stopped")
        else:
            print(f"  {name:23} {price * 1e3:9.3f} CPU-ms  {price / prices.ours:12.1f} x yakuba")


if __name__ == "__main__":
    main()
