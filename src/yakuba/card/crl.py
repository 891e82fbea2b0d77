"""One certificate revocation list (RFC 5280 section 5) read into a packed, sorted table.

A list of a million entries is one ``bytes`` of fixed-width records searched by bisection: no object per
entry.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from yakuba.card import der, oids
from yakuba.card.certificate import MAX_SERIAL_OCTETS, Extension, extensions, whole_bits
from yakuba.card.derwrite import oid_content
from yakuba.card.extension_values import authority_key, issuing_distribution_point

_REASON_CODE: Final = oid_content(oids.REASON_CODE)
_INVALIDITY_DATE: Final = oid_content(oids.INVALIDITY_DATE)
_AUTHORITY_KEY: Final = oid_content(oids.AUTHORITY_KEY_IDENTIFIER)
_NUMBER: Final = oid_content(oids.CRL_NUMBER)
_SCOPE: Final = oid_content(oids.ISSUING_DISTRIBUTION_POINT)
_CONTEXT_0: Final = der.CONTEXT | der.CONSTRUCTED | 0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TIME_OCTETS: Final = 5
REASONS: Final = {
    0: "unspecified", 1: "keyCompromise", 2: "cACompromise", 3: "affiliationChanged", 4: "superseded",
    5: "cessationOfOperation", 6: "certificateHold", 9: "privilegeWithdrawn", 10: "aACompromise",
}  # fmt: skip
"""CRLReason (RFC 5280 section 5.3.1) by number; removeFromCRL (8) stands only in delta lists, not used
here.
"""


class UnusableCrl(ValueError):
    """A revocation list that must not be used; says why."""


@dataclass(frozen=True, slots=True)
class CrlHead:
    """All of a list but its entries, which stand in ``to_be_signed[entries[0]:entries[1]]``."""

    to_be_signed: bytes
    signature: bytes
    issuer: bytes
    issuer_key_id: bytes
    distribution_point: bytes
    number: int
    this_update: datetime
    next_update: datetime
    entries: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One revoked certificate: reason by name, and since when (the invalidity date if that is earlier)."""

    reason: str
    since: datetime


def read_head(raw: bytes) -> CrlHead:
    """Take a list apart up to its entries, so that the signature can be seen to before anything is believed.

    Raises:
        UnusableCrl: not version 2, indirect, delta, for some reasons only, with critical parts not
        understood,
            without nextUpdate or distribution point (RFC 5280 sections 5.1, 5.2, 6.3.3).
        NotDer: wrong encoding.
    """
    outside = der.Reader(raw)
    parts = outside.enter(der.SEQUENCE)
    outside.done()
    to_be_signed, algorithm, signature = parts.raw(der.SEQUENCE), parts.raw(der.SEQUENCE), whole_bits(parts)
    parts.done()
    body = der.Reader(to_be_signed).enter(der.SEQUENCE)
    if body.integer() != 1 or algorithm != oids.SHA256_WITH_RSA or body.raw(der.SEQUENCE) != algorithm:
        raise UnusableCrl("a revocation list is version 2 and signed with SHA-256 and RSA")
    issuer, this_update, next_update = body.raw(der.SEQUENCE), body.time(), body.time()
    listed = body.enter(der.SEQUENCE) if body.next_is(der.SEQUENCE) else der.Reader(to_be_signed, 0, 0)
    key_id, point, number = _list_extensions(extensions(body.enter(_CONTEXT_0)))
    body.done()
    return CrlHead(
        to_be_signed, signature, issuer, key_id, point, number, this_update, next_update,
        (listed.position, listed.end),
    )  # fmt: skip


def _list_extensions(found: Mapping[bytes, Extension]) -> tuple[bytes, bytes, int]:
    known = {_AUTHORITY_KEY, _NUMBER, _SCOPE}
    if any(extension.critical and name not in known for name, extension in found.items()):
        raise UnusableCrl("a critical extension of the revocation list is not understood")
    if not known <= found.keys() or not found[_SCOPE].critical:
        raise UnusableCrl("a revocation list names its issuer's key, its number and (critically) its scope")
    return (
        authority_key(found[_AUTHORITY_KEY].value).key_id,
        issuing_distribution_point(found[_SCOPE].value),
        der.Reader(found[_NUMBER].value).integer(),
    )


