"""What a link may do to messages: bring them twice, late, in another order; lose receipts; spoil bytes where they lie."""

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass

from benchmarks.faults.tally import arrived
from benchmarks.faults.town import FaultTown, Load, PromiseBroken
from yakuba.gateway.broker.names import INWARD

_AGAIN = (
    "INSERT INTO gateway_pending (municipality, message, role, kind, queue, due_at, attempts, problem) "
    "SELECT municipality, message, '{role}', kind, '{hop}', now() - random() * interval '1 hour', 0, '' FROM gateway_{role} "
    "WHERE recipient = 'mynumber' AND random() < 0.5 ON CONFLICT (message, role) DO UPDATE "
    "SET queue = EXCLUDED.queue, due_at = EXCLUDED.due_at WHERE gateway_pending.queue <> 'sanitise' RETURNING 1"
)


def deliver_twice_and_in_any_order(town: FaultTown, chance: random.Random, load: Load) -> str:
    """Half of all messages, delivered ones too, are put up for delivery again in random order, over and over."""
    again = 0
    while load.running:
        again += len(town.run("internet", _AGAIN.format(role="outbox", hop="lgwan")))
        # only what the sanitiser has been through may go on
        again += len(town.run("lgwan", _AGAIN.format(role="transit", hop="mynumber").replace(
            "AND random()", "AND transit IS NOT NULL AND random()")))  # fmt: skip
        time.sleep(chance.uniform(0.3, 1.0))
    return f"{again} deliveries repeated"


def lose_receipts(town: FaultTown, chance: random.Random, load: Load) -> str:
    """Half of the receipts vanish on their way; five minutes' silence is shortened to none."""
    lost = 0
    while load.running:
        for zone in ("mynumber", "lgwan"):
            lost += len(
                town.run(
                    zone, "DELETE FROM gateway_slip WHERE kind = 'receipt' AND random() < 0.5 RETURNING 1"
                )
            )
        town.run("internet", "UPDATE gateway_pending SET due_at = now() WHERE queue = 'receipt'")
        time.sleep(chance.uniform(0.05, 0.2))
    town.run("internet", "UPDATE gateway_pending SET due_at = now() WHERE queue = 'receipt'")
    return f"{lost} receipts lost"


@dataclass(frozen=True, slots=True)
class _Spot:
    """Bytes that lie in a zone, and who would fetch them next."""

    zone: str
    table: str
    column: str
    where: str
    fetcher: str


_SPOTS = (
    _Spot(
        "internet",
        "gateway_outbox",
        "document",
        "recipient = 'mynumber' AND state = 'waiting'",
        "relay-lgwan",
    ),
    _Spot(
        "lgwan",
        "gateway_transit",
        "document",
        "recipient = 'mynumber' AND state = 'onward'",
        "relay-mynumber",
    ),
    _Spot("lgwan", "gateway_blob_chunk", "data", "true", "relay-mynumber"),
)


def spoil_at_rest(town: FaultTown, chance: random.Random, load: Load) -> str:
    """One bit of stored messages and files is changed in the outer zones while they wait: nothing of it may reach the desk,
    and nothing else may be held up, nor what is handed in after it. Then the bytes are restored, as from a backup, and what
    was set aside is tried again.

    Raises:
        PromiseBroken: something else was held up.
    """
    spoiled = [(spot, *found) for spot in _SPOTS if (found := _spoil_one(town, chance, spot, load))]
    load.join()
    good = load.one_more()
    missing = _missing_beside(town, load, len(spoiled), good.receipt_number)
    for spot, key, good_bytes in spoiled:
        town.run(spot.zone, f"UPDATE {spot.table} SET {spot.column} = %s WHERE id = %s", good_bytes, key)
    _try_again_what_was_set_aside(town)
    if problem := held_up(len(spoiled), missing, good.receipt_number):
        raise PromiseBroken(problem)
    return (
        f"{len(spoiled)} spoiled, {len(missing)} held back until restored, one handed in after them was not"
    )


