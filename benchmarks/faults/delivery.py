"""What a link may do to messages: bring them twice, late, in another order; lose receipts; spoil bytes where they lie."""

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass

from benchmarks.driver.parcels import Parcel
from benchmarks.faults.tally import arrived
from benchmarks.faults.town import FaultTown, Load

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
    and nothing else may be held up. Then the bytes are restored, as from a backup, and what was set aside is tried again."""
    spoiled = [(spot, *found) for spot in _SPOTS if (found := _spoil_one(town, chance, spot, load))]
    load.join()
    shown = [each for each in load.parcels if each.receipt_number in load.shown]
    until = time.monotonic() + 90
    while time.monotonic() < until and _on_desk(town, shown) < len(shown) - len(spoiled):
        time.sleep(0.5)
    held_back = len(shown) - _on_desk(town, shown)
    for spot, key, good in spoiled:
        town.run(spot.zone, f"UPDATE {spot.table} SET {spot.column} = %s WHERE id = %s", good, key)
    for zone in ("internet", "lgwan"):
        for (message,) in town.run(zone, "SELECT message FROM gateway_pending WHERE queue = 'dead'"):
            command = [sys.executable, "-m", "yakuba", "in", zone, "gateway", "retry", str(message)]
            subprocess.run(
                command, env={**os.environ, "YAKUBA_HOME": str(town.home)}, check=True, capture_output=True
            )
    return f"{len(spoiled)} spoiled, {held_back} held back until restored"


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


def _on_desk(town: FaultTown, parcels: list[Parcel]) -> int:
    with town.database("mynumber") as desk:
        return len(arrived(desk, parcels))
