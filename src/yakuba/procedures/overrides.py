"""Municipal settings over a national definition: what a town may open, close, add, hide or decide, and nothing else."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from yakuba.base.catalog import text as catalog_text
from yakuba.base.texts import Text
from yakuba.procedures.checks import definition_faults
from yakuba.procedures.condition_parsing import Names
from yakuba.procedures.conditions import references
from yakuba.procedures.definition import Cosigning, Field, Option, Page, Procedure, Term
from yakuba.procedures.faults import DefinitionFault, InvalidOverrides
from yakuba.procedures.loading import Reader
from yakuba.procedures.meta import shape_faults

Overrides = Mapping[str, Any]
TOWN_PREFIX = "town_"
PUBLIC_ACCOUNT = frozenset({"public", "registered"})  # how options name the public account (公金受取口座)


def effective(procedure: Procedure, overrides: Overrides) -> Procedure:
    """``procedure`` as this municipality offers it. The national definition itself is not changed.

    The same settings give the same object, so that what is derived from it (its compiled schema) is kept too.

    Raises:
        InvalidOverrides: settings of a wrong shape, or that the national definition does not allow.
    """
    return _effective(procedure, json.dumps(overrides, sort_keys=True, default=dict))


@lru_cache(maxsize=512)
def _effective(procedure: Procedure, settings: str) -> Procedure:
    overrides: Overrides = json.loads(settings)
    faults = list(override_faults(procedure, overrides))
    if faults:
        raise InvalidOverrides(f"settings for {procedure.id}", faults)
    hidden = set(overrides.get("hide", ()))
    pages = tuple(_page(page, hidden, overrides) for page in procedure.pages)
    roles = overrides.get("roles", {})
    return replace(
        procedure,
        pages=tuple(page for page in pages if page.fields),
        eligibility=_page(procedure.eligibility, set(), overrides),
        signature=overrides.get("signature", procedure.signature),
        cosigning=_cosigning(procedure, overrides),
        applicants=tuple(one for one in procedure.applicants if roles.get(one.role, True)),
        processing=_processing(procedure.processing, overrides.get("processing_days")),
    )


def override_faults(procedure: Procedure, overrides: Overrides) -> Iterator[DefinitionFault]:
    """Everything wrong with ``overrides``; a shape that is wrong hides the rest."""
    shape = list(shape_faults(overrides, "overrides"))
    if shape:
        yield from shape
        return
    if procedure.signature_rule == "required" and overrides.get("signature") == "login":
        yield DefinitionFault("signature", f"{procedure.id} needs an electronic signature by national rule")
    if "second_signature" in overrides and procedure.cosigning is None:
        yield DefinitionFault(
            "second_signature", f"{procedure.id} has nobody who could sign as a second person"
        )
    fields = {field.id: field for _, field in procedure.fields()}
    yield from _field_faults(procedure, overrides, fields)
    yield from _attachment_faults(procedure, overrides, fields)
    yield from _file_faults(procedure, overrides)
    if overrides.get("public_account") and not takes_public_account(procedure):
        yield DefinitionFault("public_account", "no field lets residents choose the public account")
    for name in overrides.get("options", {}):
        if name not in option_lists(procedure):
            known = ", ".join(option_lists(procedure)) or "(none)"
            yield DefinitionFault(f"options/{name}", f"no field takes this list; there are {known}")


def _cosigning(procedure: Procedure, overrides: Overrides) -> Cosigning | None:
    if procedure.cosigning is None:
        return None
    return replace(procedure.cosigning, mode=overrides.get("second_signature", procedure.cosigning.mode))


def _field_faults(
    procedure: Procedure, overrides: Overrides, fields: Mapping[str, Field]
) -> Iterator[DefinitionFault]:
    looked_at = set(_looked_at(procedure))
    for key in ("hide", "required", "help"):
        for name in overrides.get(key, ()):
            if name not in fields:
                yield DefinitionFault(
                    f"{key}/{name}", f"no field is called so; there are {', '.join(fields)}"
                )
    for name in overrides.get("hide", ()):
        if name in fields and fields[name].required:
            yield DefinitionFault(f"hide/{name}", "the field is required by the national definition")
        if name in looked_at:
            yield DefinitionFault(f"hide/{name}", "other fields depend on its answer")
    for name, needed in overrides.get("required", {}).items():
        if name in fields and fields[name].required and not needed:
            yield DefinitionFault(
                f"required/{name}", "the national definition requires it; a town cannot waive it"
            )


def _looked_at(procedure: Procedure) -> Iterator[str]:
    for page in procedure.pages:
        conditions = [page.when, *(check.wrong_when for check in page.checks)]
        for field in page.fields:
            conditions += [field.when, *(inner.when for inner in field.fields)]
        for condition in conditions:
            yield from (ref.name for ref in references(condition) if ref.scope == "root")


def _attachment_faults(
    procedure: Procedure, overrides: Overrides, fields: Mapping[str, Field]
) -> Iterator[DefinitionFault]:
    pages = [page.id for page in procedure.pages]
    for number, extra in enumerate(overrides.get("attachments", ())):
        where, node = f"attachments/{number}", extra["field"]
        if extra["page"] not in pages:
            yield DefinitionFault(where, f"no page is called {extra['page']!r}; there are {', '.join(pages)}")
        if not node["id"].startswith(TOWN_PREFIX) or node["id"] in fields:
            yield DefinitionFault(where, f"a town's own id begins with {TOWN_PREFIX!r} and is not taken")
        if node["type"] not in ("file", "static"):
            yield DefinitionFault(where, "a town adds places for files (file) and explanations (static)")
        if "when" in node or "register" in node:
            yield DefinitionFault(where, "a town's own field has no condition and no register item")


def _file_faults(procedure: Procedure, overrides: Overrides) -> Iterator[DefinitionFault]:
    """What a place for files takes and how a PDF is made harmless can be set for places for files alone."""
    places = {field.id for field in _file_fields(procedure)}
    for key in ("accepts", "sanitise"):
        for name in overrides.get(key, {}):
            if name not in places:
                known = ", ".join(sorted(places)) or "(none)"
                yield DefinitionFault(f"{key}/{name}", f"no place for files is called so; there are {known}")


def _file_fields(procedure: Procedure) -> Iterator[Field]:
    for _page_of, field in procedure.fields():
        yield from (one for one in (field, *field.fields) if one.type == "file")


def takes_public_account(procedure: Procedure) -> bool:
    """Whether residents can choose the public account (公金受取口座) in the form."""
    return any(_offers_public_account(field) for _, field in procedure.fields())


def _offers_public_account(field: Field) -> bool:
    return any(option.value in PUBLIC_ACCOUNT for option in field.options)


def option_lists(procedure: Procedure) -> tuple[str, ...]:
    """The names of the municipal lists fields choose from (nurseries, declared disasters)."""
    named = [field for _, field in procedure.fields()]
    named += [inner for field in named for inner in field.fields] + list(procedure.eligibility.fields)
    return tuple(dict.fromkeys(field.options_from for field in named if field.options_from))


def _page(page: Page, hidden: set[str], overrides: Overrides) -> Page:
    added = tuple(
        _town_field(extra["field"]) for extra in overrides.get("attachments", ()) if extra["page"] == page.id
    )
    kept = tuple(_changed(field, overrides) for field in page.fields if field.id not in hidden)
    checks = tuple(check for check in page.checks if check.field not in hidden)
    return replace(page, fields=kept + added, checks=checks)


def _town_field(node: Mapping[str, Any]) -> Field:
    return Reader("town").field(node, Names({}, {}), f"attachments/{node['id']}")


def _changed(field: Field, overrides: Overrides) -> Field:
    lists = overrides.get("options", {})
    changes: dict[str, Any] = {}
    if field.options_from in lists:
        changes["options"] = options_from(lists[field.options_from])
    if overrides.get("public_account") and _offers_public_account(field):
        changes["options"] = tuple(one for one in field.options if one.value in PUBLIC_ACCOUNT)
    if field.id in overrides.get("required", {}):
        changes["required"] = overrides["required"][field.id]
    if node := overrides.get("help", {}).get(field.id):
        changes["hint"] = _longer_hint(field.hint, Text(**node))
    if field.type == "file":
        changes |= _file_changes(field, overrides)
    if field.fields:
        inside = {key: overrides.get(key, {}) for key in ("options", "accepts", "sanitise")}
        changes["fields"] = tuple(_changed(inner, inside) for inner in field.fields)
    return replace(field, **changes) if changes else field


def _file_changes(field: Field, overrides: Overrides) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if accepts := overrides.get("accepts", {}).get(field.id):
        changes["accepts"] = tuple(accepts)
    if method := overrides.get("sanitise", {}).get(field.id):
        changes["sanitise"] = method
    return changes


def options_from(nodes: list[Mapping[str, Any]]) -> tuple[Option, ...]:
    """Options written as ``[{value, label: {ja, en, easy}}]``."""
    return tuple(Option(str(node["value"]), Text(**node["label"])) for node in nodes)


def disaster_options(disasters: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The overrides that offer the open disasters (``{id, name, …}`` as the town publishes them) in the form.

    ``name`` is a Japanese name, or a text ``{ja, en, easy}``.
    """
    listed = [{"value": one["id"], "label": _three(one["name"])} for one in disasters]
    return {"options": {"disasters": listed}} if listed else {}


