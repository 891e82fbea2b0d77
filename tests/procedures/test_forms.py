"""Form posts: repeating groups without JavaScript, files inside them, conditions, and nothing typed is lost."""

from datetime import date
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.procedures.filling import all_procedures
from tests.procedures.samples import field, procedure, text
from yakuba.base.texts import LANGUAGES
from yakuba.procedures import registry
from yakuba.procedures.answers import clean, visible_pages
from yakuba.procedures.context import Context
from yakuba.procedures.forms import form_action, parse_form, revealed
from yakuba.procedures.rendering import render_page
from yakuba.procedures.slots import attachment_slots, orphaned
from yakuba.procedures.validation import validate_all, validate_page

CONTEXT = Context(date(2026, 11, 23))
CHILDREN = {
    "id": "children",
    "type": "group",
    "label": text("お子さん"),
    "minimum": 1,
    "maximum": 3,
    "fields": [
        {"id": "name", "type": "text", "label": text("氏名"), "example": "はな"},
        {"id": "apart", "type": "yes_no", "label": text("別居")},
        {"id": "proof", "type": "file", "label": text("申立書"), "when": {"field": "apart", "equals": True}},
    ],
}
FAMILY = procedure(fields=[CHILDREN])


def ids() -> Any:
    numbers = count(1)
    return lambda: f"i{next(numbers)}"


def child(index: int, name: str, apart: str, item_id: str = "") -> dict[str, str]:
    return {
        f"children-{index}-id": item_id,
        f"children-{index}-name": name,
        f"children-{index}-apart": apart,
    }


def test_an_item_is_added_and_keeps_what_was_typed() -> None:
    post = {**child(0, "はな", "yes", "ia"), "add": "children"}
    answers = parse_form(FAMILY, "one", post, {}, ids())
    assert answers["children"] == [{"id": "ia", "name": "はな", "apart": True}, {"id": "i1"}]
    action = form_action(FAMILY.page("one"), post)
    assert action is not None
    assert (action.kind, action.group) == ("add", "children")


def test_an_item_is_removed_and_the_others_keep_their_ids() -> None:
    post = {**child(0, "はな", "no", "ia"), **child(1, "たろう", "yes", "ib"), "remove": "children-0"}
    answers = parse_form(FAMILY, "one", post, {})
    assert [item["id"] for item in answers["children"]] == ["ib"]


def test_a_file_stays_with_its_item_when_another_is_removed() -> None:
    post = {**child(0, "はな", "yes", "ia"), **child(1, "たろう", "yes", "ib")}
    before = parse_form(FAMILY, "one", post, {})
    keys = [slot.key for slot in attachment_slots(FAMILY, before, CONTEXT)]
    assert keys == ["children-ia-proof", "children-ib-proof"]
    after = parse_form(FAMILY, "one", {**post, "remove": "children-0"}, before)
    assert [slot.key for slot in attachment_slots(FAMILY, after, CONTEXT)] == ["children-ib-proof"]
    assert orphaned(FAMILY, after, CONTEXT, keys) == ("children-ia-proof",)


def test_a_new_item_never_gets_a_removed_ones_files() -> None:
    answers = parse_form(FAMILY, "one", {**child(0, "はな", "yes", "ia"), "remove": "children-0"}, {})
    again = parse_form(FAMILY, "one", {"add": "children"}, answers)
    assert again["children"][0]["id"] != "ia"


def test_two_items_never_share_an_id() -> None:
    answers = parse_form(
        FAMILY, "one", {**child(0, "はな", "no", "ia"), **child(1, "たろう", "no", "ia")}, {}
    )
    assert len({item["id"] for item in answers["children"]}) == 2


def test_too_few_and_too_many_items_are_said() -> None:
    none = validate_page(FAMILY, "one", {}, CONTEXT)
    assert [one.path for one in none] == ["children"]
    assert "1人" in none[0].message.ja
    four = {"children": [{"id": f"i{number}", "name": "あ", "apart": False} for number in range(4)]}
    assert "3まで" in validate_page(FAMILY, "one", four, CONTEXT)[0].message.ja


def test_a_problem_in_an_item_names_its_control() -> None:
    answers = {"children": [{"id": "ia", "name": "はな", "apart": False}, {"id": "ib", "apart": True}]}
    problems = validate_page(FAMILY, "one", answers, CONTEXT, uploaded=())
    assert [one.path for one in problems] == ["children-1-name", "children-ib-proof"]
    html = render_page(FAMILY, "one", answers, CONTEXT, "ja", problems=problems)
    for problem in problems:
        assert f'id="{problem.path}"' in html


def test_a_file_once_uploaded_is_not_asked_for() -> None:
    answers = {"children": [{"id": "ia", "name": "はな", "apart": True}]}
    assert validate_page(FAMILY, "one", answers, CONTEXT, uploaded=["children-ia-proof"]) == []


