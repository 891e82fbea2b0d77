"""Moving a municipality from one cell to another while it is in use.

1. Both cells note that it is under way; in the old one every change of a row is noted from now on (:mod:`.watching`).
2. Table by table, in the order of references, its rows are copied as of one moment, each time with what changed meanwhile
   in the tables before. Each step is one transaction in the new cell, which also notes how far it is.
3. What changed since is brought, again and again, until it is little; then every row is compared, on both sides as of one
   moment.
4. The stop: the lock that every transaction of the municipality holds in part is taken whole, so that the running ones end
   and new ones wait. The rest is brought and compared, and the old cell notes that the municipality has left: with that
   commit the new one serves it, and those who waited go there. Nobody is answered with an error.
5. The rows in the old cell are removed.

Killed anywhere, the same command goes on from there. Until the commit of 4 the old cell serves, after it the new one; there
is no moment at which both do, or neither has the data.
"""

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from psycopg import errors

from yakuba.zones.cells.file import Cell
from yakuba.zones.cells.rows import Sum, bring, counted, summed, take_changes, under
from yakuba.zones.cells.tables import Database, Table, forget_code, movable, note_code, same_tables
from yakuba.zones.cells.watching import stop_watching, watch

FEW = 200  # so many changed rows are brought within the stop
MOST_ROUNDS = 50
STOP_PATIENCE = (
    "5s"  # a transaction that runs longer is not waited for at a stretch: others would wait behind us
)
_STOP, _MOVER = 7955, 7956  # see yakuba_enter
Tell = Callable[[str], None]
Sums = dict[str, Sum]


class MoveRefused(RuntimeError):
    """The move cannot be made or went wrong before the switch; the old cell serves as before."""


