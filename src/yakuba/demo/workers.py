"""Processes that fill a town side by side, forked from one that has Django set up already: setting it up costs two seconds
of CPU, which each worker would pay. A fresh process must do that before any model may be imported, so this module
imports none at its top.
"""

import importlib
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import django
from django.db import connections

from yakuba.demo.plan import Plan


def side_by_side(
    plan: Plan, parts: Sequence[int], keys_file: Path, jobs: int, database: dict[str, Any]
) -> Iterator[Any]:
    """The reports of the parts as they get ready; what is not begun is given up when one fails."""
    context = multiprocessing.get_context("forkserver")
    # the program's own commands too, where it is what runs: a worker imports its main module
    context.set_forkserver_preload(["yakuba.demo.ready", *({"yakuba.cli"} & set(sys.modules))])
    pool = ProcessPoolExecutor(jobs, context, _start, (database,))
    with pool:
        waiting = [pool.submit(_load_part, plan, part, keys_file) for part in parts]
        try:
            for finished in as_completed(waiting):
                yield finished.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _start(database: dict[str, Any]) -> None:
    """Settings come from the environment, the database is the one the parent uses."""
    django.setup()
    connections["default"].settings_dict.update(database)


def _load_part(plan: Plan, part: int, keys_file: Path) -> Any:
    return importlib.import_module("yakuba.demo.load").load_part(plan, part, keys_file)