def _three(name: str | Mapping[str, str]) -> dict[str, str]:
    return {"ja": name, "en": name, "easy": name} if isinstance(name, str) else dict(name)


def _longer_hint(hint: Text | None, added: Text) -> Text:
    if hint is None:
        return added
    return Text(f"{hint.ja} {added.ja}", f"{hint.en} {added.en}", f"{hint.easy} {added.easy}")


def _processing(term: Term, days: int | None) -> Term:
    if days is None:
        return term
    return Term(
        catalog_text("yakuba.procedures", "availability.processing").format(days=days), days, sure=True
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a procedure takes applications on a day, and if not, why."""

    open: bool
    reason: Text | None = None


def opening(
    procedure: Procedure, overrides: Overrides, today: date, *, disaster_declared: bool = False
) -> Opening:
    """Whether the municipality takes applications for ``procedure`` today.

    ``disaster_declared``: whether the town has declared a disaster whose intake is still open.
    """
    if not overrides.get("open", True):
        return _closed("closed")
    if procedure.availability == "declared_disaster" and not disaster_declared:
        return _closed("no_disaster")
    periods = overrides.get("periods", ())
    if not periods:
        return _closed("no_period") if procedure.availability == "period" else Opening(True)
    if any(period["from"] <= today.isoformat() <= period["until"] for period in periods):
        return Opening(True)
    return _closed("not_now", periods=", ".join(f"{one['from']} – {one['until']}" for one in periods))


def _closed(key: str, **facts: object) -> Opening:
    return Opening(False, catalog_text("yakuba.procedures", f"availability.{key}").format(**facts))


def merged_faults(procedure: Procedure, overrides: Overrides) -> list[DefinitionFault]:
    """Faults of the procedure as it would be with ``overrides``: a settings page shows them before saving.

    What a municipality only narrows (who applies, which account) makes conditions on the rest never true, which is meant;
    the national examples are not the municipality's to keep.
    """
    faults = list(override_faults(procedure, overrides))
    wider = {key: value for key, value in overrides.items() if key not in ("roles", "public_account")}
    return faults or list(definition_faults(replace(effective(procedure, wider), examples=())))
