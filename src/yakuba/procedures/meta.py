"""The meta schema: the shape of a definition file and of a municipality's overrides, as JSON Schema 2020-12.

Written as Python values because its parts repeat (a text, a field); ``yakuba`` can print it for editors.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs

from yakuba.procedures.components.kinds import GROUP, KINDS
from yakuba.procedures.context import ROLES
from yakuba.procedures.faults import DefinitionFault
from yakuba.procedures.file_kinds import GROUPS, KNOWN, METHODS

Schema = dict[str, Any]
FIELD_ID = "^[a-z][a-z0-9_]{0,48}$"
_TEXT: Schema = {"$ref": "#/$defs/text"}
_CONDITION: Schema = {"type": "object"}  # read and explained by condition_parsing
_STRING: Schema = {"type": "string", "minLength": 1}
_DATE: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_ACCEPTS: Schema = {"type": "array", "items": {"enum": [*KNOWN, *GROUPS]}, "minItems": 1}
_VERSIONS: Schema = {"type": "array", "items": _STRING, "minItems": 1}
SECOND = ("off", "optional", "required")  # whether a second person's signature is asked for
RECEIVERS = ("municipality", "prefecture")  # which kind of body receives the application
CATEGORIES = ("child", "care", "disaster", "vehicle", "town")


def _object(needed: tuple[str, ...], /, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": list(needed),
        "properties": {key.rstrip("_"): value for key, value in properties.items()},
        "additionalProperties": False,
    }


def _list(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "minItems": least}


def _option() -> Schema:
    return _object(("value", "label"), value=_STRING, label=_TEXT, hint=_TEXT, versions=_VERSIONS)


def _known_from() -> Schema:
    """One way in which the town knows the answer to a question before typing (:mod:`~yakuba.procedures.known`)."""
    ages = _object(("less_than",), less_than=_COUNT)
    ways = {"found": {"const": True}, "item": _STRING, "present": _STRING, "until": _STRING, "youngest": ages}
    return {"oneOf": [_object((name,), **{name: shape}) for name, shape in ways.items()]}


def _field() -> Schema:
    return _object(
        ("id", "type", "label"),
        id={"type": "string", "pattern": FIELD_ID},
        type={"enum": [*KINDS, GROUP]},
        like=_STRING,
        label=_TEXT,
        hint=_TEXT,
        example=_STRING,
        required={"type": "boolean"},
        when=_CONDITION,
        register={"oneOf": [_STRING, {"type": "object", "additionalProperties": _STRING}]},
        register_of={"enum": ["subject", "signer"]},
        prefill={"type": "boolean"},
        means={"type": "string", "pattern": FIELD_ID},
        known_from=_known_from(),
        review_only={"type": "boolean"},
        autocomplete=_STRING,
        law=_STRING,
        default=_STRING,
        options=_list({"$ref": "#/$defs/option"}, 1),
        options_from=_STRING,
        unit=_STRING,
        minimum={"type": "integer"},
        maximum={"type": "integer"},
        max_length={"type": "integer", "minimum": 1},
        digits={"type": "integer", "minimum": 1, "maximum": 30},
        earliest=_STRING,
        latest=_STRING,
        uncertain={"type": "boolean"},
        kana={"enum": ["required", "optional"]},
        fields=_list({"$ref": "#/$defs/field"}, 1),
        item_name=_TEXT,
        first_is_subject={"type": "boolean"},
        household=_object((), at_least=_COUNT, less_than=_COUNT),
        accepts=_ACCEPTS,
        sanitise={"enum": list(METHODS)},
        original_needed={"type": "boolean"},
        can_follow_later={"type": "boolean"},
        versions=_VERSIONS,
    )


def _page() -> Schema:
    check = _object(("field", "wrong_when", "message"), field=_STRING, wrong_when=_CONDITION, message=_TEXT)
    return _object(
        ("id", "title", "fields"),
        id={"type": "string", "pattern": FIELD_ID},
        title=_TEXT,
        intro=_TEXT,
        when=_CONDITION,
        fields=_list({"$ref": "#/$defs/field"}, 1),
        checks=_list(check),
        versions=_VERSIONS,
    )


def _term() -> Schema:
    sure: Schema = {"type": "boolean"}
    days: Schema = {"type": ["integer", "null"], "minimum": 0}
    return _object(("text",), text=_TEXT, days=days, law=_STRING, sure=sure, note=_STRING, versions=_VERSIONS)


def _examples() -> Schema:
    example = _object(
        ("id", "title", "role", "today", "answers"),
        id=_STRING,
        title=_TEXT,
        role={"enum": list(ROLES)},
        today=_DATE,
        answers={"type": "object"},
        attachments=_list(_STRING),
        applicant_for={"type": "object", "additionalProperties": _STRING},
        versions=_VERSIONS,
    )
    return _object(("sets",), settings={"type": "object"}, sets=_list(example, 1))


@cache
def definition_schema() -> Schema:
    """The JSON Schema of a definition file."""
    law = _object(
        ("law", "article"), law=_STRING, article=_STRING, url=_STRING, note=_STRING, versions=_VERSIONS
    )
    version = _object(
        ("version", "valid_from"), version=_STRING, valid_from=_DATE, valid_until=_DATE, changes=_STRING
    )
    hint = _object(
        ("when", "verdict", "text"),
        when=_CONDITION,
        verdict={"enum": ["likely", "unlikely", "elsewhere", "ask"]},
        text=_TEXT,
        law=_STRING,
        versions=_VERSIONS,
    )
    applicant = _object(
        ("role", "label"), role={"enum": list(ROLES)}, label=_TEXT, note=_TEXT, versions=_VERSIONS
    )
    signature = _object(
        ("rule",),
        rule={"enum": ["required", "municipality_decides"]},
        default={"enum": ["required", "login"]},
    )
    cosigning = _object(("group",), group=_STRING, default={"enum": list(SECOND)})
    computed = _object(
        ("id", "kind", "inputs"),
        id=_STRING,
        kind=_STRING,
        inputs={"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
        group=_STRING,
        versions=_VERSIONS,
    )
    whole = _object(
        (
            *(
                "id",
                "versions",
                "title",
                "summary",
                "category",
                "laws",
                "life_events",
                "keywords",
                "deadline",
            ),
            *("processing", "applicants", "signature", "availability", "notices", "eligibility", "pages"),
            "examples",
        ),
        id={"type": "string", "pattern": "^[a-z][a-z0-9-]{0,48}$"},
        follows={"type": "string", "pattern": "^[a-z][a-z0-9-]{0,48}$"},
        receiver={"enum": list(RECEIVERS)},
        rule={"type": "string", "pattern": r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"},
        versions=_list(version, 1),
        title=_TEXT,
        summary=_TEXT,
        category={"enum": list(CATEGORIES)},
        laws=_list(law, 1),
        life_events=_list(_STRING),
        keywords=_list(_STRING, 1),
        deadline=_term(),
        processing=_term(),
        applicants=_list(applicant, 1),
        signature=signature,
        cosigning=cosigning,
        availability={"enum": ["always", "period", "declared_disaster"]},
        notices={"type": "object", "additionalProperties": _TEXT},
        offline=_list(_TEXT),
        eligibility=_object(
            ("questions", "hints"), intro=_TEXT, questions=_list({"$ref": "#/$defs/field"}), hints=_list(hint)
        ),
        pages=_list(_page(), 1),
        computed=_list(computed),
        examples=_examples(),
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole, "$defs": _definitions()}


def _definitions() -> Schema:
    return {
        "text": _object(("ja", "en", "easy"), ja=_STRING, en=_STRING, easy=_STRING),
        "option": _option(),
        "field": _field(),
    }


@cache
def overrides_schema() -> Schema:
    """The JSON Schema of a municipality's settings over one national definition."""
    period = _object(("from", "until"), from_=_DATE, until=_DATE)
    whole = _object(
        (),
        open={"type": "boolean"},
        periods=_list(period),
        signature={"enum": ["required", "login"]},
        second_signature={"enum": list(SECOND)},
        public_account={"type": "boolean"},
        roles={
            "type": "object",
            "propertyNames": {"enum": list(ROLES)},
            "additionalProperties": {"type": "boolean"},
        },
        hide=_list(_STRING),
        required={"type": "object", "additionalProperties": {"type": "boolean"}},
        help={"type": "object", "additionalProperties": _TEXT},
        accepts={"type": "object", "additionalProperties": _ACCEPTS},
        sanitise={"type": "object", "additionalProperties": {"enum": list(METHODS)}},
        options={"type": "object", "additionalProperties": _list({"$ref": "#/$defs/option"})},
        attachments=_list(_object(("page", "field"), page=_STRING, field={"$ref": "#/$defs/field"})),
        processing_days={"type": "integer", "minimum": 1},
        contact=_TEXT,
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole, "$defs": _definitions()}


@cache
def _validator(which: str) -> Any:
    schema = definition_schema() if which == "definition" else overrides_schema()
    return jsonschema_rs.Draft202012Validator(schema)


def shape_faults(document: object, which: str = "definition") -> Iterator[DefinitionFault]:
    """What of ``document`` does not have the shape of a ``definition`` or of ``overrides``."""
    for error in _validator(which).iter_errors(document):
        where = "/".join(str(step) for step in error.instance_path) or "(the file)"
        yield DefinitionFault(where, _explained(error.message))


def _explained(words: str) -> str:
    if "is a required property" in words and any(
        f'"{language}"' in words for language in ("ja", "en", "easy")
    ):
        return f"{words} — every text needs ja, en and easy (やさしい日本語)"
    return words
