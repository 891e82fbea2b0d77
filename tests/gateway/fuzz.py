"""Mutations of good files through the sanitiser: each is made harmless or refused, and the next good one still comes
through. Bounded and from a seed, so that what was found can be found again.

    python -m tests.gateway.fuzz --seconds 600 --seed 7     (make fuzz)
"""

import argparse
import hashlib
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from tests.gateway import files
from tests.gateway.corpus import office_files
from tests.gateway.corpus.documents import filled_form
from tests.gateway.corpus.specimen import DISARM, EVERYTHING
from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.sanitise.clean import Cleaned, clean
from yakuba.gateway.sanitise.limits import RASTER
from yakuba.gateway.sanitise.office_cell import installation
from yakuba.gateway.sanitise.policy import Policy
from yakuba.gateway.sanitise.refusals import codes
from yakuba.gateway.sanitise.sandbox import Sandbox

LIMITS = replace(RASTER, seconds=10, cpu_seconds=5, office_seconds=30, office_cpu_seconds=15)
Original = tuple[str, bytes, Policy]


def originals(*, office: bool) -> list[Original]:
    """Name, bytes and policy of the good files that are damaged."""
    found: list[Original] = [
        ("a.pdf", files.one_page_pdf(), EVERYTHING),
        ("a.pdf", filled_form(xfa=True), DISARM),
        ("a.jpg", files.placed_photograph(), EVERYTHING),
        *(
            (f"a.{form}", files.photograph(form), EVERYTHING)
            for form in ("PNG", "HEIF", "WEBP", "TIFF", "AVIF")
        ),
        ("a.zip", office_files.mixed_zip(), EVERYTHING),
        ("a.csv", "名前,式\n葉山,=1+1\n".encode("cp932"), EVERYTHING),
    ]
    if office:
        documents = (
            ("a.docx", office_files.docx()),
            ("a.xlsx", office_files.xlsx()),
            ("a.rtf", office_files.rtf()),
        )
        found += [(name, data, EVERYTHING) for name, data in documents]
    return found


def mutated(data: bytes, chance: random.Random) -> bytes:
    """``data`` with some bytes changed, cut, doubled, or with numbers that lie."""
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 30)):
        at = chance.randrange(min(8, len(changed)), len(changed) + 1)
        match chance.randrange(6):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                changed[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"))
            case 2:
                del changed[at : at + chance.randrange(1, 64)]
            case 3:
                changed[at:at] = changed[at : at + chance.randrange(1, 64)]
            case 4:
                changed[at:at] = chance.choice(
                    (b"9999999999", b" R", b"<<", b"stream\n", b"PK\x01\x02", b"\xff\xd8")
                )
            case _:
                changed[at : at + 1] = bytes(
                    [(changed[at] ^ (1 << chance.randrange(8))) if at < len(changed) else 0]
                )
    if chance.random() < 0.2:
        del changed[chance.randrange(len(changed) + 1) :]
    return bytes(changed)


def rounds(seed: int, *, office: bool) -> Iterator[tuple[Original, bytes]]:
    """Damaged files without end, the same for the same seed."""
    chance = random.Random(seed)
    good = originals(office=office)
    while True:
        original = chance.choice(good)
        yield original, mutated(original[1], chance)


def judged(name: str, data: bytes, policy: Policy, sandbox: Sandbox) -> Cleaned:
    """What became of it.

    Raises:
        AssertionError: neither a harmless file with its evidence nor a refusal with a known reason.
    """
    after = clean(AttachmentRef("s", name, "", len(data), ""), data, sandbox, LIMITS, policy)
    evidence = after.ref.evidence or {}
    assert evidence["before"] == hashlib.sha256(data).hexdigest()
    assert bool(after.data) is (after.ref.refused is None)
    assert after.ref.refused is None or after.ref.refused in codes()
    if after.data:
        assert evidence["after"] == after.ref.sha256 == hashlib.sha256(after.data).hexdigest()
        assert b"/JavaScript" not in after.data
        assert b"PhoneModel" not in after.data
    return after


def main() -> int:
    """Damage files for a while; 1 at the first that is not handled as demanded, with the seed and the round."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    wanted = parser.parse_args()
    sandbox, until, counts = Sandbox(), time.monotonic() + wanted.seconds, Counter[str]()
    office = not installation().missing
    for number, ((name, _good, policy), data) in enumerate(rounds(wanted.seed, office=office)):
        if time.monotonic() > until:
            break
        try:
            counts[f"{name}: {judged(name, data, policy, sandbox).ref.refused or 'came through'}"] += 1
        except Exception as error:  # noqa: BLE001 - whatever it was, say how to find it again
            print(f"seed {wanted.seed}, round {number}, {name}: {type(error).__name__}: {error}")
            return 1
    sandbox.close()
    print(f"seed {wanted.seed}: {sum(counts.values())} files")
    for what, count in sorted(counts.items()):
        print(f"{count:>7}  {what}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