class RevokedTable:
    """The entries of one list: look-up in about log2(entries) comparisons, some 14 octets an entry.

    ``packed`` are records of ``width`` octets of serial and six of time and reason, in order.
    """

    __slots__ = ("_packed", "_record", "_width")

    def __init__(self, packed: bytes, width: int) -> None:
        self._packed, self._width, self._record = packed, width, width + _TIME_OCTETS + 1

    @classmethod
    def read(cls, head: CrlHead) -> "RevokedTable":
        """The table of a list whose signature has been seen to.

        Raises:
            UnusableCrl, NotDer: an entry of wrong form, or with a critical part not understood (section 5.3).
        """
        entries = list(_entries(head))
        width = max((len(serial) for serial, _, _ in entries), default=1)
        records = [
            serial.rjust(width, b"\0") + seconds.to_bytes(_TIME_OCTETS, "big", signed=True) + bytes((reason,))
            for serial, seconds, reason in entries
        ]
        records.sort()
        return cls(b"".join(records), width)

    @property
    def packed(self) -> bytes:
        """The records, as they may be written to a file."""
        return self._packed

    @property
    def width(self) -> int:
        """Octets of a serial in a record."""
        return self._width

    def records(self, width: int) -> Iterator[bytes]:
        """Every record with its serial padded to ``width`` octets, at least :attr:`width`."""
        padding = bytes(width - self._width)
        for begin in range(0, len(self._packed), self._record):
            yield padding + self._packed[begin : begin + self._record]

    def __len__(self) -> int:
        return len(self._packed) // self._record

    def find(self, serial: int) -> Entry | None:
        """The entry for ``serial``, if it is listed."""
        width, record = self._width, self._record
        if serial < 0 or serial.bit_length() > 8 * width:
            return None
        wanted, low, high = serial.to_bytes(width, "big"), 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._packed[middle * record : middle * record + width] < wanted:
                low = middle + 1
            else:
                high = middle
        found = self._packed[low * record : (low + 1) * record]
        return _unpacked(found[width:]) if found[:width] == wanted else None


def _unpacked(packed: bytes) -> Entry:
    seconds = int.from_bytes(packed[:_TIME_OCTETS], "big", signed=True)
    return Entry(REASONS[packed[_TIME_OCTETS]], _EPOCH + timedelta(seconds=seconds))


def _entries(head: CrlHead) -> Iterator[tuple[bytes, int, int]]:
    """Serial octets without sign padding, seconds since 1970, reason number, of each entry."""
    data, (position, end) = head.to_be_signed, head.entries
    # Lists repeat a handful of extension values and few distinct times: read each distinct one once.
    times: dict[bytes, int] = {}
    details: dict[bytes, tuple[int, int | None]] = {b"": (0, None)}
    while position < end:
        tag, start, entry_end = der.header(data, position, end)
        serial_tag, serial_start, serial_end = der.header(data, start, entry_end)
        _, _, time_end = der.header(data, serial_end, entry_end)
        if tag != der.SEQUENCE or serial_tag != der.INTEGER or serial_end - serial_start > MAX_SERIAL_OCTETS:
            raise UnusableCrl(f"an entry of the revocation list is not of the right form (byte {position})")
        when, more = data[serial_end:time_end], data[time_end:entry_end]
        if when not in times:
            times[when] = _seconds(der.Reader(when).time())
        if more not in details:
            details[more] = _details(more)
        reason, invalid_since = details[more]
        since = times[when] if invalid_since is None else min(times[when], invalid_since)
        yield data[serial_start:serial_end].lstrip(b"\0") or b"\0", since, reason
        position = entry_end


def _seconds(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds())


def _details(more: bytes) -> tuple[int, int | None]:
    """Reason number and invalidity date (seconds since 1970) in an entry's extensions (section 5.3)."""
    der.check(more)
    found = extensions(der.Reader(more))
    reason, invalid_since = 0, None
    for name, extension in found.items():
        if name == _REASON_CODE:
            reason = der.Reader(extension.value).content(der.ENUMERATED)[0]
        elif name == _INVALIDITY_DATE:
            content = der.Reader(extension.value).content(der.GENERALIZED_TIME)  # always that type (5.3.2)
            invalid_since = _seconds(der.moment(der.GENERALIZED_TIME, content))
        elif extension.critical:
            raise UnusableCrl("a critical part of a revocation entry is not understood")
    if reason not in REASONS:
        raise UnusableCrl(f"reason {reason} has no place in a full revocation list")
    return reason, invalid_since
