"""Candidate paths from a certificate up to a pinned anchor, few and short whatever a sender embeds.

Names decide which certificate may stand above which (RFC 5280 section 6.1.3 (a)(4)); key identifiers only say
which to try first. No signature is looked at here: the engine does that for each candidate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from asn1crypto.x509 import Certificate

from yakuba.card.paths.question import PathLimits

MAX_STEPS = 200


@dataclass(frozen=True)
class Candidate:
    """A path: the anchor, then the certificates below it down to (without) the target."""

    anchor: Certificate
    between: tuple[Certificate, ...]


def candidates(
    target: Certificate, anchors: Sequence[Certificate], others: Sequence[Certificate], limits: PathLimits
) -> Iterator[Candidate]:
    """At most ``limits.paths`` paths, those whose key identifiers fit first, shorter ones before longer."""
    found, steps = 0, 0
    waiting: list[tuple[Certificate, ...]] = [(target,)]
    while waiting and found < limits.paths and steps < MAX_STEPS:
        below = waiting.pop(0)
        steps += 1
        for anchor in _issuers(below[0], anchors):
            yield Candidate(anchor, below[:-1])
            found += 1
            if found == limits.paths:
                return
        if len(below) < limits.depth:
            waiting.extend((other, *below) for other in _issuers(below[0], others) if other not in below)


def _issuers(below: Certificate, among: Sequence[Certificate]) -> list[Certificate]:
    named = [one for one in among if one.subject == below.issuer]
    return sorted(named, key=lambda one: not _key_fits(below, one))


def _key_fits(below: Certificate, above: Certificate) -> bool:
    wanted = below.authority_key_identifier
    return bool(wanted and above.key_identifier and wanted == above.key_identifier)