def spoil_streams(town: FaultTown, chance: random.Random, load: Load) -> str:
    """One bit of a file in which a NATS server of each link keeps its stream is changed while messages wait in it, and the
    server killed so that it reads the file again; twice. Nothing is restored: the other two servers have what it lost."""
    spoiled = 0
    for step in range(2):
        load.wait_for((step + 1) * len(load.parcels) // 4)
        for outer, reader in (("internet", "relay-lgwan"), ("lgwan", "relay-mynumber")):
            with town.standing_still(reader):
                time.sleep(chance.uniform(1.0, 2.0))  # messages gather in the stream
                spoiled += _spoil_stream(town, chance, outer)
    return f"{spoiled} of 4 stream files spoiled under their servers"


def _spoil_stream(town: FaultTown, chance: random.Random, outer: str) -> int:
    """1 if there was a file with something in it."""
    folder = town.home / outer / "broker"
    blocks = [file for file in folder.rglob(f"{INWARD.stream}/msgs/*.blk") if file.stat().st_size]
    if not blocks:
        return 0
    block = chance.choice(blocks)
    node = block.relative_to(folder).parts[0]
    with block.open("r+b") as opened:
        data = bytearray(opened.read())
        place = chance.randrange(len(data))
        opened.seek(place)
        opened.write(bytes([data[place] ^ 1 << chance.randrange(8)]))
    town.kill(f"broker-{outer}-{node}")
    return 1


def held_up(spoiled: int, missing: set[str], good: str) -> str:
    """What is wrong with ``missing`` (receipt numbers not on the desk) when so many messages and files are spoiled and
    ``good`` was handed in after that; empty if nothing is."""
    if good in missing:
        return f"what was handed in after {spoiled} were spoiled was held up by them"
    if len(missing) > spoiled:
        return f"{spoiled} spoiled, but {len(missing)} held back"
    return ""


def _missing_beside(town: FaultTown, load: Load, spoiled: int, good: str) -> set[str]:
    """The receipt numbers that were shown and are not on the desk, when no more come that may be looked for."""
    shown = [each for each in load.parcels if each.receipt_number in load.shown]
    until = time.monotonic() + 90
    while True:
        with town.database("mynumber") as desk:
            missing = {each.receipt_number for each in shown} - arrived(desk, shown)
        if time.monotonic() > until or not held_up(spoiled, missing, good):
            return missing
        time.sleep(0.5)


def _try_again_what_was_set_aside(town: FaultTown) -> None:
    for zone in ("internet", "lgwan"):
        for (message,) in town.run(zone, "SELECT message FROM gateway_pending WHERE queue = 'dead'"):
            command = [sys.executable, "-m", "yakuba", "in", zone, "gateway", "retry", str(message)]
            subprocess.run(
                command, env={**os.environ, "YAKUBA_HOME": str(town.home)}, check=True, capture_output=True
            )


def _spoil_one(
    town: FaultTown, chance: random.Random, spot: _Spot, load: Load
) -> tuple[object, bytes] | None:
    """Change a bit of one row's bytes while who would fetch them stands still. Returns the row's number and the good bytes."""
    until = time.monotonic() + 20
    with town.standing_still(spot.fetcher):
        while time.monotonic() < until and load.running:
            rows = town.run(
                spot.zone,
                f"SELECT id, {spot.column} FROM {spot.table} WHERE {spot.where} ORDER BY random() LIMIT 1",
            )
            if rows:
                good = bytes(rows[0][1])
                bad = bytearray(good)
                bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
                town.run(
                    spot.zone,
                    f"UPDATE {spot.table} SET {spot.column} = %s WHERE id = %s",
                    bytes(bad),
                    rows[0][0],
                )
                return rows[0][0], good
            time.sleep(0.1)
    return None
