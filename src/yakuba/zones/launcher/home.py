"""The folder a town hall lives in (``YAKUBA_HOME``, by default ``var`` beside the code): checks, lock, secrets."""

import fcntl
import hashlib
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import yakuba
from yakuba.base.files import write_new
from yakuba.zones.launcher.troubles import AlreadyRunning, PlaceTrouble

_CHECKOUT = Path(yakuba.__file__).resolve().parent.parent.parent
ZONES = ("internet", "lgwan", "mynumber")
NEEDED_BYTES = 600 * 1024 * 1024
NEEDED_AGAIN = 100 * 1024 * 1024  # a town that is there only grows by what is applied for


@dataclass(frozen=True, slots=True)
class Home:
    """Where each thing is kept under the home folder."""

    path: Path

    @property
    def logs(self) -> Path:
        """One log per part."""
        return self.path / "log"

    @property
    def trust(self) -> Path:
        """Card roots and CRLs: what the zones check certificates against."""
        return self.path / "trust"

    @property
    def notices(self) -> Path:
        """Root and revocation lists the town's notices are checked against, by anyone."""
        return self.path / "notices" / "public"

    @property
    def cards(self) -> Path:
        """The demo cards: the residents' side, which no zone reads."""
        return self.path / "cards"

    @property
    def links(self) -> Path:
        """Certificates of the mTLS links between the zones."""
        return self.path / "links"

    @property
    def zone_keys(self) -> Path:
        """The public keys of all zones: what receipts and audit heads are checked with."""
        return self.links / "zone-keys"

    def link(self, outer: str, inner: str) -> Path:
        """Certificates of the link on which ``inner`` calls ``outer``."""
        return self.links / f"{outer}-{inner}"

    def broker(self, outer: str, inner: str) -> Path:
        """Certificates of the broker that carries the link, where one does."""
        return self.links / f"broker-{outer}-{inner}"

    @property
    def demo(self) -> Path:
        """What the demo writes for people to look at."""
        return self.path / "demo"

    def zone(self, name: str) -> Path:
        """What only one zone may read: its database, its keys."""
        return self.path / name


def open_home(path: Path) -> Home:
    """Make and check the home folder.

    Raises:
        PlaceTrouble: not writable, or too little space; the message names the folder and a way out.
    """
    home = Home(path.resolve())
    try:
        for folder in (home.path, home.logs, home.trust, home.cards, home.links, home.demo):
            folder.mkdir(parents=True, exist_ok=True)
        for zone in ZONES:
            home.zone(zone).mkdir(exist_ok=True)
        probe = home.path / ".probe"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        raise PlaceTrouble(
            f"フォルダー {home.path} に書き込めません({error.strerror})。\n"
            "書き込める場所を指定してください。例: YAKUBA_HOME=$HOME/yakuba-data make run"
        ) from error
    free = shutil.disk_usage(home.path).free
    needed = NEEDED_AGAIN if (home.path / "residents").exists() else NEEDED_BYTES
    if free < needed:
        raise PlaceTrouble(
            f"空き容量が足りません: {home.path} の空きは {free >> 20} MB、必要なのは {needed >> 20} MB です。\n"
            "空きを作るか、ほかの場所を指定してください。例: YAKUBA_HOME=/mnt/disk/yakuba make run"
        )
    return home


def default_home(checkout: Path) -> Path:
    """``var`` in the checkout; for root with a checkout in a closed folder (/root), where the unprivileged database
    server could not reach it, a folder under /var/lib instead."""
    path = checkout.resolve() / "var"
    if os.geteuid() != 0:
        return path
    closed = [parent for parent in path.parents if parent.exists() and not parent.stat().st_mode & 0o001]
    if not closed:
        return path
    return Path("/var/lib/yakuba") / hashlib.sha256(str(path).encode()).hexdigest()[:12]


def chosen_home() -> Path:
    """The home folder to use: ``YAKUBA_HOME``, or the default beside the code."""
    named = os.environ.get("YAKUBA_HOME")
    return Path(named).resolve() if named else default_home(_CHECKOUT)


def lock(home: Home) -> IO[str]:
    """Hold the home folder for this process; released by the system when it ends, however it ends.

    Raises:
        AlreadyRunning: another launcher holds it.
    """
    file = (home.path / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read().strip() or "?"
        file.close()
        raise AlreadyRunning(home.path, holder) from error
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()))
    file.flush()
    return file


def secret(path: Path) -> str:
    """The random secret in ``path`` (256 bits, hex); made at first use, readable by the owner only."""
    write_new(path, secrets.token_hex(32).encode())
    return path.read_text().strip()
