"""A procedure's answers as JSON Schema 2020-12: what :mod:`~yakuba.procedures.validation` accepts, said for every program.

The schema depends on the context (who applies, on which day), because conditions and date limits do.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import jsonschema_rs

from yakuba.procedures.answers import ITEM_ID, ITEM_ID_FORM
from yakuba.procedures.components.base import Schema, anchored
from yakuba.procedures.components.kinds import component
from yakuba.procedures.condition_schema import as_schema, decided_on_root, settle
from yakuba.procedures.conditions import ALWAYS, Always, Condition, both
from yakuba.procedures.context import Answers, Context
from yakuba.procedures.definition import Field, Procedure
from yakuba.procedures.validation import least_items, most_items

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NEVER: Schema = {"not": {}}


def json_schema(procedure: Procedure, context: Context) -> Schema:
    """The schema of complete, clean answers given in ``context``."""
    properties: Schema = {}
    rules: list[Schema] = [] if procedure.allows(context.role) else [_NEVER]
    for page, field in procedure.fields():
        if not field.is_group and not component(field).answered:
            continue
        condition = settle(both(page.when, field.when), context)
        if condition == Always(False):
            continue
        properties[field.id] = _group(field, context) if field.is_group else _typed(field, context)
        rules.extend(_presence(field.id, _is_needed(field), condition, context))
        rules.extend(_item_rules(field, context))
    for page in procedure.pages:
        rules.extend({"not": as_schema(both(page.when, check.wrong_when), context)} for check in page.checks)
    return {
        "$schema": DIALECT,
        "$id": f"urn:yakuba:procedure:{procedure.id}:{procedure.version}:{context.role}:{context.today}",
        "title": procedure.title.ja,
        **_object(properties, rules),
    }


def _object(properties: Schema, rules: list[Schema]) -> Schema:
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return schema | ({"allOf": rules} if rules else {})


def _typed(field: Field, context: Context) -> Schema:
    return {"title": field.label.ja, **component(field).schema(field, context)}


def _is_needed(field: Field) -> bool:
    return field.required and (not field.is_group or least_items(field) > 0)


def _presence(name: str, needed: bool, condition: Condition, context: Context) -> Iterator[Schema]:
    """Rules that ``name`` is there if it must be and is not there if it is hidden."""
    must: Schema = {"required": [name]}
    if condition == ALWAYS:
        if needed:
            yield must
    elif condition == Always(False):
        yield {"not": must}
    else:
        yield {"if": as_schema(condition, context), "then": must if needed else {}, "else": {"not": must}}


def _group(group: Field, context: Context) -> Schema:
    properties: Schema = {ITEM_ID: {"type": "string", "pattern": anchored(ITEM_ID_FORM)}}
    rules: list[Schema] = [{"required": [ITEM_ID]}]
    for field in _answered(group):
        properties[field.id] = _typed(field, context)
        cases = list(decided_on_root(field.when, context))
        if len(cases) == 1:
            rules.extend(_presence(field.id, field.required, cases[0][1], context))
    return {
        "title": group.label.ja,
        "type": "array",
        "minItems": max(1, least_items(group)),
        "maxItems": most_items(group),
        "items": _object(properties, rules),
    }


def _item_rules(group: Field, context: Context) -> Iterator[Schema]:
    """Rules on items that depend on the form's root: JSON Schema cannot look up from inside an item."""
    for field in _answered(group):
        cases = list(decided_on_root(field.when, context))
        for on_root, on_item in cases if len(cases) > 1 else ():
            inside = list(_presence(field.id, field.required, on_item, context))
            if inside:
                then: Schema = {"properties": {group.id: {"items": {"allOf": inside}}}}
                yield {"if": as_schema(on_root, context), "then": then}


def _answered(group: Field) -> list[Field]:
    return [field for field in group.fields if component(field).answered]


@lru_cache(maxsize=256)
def validator(procedure: Procedure, context: Context) -> Any:
    """The compiled schema; kept, because compiling costs more than a thousand validations."""
    return jsonschema_rs.Draft202012Validator(json_schema(procedure, context))


def accepts(procedure: Procedure, answers: Answers, context: Context) -> bool:
    """Whether the schema accepts ``answers`` as they are."""
    return bool(validator(procedure, context).is_valid(dict(answers)))
