"""Where the procedures stand: one folder each, named as the procedure's id.

``definitions/<id>/`` holds everything that is particular to a procedure, as data: ``definition.yaml`` (the form),
``parameters.yaml`` (its clocks), ``desk.yaml``, ``notices/`` and ``handover.yaml`` (read by the room casework, never
here). A municipality's own procedures stand in the folder that ``YAKUBA_DEFINITIONS`` names, written the same way; one
that is only a form may be a single file ``<id>.yaml`` there.

This is an edge: it knows files, and nothing of what is in them.
"""

import os
from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

DEFINITION = "definition.yaml"


def national_folder() -> Traversable:
    """The folder of the national definitions."""
    return resources.files("yakuba.procedures") / "definitions"


def own_folder() -> Path | None:
    """The folder of the municipality's own definitions, if it has any (``YAKUBA_DEFINITIONS``)."""
    named = os.environ.get("YAKUBA_DEFINITIONS", "")
    return Path(named) if named else None


def procedure_folders(folder: Traversable) -> Mapping[str, Traversable]:
    """The folders of procedures in ``folder``, by the procedures' ids, in their order.

    Raises:
        OSError: the folder cannot be read.
    """
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return {entry.name: entry for entry in entries if entry.is_dir() and (entry / DEFINITION).is_file()}


def definition_files(folder: Traversable) -> Iterator[Traversable]:
    """Every file that defines a procedure in ``folder``: ``<id>/definition.yaml`` and ``<id>.yaml``."""
    for one in procedure_folders(folder).values():
        yield one / DEFINITION
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_file() and entry.name.endswith(".yaml") and not entry.name.startswith("_"):
            yield entry


def parts(name: str) -> Iterator[tuple[str, Traversable]]:
    """Each procedure's file or folder ``name`` (``desk.yaml``, ``notices``) with the procedure's id, where it has one."""
    own = own_folder()
    for root in (national_folder(), *([own] if own else [])):
        for procedure_id, folder in procedure_folders(root).items():
            part = folder / name
            if part.is_file() or part.is_dir():
                yield procedure_id, part
