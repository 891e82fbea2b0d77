"""What a definition of the right shape can still have wrong: found before a resident meets it."""

from collections.abc import Iterator, Mapping

from yakuba.procedures.components.kinds import GROUP, component
from yakuba.procedures.computed import KINDS as COMPUTED_KINDS
from yakuba.procedures.condition_schema import root_leaves
from yakuba.procedures.conditions import AnyItem, Condition, references
from yakuba.procedures.context import is_moment
from yakuba.procedures.definition import Field, Procedure
from yakuba.procedures.faults import DefinitionFault
from yakuba.procedures.life_events import EVENTS

_MOST_ROOT_LEAVES = 3
_CHOSEN = ("choice", "select", "multi_choice", "ranked")


def definition_faults(procedure: Procedure) -> Iterator[DefinitionFault]:
    """Every semantic mistake of one version."""
    yield from _frame_faults(procedure)
    for page, field in procedure.fields():
        yield from _field_faults(field, f"pages/{page.id}/fields/{field.id}")
    for page in procedure.pages:
        own = {field.id for field in page.fields}
        for check in page.checks:
            if check.field not in own:
                yield DefinitionFault(
                    f"pages/{page.id}/checks", f"names {check.field!r}, which is not on this page"
                )
    yield from _computed_faults(procedure)
    yield from _example_faults(procedure)


def _frame_faults(procedure: Procedure) -> Iterator[DefinitionFault]:
    if procedure.valid_until and procedure.valid_until < procedure.valid_from:
        yield DefinitionFault(f"versions/{procedure.version}", "ends before it begins")
    for event in procedure.life_events:
        if event not in EVENTS:
            yield DefinitionFault("life_events", f"{event!r} is unknown; there are {', '.join(EVENTS)}")
    page_ids = [page.id for page in procedure.pages]
    for page_id in {one for one in page_ids if page_ids.count(one) > 1} | ({"eligibility"} & set(page_ids)):
        yield DefinitionFault("pages", f"the id {page_id!r} is used twice")
    roles = [applicant.role for applicant in procedure.applicants]
    if len(set(roles)) < len(roles):
        yield DefinitionFault("applicants", "a role is listed twice")


def _field_faults(field: Field, where: str, *, inside: bool = False) -> Iterator[DefinitionFault]:
    if field.type == GROUP:
        if not field.fields:
            yield DefinitionFault(where, "a repeating group needs fields")
        for inner in field.fields:
            yield from _field_faults(inner, f"{where}/fields/{inner.id}", inside=True)
        return
    if field.type in _CHOSEN and not field.options and not field.options_from:
        yield DefinitionFault(where, f"{field.type} needs options, or options_from naming a municipal list")
    values = [option.value for option in field.options]
    for value in {one for one in values if values.count(one) > 1}:
        yield DefinitionFault(f"{where}/options", f"the value {value!r} is used twice")
    if field.type == "digits" and not field.digits:
        yield DefinitionFault(where, "digits needs how many: digits: 10")
    for name, limit in (("earliest", field.earliest), ("latest", field.latest)):
        if limit is not None and not is_moment(limit):
            yield DefinitionFault(
                f"{where}/{name}", f"{limit!r} is no moment; write 2024-10-01, today or today-15d"
            )
    if field.type in ("text", "long_text") and field.required and not field.example:
        yield DefinitionFault(where, "a required text needs an example, which its error message shows")
    yield from _condition_faults(field.when, f"{where}/when", inside=inside)
    if not component(field).answered and field.register:
        yield DefinitionFault(where, f"{field.type} has no answer to map to a register")


def _condition_faults(condition: Condition, where: str, *, inside: bool) -> Iterator[DefinitionFault]:
    if inside and len(root_leaves(condition)) > _MOST_ROOT_LEAVES:
        yield DefinitionFault(
            where, f"looks at more than {_MOST_ROOT_LEAVES} fields outside its group; simplify"
        )
    if isinstance(condition, AnyItem) and any(ref.scope == "root" for ref in references(condition.where)):
        yield DefinitionFault(where, "any_item may only look at the item's own fields")


def _computed_faults(procedure: Procedure) -> Iterator[DefinitionFault]:
    for computed in procedure.computed:
        where = f"computed/{computed.id}"
        if computed.kind not in COMPUTED_KINDS:
            yield DefinitionFault(
                where, f"{computed.kind!r} is unknown; there are {', '.join(COMPUTED_KINDS)}"
            )
            continue
        wanted = COMPUTED_KINDS[computed.kind].inputs
        if missing := sorted(set(wanted) - set(computed.inputs)):
            yield DefinitionFault(where, f"{computed.kind} needs the input(s) {', '.join(missing)}")
        names = _names(procedure, computed.group)
        for key in wanted:
            named = computed.inputs.get(key)
            if key.startswith("of") and isinstance(named, str) and named not in names:
                yield DefinitionFault(where, f"names the field {named!r}, which does not exist")


def _names(procedure: Procedure, group: str | None) -> Mapping[str, Field]:
    root = {field.id: field for _, field in procedure.fields()}
    if group is None:
        return root
    return {field.id: field for field in root[group].fields} if group in root else {}


def _example_faults(procedure: Procedure) -> Iterator[DefinitionFault]:
    known = {field.id for _, field in procedure.fields()}
    for example in procedure.examples:
        where = f"examples/{example.id}"
        if unknown := sorted(set(example.answers) - known):
            yield DefinitionFault(where, f"answers the unknown field(s) {', '.join(unknown)}")
        if not procedure.allows(example.role):
            yield DefinitionFault(where, f"the role {example.role!r} may not apply")