class Move:
    """One municipality from ``source`` to ``target``, by the tables' owner in both.

    Args:
        tell: one line per step, for whoever looks on.
    """

    def __init__(self, code: str, source: Cell, target: Cell, tell: Tell) -> None:
        self.code, self.source, self.target, self.tell = code, source, target, tell
        self.stopped_for = 0.0  # seconds nobody could write
        self._tables: list[Table] = []

    def run(self) -> None:
        """Move it, or go on where a move was cut off.

        Raises:
            MoveRefused: with the reason.
        """
        with self.source.owner.connect() as old, self.target.owner.connect() as new, self._only_mover(old):
            self._tables = movable(old)
            if not same_tables(self._tables, movable(new)):
                raise MoveRefused(
                    "二つのセルの表が違います。先に `yakuba cells prepare` で版をそろえてください。"
                )
            if self._seat(old)[0] == "here":
                self._begin(old, new)
                self._copy_tables(old, new)
                self._catch_up(old, new)
                self._switch(old, new)
            self._remove(old, new)

    @contextmanager
    def _only_mover(self, old: Database) -> Iterator[None]:
        key = (_MOVER, self.code)
        row = old.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", key).fetchone()
        if not (row and row[0]):
            raise MoveRefused(f"{self.code} は、いまほかの操作で移動中です。")
        try:
            yield
        finally:
            if not old.closed:
                old.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", key)

    # -- 1 --------------------------------------------------------------------------------------

    def _begin(self, old: Database, new: Database) -> None:
        number = self._number(old, new)
        with new.transaction():
            new.execute(
                "INSERT INTO cell_seat (code, state, peer, move, phase, progress, changed_at) "
                "VALUES (%s, 'arriving', %s, %s, 'copying', '{}', now()) ON CONFLICT (code) DO UPDATE "
                "SET state = 'arriving', peer = EXCLUDED.peer, changed_at = now(), phase = 'copying', "
                "progress = CASE WHEN cell_seat.move = EXCLUDED.move THEN cell_seat.progress ELSE '{}' END, move = EXCLUDED.move",
                [self.code, self.source.name, number],
            )
        old.execute(
            "UPDATE cell_seat SET peer = %s, move = %s, phase = 'copying', changed_at = now() WHERE code = %s",
            [self.target.name, number, self.code],
        )
        for table in self._tables:
            watch(old, table, self.code)

    def _number(self, old: Database, new: Database) -> uuid.UUID:
        """The number of the move that was cut off, or a new one."""
        state, peer, number, phase = self._seat(old)
        there = new.execute(
            "SELECT state, move, phase FROM cell_seat WHERE code = %s", [self.code]
        ).fetchone()
        if there and there[0] == "left" and there[2]:
            raise MoveRefused(
                f"セル {self.target.name} の片付けが終わっていません。例: yakuba cells move {self.code} {self.source.name}"
            )
        if there and there[0] == "here":
            raise MoveRefused(
                f"{self.code} はセル {self.target.name} にもあります。移動の前に調べてください。"
            )
        if state == "here" and phase and peer != self.target.name:
            raise MoveRefused(
                f"{self.code} はセル {peer} へ移動の途中です。例: yakuba cells move {self.code} {peer}"
            )
        going_on = phase and there and there[1] == number
        return number if going_on and number else uuid.uuid4()

    def _seat(self, database: Database) -> tuple[str, str, uuid.UUID | None, str]:
        row = database.execute(
            "SELECT state, peer, move, phase FROM cell_seat WHERE code = %s", [self.code]
        ).fetchone()
        if row is None or row[0] == "arriving" or (row[0] == "left" and row[1] != self.target.name):
            raise MoveRefused(f"{self.code} はセル {self.source.name} にありません。")
        return str(row[0]), str(row[1]), row[2], str(row[3])

    # -- 2, 3 -----------------------------------------------------------------------------------

    def _copy_tables(self, old: Database, new: Database) -> None:
        done = self._progress(new)
        for place, table in enumerate(self._tables, 1):
            if table.name in done:
                continue
            done[table.name] = 0
            with self._step(old, new, done, [table]) as brought:
                done[table.name] = brought.rows
                self._note(new, done)
            self.tell(f"写し {place}/{len(self._tables)}  {table.name}  {brought.rows:,} 行")

    def _progress(self, new: Database) -> dict[str, int]:
        row = new.execute("SELECT progress FROM cell_seat WHERE code = %s", [self.code]).fetchone()
        return dict(row[0]) if row else {}

    def _note(self, new: Database, done: dict[str, int]) -> None:
        progress = "{" + ",".join(f'"{name}":{rows}' for name, rows in done.items()) + "}"
        new.execute(
            "UPDATE cell_seat SET progress = %s::jsonb, changed_at = now() WHERE code = %s",
            [progress, self.code],
        )

    @contextmanager
    def _step(
        self, old: Database, new: Database, done: Sequence[str] | dict[str, int], whole: Sequence[Table] = ()
    ) -> Iterator["Brought"]:
        """Bring whole tables and what changed in those before, as of one moment of the old cell. The new cell commits
        first: cut off between the two, the same changes are brought again, which changes nothing."""
        with old.transaction():
            old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            under(old, self.code)
            with new.transaction():
                under(new, self.code)
                taken = take_changes(old, self.code)
                copied = [table for table in self._tables if table.name in done and table not in whole]
                changed = {table: taken[table.name] for table in copied if table.name in taken}
                rows = bring(old, new, self.code, whole, changed)
                yield Brought(rows, changed)

    def _catch_up(self, old: Database, new: Database) -> None:
        everything = [table.name for table in self._tables]
        for _round in range(MOST_ROUNDS):
            with self._step(old, new, everything) as brought:
                count = sum(map(len, brought.changed.values()))
            self.tell(f"追いつき: 変わった行 {count:,}")
            if count <= FEW:
                break
        with self._step(old, new, everything):
            self._compare(self._sums(old), self._sums(new))
        self.tell("照合: すべての表で行数とハッシュが一致しました")

    def _sums(self, database: Database) -> Sums:
        return {table.name: summed(database, table, self.code) for table in self._tables}

    def _compare(self, old: Sums, new: Sums) -> None:
        different = [
            f"{name}({old[name].rows} / {new[name].rows} 行)" for name in old if old[name] != new[name]
        ]
        if different:
            raise MoveRefused(f"照合が合いません: {', '.join(different)}。元のセルがそのまま使われています。")

    # -- 4 --------------------------------------------------------------------------------------

    def _switch(self, old: Database, new: Database) -> None:
        everything = [table.name for table in self._tables]
        with self._stop(old):
            began = time.monotonic()
            with self._step(old, new, everything) as brought:
                self._compare_rest(old, new, brought)
                old.execute(
                    "UPDATE cell_seat SET state = 'left', phase = 'removing', changed_at = now() WHERE code = %s",
                    [self.code],
                )
                note_code(new, self.code)
            self.stopped_for = time.monotonic() - began
        self.tell(f"切りかえ: 書き込みを {self.stopped_for * 1000:.0f} ミリ秒 待たせました")

    @contextmanager
    def _stop(self, old: Database) -> Iterator[None]:
        key = (_STOP, self.code)
        for _attempt in range(MOST_ROUNDS):
            try:
                with old.transaction():
                    old.execute(f"SET LOCAL lock_timeout = '{STOP_PATIENCE}'".encode())
                    old.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", key)
                break
            except (errors.LockNotAvailable, errors.DeadlockDetected):
                self.tell("長い処理が動いています。終わるのを待って、もう一度止めます")
                time.sleep(1)
        else:
            raise MoveRefused(
                "書き込みを止められませんでした。使用の少ない時間に、もう一度実行してください。"
            )
        try:
            yield
        finally:
            if not old.closed:
                old.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", key)

    def _compare_rest(self, old: Database, new: Database, brought: "Brought") -> None:
        """All was compared a moment ago; now the number of rows of each table, and the hashes of those that came since."""
        both = [
            {table.name: Sum(counted(database, table, self.code), "") for table in self._tables}
            for database in (old, new)
        ]
        self._compare(*both)
        rest = [
            {table.name: summed(database, table, self.code, keys) for table, keys in brought.changed.items()}
            for database in (old, new)
        ]
        self._compare(*rest)

    # -- 5 --------------------------------------------------------------------------------------

    def _remove(self, old: Database, new: Database) -> None:
        new.execute(
            "UPDATE cell_seat SET state = 'here', phase = '', changed_at = now() "
            "WHERE code = %s AND state = 'arriving' AND move = %s",
            [self.code, self._seat(old)[2]],
        )
        for table in self._tables:
            stop_watching(old, table, self.code)
        removed = sum(self._empty(old, table) for table in reversed(self._tables))
        with old.transaction():
            old.execute("DELETE FROM cell_change WHERE code = %s", [self.code])
            forget_code(old, self.code)
            old.execute("UPDATE cell_seat SET phase = '', changed_at = now() WHERE code = %s", [self.code])
        self.tell(f"片付け: 元のセルから {removed:,} 行を消しました")

    def _empty(self, old: Database, table: Table) -> int:
        removed = 0
        while True:
            with old.transaction():
                under(old, self.code)
                query = f"""DELETE FROM "{table.name}" WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM "{table.name}" WHERE municipality = %s LIMIT 5000))"""  # noqa: S608 - the catalogue's
                count = old.execute(query.encode(), [self.code]).rowcount
            removed += count
            if not count:
                return removed


class Brought:
    """What one step brought: ``rows`` in all, and the keys of changed rows by table."""

    def __init__(self, rows: int, changed: dict[Table, list[str]]) -> None:
        self.rows, self.changed = rows, changed
