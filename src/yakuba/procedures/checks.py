"""What a definition of the right shape can still have wrong: found before a resident meets it."""

from collections.abc import Iterator, Mapping

from yakuba.procedures.components.compound import Compound
from yakuba.procedures.components.kinds import GROUP, component
from yakuba.procedures.computed import KINDS as COMPUTED_KINDS
from yakuba.procedures.computed import PLACE
from yakuba.procedures.condition_checks import Place, condition_faults
from yakuba.procedures.context import is_moment
from yakuba.procedures.definition import Field, Page, Procedure
from yakuba.procedures.faults import DefinitionFault
from yakuba.procedures.life_events import EVENTS

_CHOSEN = ("choice", "select", "multi_choice", "ranked")


def definition_faults(procedure: Procedure) -> Iterator[DefinitionFault]:
    """Every semantic mistake of one version."""
    yield from _frame_faults(procedure)
    yield from _page_faults(procedure.eligibility, _place_of((procedure.eligibility,), procedure))
    for question in procedure.eligibility.fields:
        yield from _meaning_faults(question, f"eligibility/{question.id}", before_typing=True)
    for _, field in procedure.fields():
        for one in (field, *field.fields):
            yield from _meaning_faults(one, f"fields/{one.id}", before_typing=False)
    place = _place_of(procedure.pages, procedure)
    for page in procedure.pages:
        yield from _page_faults(page, place)
    for number, hint in enumerate(procedure.hints):
        questions = _place_of((procedure.eligibility,), procedure)
        yield from condition_faults(hint.when, questions, f"eligibility/hints/{number}")
    yield from _cosigning_faults(procedure)
    yield from _computed_faults(procedure)
    yield from _placeholder_faults(procedure)
    yield from _example_faults(procedure)


def _place_of(pages: tuple[Page, ...], procedure: Procedure) -> Place:
    return Place(procedure, {field.id: field for page in pages for field in page.fields})


def _page_faults(page: Page, place: Place) -> Iterator[DefinitionFault]:
    where = f"pages/{page.id}"
    yield from condition_faults(page.when, place, f"{where}/when")
    for field in page.fields:
        yield from _field_faults(field, f"{where}/fields/{field.id}", place)
    own = {field.id for field in page.fields}
    for check in page.checks:
        yield from condition_faults(check.wrong_when, place, f"{where}/checks/{check.field}")
        if check.field not in own:
            yield DefinitionFault(f"{where}/checks", f"names {check.field!r}, which is not on this page")


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


def _cosigning_faults(procedure: Procedure) -> Iterator[DefinitionFault]:
    """The group of those who may sign exists, and its rows say who they are."""
    if procedure.cosigning is None:
        return
    named = [field for _, field in procedure.fields() if field.id == procedure.cosigning.group]
    if not named or not named[0].is_group:
        yield DefinitionFault("cosigning/group", f"no group is called {procedure.cosigning.group!r}")
    elif not {"name", "birth_date"} <= {inner.id for inner in named[0].fields}:
        yield DefinitionFault("cosigning/group", "its rows need the fields 'name' and 'birth_date'")


def _field_faults(field: Field, where: str, place: Place) -> Iterator[DefinitionFault]:
    yield from condition_faults(field.when, place, f"{where}/when")
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        yield DefinitionFault(where, f"has the minimum {field.minimum} above the maximum {field.maximum}")
    if field.type == GROUP:
        if not field.fields:
            yield DefinitionFault(where, "a repeating group needs fields")
        for inner in field.fields:
            yield from _field_faults(inner, f"{where}/fields/{inner.id}", place.inside(field))
        return
    yield from _option_faults(field, where)
    yield from _limit_faults(field, where)
    yield from _register_faults(field, where)


def _option_faults(field: Field, where: str) -> Iterator[DefinitionFault]:
    if field.type in _CHOSEN and not field.options and not field.options_from:
        yield DefinitionFault(where, f"{field.type} needs options, or options_from naming a municipal list")
    values = [option.value for option in field.options]
    for value in {one for one in values if values.count(one) > 1}:
        yield DefinitionFault(f"{where}/options", f"the value {value!r} is used twice")


def _limit_faults(field: Field, where: str) -> Iterator[DefinitionFault]:
    if field.type == "digits" and not field.digits:
        yield DefinitionFault(where, "digits needs how many: digits: 10")
    for name, limit in (("earliest", field.earliest), ("latest", field.latest)):
        if limit is not None and not is_moment(limit):
            yield DefinitionFault(
                f"{where}/{name}", f"{limit!r} is no moment; write 2024-10-01, today or today-15d"
            )
    if field.type in ("text", "long_text") and field.required and not field.example:
        yield DefinitionFault(where, "a required text needs an example, which its error message shows")


def _meaning_faults(field: Field, where: str, *, before_typing: bool) -> Iterator[DefinitionFault]:
    if field.known_from and not before_typing:
        yield DefinitionFault(
            where, "known_from is for the questions before typing; a form's field names its register item"
        )
    if field.known_from and field.type != (wanted := _known_type(field)) and wanted:
        yield DefinitionFault(f"{where}/known_from", f"answers a {wanted}; the question is a {field.type}")
    if field.means and field.type in ("file", "static", "declaration"):
        yield DefinitionFault(where, f"{field.type} is each application's own and has no shared meaning")


def _known_type(field: Field) -> str:
    """The type of question that its ``known_from`` answers; empty where the register item decides."""
    if field.known_from.keys() & {"found", "present", "until"}:
        return "yes_no"
    return "date" if "youngest" in field.known_from else ""


def _register_faults(field: Field, where: str) -> Iterator[DefinitionFault]:
    kind = component(field)
    if not kind.answered and field.register:
        yield DefinitionFault(where, f"{field.type} has no answer to map to a register")
    elif isinstance(kind, Compound):
        parts = [one.key for one in kind.parts(field)]
        for part in field.register:
            if part not in parts:
                yield DefinitionFault(
                    f"{where}/register", f"{part!r} is none of its parts: {', '.join(parts)}"
                )
    elif set(field.register) - {""}:
        yield DefinitionFault(f"{where}/register", f"{field.type} has no parts; name one register item")


def _placeholder_faults(procedure: Procedure) -> Iterator[DefinitionFault]:
    """A text with a value nobody works out would never be shown."""
    known = {computed.id for computed in procedure.computed}
    for page, field in procedure.fields():
        for one in (field, *field.fields):
            said = one.label.ja + (one.hint.ja if one.hint else "") if one.type == "static" else ""
            for name in sorted(set(PLACE.findall(said)) - known):
                where = f"pages/{page.id}/fields/{one.id}"
                yield DefinitionFault(where, f"shows <{name}>, which is not among the computed values")


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