def test_what_a_post_did_not_show_is_kept() -> None:
    sample = procedure(
        fields=[
            field("yes_no"),
            {
                "id": "other",
                "type": "multi_choice",
                "label": text("ほか"),
                "options": [{"value": "a", "label": text("a")}],
                "required": False,
            },
        ]
    )
    draft = {"it": True, "other": ["a"]}
    assert parse_form(sample, "one", {"it": "no", "shown": ["it"]}, draft) == {"it": False, "other": ["a"]}
    assert parse_form(sample, "one", {"it": "no", "shown": ["it", "other"]}, draft) == {"it": False}


def test_a_question_that_just_appeared_is_not_called_missing_at_once() -> None:
    sample = procedure(
        fields=[
            field("yes_no"),
            {**field("text", example="あ", when={"field": "it", "equals": True}), "id": "why"},
        ]
    )
    post = {"it": "yes", "shown": ["it"]}
    answers = parse_form(sample, "one", post, {})
    assert revealed(sample, "one", post, answers, CONTEXT) == ("why",)
    assert revealed(sample, "one", {**post, "shown": ["it", "why"]}, answers, CONTEXT) == ()


def test_a_changed_mind_loses_nothing_in_the_draft_but_sends_nothing_hidden() -> None:
    sample = procedure(
        fields=[
            field("yes_no"),
            {**field("text", example="あ", when={"field": "it", "equals": True}), "id": "why"},
        ]
    )
    draft = parse_form(sample, "one", {"it": "yes", "why": "理由", "shown": ["it", "why"]}, {})
    draft = parse_form(sample, "one", {"it": "no", "why": "理由", "shown": ["it", "why"]}, draft)
    assert draft["why"] == "理由"
    assert clean(sample, draft, CONTEXT) == {"it": False}


def test_a_page_for_proxies_is_not_shown_to_the_person_herself() -> None:
    claim = registry.procedure("jidou-teate-nintei")
    assert "proxy" not in [page.id for page in visible_pages(claim, {}, CONTEXT)]
    assert "proxy" in [
        page.id for page in visible_pages(claim, {}, Context(CONTEXT.today, "proxy_by_mandate"))
    ]


def test_a_proxy_by_mandate_cannot_submit_without_the_mandate() -> None:
    claim = registry.procedure("jidou-teate-nintei")
    example = next(one for one in claim.examples if one.role == "proxy_by_mandate")
    context = Context(example.today, example.role)
    problems = validate_all(claim, example.answers, context, uploaded=())
    assert "mandate" in [one.path for one in problems]


KEYS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["add", "remove", "shown", "children-0-id", "children-0-name", "children-99999-name", "children-0-"]
    ),
    st.builds(
        "{}-{}-{}".format,
        st.sampled_from(["children", "guardians", "members"]),
        st.integers(0, 2000),
        st.sampled_from(["id", "name-name", "birth_date-year", "choices-0", "reason"]),
    ),
    st.builds(
        "{}-{}".format,
        st.sampled_from(["event_date", "insured_birth_date", "account", "damaged_on"]),
        st.sampled_from(["era", "year", "month", "day", "bank_code", "account_type"]),
    ),
)
VALUES = st.lists(
    st.text(st.characters(), max_size=10)
    | st.sampled_from(
        ["令和", "western", "元", "不詳", "9" * 400, "yes", "children", "children-0", "\x00", "ia", "²", "٣"]
    ),
    max_size=3,
)


@given(data=st.data(), post=st.dictionaries(KEYS, VALUES, max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_form_post_breaks_anything(data: st.DataObject, post: dict[str, list[str]]) -> None:
    sample = data.draw(st.sampled_from(all_procedures()))
    context = Context(date(2026, 11, 23), data.draw(st.sampled_from([one.role for one in sample.applicants])))
    answers: dict[str, Any] = {}
    for page in sample.pages:
        answers = parse_form(sample, page.id, post, answers)
        form_action(page, post)
        revealed(sample, page.id, post, answers, context)
        problems = validate_page(sample, page.id, answers, context, uploaded=())
        render_page(
            sample, page.id, answers, context, data.draw(st.sampled_from(LANGUAGES)), problems=problems
        )
    validate_all(sample, answers, context)


def test_a_form_of_250_questions_is_one_pass() -> None:
    """A field is looked at once, however many there are: no condition is evaluated more than twice per validation."""
    fields = [
        {
            **field(
                "text",
                example="あ",
                when={"not": {"field": f"f{number - 1}", "equals": "x"}} if number else None,
            ),
            "id": f"f{number}",
        }
        for number in range(250)
    ]
    for one in fields:
        if one["when"] is None:
            del one["when"]
    sample = procedure(fields=fields)
    answers = {f"f{number}": "答え" for number in range(250)}
    looked = Counting(answers)
    assert validate_all(sample, looked, CONTEXT) == []
    assert looked.reads <= 3 * 250
    missing = {key: value for key, value in answers.items() if key != "f100"}
    assert [one.path for one in validate_all(sample, missing, CONTEXT)] == ["f100"]


class Counting(dict[str, Any]):
    """A dictionary that counts how often it is looked into."""

    reads = 0

    def __getitem__(self, key: str) -> Any:
        self.reads += 1
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.reads += 1
        return super().__contains__(key)
