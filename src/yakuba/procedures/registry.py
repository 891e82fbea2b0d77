"""The one place where definitions are found: ``definitions/<id>/definition.yaml``, read once, every version of each;
beside them the municipality's own, in the folder that ``YAKUBA_DEFINITIONS`` names, and those that its office has
published (:func:`keep_own`), which belong to the municipality at hand alone.

This is the edge: below it everything is a function of values.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from yakuba.base.texts import Text
from yakuba.procedures.authoring.documents import DatesAsText, checked, standalone
from yakuba.procedures.definition import Procedure
from yakuba.procedures.faults import DefinitionFault, InvalidDefinition, UnknownProcedure
from yakuba.procedures.folders import DEFINITION, definition_files, national_folder, own_folder
from yakuba.procedures.shared import Words

_FRAGMENTS = "_fragments.yaml"


OwnProcedures = Callable[[], Mapping[str, tuple[Procedure, ...]]]
_keepers: list[OwnProcedures] = []


def keep_own(own: OwnProcedures) -> None:
    """Register where the procedures are that the municipality at hand has published itself, every version of each."""
    if own not in _keepers:
        _keepers.append(own)


def _own() -> Mapping[str, tuple[Procedure, ...]]:
    return {key: versions for keeper in _keepers for key, versions in keeper().items()}


def load_definition(
    text: str, source: str, fragments: Mapping[str, Any] | None = None
) -> tuple[Procedure, ...]:
    """The versions a definition file's text describes.

    Raises:
        InvalidDefinition: anything wrong with it; says all mistakes at once.
    """
    return checked(_parsed(text), source, fragments)


def _parsed(text: str) -> Any:
    return yaml.load(text, Loader=DatesAsText)  # noqa: S506 - a safe loader without timestamps


@cache
def fragments() -> Mapping[str, Any]:
    """The shared field fragments (``like: <name>`` in a definition)."""
    text = (national_folder() / _FRAGMENTS).read_text(encoding="utf-8")
    found = _parsed(text)
    return found if isinstance(found, dict) else {}


@cache
def shared_words() -> Mapping[str, Words]:
    """How shared questions are put (:mod:`~yakuba.procedures.shared`): the words of the fragment called as the meaning."""
    found = {name: node for name, node in fragments().items() if isinstance(node, dict) and "label" in node}
    return {name: _words(node) for name, node in found.items()}


def _words(node: Mapping[str, Any]) -> Words:
    hint, item = node.get("hint"), node.get("item_name")
    return Words(Text(**node["label"]), Text(**hint) if hint else None, Text(**item) if item else None)


@cache
def _national() -> Mapping[str, tuple[Procedure, ...]]:
    return _from_folder(national_folder())


@cache
def _loaded() -> Mapping[str, tuple[Procedure, ...]]:
    own = own_folder()
    return with_own(_national(), own) if own else _national()


def national(as_of: date) -> tuple[Procedure, ...]:
    """The national procedures valid on ``as_of``."""
    return _valid(_national().values(), as_of)


def national_document(procedure_id: str, as_of: date) -> dict[str, Any]:
    """The document of a national procedure as it stands on ``as_of``, for a municipality that makes its own of it.

    Raises:
        UnknownProcedure: there is none of this id, or none valid on that day.
    """
    known = {one.id: one.version for one in national(as_of)}
    if procedure_id not in known:
        raise UnknownProcedure(f"no national procedure is called {procedure_id!r} on {as_of}")
    text = (national_folder() / procedure_id / DEFINITION).read_text(encoding="utf-8")
    return standalone(_parsed(text), known[procedure_id], fragments())


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
    """The ids of all procedures, whatever the day; without those a municipality has published itself."""
    return tuple(_loaded())


def versions(procedure_id: str) -> tuple[Procedure, ...]:
    """Every version of a procedure, oldest first.

    Raises:
        UnknownProcedure: no definition has this id.
    """
    found = _loaded().get(procedure_id) or _own().get(procedure_id)
    if not found:
        raise UnknownProcedure(f"no procedure is called {procedure_id!r}; there are {', '.join(_loaded())}")
    return found


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
    """Every procedure valid on ``as_of``, in the order of their ids; the municipality's own last."""
    return _valid([*_loaded().values(), *_own().values()], as_of)


def _valid(procedures: Iterable[tuple[Procedure, ...]], as_of: date) -> tuple[Procedure, ...]:
    found = [[one for one in each if _is_valid(one, as_of)] for each in procedures]
    return tuple(valid[-1] for valid in found if valid)
