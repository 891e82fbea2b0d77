"""Filling a zone's registers with the demo town: part by part, on every core, once.

A part is ten blocks in one transaction, written with a note that it is in. Killed at any moment, the next run goes
on with the parts that are missing; a finished town is kept as it is.
"""

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.demo import town, workers
from yakuba.demo.persons import Person
from yakuba.demo.places import place
from yakuba.demo.plan import Plan
from yakuba.demo.rows import Rows, rows
from yakuba.registers import bulk
from yakuba.registers.models import BulkLoad, LoadedPart
from yakuba.registers.mynumber_keys import MyNumberKeys, read_keys

SOURCE = "demo-town"
ACTOR = "system:demo"
BLOCKS_A_PART = 10
CAST_PART = -1
_SMALL = 40_000  # residents: below this, starting other processes costs more than it saves
Progress = Callable[[int], None]


class OtherTownLoaded(RuntimeError):
    """The registers hold a demo town of another plan, which is never overwritten."""

    def __init__(self, wanted: Plan, found: Plan) -> None:
        self.wanted, self.found = wanted, found
        super().__init__(
            f"{place(found.municipality).name}には住民{found.residents:,}人の架空の町(種{found.seed})がすでにあります。"
            f"住民{wanted.residents:,}人(種{wanted.seed})の町は、別の場所に作ってください。例: "
            f"YAKUBA_HOME=/srv/yakuba-{wanted.residents} make run。今の町を使うには --residents {found.residents} を付けます。"
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What a load did. Seconds of generation and of loading are summed over the processes; ``seconds`` is the wall's."""

    plan: Plan
    residents: int = 0
    rows: int = 0
    bytes: int = 0
    generation_cpu: float = 0.0
    loading_seconds: float = 0.0
    seconds: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether everything was there already."""
        return self.rows == 0

    @property
    def residents_a_second(self) -> float:
        """Present residents generated, sealed, inserted and committed a second."""
        return self.residents / self.seconds if self.seconds else 0.0

    def plus(self, other: "Report") -> "Report":
        """Both together, on the same wall clock."""
        return Report(
            self.plan, self.residents + other.residents, self.rows + other.rows, self.bytes + other.bytes,
            self.generation_cpu + other.generation_cpu, self.loading_seconds + other.loading_seconds,
            self.seconds,
        )  # fmt: skip


def load_town(
    plan: Plan,
    keys_file: Path,
    *,
    cast: Sequence[Person] = (),
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Fill the registers of ``plan.municipality``; afterwards the town is there, once.

    A town begun on an earlier day keeps that day. Must not run inside a transaction.

    Args:
        keys_file: the keys of the 個人番号 (:func:`yakuba.registers.mynumber_keys.make_keys`).
        cast: people of the demo's cast, with their cards; they come on top of ``plan.residents``.
        jobs: processes; as many as there are cores if not given.
        progress: told how many residents are there already, then how many each finished part has.

    Raises:
        OtherTownLoaded: there is one of another size or seed.
    """
    begun = time.perf_counter()
    plan, done = _begin(plan)
    report = Report(plan)
    if cast and CAST_PART not in done:
        report = report.plus(_load(plan, CAST_PART, lambda: iter([list(cast)]), read_keys(keys_file)))
    missing = [part for part in range(_parts(plan)) if part not in done]
    if progress:
        progress(plan.residents - sum(_size(plan, part) for part in missing))
    for each in _run(plan, missing, keys_file, jobs):
        report = report.plus(each)
        if progress:
            progress(each.residents)
    _finish(plan)
    return Report(
        plan, report.residents, report.rows, report.bytes, report.generation_cpu, report.loading_seconds,
        time.perf_counter() - begun,
    )  # fmt: skip


def residents_to_load(plan: Plan) -> int:
    """How many residents :func:`load_town` would still bring in.

    Raises:
        OtherTownLoaded.
    """
    plan, done = _begin(plan)
    return sum(_size(plan, part) for part in range(_parts(plan)) if part not in done)


# -- the plan's state -------------------------------------------------------------------------------


def _begin(plan: Plan) -> tuple[Plan, set[int]]:
    """The plan that holds (an earlier one keeps its day) and the parts that are in."""
    with under(plan.municipality):
        load, made = BulkLoad.objects.get_or_create(
            municipality=plan.municipality,
            source=SOURCE,
            defaults={"plan": plan.as_json(), "started_at": now()},
        )
        if made:
            log.append(_event("registers.bulk_load_begun", plan))
        found = Plan.from_json(load.plan)
        if (found.residents, found.seed) != (plan.residents, plan.seed):
            raise OtherTownLoaded(plan, found)
        return found, set(LoadedPart.objects.filter(source=SOURCE).values_list("part", flat=True))


def _finish(plan: Plan) -> None:
    with under(plan.municipality):
        open_loads = BulkLoad.objects.filter(source=SOURCE, finished_at=None)
        if open_loads.update(finished_at=now()):
            bulk.analyze()
            log.append(_event("registers.bulk_load_finished", plan))


def _event(action: str, plan: Plan, **facts: str) -> AuditEvent:
    told = {"residents": str(plan.residents), "seed": str(plan.seed), "synthetic": "true"} | facts
    return AuditEvent(ACTOR, action, f"town:{plan.municipality}", plan.municipality, told)


def _parts(plan: Plan) -> int:
    blocks = sum(1 for _ in plan.blocks())
    return -(-blocks // BLOCKS_A_PART)


def _size(plan: Plan, part: int) -> int:
    return sum(size for _, size in _blocks(plan, part))


def _blocks(plan: Plan, part: int) -> list[tuple[int, int]]:
    return list(plan.blocks())[part * BLOCKS_A_PART : (part + 1) * BLOCKS_A_PART]


# -- one part ---------------------------------------------------------------------------------------


def _load(
    plan: Plan, part: int, people: Callable[[], Iterator[Sequence[Person]]], keys: MyNumberKeys
) -> Report:
    """Generate and insert a part in one transaction, with its note and its audit record."""
    began = time.process_time()
    with _without_collector():
        made = [rows(plan.municipality, block, keys) for block in people()]
    generation = time.process_time() - began
    began = time.perf_counter()
    count, size = 0, 0
    with under(plan.municipality):
        for table in made[0].lines:
            data = b"".join(each.data(table) for each in made)
            size += len(data)
            count += bulk.insert(table, data) if data else 0
        LoadedPart.objects.create(municipality=plan.municipality, source=SOURCE, part=part, rows=count)
        log.append(_event("registers.bulk_loaded", plan, part=str(part), rows=str(count)))
    loading = time.perf_counter() - began
    return Report(plan, _residents(made), count, size, generation, loading)


@contextmanager
def _without_collector() -> Iterator[None]:
    """People hold no cycles, and a third of the time would go into looking for some."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _residents(made: Iterable[Rows]) -> int:
    """Each present resident has one 個人番号."""
    return sum(len(each.lines[bulk.MY_NUMBERS]) for each in made)


def load_part(plan: Plan, part: int, keys_file: Path) -> Report:
    """Generate and insert one part that is not in yet, in a transaction of its own."""
    blocks = _blocks(plan, part)
    return _load(plan, part, lambda: (town.block(plan, *each) for each in blocks), read_keys(keys_file))


def _run(plan: Plan, parts: Sequence[int], keys_file: Path, jobs: int | None) -> Iterator[Report]:
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1 or len(parts) <= 1 or plan.residents <= _SMALL:
        for part in parts:
            yield load_part(plan, part, keys_file)
        return
    parameters = {key: connection.settings_dict[key] for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}
    yield from workers.side_by_side(plan, parts, keys_file, min(jobs, len(parts)), parameters)
