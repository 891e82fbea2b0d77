"""The workshop: a procedure written by one operator, published by another, offered by the portal, taken over elsewhere."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.gateway.test_messages import HAYAMA
from yakuba.audit.log import links
from yakuba.base.clock import today
from yakuba.base.tenancy import under
from yakuba.definitions.messages import published as take_in
from yakuba.definitions.models import PublishedDefinition
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.office import operators
from yakuba.office.authoring.typed import options_as_lines, options_in
from yakuba.office.models import DefinitionDraft, KnownTownKey
from yakuba.office.operators import make_operator
from yakuba.procedures import registry
from yakuba.procedures.faults import UnknownProcedure

pytestmark = pytest.mark.django_db
NINOMIYA = "143421"
NAME = "machi-kyushoku-menjo"


@pytest.fixture(autouse=True)
def in_lgwan(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ZONE = "lgwan"
    settings.OFFICE_OPERATORS = tmp_path / "operators.json"
    monkeypatch.setattr(operators._hasher, "iterations", 1000)  # many sign-ins; no password is kept


@pytest.fixture
def enter(tmp_path: Path) -> Callable[..., Client]:
    def sign_in(name: str, *towns: str) -> Client:
        made = make_operator(tmp_path / "operators.json", name, towns)
        assert made
        client = Client()
        given = {"name": name, "password": made.password, "code": pyotp.TOTP(made.totp).now()}
        assert client.post(reverse("office:sign-in"), given).status_code == 302
        return client

    return sign_in


@pytest.fixture
def writer(enter: Callable[..., Client]) -> Client:
    return enter("kaku", HAYAMA)


@pytest.fixture
def second(enter: Callable[..., Client]) -> Client:
    return enter("mitomeru", HAYAMA)


FRAME = {
    "title_ja": "学校給食費の免除の申請", "title_en": "School lunch fee waiver", "summary_ja": "給食費の免除を申請します。",
    "laws": "葉山町学校給食費に関する規則 | 第5条", "keywords": "給食費\n免除", "role_self": "on",
    "deadline_ja": "期限はありません。", "processing_ja": "2週間ほど", "processing_days": "14", "event_childcare": "on",
}  # fmt: skip
SCHOOL = {"type": "text", "label_ja": "学校の名前", "required": "on", "example": "葉山小学校", "id": "school"}


def url(name: str, draft: DefinitionDraft | None = None, *more: str, town: str = HAYAMA) -> str:
    return reverse(f"office:{name}", args=[town, *([draft.id] if draft else []), *more])


def latest() -> DefinitionDraft:
    with under(HAYAMA):
        return DefinitionDraft.objects.latest("created_at")


def post(client: Client, name: str, draft: DefinitionDraft, *more: str, **data: str) -> Any:
    return client.post(url(name, draft, *more), {"seen": str(latest().row_version), **data})


def written(client: Client, name: str = NAME) -> DefinitionDraft:
    """A draft without faults, written through the forms, its example from a trial."""
    assert client.post(url("begin"), {"id": name, "title": "学校給食費の免除の申請"}).status_code == 302
    draft = latest()
    assert post(client, "draft-frame", draft, **FRAME).status_code == 302
    assert post(client, "draft-field", draft, "page1", "new", **SCHOOL).status_code == 302
    assert client.post(url("trial-begin", draft), {"role": "self"}).headers["Location"].endswith("/page1")
    tried = client.post(url("trial", draft, "page1"), {"school": "葉山小学校", "next": "1"})
    assert tried.headers["Location"] == url("trial-end", draft)
    assert client.post(url("trial-end", draft), {"title": "ふつうの例"}).status_code == 302
    return draft


def proposed(client: Client, name: str = NAME) -> DefinitionDraft:
    draft = written(client, name)
    answer = client.post(
        url("draft-propose", draft), {"valid_from": today().isoformat(), "note": "新しい免除"}
    )
    assert answer.status_code == 302
    assert latest().state == "proposed"
    return draft


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_a_procedure_is_written_by_one_and_published_by_another_and_every_zone_gets_it(
    writer: Client, second: Client
) -> None:
    draft = proposed(writer)
    assert second.post(url("draft-decide", draft), {"do": "publish"}).status_code == 302
    with under(HAYAMA):
        row = PublishedDefinition.objects.get()
        assert (row.procedure, row.revision, row.author, row.approver) == (NAME, 1, "kaku", "mitomeru")
        sent = [read_envelope(bytes(one.document)) for one in OutboxMessage.objects.all()]
        assert sorted(one.recipient for one in sent) == ["internet", "mynumber"]
        found = registry.procedure(NAME, as_of=today())
        assert found.title.en == "School lunch fee waiver"
        assert found in registry.all_procedures(today())
        row.delete()
        take_in(sent[0])
        take_in(sent[0])  # delivered twice: once kept
        assert PublishedDefinition.objects.get().sha256 == sent[0].body["sha256"]
    actions = [one.event.action for one in links()]
    for action in ("begun", "changed", "proposed", "published"):
        assert f"definition.{action}" in actions


def test_own_procedures_are_the_own_municipalitys_alone(writer: Client, second: Client) -> None:
    second.post(url("draft-decide", proposed(writer)), {"do": "publish"})
    for town in (NINOMIYA, None):
        if town:
            with under(town), pytest.raises(UnknownProcedure):
                registry.procedure(NAME)
        else:
            with pytest.raises(UnknownProcedure):
                registry.procedure(NAME)


def test_a_new_version_ends_the_one_before_and_both_can_be_read(writer: Client, second: Client) -> None:
    second.post(url("draft-decide", proposed(writer)), {"do": "publish"})
    assert writer.post(reverse("office:again", args=[HAYAMA, NAME])).status_code == 302
    draft = latest()
    post(writer, "draft-field", draft, "page1", "school", **{**SCHOOL, "label_ja": "通う学校の名前"})
    assert "通う学校の名前" in page_of(writer, url("draft-compare", draft))
    writer.post(url("draft-propose", draft), {"valid_from": today().isoformat()})
    second.post(url("draft-decide", draft), {"do": "publish"})
    with under(HAYAMA):
        old, new = registry.versions(NAME)
        assert registry.procedure(NAME, as_of=today()) == new
        assert registry.procedure(NAME, version=old.version).field("school").label.ja == "学校の名前"
        assert old.valid_until is not None
        assert old.valid_until < new.valid_from
    assert "前の版から変わったところ(" in page_of(writer, reverse("office:published", args=[HAYAMA, NAME]))


@pytest.mark.parametrize("do", ["publish", "send_back"])
def test_who_wrote_or_proposed_it_may_not_decide_on_it(writer: Client, do: str) -> None:
    draft = proposed(writer)
    writer.post(url("draft-decide", draft), {"do": do, "why": "よい"})
    assert latest().state == "proposed"
    assert "とは別の人" in page_of(writer, url("draft", draft))
    with under(HAYAMA):
        assert not PublishedDefinition.objects.exists()


def test_a_second_writer_may_not_publish_either(writer: Client, second: Client) -> None:
    draft = written(writer)
    post(second, "draft-frame", draft, **{**FRAME, "keywords": "給食"})
    writer.post(url("draft-propose", draft), {"valid_from": today().isoformat()})
    second.post(url("draft-decide", draft), {"do": "publish"})
    assert latest().state == "proposed"


def test_sending_back_needs_a_reason_and_the_writer_reads_it(writer: Client, second: Client) -> None:
    draft = proposed(writer)
    second.post(url("draft-decide", draft), {"do": "send_back"})
    assert "差し戻す理由を書いてください" in page_of(second, url("draft", draft))
    second.post(url("draft-decide", draft), {"do": "send_back", "why": "書類の説明が足りません"})
    assert "書類の説明が足りません" in page_of(writer, url("draft", draft))
    assert latest().state == "writing"


def test_what_waits_for_publication_cannot_be_changed_until_it_is_taken_back(writer: Client) -> None:
    draft = proposed(writer)
    post(writer, "draft-frame", draft, **{**FRAME, "title_ja": "別の名前"})
    assert latest().document["title"]["ja"] == FRAME["title_ja"]
    writer.post(url("draft-take-back", draft))
    post(writer, "draft-frame", draft, **{**FRAME, "title_ja": "別の名前"})
    assert latest().document["title"]["ja"] == "別の名前"


def test_a_draft_with_faults_cannot_be_proposed_and_each_fault_leads_to_its_place(writer: Client) -> None:
    writer.post(url("begin"), {"id": NAME, "title": "見本"})
    draft = latest()
    page = page_of(writer, url("draft", draft))
    assert url("draft-frame", draft) in re.findall(
        r'<li><a href="([^"]+)">よりどころ</a>: まだ1つもありません', page
    )
    writer.post(url("draft-propose", draft), {"valid_from": today().isoformat()})
    assert latest().state == "writing"


def test_a_change_that_came_too_late_is_told_and_changes_nothing(writer: Client, second: Client) -> None:
    draft = written(writer)
    seen = str(latest().row_version)
    post(
        second,
        "draft-field",
        draft,
        "page1",
        "new",
        type="yes_no",
        label_ja="生活保護を受けている",
        id="seiho",
    )
    writer.post(
        url("draft-change", draft), {"seen": seen, "page": "page1", "field": "school", "do": "remove"}
    )
    assert "ほかの人がこの下書きを変えました" in page_of(writer, url("draft", draft))
    assert [one["id"] for one in latest().document["pages"][0]["fields"]] == ["school", "seiho"]


@pytest.mark.parametrize(
    "written",
    ["a | い", "income | 収入が減った | Less income | {収入|しゅうにゅう}が {減|へ}った\nother | そのほか"],
)
def test_options_are_read_as_they_are_shown_readings_included(written: str) -> None:
    options, wrong = options_in(written)
    assert wrong == ""
    assert options_as_lines(options) == written


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"label_ja": ""}, "質問の言葉を書いてください"),
        ({"example": ""}, "書き方の例を入れてください"),
        ({"type": "choice", "options": ""}, "選ぶ言葉を1行に1つずつ"),
        ({"type": "choice", "options": "a | い\na | ろ"}, "同じ値が2つ"),
        ({"type": "digits", "digits": "十"}, "数字で書いてください"),
        ({"type": "date", "latest": "きょう"}, "today"),
        ({"type": "rocket"}, "質問の種類を選んでください"),
        ({"id": "School"}, "英小文字"),
        ({"when_field": "school"}, "どの答えのときに"),
        ({"when_text": "{a"}, "条件を読めません"),
    ],
)
def test_a_question_that_is_not_right_is_shown_again_as_it_was_typed(
    writer: Client, wrong: dict[str, str], says: str
) -> None:
    draft = written(writer)
    answer = post(
        writer, "draft-field", draft, "page1", "new", **{**SCHOOL, "id": "", "hint_ja": "ここは残る", **wrong}
    )
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert says in page
    assert "ここは残る" in page
    assert len(latest().document["pages"][0]["fields"]) == 1


def test_a_trial_checks_as_the_portal_does_in_three_languages(writer: Client) -> None:
    draft = written(writer)
    writer.post(url("trial-begin", draft), {"role": "self"})
    answer = writer.post(url("trial", draft, "page1"), {"school": "", "next": "1"})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    english = writer.post(url("trial", draft, "page1"), {"school": "", "language": "en"})
    assert 'lang="en"' in english.content.decode()


def test_a_definition_made_of_a_national_one_tells_when_that_one_changes(
    writer: Client, second: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {"id": "machi-risai", "title": "町の罹災証明", "from": "risai-shoumei"}
    assert writer.post(url("begin"), made).status_code == 302
    draft = latest()
    writer.post(url("draft-propose", draft), {"valid_from": today().isoformat()})
    second.post(url("draft-decide", draft), {"do": "publish"})
    assert "か所</a>" not in page_of(writer, url("procedures"))
    changed = registry.national_document("risai-shoumei", today())
    changed["pages"][0]["title"]["ja"] = "国が変えた題"
    monkeypatch.setattr(registry, "national_document", lambda *_: changed)
    assert "1か所" in page_of(writer, url("procedures"))
    assert "国が変えた題" in page_of(writer, reverse("office:published", args=[HAYAMA, "machi-risai"]))


def test_a_text_is_taken_or_given_back_as_it_was(writer: Client) -> None:
    draft = written(writer)
    answer = post(writer, "draft-text", draft, text="title: [")
    assert (answer.status_code, "title: [" in answer.content.decode()) == (422, True)
    answer = post(writer, "draft-text", draft, text="{title: 1, versions: 2, pages: 3, examples: 4}")
    assert answer.status_code == 422
    good = re.search(r"<textarea[^>]*>(.*)</textarea>", page_of(writer, url("draft-text", draft)), re.S)
    assert good
    text = good[1].replace("学校の名前", "学校名") + "\nrule: kaigo\n"
    assert post(writer, "draft-text", draft, text=text).status_code == 302
    assert latest().document["pages"][0]["fields"][0]["label"]["ja"] == "学校名"
    assert "rule" not in latest().document


def test_a_package_is_taken_over_once_its_key_was_compared(
    writer: Client, second: Client, enter: Callable[..., Client], settings: Settings
) -> None:
    second.post(url("draft-decide", proposed(writer)), {"do": "publish"})
    package = writer.get(reverse("office:export", args=[HAYAMA, NAME])).content.decode()
    other = enter("ninomiya", NINOMIYA)
    address = url("take-over", town=NINOMIYA)
    broken = other.post(address, {"text": package.replace("給食費", "水道料", 1)})
    assert (broken.status_code, "書きかえ" in broken.content.decode()) == (422, True)
    assert "まだ確かめていない鍵" in other.post(address, {"text": package}).content.decode()
    wanted = {"text": package, "confirm": "yes", "id": NAME}
    assert other.post(address, wanted).status_code == 422
    assert other.post(address, {**wanted, "compared": "yes"}).status_code == 302
    with under(NINOMIYA):
        assert KnownTownKey.objects.get().other == HAYAMA
        assert len(DefinitionDraft.objects.get().statements) == 1


def test_an_operator_sees_no_other_towns_workshop(writer: Client, enter: Callable[..., Client]) -> None:
    draft = written(writer)
    stranger, nobody = enter("yoso", NINOMIYA), enter("kanri")
    for client in (stranger, nobody):
        for address in (url("procedures"), url("begin"), url("draft", draft), url("draft-text", draft)):
            assert client.get(address).status_code == 404
        assert post(client, "draft-discard", draft).status_code == 404
    assert stranger.get(url("draft", draft, town=NINOMIYA)).status_code == 404
    assert latest().state == "writing"
    assert "割り当てられていません" in page_of(nobody, reverse("office:towns"))


def test_one_procedure_has_one_unfinished_draft(writer: Client) -> None:
    writer.post(url("begin"), {"id": NAME, "title": "見本"})
    again = writer.post(url("begin"), {"id": NAME, "title": "見本"})
    assert again.status_code == 422
    assert "書きかけの下書き" in again.content.decode()
    writer.post(url("draft-discard", latest()))
    assert writer.post(url("begin"), {"id": NAME, "title": "見本"}).status_code == 302


@pytest.mark.parametrize("name", ["", "kyushoku", "machi-", "machi-A", "machi-" + "a" * 60, "../x"])
def test_a_name_that_cannot_be_an_address_is_refused(writer: Client, name: str) -> None:
    assert writer.post(url("begin"), {"id": name, "title": "見本"}).status_code == 422
