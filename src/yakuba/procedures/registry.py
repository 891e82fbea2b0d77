"""The one place where definitions are found: ``definitions/<id>/definition.yaml``, read once, every version of each;
and beside them the municipality's own, in the folder that ``YAKUBA_DEFINITIONS`` names.

This is the edge: below it everything is a function of values.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from yakuba.procedures.checks import definition_faults
from yakuba.procedures.definition import Procedure
from yakuba.procedures.faults import DefinitionFault, InvalidDefinition, UnknownProcedure
from yakuba.procedures.folders import DEFINITION, definition_files, national_folder, own_folder
from yakuba.procedures.fragments import with_fragments
from yakuba.procedures.loading import read_procedures

_FRAGMENTS = "_fragments.yaml"


class DatesAsText(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML whose dates stay text: a definition compares and prints them as written."""


DatesAsText.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in DatesAsText.yaml_implicit_resolvers.items()
}


def load_definition(
    text: str, source: str, fragments: Mapping[str, Any] | None = None
) -> tuple[Procedure, ...]:
    """The versions a definition file's text describes.

    Raises:
        InvalidDefinition: anything wrong with it; says all mistakes at once.
    """
    document = with_fragments(_parsed(text, source), fragments or {}, source)
    versions = read_procedures(document, source)
    if faults := [fault for version in versions for fault in definition_faults(version)]:
        raise InvalidDefinition(source, list(dict.fromkeys(faults)))
    return versions


def _parsed(text: str, source: str) -> Any:
    return yaml.load(text, Loader=DatesAsText)  # noqa: S506 - a safe loader without timestamps


@cache
def fragments() -> Mapping[str, Any]:
    """The shared field fragments (``like: <name>`` in a definition)."""
    text = (national_folder() / _FRAGMENTS).read_text(encoding="utf-8")
    found = _parsed(text, _FRAGMENTS)
    return found if isinstance(found, dict) else {}


@cache
def _loaded() -> Mapping[str, tuple[Procedure, ...]]:
    own = own_folder()
    national = _from_folder(national_folder())
    return with_own(national, own) if own else national


def with_own(
    national: Mapping[str, tuple[Procedure, ...]], folder: Path
) -> Mapping[str, tuple[Procedure, ...]]:
    """``national`` definitions and those in ``folder``, written the same way.

    Raises:
        InvalidDefinition: a mistake in one of them, or one that calls itself as a national procedure is called (what a
            municipality may change of those, it changes in its settings).
        OSError: the folder cannot be read.
    """
    own = _from_folder(folder)
    for taken in sorted(own.keys() & national.keys()):
        says = f"the national procedure is called {taken!r} already; give your own another id, e.g. 'machi-{taken}'"
        raise InvalidDefinition(f"{folder}/{taken}", [DefinitionFault("id", says)])
    return {**national, **own}


def _from_folder(folder: Traversable) -> Mapping[str, tuple[Procedure, ...]]:
    found: dict[str, tuple[Procedure, ...]] = {}
    for file in definition_files(folder):
        versions = load_definition(file.read_text(encoding="utf-8"), _source(file), fragments())
        found[versions[0].id] = versions
    return dict(sorted(found.items()))


def _source(file: Traversable) -> str:
    """The file's name for messages: with its folder where every file is called the same."""
    return "/".join(Path(str(file)).parts[-2:]) if file.name == DEFINITION else file.name


def procedure_ids() -> tuple[str, ...]:
    """The ids of all procedures, whatever the day."""
    return tuple(_loaded())


def versions(procedure_id: str) -> tuple[Procedure, ...]:
    """Every version of a procedure, oldest first.

    Raises:
        UnknownProcedure: no definition has this id.
    """
    try:
        return _loaded()[procedure_id]
    except KeyError as error:
        raise UnknownProcedure(
            f"no procedure is called {procedure_id!r}; there are {', '.join(_loaded())}"
        ) from error


def procedure(procedure_id: str, *, version: str | None = None, as_of: date | None = None) -> Procedure:
    """One procedure in the version named, else in that valid on ``as_of``, else in the newest.

    Raises:
        UnknownProcedure: no such id, version, or none valid on that day.
    """
    found = versions(procedure_id)
    if version is not None:
        found = tuple(one for one in found if one.version == version)
    elif as_of is not None:
        found = tuple(one for one in found if _is_valid(one, as_of))
    if not found:
        raise UnknownProcedure(f"{procedure_id!r} has no version {version or f'valid on {as_of}'}")
    return found[-1]


def _is_valid(one: Procedure, day: date) -> bool:
    return one.valid_from <= day and (one.valid_until is None or day <= one.valid_until)


def all_procedures(as_of: date) -> tuple[Procedure, ...]:
    """Every procedure valid on ``as_of``, in the order of their ids."""
    found = [[one for one in each if _is_valid(one, as_of)] for each in _loaded().values()]
    return tuple(valid[-1] for valid in found if valid)
