"""The business registers of the town, one data file each in ``definitions/``, and the check of an entry's items."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import jsonschema_rs
import yaml

from yakuba.registers.definition import Register, read_register


class UnknownRegister(LookupError):
    """There is no such register; ``code`` carries what was asked for."""

    def __init__(self, code: str, known: tuple[str, ...]) -> None:
        self.code = code
        super().__init__(f"台帳「{code}」はありません。あるのは: {'、'.join(known)}")


@dataclass(frozen=True, slots=True)
class ItemProblem:
    """What is wrong with one item: where (``children/0/rank``), and in which respect (a JSON Schema keyword).

    The value itself is not told: it may be anybody's.
    """

    path: str
    keyword: str

    def __str__(self) -> str:
        return f"{self.path or '(全体)'}: {self.keyword}"


class UnfitItems(ValueError):
    """The items do not fit the register's data-item list; ``problems`` says where."""

    def __init__(self, register: Register, problems: tuple[ItemProblem, ...]) -> None:
        self.register = register.code
        self.problems = problems
        places = "、".join(str(problem) for problem in problems)
        super().__init__(f"{register.name_ja}の項目一覧に合わない項目があります({places})。")


def codes() -> tuple[str, ...]:
    """The codes of all registers, in alphabetical order."""
    return tuple(_registers())


def register(code: str) -> Register:
    """The register with this code.

    Raises:
        UnknownRegister: there is none.
    """
    found = _registers().get(code)
    if found is None:
        raise UnknownRegister(code, codes())
    return found


def check_items(code: str, items: Mapping[str, object]) -> dict[str, object]:
    """``items`` as they are kept (without empty ones), if they fit the register's data-item list.

    Raises:
        UnknownRegister, UnfitItems.
    """
    found = register(code)
    stated = {key: value for key, value in items.items() if value is not None}
    problems = tuple(sorted(map(_problem, _validator(code).iter_errors(stated)), key=str))
    if problems:
        raise UnfitItems(found, problems)
    return stated


def _problem(error: jsonschema_rs.ValidationError) -> ItemProblem:
    path = [str(step) for step in error.instance_path]
    kind = error.kind
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
        path.append(str(kind.property))
    return ItemProblem("/".join(path), str(kind.name))


@cache
def _registers() -> dict[str, Register]:
    folder = resources.files("yakuba.registers").joinpath("definitions")
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name
    )
    loaded = [read_register(yaml.safe_load(file.read_text("utf-8"))) for file in files]
    return {entry.code: entry for entry in loaded}


@cache
def _validator(code: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(register(code).json_schema(), validate_formats=True)
