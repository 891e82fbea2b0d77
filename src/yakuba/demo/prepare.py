"""What a new demo town hall needs in its My Number zone, in one process: keys, cards, town, staff, first settings.

Safe to run at every start: what exists is kept, revocation lists are renewed.
"""

import json
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import pyotp
from rich.console import Console

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import now, today
from yakuba.base.files import PRIVATE, write_atomically
from yakuba.base.tenancy import under
from yakuba.card.tsa import ensure_tsa
from yakuba.casework.municipal import begin_with_examples
from yakuba.casework.notices.keys import make_notice_keys
from yakuba.casework.staff.demo import make_demo_staff
from yakuba.demo.loading_bar import begun, loading_bar
from yakuba.demo.places import bodies, places
from yakuba.demo.public_part import copy_public
from yakuba.demo.setting_up import set_up
from yakuba.registers.mynumber_keys import make_keys


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the demo's things are kept.

    Attributes:
        authority: the test authority, private keys included; no zone reads it.
        cards: the emulated cards.
        trust: gets a copy of the authority's public part: what zones check certificates against.
        notices: the notice authority and keys; ``public`` gets a copy of its public part.
        my_number_keys: file with the field encryption keys.
        staff: file with the demo staff's password and second factor.
    """

    authority: Path
    cards: Path
    trust: Path
    notices: Path
    public: Path
    my_number_keys: Path
    staff: Path


def prepare(folders: Folders, residents: int, console: Console) -> None:
    """Make what is missing.

    Raises:
        OtherTownLoaded: there is a town of another size already.
    """
    make_keys(folders.my_number_keys)
    make_notice_keys(folders.notices, bodies())
    copy_public(folders.notices / "public", folders.public)
    with loading_bar(console) as bar:
        set_up(
            keys_file=folders.my_number_keys, authority=folders.authority, cards=folders.cards,
            residents=residents, now=now(), begun=begun(bar),
        )  # fmt: skip
    copy_public(folders.authority, folders.trust)
    _time_stamps(folders.notices.parent / "tsa", folders.trust / "stamps", folders.public / "stamps")
    _make_staff(folders.staff)
    for town in places():
        event = AuditEvent("operator:terminal", "settings.changed", "settings", town.code, {"demo": "yes"})
        with under(town.code):
            begin_with_examples(town.code, today(), now(), event)


def _time_stamps(authority: Path, *targets: Path) -> None:
    """A time-stamping authority for notices and the evidence of signatures, and its root for whoever checks them."""
    made = ensure_tsa(authority, now=now())
    for target in targets:
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(made.roots_folder / "tsa.crt", target)


def _make_staff(file: Path) -> None:
    if not file.exists():
        made = {
            "password": "-".join(secrets.token_hex(2) for _ in range(4)),
            "totp_secret": pyotp.random_base32(),
        }
        write_atomically(file, json.dumps(made).encode(), mode=PRIVATE)
    known = json.loads(file.read_text())
    home = places()[0].code
    members = {
        code: make_demo_staff(code, known["password"], known["totp_secret"], home) for code in bodies()
    }
    known["members"] = [
        {"municipality": code, "login": one.login, "name": one.name, "roles": one.roles}
        for code, found in members.items()
        for one in found
    ]
    write_atomically(file, json.dumps(known, ensure_ascii=False, indent=1).encode(), mode=PRIVATE)
