"""The one question after every fault: applications with a receipt number = applications on the desk, once, unchanged."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import psycopg

from benchmarks.driver.parcels import Parcel
from yakuba.base.canonical import canonical_bytes

Database = psycopg.Connection[tuple[object, ...]]
_CASES = """
SELECT c.id::text, c.receipt_number, c.verdict_outcome, d.application, a.state, a.signed_sha256, a.sha256,
    encode(sha256((SELECT string_agg(k.data, ''::bytea ORDER BY k.number) FROM gateway_blob b JOIN gateway_blob_chunk k
        ON k.blob = b.id WHERE b.municipality = c.municipality AND b.sha256 = a.sha256)), 'hex')
FROM casework_case c LEFT JOIN casework_document d ON d.case_id = c.id LEFT JOIN casework_attachment a ON a.case_id = c.id
WHERE c.receipt_number = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one round. The last four must be nought.

    Attributes:
        tried: applications that were handed in, whatever the answer.
        shown: whose sender was shown a receipt number.
        recorded: with a receipt number at the portal (a sender whose answer was cut off finds it under "my applications").
        desk: on the clerks' desk.
        broken: shown a receipt number that the portal does not know.
        lost: recorded, not on the desk.
        double: more than once on the desk.
        altered: on the desk with another content, file or verdict than was signed.
        phantom: on the desk without a receipt number.
    """

    tried: int = 0
    shown: int = 0
    recorded: int = 0
    desk: int = 0
    broken: int = 0
    lost: int = 0
    double: int = 0
    altered: int = 0
    phantom: int = 0

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not (self.broken or self.lost or self.double or self.altered or self.phantom)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def recorded(portal: Database, parcels: Sequence[Parcel]) -> set[str]:
    """The receipt numbers of ``parcels`` that the portal knows."""
    rows = portal.execute(
        "SELECT receipt_number FROM portal_application WHERE id = ANY(%s)", [[each.id for each in parcels]]
    )
    return {str(row[0]) for row in rows.fetchall()}


def arrived(desk: Database, parcels: Sequence[Parcel]) -> set[str]:
    """Those that are on the desk."""
    numbers = [each.receipt_number for each in parcels]
    rows = desk.execute("SELECT receipt_number FROM casework_case WHERE receipt_number = ANY(%s)", [numbers])
    return {str(row[0]) for row in rows.fetchall()}


def tally(portal: Database, desk: Database, parcels: Sequence[Parcel], shown: set[str]) -> Tally:
    """Count everything there is about ``parcels``."""
    by_number: Mapping[str, Parcel] = {each.receipt_number: each for each in parcels}
    known = recorded(portal, parcels)
    cases = desk.execute(_CASES, [list(by_number)]).fetchall()
    numbers = [str(case[1]) for case in cases]
    return Tally(
        tried=len(parcels),
        shown=len(shown),
        recorded=len(known),
        desk=len(set(numbers)),
        broken=len(shown - known),
        lost=len(known - set(numbers)),
        double=len(numbers) - len(set(numbers)),
        altered=sum(not _same(case, by_number[str(case[1])]) for case in cases),
        phantom=len(set(numbers) - known),
    )


def _same(case: tuple[object, ...], parcel: Parcel) -> bool:
    """The desk has the very application that was signed, its signature is good, and its one file came of the one sent."""
    number, _receipt, outcome, application, state, signed, kept, bytes_of_it = case
    return (
        number == str(parcel.id)
        and canonical_bytes(application) == parcel.content
        and (outcome, state) == ("good", "ok")
        and signed == hashlib.sha256(parcel.pdf).hexdigest()
        and kept == bytes_of_it
    )
