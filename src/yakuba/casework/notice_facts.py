"""What a notice says of a decided case, as its kind states it: each fact names where it comes from (``from``).

A path starts in the case's document: ``answers``, ``results``, ``effects``, ``steps.<kind>``, ``applicant``,
``claimant_name``, ``household``, ``procedure_title``. ``*`` goes through a list, ``person`` from a 宛名番号 to the resident
(``row.key.person.name``), ``row`` is the row of a table. Of several paths the first that leads to something counts.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from yakuba.casework.notices.data import Json
from yakuba.casework.notices.kinds import FactField, Kind, Source
from yakuba.procedures.definition import Field, Procedure
from yakuba.procedures.rules.answers import address, day

Document = Mapping[str, Any]
FindPerson = Callable[[str], Mapping[str, Any] | None]
_SEPARATOR = "、"


class Reader:
    """Reads facts from one document. ``form``: the definition the case was filled in by, for the words of its options."""

    def __init__(self, document: Document, person: FindPerson, form: Procedure | None) -> None:
        self.document, self.person, self.form = document, person, form

    def facts(self, kind: Kind) -> dict[str, Json]:
        """Everything ``kind`` states a source for."""
        return {field.key: self._fact(field) for field in kind.facts if field.source.paths}

    def _fact(self, field: FactField) -> Json:
        if field.type != "table":
            return self._value(field.source, self.document)
        rows = next(self._at(self.document, field.source.paths[0]), None)
        return [self._row(field, row) for row in rows] if isinstance(rows, list) else []

    def _row(self, table: FactField, row: Any) -> dict[str, Json]:
        inside = {**self.document, "row": row}
        return {column.key: self._value(column.source, inside) for column in table.columns}

    def _value(self, source: Source, document: Document) -> Json:
        for path in source.paths:
            words = [self._shown(source, path, value) for value in self._at(document, path)]
            stated = [one for one in words if one not in (None, "")]
            if stated:
                return stated[0] if len(stated) == 1 else _SEPARATOR.join(map(str, stated))
        return source.default or None

    def _at(self, value: Any, path: str) -> Iterator[Any]:
        step, _, rest = path.partition(".")
        if step == "*":
            found: list[Any] = list(value) if isinstance(value, list) else []
        elif step == "person":
            found = [self.person(str(value))]
        elif isinstance(value, list):
            found = [value[int(step)]] if step.isdigit() and int(step) < len(value) else []
        else:
            found = [value.get(step)] if isinstance(value, Mapping) else []
        for one in found:
            if one is None:
                continue
            if rest:
                yield from self._at(one, rest)
            else:
                yield one

    def _shown(self, source: Source, path: str, value: Any) -> Json:
        if source.codes is not None:
            key = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
            return source.codes.get(key)
        if source.form == "date":
            known = day(value)
            return known.isoformat() if known else None
        if source.form == "address":
            return address(value)
        if source.form == "option":
            return self._option(path, str(value))
        return source.words.replace("{}", str(value)) if source.words else value

    def _option(self, path: str, value: str) -> str:
        """The label of an option in the words of the form; its value where the form does not know it."""
        fields = [step for step in path.split(".") if step not in ("answers", "*")]
        field = _field(self.form, fields)
        words = {option.value: option.label.ja for option in field.options} if field else {}
        return words.get(value, value)


def _field(form: Procedure | None, names: list[str]) -> Field | None:
    fields = [field for _, field in form.fields()] if form else []
    found: Field | None = None
    for name in names:
        found = next((field for field in fields if field.id == name), None)
        fields = list(found.fields) if found else []
    return found
