"""PKITS put to the residents' core: the authority that issued the end certificate is pinned, as a root would be."""

from dataclasses import dataclass

from benchmarks.driver.pkits import AT, PkitsTest, certificate, revocation_list
from yakuba.card import der
from yakuba.card.certificate import Certificate, parse_certificate, rsa_public_key, subject_key_identifier
from yakuba.card.certificate_checks import certificate_checks, examine
from yakuba.card.checklist import Checklist
from yakuba.card.outcomes import CheckCode, Outcome
from yakuba.card.policy import Policy
from yakuba.card.revocation import Revocations, VerifiedCrl, verified_crl
from yakuba.card.trust import Root, TrustStore

POLICY = Policy("sign", "2.16.840.1.101.3.2.1.48.1", 0b1111_0000, holder_attributes=False)
"""The suite's own policy and key usage, where residents' certificates have JPKI's."""


@dataclass(frozen=True)
class Found:
    """Every check made on the end certificate; ``unread`` if its form was refused before any."""

    outcomes: dict[CheckCode, Outcome]
    unread: bool = False

    def objects(self, code: CheckCode) -> bool:
        """Whether ``code`` is not good."""
        return self.outcomes.get(code) is not Outcome.GOOD

    @property
    def not_good(self) -> set[str]:
        """All codes that object."""
        return {code.value for code, outcome in self.outcomes.items() if outcome is not Outcome.GOOD}


def judged(test: PkitsTest) -> Found:
    """The residents' checks on the test's end certificate."""
    trust = TrustStore(filter(None, map(_root, {*test.others, "TrustAnchorRootCertificate"})))
    try:
        der.check(certificate(test.target))
        target = parse_certificate(certificate(test.target))
    except ValueError:
        return Found({}, unread=True)
    checks = Checklist(POLICY, without=())
    certificate_checks(checks, examine(target, trust, POLICY, AT), AT, Revocations(_lists(test, trust)))
    return Found({check.code: check.outcome for check in checks.verdict().checks})


def _root(name: str) -> Root | None:
    """Any RSA authority of the suite as if it were pinned; its own path is not looked at."""
    try:
        found: Certificate = parse_certificate(certificate(name))
        key = rsa_public_key(found.public_key_info, smallest=2048, largest=4096)
    except ValueError:
        return None
    return Root(found, subject_key_identifier(found) or b"", key)


def _lists(test: PkitsTest, trust: TrustStore) -> list[VerifiedCrl]:
    found = []
    for name in test.lists:
        try:
            found.append(verified_crl(revocation_list(name), trust))
        except ValueError:
            continue
    return found
