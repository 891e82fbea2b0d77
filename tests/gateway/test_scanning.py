"""A malware scanner, where one is named: what it knows is refused, and what it has not called clean does not pass."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.errors import Passing
from yakuba.gateway.sanitise.clean import infected
from yakuba.gateway.sanitise.refusals import refusal_text
from yakuba.gateway.sanitise.scanning import ScannerAway, WrongScanner, found

# The test string of the European Institute for Computer Antivirus Research, put together here so that no scanner takes this file for it.
EICAR = b"X5O!P%@AP[4" + b"\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!" + b"$H+H*"


def read_stream(connection: socket.socket) -> bytes:
    """One INSTREAM command as clamd reads it."""
    with connection.makefile("rb") as file:
        assert file.read(10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack("!L", file.read(4))[0]:
            data += file.read(size)
        return data


@contextmanager
def clamd(folder: Path, answer: bytes | None = None) -> Iterator[str]:
    """A scanner that knows one thing, or always answers ``answer``."""
    path = folder / "clamd.ctl"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                data = read_stream(connection)
                known = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
                connection.sendall(known if answer is None else answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"unix:{path}"
        server.close()
    thread.join(5)


@pytest.mark.parametrize("size", [0, 1, 300_000, 1_000_000])
def test_a_file_the_scanner_does_not_know_is_clean(tmp_path: Path, size: int) -> None:
    with clamd(tmp_path) as scanner:
        assert found(b"x" * size, scanner) is None


def test_a_known_one_is_named_also_at_the_end_of_a_large_file(tmp_path: Path) -> None:
    with clamd(tmp_path) as scanner:
        assert found(b"x" * 700_000 + EICAR, scanner) == "Eicar-Test-Signature"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: \0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: NOT OK\0",
        b"\xff\xfe\0",
        b"OK but\0",
    ],
)
def test_an_answer_that_is_neither_is_no_clean_bill(tmp_path: Path, answer: bytes) -> None:
    with clamd(tmp_path, answer) as scanner, pytest.raises(ScannerAway):
        found(b"x", scanner)


def test_a_scanner_that_is_away_is_waited_for(tmp_path: Path) -> None:
    assert issubclass(ScannerAway, Passing), "the message is tried again, not set aside and not let through"
    with pytest.raises(ScannerAway):
        found(b"x", f"unix:{tmp_path}/nobody.ctl")
    with pytest.raises(ScannerAway):
        found(b"x", "tcp:127.0.0.1:1")


@pytest.mark.parametrize("text", ["clamd", "unix:relative.ctl", "tcp:host", "tcp::3310", "http://host:3310"])
def test_a_setting_that_names_no_scanner_says_what_is_right(text: str) -> None:
    with pytest.raises(WrongScanner, match=r"unix:/run/clamav/clamd\.ctl"):
        found(b"x", text)


def test_a_refused_file_says_so_in_the_evidence_and_to_the_resident() -> None:
    ref = AttachmentRef("photo", "写真.jpg", "image/jpeg", len(EICAR), "0" * 64)
    cleaned = infected(ref, EICAR, "Eicar-Test-Signature")
    assert cleaned.data == b""
    assert cleaned.ref.refused == "malware"
    assert cleaned.ref.evidence["malware"] == "Eicar-Test-Signature"
    words = refusal_text("malware")
    assert "マルウェア" in words.ja
    assert words.en
    assert words.easy
