"""What the costliest input we know of may cost: a quarter second of CPU, at the largest size that is read at all."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.card.cast import NOW, Pki, session
from yakuba.card.outcomes import Outcome
from yakuba.card.pdf import NoticeRoots, verify_notice
from yakuba.card.pdf_policy import MAX_NOTICE_BYTES
from yakuba.card.xml import verify_xml
from yakuba.card.xml_form import MAX_XML_BYTES
from yakuba.card.xml_signing import sign_xml

CPU_SECONDS_AT_MOST = 0.25


def cpu_seconds(work: Callable[[], object]) -> float:
    """The cheaper of two runs: a busy machine makes either dearer."""
    found = []
    for _ in range(2):
        begin = time.process_time()
        work()
        found.append(time.process_time() - begin)
    return min(found)


_PREFIXES = b"".join(b' xmlns:n%d="urn:%d"' % (each, each) for each in range(200))
_BODIES: dict[str, tuple[bytes, bytes]] = {
    "attributes of many prefixes": (_PREFIXES, b"<n0:b " + b" ".join(b'n%d:x=""' % n for n in range(1, 40)) + b"/>"),
    "elements": (b"", b"<b/>"),
    "namespaces declared anew": (b"", b'<b xmlns="urn:u"><c xmlns=""/></b>'),
    "processing instructions": (b"", b"<?a b?>"),
    "character references": (b"", b"&#x41;"),
}  # fmt: skip


@pytest.mark.parametrize("kind", _BODIES)
def test_the_costliest_xml_is_bad_and_cheap(pki: Pki, kind: str) -> None:
    good = sign_xml(session(pki.hanako()), b"<a>b</a>")
    end = good.index(b">b<") + 1
    attributes, part = _BODIES[kind]
    times = (MAX_XML_BYTES - len(good) - len(attributes)) // len(part)
    document = good[: end - 1] + attributes + b">" + part * times + good[end:]
    assert MAX_XML_BYTES - len(part) <= len(document) <= MAX_XML_BYTES
    found = verify_xml(document, at=NOW, trust=pki.trust, revocation=pki.as_made)
    assert (found.outcome, found.checks[-1].reason) == (Outcome.BAD, "content_changed")
    judged = lambda: verify_xml(document, at=NOW, trust=pki.trust, revocation=pki.as_made)  # noqa: E731
    assert cpu_seconds(judged) < CPU_SECONDS_AT_MOST


def _pdf(filling: bytes) -> bytes:
    """A file of the largest size with one signature over all of it, and ``filling`` in the signature's object."""
    message = b"3003020101"
    head = b"%PDF-1.7\n1 0 obj\n<</SubFilter /ETSI.CAdES.detached /M (D:20261101000000Z)"
    head += filling * ((MAX_NOTICE_BYTES - 1_000) // len(filling)) + b" /Contents "
    first, second = len(head), len(head) + len(message) + 2
    tail = b"/ByteRange [0 %9d %9d %9d]>>\nendobj\n%%%%EOF\n"
    length = len(tail % (first, second, 0))
    return head + b"<" + message + b">" + (tail % (first, second, length)).replace(b" 0 ", b" 0 ")


@pytest.mark.parametrize(
    "filling",
    [b"/M (D:2026110100000", b"/M (D:20261101000000+09'00'", b" obj", b"endobj", b"/ByteRang", b"\0"],
)
def test_the_costliest_pdf_is_bad_and_cheap(filling: bytes) -> None:
    roots, at = NoticeRoots.from_folder(Path("/nonexistent")), datetime(2027, 1, 1, tzinfo=UTC)
    data = _pdf(filling)
    assert verify_notice(data, roots=roots, at=at).outcome is Outcome.BAD
    assert cpu_seconds(lambda: verify_notice(data, roots=roots, at=at)) < CPU_SECONDS_AT_MOST
