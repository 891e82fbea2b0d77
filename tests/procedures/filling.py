"""Fills in any procedure by hypothesis: right answers in the order of the form, then a few things gone wrong."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from yakuba.procedures import registry
from yakuba.procedures.answers import ITEM_ID
from yakuba.procedures.components.kinds import component
from yakuba.procedures.conditions import View
from yakuba.procedures.context import ROLES, Context, moment
from yakuba.procedures.definition import Field, Procedure
from yakuba.procedures.overrides import effective
from yakuba.procedures.validation import least_items

DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(
        ["2026-02-30", "1945-00-00", "1945-03-00", "0000-00-00", "2024-02-29", "a@b.jp", "ア", "0312345678"]
    ),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "name", "kana", "address", "bank_code"]), children, max_size=3
        )
    ),
    max_leaves=6,
)
_NAMES = ["山田 花子", "髙橋　圭", "葛󠄀城", "MARIA CLARA DE SOUZA", "﨑山神", "O'Brien-ﾔﾏ"]
_KANA = ["ヤマダ ハナコ", "サ", "ドゥ・スーザ"]


def all_procedures() -> list[Procedure]:
    """Every version of every procedure, with the settings its examples hold under."""
    found = [
        one for each in registry.all_procedures(date(2026, 11, 23)) for one in registry.versions(each.id)
    ]
    return [effective(one, one.example_settings) for one in found]


def contexts(procedure: Procedure) -> st.SearchStrategy[Context]:
    allowed = [applicant.role for applicant in procedure.applicants]
    roles = st.one_of(st.sampled_from(allowed), st.sampled_from(allowed), st.sampled_from(ROLES))
    return st.builds(Context, DAYS, roles)


def _dates(field: Field, context: Context) -> st.SearchStrategy[str]:
    low = moment(field.earliest, context.today) if field.earliest else date(1900, 1, 1)
    high = moment(field.latest, context.today) if field.latest else date(2040, 1, 1)
    near = [
        min(max(context.today + timedelta(days=days), low), high)
        for days in (0, -15, -16, -365 * 2, -365 * 50, 30)
    ]
    exact = st.dates(low, high) | st.sampled_from(near)
    if field.uncertain and low.year < 1950 < high.year:
        return exact.map(str) | st.sampled_from(["1945-00-00", "1950-03-00", "1949-12-00"])
    return exact.map(str)


def _objects(parts: dict[str, st.SearchStrategy[str]], optional: dict[str, st.SearchStrategy[str]]) -> Any:
    return st.fixed_dictionaries(parts, optional=optional)


def right_value(field: Field, context: Context) -> st.SearchStrategy[Any]:
    """A value the field accepts."""
    values = [option.value for option in field.options]
    match field.type:
        case "date":
            return _dates(field, context)
        case "number" | "yen":
            return st.integers(field.minimum or 0, field.maximum or 10**12 - 1)
        case "choice" | "select":
            return st.sampled_from(values)
        case "multi_choice":
            return st.lists(st.sampled_from(values), min_size=1, max_size=field.maximum or 9, unique=True)
        case "ranked":
            least = max(1, field.minimum or 0)
            return st.lists(st.sampled_from(values), min_size=least, max_size=field.maximum or 9, unique=True)
        case "yes_no":
            return st.booleans()
        case "declaration":
            return st.just(True)
        case "digits":
            return st.just("1" * (field.digits or 1))
        case "phone":
            return st.sampled_from(["0312345678", "09012345678"])
        case "email":
            return st.sampled_from(["hanako@example.jp", "a.b+c@xn--wgv71a.example.com"])
        case "postal_code":
            return st.just("2400112")
        case "kana":
            return st.sampled_from(_KANA)
        case "person_name":
            kana = {"kana": st.sampled_from(_KANA)}
            name = {"name": st.sampled_from(_NAMES)}
            return _objects(name | kana, {}) if field.kana == "required" else _objects(name, kana)
        case "address":
            more = {"postal_code": st.just("2400112"), "building": st.sampled_from(["海風荘201号", "1"])}
            return _objects({"address": st.sampled_from(["葉山町堀内2135", "長柄"])}, more)
        case "bank_account":
            return _objects(
                {
                    "bank_name": st.just("みなと信用金庫"),
                    "bank_code": st.sampled_from(["0001", "9900"]),
                    "branch_name": st.just("本店"),
                    "branch_code": st.just("001"),
                    "account_type": st.sampled_from(["ordinary", "checking"]),
                    "account_number": st.just("0012345"),
                    "account_holder": st.sampled_from(["ヤマダ ハナコ", "カ)ミナト", "MARIA S."]),
                },
                {},
            )
    return st.sampled_from(["葉山", "一色 2-3", "é", "𠮷野"])


@st.composite
def filled(draw: st.DrawFn, procedure: Procedure, context: Context) -> dict[str, Any]:
    """Answers that are complete and right, but for what nobody can fill in right (a role that may not apply)."""
    answers: dict[str, Any] = {}
    for page in procedure.pages:
        view = View(answers, context)
        if page.when.holds(view):
            for field in page.fields:
                if field.when.holds(view):
                    draw_into(draw, field, answers, view)
    return answers


def draw_into(draw: st.DrawFn, field: Field, target: dict[str, Any], view: View) -> None:
    if field.is_group:
        count = draw(st.integers(least_items(field), min(field.maximum or 3, least_items(field) + 2)))
        items = [draw_item(draw, field, view, index) for index in range(count)]
        if items:
            target[field.id] = items
    elif component(field).answered and (field.required or draw(st.booleans())):
        target[field.id] = draw(right_value(field, view.context))


def draw_item(draw: st.DrawFn, group: Field, view: View, index: int) -> dict[str, Any]:
    item: dict[str, Any] = {ITEM_ID: f"i{index}"}
    inside = View(view.root, view.context, item)
    for field in group.fields:
        if field.when.holds(inside):
            draw_into(draw, field, item, inside)
    return item


@st.composite
def gone_wrong(draw: st.DrawFn, procedure: Procedure, context: Context) -> dict[str, Any]:
    """Right answers with up to three things removed, replaced by anything, or added where they do not belong."""
    answers = draw(filled(procedure, context))
    by_id = {field.id: field for _, field in procedure.fields()}
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from([*by_id, "foreign"]))
        target: dict[str, Any] = answers
        field = by_id.get(name)
        if (
            field
            and field.is_group
            and isinstance(answers.get(name), list)
            and answers[name]
            and draw(st.booleans())
        ):
            item = draw(st.sampled_from(answers[name]))
            if isinstance(item, dict):
                target = item
                field = draw(st.sampled_from(field.fields))
                name = field.id
        change(draw, target, name, field, context)
    return answers


def change(draw: st.DrawFn, target: dict[str, Any], name: str, field: Field | None, context: Context) -> None:
    kind = draw(st.sampled_from(["remove", "anything", "right", "part"]))
    value = target.get(name)
    if kind == "remove":
        target.pop(name, None)
    elif kind == "right" and field and not field.is_group and component(field).answered:
        target[name] = draw(right_value(field, context))
    elif kind == "part" and isinstance(value, dict) and value:
        target[name] = {**value, draw(st.sampled_from([*value, "foreign"])): draw(JSON)}
    else:
        target[name] = draw(JSON)
