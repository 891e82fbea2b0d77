"""A definition as a document: begun, changed, compared, packed; what may and what may not be done with it."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.procedures.samples import document, text
from yakuba.procedures import registry
from yakuba.procedures.authoring import edits
from yakuba.procedures.authoring.differences import differences, news
from yakuba.procedures.authoring.documents import (
    LONGEST,
    Unreadable,
    as_text,
    blank,
    checked,
    dated,
    faults_of,
    from_text,
    showable,
)
from yakuba.procedures.authoring.edits import NoSuchPart, Place
from yakuba.procedures.authoring.packages import PURPOSE, BadPackage, packed, statement, unpacked

TODAY = date(2026, 11, 27)
AT = datetime(2026, 11, 27, tzinfo=UTC)
HAYAMA, NINOMIYA = "143014", "143421"


def question(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "text", "label": text(name), "example": "例", **more}


def test_a_blank_document_can_be_shown_at_once_and_says_what_is_still_to_be_written() -> None:
    made = edits.put_field(blank("machi-x", "見本"), Place("page1"), None, question("name"))
    places = {fault.where.split("/")[0] for fault in faults_of(made)}
    assert places >= {"laws", "summary", "processing", "examples"}
    assert checked(showable(made), "x")[0].field("name").label.ja == "name"


@pytest.mark.parametrize("procedure", [one.id for one in registry.national(TODAY)])
def test_every_national_definition_can_be_made_ones_own(procedure: str) -> None:
    """Standing alone it means the same: same pages, fields and conditions, without the program that decides it."""
    own = registry.national_document(procedure, TODAY)
    national, (copy,) = registry.procedure(procedure, as_of=TODAY), checked(own, procedure)
    assert [page.id for page in copy.pages] == [page.id for page in national.pages]
    shapes = [
        [(field.id, field.type, field.required, field.when) for _, field in one.fields()]
        for one in (copy, national)
    ]
    assert shapes[0] == shapes[1]
    assert copy.rule == ""
    assert "like:" not in as_text(own).split()


def test_text_goes_both_ways_and_dates_stay_as_written() -> None:
    own = registry.national_document("risai-shoumei", TODAY)
    assert from_text(as_text(own)) == own


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("a: [", "行目"),
        ("- 1", "id: machi-kyushoku"),
        ("&a [*a]", "読めない"),
        ("a: !!python/object:os.system {}", "読めません"),
        ("a: " + "x" * LONGEST, "長すぎます"),
    ],
)
def test_a_text_that_is_no_document_is_refused_in_words(written: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        from_text(written)


def test_an_example_that_no_longer_fits_its_form_is_a_fault() -> None:
    own = document(id="machi-sample")
    own["examples"]["sets"][0]["answers"] = {"nickname": "はな"}
    assert faults_of(own) == ()
    longer = edits.put_field(own, Place("one"), None, question("school"))
    (fault,) = faults_of(longer)
    assert fault.where == "examples/e/school"


def test_questions_are_added_put_moved_and_removed_and_the_old_document_stays() -> None:
    before = document(fields=[question("a"), question("b")])
    place = Place("one")
    changed = edits.move_field(edits.put_field(before, place, None, question("c")), place, "c", -1)
    changed = edits.put_field(changed, place, "a", question("a", required=False))
    changed = edits.remove_field(changed, place, "b")
    fields = edits.page_of(changed, "one")["fields"]
    assert [(one["id"], one.get("required", True)) for one in fields] == [("a", False), ("c", True)]
    assert [one["id"] for one in edits.page_of(before, "one")["fields"]] == ["a", "b"]


def test_a_group_that_is_changed_keeps_the_questions_inside() -> None:
    group = {"id": "children", "type": "group", "label": text("子"), "fields": [question("name")]}
    before = document(fields=[group])
    changed = edits.put_field(
        before, Place("one"), "children", {"id": "children", "type": "group", "label": text("お子さん")}
    )
    inside = edits.field_of(changed, Place("one", "children"), "name")
    assert inside["label"]["ja"] == "name"


def test_a_condition_may_look_back_only() -> None:
    group = {"id": "g", "type": "group", "label": text("g"), "fields": [question("x"), question("y")]}
    made = document(fields=[question("a"), group, question("z")])
    names = [
        one["id"]
        for one in edits.before(made, Place("one", "g"), "y")
    ]  # fmt: skip
    assert names == ["a", "x"]
    assert [one["id"] for one in edits.before(made, Place("one"), "a")] == []
    assert [one["id"] for one in edits.before(made, Place("one"), None)] == ["a", "z"]


def test_a_part_that_is_not_there_cannot_be_changed() -> None:
    with pytest.raises(NoSuchPart):
        edits.remove_field(document(), Place("one"), "nobody")
    with pytest.raises(NoSuchPart):
        edits.put_page(document(), "nowhere", {})


def test_ids_are_unique_over_pages_questions_and_groups() -> None:
    made = document(fields=[question("q"), question("q2")])
    assert edits.fresh_id(made, "q") == "q3"
    assert edits.fresh_id(made, "one") == "one2"
    assert edits.fresh_id(made, "日本") == "q3"


def test_differences_follow_questions_by_their_ids() -> None:
    old = document(fields=[question("a"), question("b")])
    new = document(fields=[question("b"), question("a", required=False), question("c")])
    found = {(one.where, one.kind) for one in differences(old, new)}
    assert found == {
        ("pages/one/fields/a/required", "added"),
        ("pages/one/fields/c", "added"),
        ("pages/one/fields", "moved"),
    }
    assert differences(old, old) == ()


def test_true_and_one_differ() -> None:
    assert [one.where for one in differences({"a": True}, {"a": 1})] == ["a"]


def test_news_say_what_of_a_national_change_is_still_open_in_ones_own() -> None:
    base = document(fields=[question("a"), question("b"), question("c")])
    national = document(
        fields=[question("a", required=False), question("c", unit="円"), question("b", unit="人")]
    )
    own = document(fields=[question("a"), question("b", unit="件"), question("c", unit="円")])
    states = {one.change.where: one.yours for one in news(base, national, own)}
    assert states == {
        "pages/one/fields/a/required": "different",
        "pages/one/fields/b/unit": "different",
        "pages/one/fields/c/unit": "same",
        "pages/one/fields": "untouched",
    } | {"pages/one/fields/a/required": "untouched"}


def test_a_dated_document_is_one_version_and_keeps_its_own_end() -> None:
    made = document(versions=[{"version": "1", "valid_from": "2000-01-01", "valid_until": "2027-03-31"}])
    (version,) = checked(dated(made, "2026-12-01-r2", date(2026, 12, 1)), "x")
    assert (version.version, str(version.valid_from), str(version.valid_until)) == (
        "2026-12-01-r2", "2026-12-01", "2027-03-31",
    )  # fmt: skip


class Town:
    """A municipality with its key."""

    def __init__(self, code: str) -> None:
        self.code, self._key = code, Ed25519PrivateKey.generate()

    def states(self, made: dict[str, Any], revision: int, earlier: Any = ()) -> dict[str, Any]:
        key = self._key.public_key().public_bytes_raw()
        return statement(
            made, self.code, revision, AT, earlier, key, lambda data: self._key.sign(PURPOSE + data)
        )


def test_a_package_tells_whose_it_is_through_all_hands() -> None:
    first, second = Town(HAYAMA), Town(NINOMIYA)
    made, changed = document(id="machi-a"), document(id="machi-b")
    chain = [first.states(made, 1)]
    chain.append(second.states(changed, 4, chain))
    package = unpacked(packed(changed, chain))
    assert [(one.municipality, one.procedure, one.revision) for one in package.chain] == [
        (HAYAMA, "machi-a", 1), (NINOMIYA, "machi-b", 4),
    ]  # fmt: skip
    assert package.document == changed
    assert package.publisher.municipality == NINOMIYA


def _altered(package: dict[str, Any], how: str) -> dict[str, Any]:
    statements = package["statements"]
    if how == "document":
        package["document"]["title"]["ja"] = "別の手続き"
    elif how == "said":
        statements[0]["said"]["municipality"] = NINOMIYA
    elif how == "first link gone":
        del statements[0]
    elif how == "other link":
        statements[0] = Town(HAYAMA).states(document(id="machi-z"), 1)
    elif how == "no statement":
        statements.clear()
    elif how == "another form":
        package["yakuba"] = "application/1"
    elif how == "float":
        package["document"]["days"] = 1.5
    else:
        statements[0]["said"] = "text"
    return package


@pytest.mark.parametrize(
    "how",
    ["document", "said", "first link gone", "other link", "no statement", "another form", "float", "shape"],
)
def test_an_altered_package_is_refused(how: str) -> None:
    first, second = Town(HAYAMA), Town(NINOMIYA)
    made = document(id="machi-a")
    chain = [first.states(made, 1)]
    chain.append(second.states(made, 1, chain))
    package = json.loads(packed(made, chain))
    unpacked(json.dumps(package).encode())
    with pytest.raises(BadPackage):
        unpacked(json.dumps(_altered(package, how)).encode())


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"yakuba": "definition-package/1"}', b"\xff\xfe", b"[" * 9000]
)
def test_bytes_that_are_no_package_are_refused(data: bytes) -> None:
    with pytest.raises(BadPackage):
        unpacked(data)


@pytest.mark.parametrize("procedure", [one.id for one in registry.national(TODAY)])
def test_a_copy_of_a_national_definition_has_no_faults(procedure: str) -> None:
    assert faults_of(registry.national_document(procedure, TODAY)) == ()
