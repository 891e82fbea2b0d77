"""Child allowance of a million households re-assessed, beside the rule one by one in the same run.

Run with ``python -m benchmarks.reassess [--households 1000000] [--sample 2000]``. A made-up population in columns is
assessed for every month of a year in one process; a random sample of households is then decided one by one by the rule, and
every yen, band, rank and stage must be the same.
"""

import argparse
import random
import sys
import time

import numpy as np
from numpy.typing import NDArray

from benchmarks.results import Results
from yakuba.procedures.rules.jidou_teate.amounts import monthly
from yakuba.procedures.rules.jidou_teate.batch import BANDS, Assessed, assess
from yakuba.procedures.rules.jidou_teate.columns import Columns, claim_at
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters, load_parameters

LIMIT_S = 60.0
YEAR = [Month(2024, 4).plus(number) for number in range(12)]  # half of it before the reform, half after
DAYS_IN_MONTH = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def town_of(households: int, seed: int = 1) -> Columns:
    """A made-up population: one to five children a household, some abroad, in institutions, or not fully known."""
    rng = np.random.default_rng(seed)
    sizes = rng.choice([1, 2, 3, 4, 5], households, p=[0.46, 0.38, 0.12, 0.03, 0.01])
    household = np.repeat(np.arange(households), sizes)
    count = len(household)
    month = rng.integers(1, 13, count)
    left_month = rng.integers(1, 13, count)
    studies = rng.random(count) < 0.01

    def yes_no(no: float, unknown: float) -> NDArray[np.int8]:
        return rng.choice([1, 0, -1], count, p=[1 - no - unknown, no, unknown]).astype(np.int8)

    return Columns(
        households, rng.random(households) < 0.02, rng.integers(0, 12_000_000, households),
        rng.integers(1, 5, households), rng.integers(0, 2, households), household,
        rng.integers(2001, 2026, count), month, rng.integers(1, DAYS_IN_MONTH[month - 1] + 1),
        yes_no(0.01, 0.005), yes_no(0.01, 0.005), yes_no(0.05, 0.002), rng.random(count) < 0.02,
        np.where(studies, 1, rng.choice([0, 2, -1], count, p=[0.98, 0.015, 0.005])).astype(np.int8),
        np.where(studies, rng.integers(2020, 2025, count), 0), left_month, rng.integers(1, DAYS_IN_MONTH[left_month - 1] + 1),
        yes_no(0.2, 0.1), rng.choice([0, 1, -1], count, p=[0.985, 0.01, 0.005]).astype(np.int8),
    )  # fmt: skip


def main() -> int:
    """Measure and print; 1 if one household differs or the year takes longer than the limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=2_000)
    wanted = parser.parse_args()
    parameters, columns = load_parameters(), town_of(wanted.households)
    began, cpu = time.perf_counter(), time.process_time()
    year = [assess(columns, month, parameters) for month in YEAR]
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    one_cpu, differing = _one_by_one(columns, year, wanted.sample, parameters)
    print(f"{wanted.households:,} households, {len(columns.household):,} children, {len(YEAR)} months")
    print(f"  in columns: {wall:.1f} s ({used:.1f} s CPU), {used / len(YEAR):.2f} s CPU a month")
    print(
        f"  one by one: {one_cpu * 1e6:.0f} µs a household and month; a sample of {wanted.sample:,} compared"
    )
    print(f"  differing: {differing}")
    results = Results("reassess")
    each = used / (wanted.households * len(YEAR))
    results.add("in columns, a household and month", {"per_second": 1 / each, "cpu_ms": each * 1000})
    results.add("one by one, a household and month", {"per_second": 1 / one_cpu, "cpu_ms": one_cpu * 1000})
    results.add(
        f"{wanted.households:,} households, one month", {"cpu_s": used / len(YEAR), "differing": differing}
    )
    return 1 if differing or used / len(YEAR) > LIMIT_S else 0


def _one_by_one(
    columns: Columns, year: list[Assessed], size: int, parameters: Parameters
) -> tuple[float, int]:
    """CPU seconds a household and month by the rule itself, and how many of the sample differ."""
    chosen = random.Random(3).sample(range(columns.households), min(size, columns.households))
    differing, cpu = 0, 0.0
    first = np.searchsorted(columns.household, np.arange(columns.households + 1))
    for number in chosen:
        part = _household(columns, number, int(first[number]), int(first[number + 1]))
        for found in year:
            began = time.process_time()
            alone = monthly(part, found.month, parameters)
            cpu += time.process_time() - began
            same = int(found.yen[number]) == alone.yen and BANDS[found.band[number]] == alone.band
            lines = sorted((line.rank, line.yen) for line in alone.lines)
            span = slice(int(first[number]), int(first[number + 1]))
            paid = found.child_yen[span] > 0
            same = same and lines == sorted(
                zip(found.rank[span][paid].tolist(), found.child_yen[span][paid].tolist(), strict=True)
            )
            differing += not same
    return cpu / (len(chosen) * len(year)), differing


def _household(columns: Columns, number: int, start: int, end: int):  # type: ignore[no-untyped-def]
    """One claim, without looking through the whole population for its children."""
    whose = {
        "household",
        "birth_year",
        "birth_month",
        "birth_day",
        "cared_for",
        "shares_livelihood",
        "lives_with_claimant",
    }
    whose |= {
        "with_other_parent",
        "residence",
        "left_year",
        "left_month",
        "left_day",
        "lived_before",
        "in_facility",
    }
    part = {
        name: getattr(columns, name)[start:end] if name in whose else getattr(columns, name)
        for name in Columns.__dataclass_fields__
    }
    return claim_at(Columns(**part), number)


if __name__ == "__main__":
    sys.exit(main())
