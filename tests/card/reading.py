"""Ways to lay an emulated card on a reader: straight to the code, or through pcscd and vpcd as a real reader."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from benchmarks.driver.ports import free_port

from tests.card.cast import AUTH_PIN, HANAKO, HAYAMA, NOW, SIGN_PIN, Pki
from yakuba.card.applet import Applet
from yakuba.card.emulated import SUFFIX, EmulatedCard
from yakuba.card.pcsc.card import PcscCard
from yakuba.card.pcsc.readers import cards_on_readers
from yakuba.card.virtual_reader import VirtualReader

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SERVICE = Path("/run/pcscd/pcscd.comm")


def hanakos(pki: Pki, folder: Path) -> EmulatedCard:
    """Hanako's emulated card, new."""
    pair = pki.authority.issue(HANAKO, HAYAMA, now=NOW - timedelta(days=30), keys=(pki.keys[0], pki.keys[1]))
    return EmulatedCard.make(
        folder / f"hanako{SUFFIX}", pair, label="葉山 花子(見本)", sign_pin=SIGN_PIN, auth_pin=AUTH_PIN,
        unlock_key=pki.authority.unlock_key,
    )  # fmt: skip


def applet(pki: Pki, card: EmulatedCard) -> Applet:
    """The card on the wire, with its issuers' certificates."""
    return Applet(
        card,
        {
            "sign": pki.authority.root("sign").certificate.raw,
            "auth": pki.authority.root("auth").certificate.raw,
        },
    )


def in_process(card_side: Applet) -> PcscCard:
    """Our PC/SC code straight on the applet."""

    @contextmanager
    def opener() -> Iterator[Applet]:
        card_side.reset()
        try:
            yield card_side
        finally:
            card_side.reset()

    return PcscCard("reader:here", "in process", opener)


@contextmanager
def on_a_reader(card_side: Applet, folder: Path) -> Iterator[PcscCard]:
    """Our PC/SC code over pcscd, with the applet on the virtual reader vpcd; skips where that cannot be."""
    if shutil.which("pcscd") is None or not DRIVER.exists():
        pytest.skip("pcscd or its driver vpcd (Debian: pcscd, vsmartcard-vpcd) is not installed here")
    if _listens():
        pytest.skip("a pcscd runs here already; only one can")
    port = free_port()  # and the next one: the driver listens there for its second slot
    (folder / "readers").mkdir()
    (folder / "readers" / "vpcd").write_text(
        f'FRIENDLYNAME "yakuba test"\nDEVICENAME /dev/null:{port:#06x}\nLIBPATH {DRIVER}\nCHANNELID {port:#06x}\n'
    )
    log = folder / "pcscd.log"
    with log.open("wb") as out:
        service = subprocess.Popen(
            ["pcscd", "--foreground", "--config", str(folder / "readers")], stdout=out, stderr=out
        )
    try:
        reader = _inserted(card_side, port, service, log)
        thread = threading.Thread(target=reader.serve, daemon=True)
        thread.start()
        try:
            yield _found(log)
        finally:
            reader.close()
            thread.join(10)
    finally:
        service.terminate()
        service.wait(20)


def _listens() -> bool:
    with socket.socket(socket.AF_UNIX) as asked:
        return asked.connect_ex(str(SERVICE)) == 0


def _inserted(card_side: Applet, port: int, service: "subprocess.Popen[bytes]", log: Path) -> VirtualReader:
    for _ in range(200):
        if service.poll() is not None:
            pytest.skip(f"pcscd does not run here: {log.read_text(errors='replace')[-300:]}")
        try:
            return VirtualReader(card_side, port=port)
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"vpcd does not listen: {log.read_text(errors='replace')[-300:]}")


def _found(log: Path) -> PcscCard:
    for _ in range(200):
        found = cards_on_readers()
        if found:
            return found[0]
        time.sleep(0.1)
    said = log.read_text(errors="replace")[-1000:]
    raise AssertionError(f"the card was laid on the reader, but nobody sees it there: {said}")
