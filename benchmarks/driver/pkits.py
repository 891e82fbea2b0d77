"""NIST's Public Key Interoperability Test Suite (PKITS, version 1.0.1), read as data.

``pkits.csv`` says for each test of NIST's document: the certificate to judge, what else lies there, the settings
of RFC 5280 section 6.1.1, and the result the document demands. Several settings under one number are that
number's sub-tests. Certificates and lists come from the package ``cryptography_vectors``.

Two places where the suite's own signed messages differ from its document, and we follow the document: 4.14.18
(the message carries the certificates of 4.14.19), 4.4.6 (the message leaves out the wrong list).
"""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import cryptography_vectors

from yakuba.card.paths import PathQuestion, PathSettings
from yakuba.card.paths.question import ANY_POLICY

AT = datetime(2024, 1, 1, tzinfo=UTC)
"""Inside the validity of all certificates and lists that are to be valid (2010 to 2030)."""
_FILES = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data"
_TEST_POLICY = "2.16.840.1.101.3.2.1.48."


@dataclass(frozen=True)
class PkitsTest:
    """One line of ``pkits.csv``."""

    number: str
    title: str
    good: bool
    target: str
    others: tuple[str, ...]
    lists: tuple[str, ...]
    settings: PathSettings

    def question(self) -> PathQuestion:
        """The test put to the path engine."""
        return PathQuestion(
            target=certificate(self.target),
            at=AT,
            anchors=(certificate("TrustAnchorRootCertificate"),),
            others=tuple(map(certificate, self.others)),
            lists=tuple(map(revocation_list, self.lists)),
            settings=self.settings,
        )


@cache
def certificate(name: str) -> bytes:
    """A certificate of the suite."""
    return (_FILES / "certs" / f"{name}.crt").read_bytes()


@cache
def revocation_list(name: str) -> bytes:
    """A revocation list of the suite."""
    return (_FILES / "crls" / f"{name}.crl").read_bytes()


def tests() -> list[PkitsTest]:
    """All of them, in the document's order."""
    with (Path(__file__).parent / "pkits.csv").open(newline="") as file:
        return [_test(row) for row in csv.DictReader(file)]


def _test(row: dict[str, str]) -> PkitsTest:
    flags = row["settings"].split()
    policies = frozenset(_TEST_POLICY + last for last in row["policies"].split()) or frozenset({ANY_POLICY})
    # Tests 4.1.4 to 4.1.6 are signed with DSA-1024 and SHA-1, which no PKI of ours may use.
    old = row["target"].find("DSA") >= 0
    settings = PathSettings(
        policies, "explicit" in flags, "no-mapping" in flags, "no-any" in flags,
        smallest_dsa=1024 if old else 3072, sha1=old,
    )  # fmt: skip
    return PkitsTest(
        row["test"], row["title"], row["expected"] == "good", row["target"],
        tuple(row["others"].split()), tuple(row["lists"].split()), settings,
    )  # fmt: skip
