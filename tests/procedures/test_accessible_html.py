"""The rendered pages obey the rules a screen reader and a keyboard depend on."""

from collections import Counter
from datetime import date
from functools import cache
from html.parser import HTMLParser

import pytest

from tests.procedures.filling import all_procedures
from yakuba.base.texts import LANGUAGES
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Procedure
from yakuba.procedures.fieldviews import UploadedFile
from yakuba.procedures.rendering import render_page
from yakuba.procedures.slots import attachment_slots
from yakuba.procedures.validation import validate_page

PROCEDURES = all_procedures()
each_procedure = pytest.mark.parametrize(
    "procedure", PROCEDURES, ids=[f"{one.id}-{one.version}" for one in PROCEDURES]
)
VOID = {"input", "br", "img", "meta", "link", "hr"}


class Page(HTMLParser):
    """Collects what the tests ask about; fails on tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in names]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    @property
    def controls(self) -> list[dict[str, str]]:
        found = self.all("input", "select", "textarea")
        return [one for one in found if one.get("type") != "hidden"]


@cache
def pages(procedure: Procedure) -> list[Page]:
    """Every page of every example, with and without answers and errors, in every language."""
    found = []
    for example in procedure.examples:
        context = Context(example.today, example.role)
        files = [UploadedFile("f1", "写真.jpg", "400 KB")]
        uploaded = {slot.key: files for slot in attachment_slots(procedure, example.answers, context)}
        for page in procedure.pages:
            for answers in (example.answers, {}):
                problems = validate_page(procedure, page.id, answers, context, uploaded=())
                for language in LANGUAGES:
                    html = render_page(
                        procedure, page.id, answers, context, language, problems=problems, uploaded=uploaded
                    )
                    found.append(Page(html))
    return found


@each_procedure
def test_no_id_is_used_twice(procedure: Procedure) -> None:
    for page in pages(procedure):
        assert [one for one, times in Counter(page.ids).items() if times > 1] == []


@each_procedure
def test_every_control_has_a_label(procedure: Procedure) -> None:
    for page in pages(procedure):
        labelled = {one.get("for") for one in page.all("label")}
        assert [one for one in page.controls if one["id"] not in labelled] == []


@each_procedure
def test_every_description_and_every_error_link_has_its_target(procedure: Procedure) -> None:
    for page in pages(procedure):
        ids = set(page.ids)
        for _, attributes in page.tags:
            assert set(attributes.get("aria-describedby", "").split()) <= ids
            assert set(attributes.get("aria-labelledby", "").split()) <= ids
        links = [one["href"] for one in page.all("a")]
        assert all(link.startswith("#") and link[1:] in ids for link in links)


@each_procedure
def test_a_control_with_an_error_says_so(procedure: Procedure) -> None:
    for page in pages(procedure):
        wrong = {one["href"][1:] for one in page.all("a")}
        for control in page.controls:
            if control["id"] in wrong and control.get("type") not in ("radio", "checkbox"):
                assert control.get("aria-invalid") == "true"


@each_procedure
def test_every_group_of_controls_is_a_fieldset_with_a_legend(procedure: Procedure) -> None:
    for page in pages(procedure):
        assert len(page.all("fieldset")) == len(page.all("legend"))


@each_procedure
def test_the_first_button_goes_on_and_removes_nothing(procedure: Procedure) -> None:
    """Enter in a text field presses the first submit button of a form."""
    for page in pages(procedure):
        assert page.all("button")[0].get("name") == "next"


def test_english_pages_mark_japanese_examples() -> None:
    claim = next(one for one in PROCEDURES if one.id == "jidou-teate-nintei")
    html = render_page(claim, "claimant", {}, Context(date(2026, 11, 23)), "en")
    assert '<span lang="ja">山田 花子</span>' in html


def test_easy_japanese_has_furigana() -> None:
    claim = next(one for one in PROCEDURES if one.id == "jidou-teate-nintei")
    html = render_page(claim, "children", {}, Context(date(2026, 11, 23)), "easy")
    assert "<ruby>名前<rp>(</rp><rt>なまえ</rt>" in html


def test_a_slot_lists_what_was_received() -> None:
    damage = next(one for one in PROCEDURES if one.id == "risai-shoumei")
    files = {"photo_front": [UploadedFile("f1", "玄関<1>.jpg", "400 KB")]}
    html = render_page(damage, "photos", {}, Context(date(2026, 11, 23)), "ja", uploaded=files)
    assert "玄関&lt;1&gt;.jpg" in html
    assert 'name="remove-file" value="photo_front:f1"' in html
    assert 'name="file:photo_front"' in html
