"""By-laws of applying together (まとめ申請): asked once, signed once, one receipt each."""

import base64
import re
import uuid
from html import unescape
from typing import Any

import pytest

from tests.portal.cast import (
    CHILD_ALLOWANCE,
    HAYAMA,
    SIGN_PIN,
    Visitor,
    arrives,
    birth_example,
    example,
    fill,
    hidden,
)  # fmt: skip
from yakuba.audit import log
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.card.emulated import EmulatedCard
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.portal.models import Application, Bundle, Draft

pytestmark = pytest.mark.django_db
PREGNANCY = "ninshin-todokede"
BOTH = (CHILD_ALLOWANCE, PREGNANCY)


def posted(kind: str = "application.submitted") -> list[dict[str, Any]]:
    with under(HAYAMA):
        rows = OutboxMessage.objects.filter(kind=kind).order_by("id")
        return [read_envelope(bytes(row.document)).body for row in rows]


def asked_town(visitor: Visitor) -> uuid.UUID:
    """Signed in, the birth chosen, the town asked."""
    visitor.sign_in()
    reply = visitor.post("life/birth/for-you/")
    assert reply.status_code == 302, reply.content.decode()
    found = re.search(r"/bundles/([0-9a-f-]{36})/choose/", reply.headers["Location"])
    assert found, reply.headers["Location"]
    return uuid.UUID(found[1])


def chosen(visitor: Visitor, wanted: tuple[str, ...] = BOTH) -> uuid.UUID:
    bundle = asked_town(visitor)
    reply = visitor.post(f"bundles/{bundle}/choose/", {"procedure": list(wanted), "choose": "1"})
    assert reply.headers["Location"] == visitor.url(f"bundles/{bundle}/")
    return bundle


def drafts(bundle: uuid.UUID) -> dict[str, Draft]:
    with under(HAYAMA):
        return {one.procedure: one for one in Draft.objects.filter(bundle=bundle)}


def ready(visitor: Visitor) -> uuid.UUID:
    """A bundle of two with nothing left to do but sign. What they share stands in both alike."""
    bundle = chosen(visitor)
    both, given = drafts(bundle), birth_example().answers
    fill(both[CHILD_ALLOWANCE].id)
    own = ("name", "birth_date", "address", "phone")
    same = {f"mother_{one}": given[f"claimant_{one}"] for one in own}
    fill(both[PREGNANCY].id, example(0, PREGNANCY), **same)
    with under(HAYAMA):
        for one in Draft.objects.filter(bundle=bundle):
            one.answers.pop("claimant_email", None)
            one.answers.pop("mother_email", None)
            one.save()
    visitor.page(f"bundles/{bundle}/")
    return bundle


def fields(page: str) -> dict[str, list[str]]:
    """What a browser would post of the page's form."""
    form = page.split('id="page-form"', 1)[1].split("</form>", 1)[0]
    found: dict[str, list[str]] = {}
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, flags=re.DOTALL):
        found[name] = re.findall(r'value="([^"]*)" selected', options)
    for tag in re.findall(r"<input\b[^>]*>", form):
        at = {name: unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
        off = at.get("type") in ("radio", "checkbox") and " checked" not in tag
        if "name" in at and not off and at["name"] != "csrfmiddlewaretoken":
            found.setdefault(at["name"], []).append(at.get("value", ""))
    return found


def signed(visitor: Visitor, bundle: uuid.UUID, card: EmulatedCard | None = None) -> Any:
    return come_back(visitor, hidden(visitor.page(f"bundles/{bundle}/review/")), card)


def come_back(visitor: Visitor, form: dict[str, str], card: EmulatedCard | None = None) -> Any:
    held = card or visitor.card
    assert held is not None
    cms = held.sign_cms(base64.b64decode(form["content"]), SIGN_PIN, at=now())
    return visitor.come_back(visitor.agent_returns(form["ticket"], cms))


def closed(procedure: str) -> None:
    arrives("settings.published", {"procedures": {procedure: {"open": False}}, "disasters": []})


def test_the_life_event_leads_to_what_is_for_you_and_that_to_the_sign_in(hanako: Visitor) -> None:
    assert 'href="/143014/life/birth/for-you/"' in hanako.page("life/birth/")
    reply = hanako.get("life/birth/for-you/")
    assert reply.status_code == 302
    assert reply.headers["Location"].startswith("/143014/sign-in/?next=")
    hanako.sign_in()
    assert "同じ質問には一度だけ" in hanako.page("life/birth/for-you/")
    assert hanako.get("life/no-such-event/for-you/").status_code == 404


def test_the_town_is_asked_once_about_all_procedures_of_the_event(hanako: Visitor) -> None:
    chosen(hanako)
    (question,) = posted("prefill.requested")
    assert set(question["procedures"]) >= set(BOTH)
    assert "certificate" in question


def test_begun_once_a_life_event_goes_on_where_it_was(hanako: Visitor) -> None:
    bundle = chosen(hanako)
    for reply in (hanako.get("life/birth/for-you/"), hanako.post("life/birth/for-you/")):
        assert reply.headers["Location"] == f"/143014/bundles/{bundle}/"
    with under(HAYAMA):
        assert Bundle.objects.count() == 1


def test_what_the_town_knows_is_not_asked_and_ticks_what_applies(hanako: Visitor) -> None:
    bundle = asked_town(hanako)
    (question,) = posted("prefill.requested")
    assert not re.search(r'value="ninshin-todokede" checked', hanako.page(f"bundles/{bundle}/choose/"))
    names = {"request_id": question["request_id"], "draft_id": str(bundle)}
    arrives("prefill.answered", {**names, "found": True, "values": {}, "household": []})
    page = hanako.page(f"bundles/{bundle}/choose/")
    ticks = re.findall(r'name="procedure"[^>]*value="([^"]+)" checked', page)
    assert CHILD_ALLOWANCE not in ticks
    assert PREGNANCY not in ticks  # that she lives here says nothing of a pregnancy


@pytest.mark.parametrize(("pregnant", "ticked"), [("yes", True), ("no", False)])
def test_a_pregnancy_is_offered_only_to_whoever_says_there_is_one(
    hanako: Visitor, pregnant: str, ticked: bool
) -> None:
    bundle = asked_town(hanako)
    (question,) = posted("prefill.requested")
    names = {"request_id": question["request_id"], "draft_id": str(bundle)}
    arrives("prefill.answered", {**names, "found": True, "values": {}, "household": []})
    page = hanako.page(f"bundles/{bundle}/choose/")
    (name,) = set(re.findall(r'name="(q_ninshin_todokede_q_pregnant)"', page))
    lives_here = fields_of_choice(page)
    reply = hanako.post(f"bundles/{bundle}/choose/", {**lives_here, name: pregnant, "again": "1"})
    ticks = re.findall(r'name="procedure"[^>]*value="([^"]+)" checked', reply.content.decode())
    assert (PREGNANCY in ticks) == ticked
    told = "お子さんが生まれたあとの届出ではありません" in reply.content.decode()
    assert told == (not ticked)


def fields_of_choice(page: str) -> dict[str, list[str]]:
    """The answers that stand checked on the page of the choice."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input\b[^>]* checked[^>]*>", page):
        at = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if at["name"] != "procedure":
            found.setdefault(at["name"], []).append(at.get("value", ""))
    return found


def test_who_may_apply_together_and_who_only_singly_is_said_of_each_procedure(hanako: Visitor) -> None:
    hanako.sign_in()
    location = hanako.post("life/bereavement/for-you/").headers["Location"]
    page = hanako.client.get(location).content.decode()
    _, unpaid = page.split('value="jidou-teate-mibarai"', 1)
    own, others = unpaid.split("ほかの方の代わりに申請する場合", 1)
    assert "養育されていた児童本人" in own
    assert "児童の法定代理人（親権者・未成年後見人など）" in others
    assert 'href="/143014/procedures/jidou-teate-mibarai/"' in others


def test_a_paper_only_a_representative_needs_is_not_among_what_to_have_at_hand(hanako: Visitor) -> None:
    hanako.sign_in()
    location = hanako.post("life/bereavement/for-you/").headers["Location"]
    page = hanako.client.get(location).content.decode()
    assert "口座がわかるもの" in page
    assert "委任状" not in page
    assert "法定代理人であることがわかる書類" not in page
    lists = re.findall(r"用意するもの<span.*?</summary><ul>(.*?)</ul>", page)
    assert lists
    assert all("<li>" in one for one in lists)


def test_choosing_nothing_is_told_and_nothing_begins(hanako: Visitor) -> None:
    bundle = asked_town(hanako)
    reply = hanako.post(f"bundles/{bundle}/choose/", {"choose": "1"})
    assert reply.status_code == 422
    assert "1つ以上選んでください" in reply.content.decode()
    assert not drafts(bundle)


def test_what_is_written_on_the_shared_page_stands_in_every_application(hanako: Visitor) -> None:
    bundle = ready(hanako)
    given = fields(hanako.page(f"bundles/{bundle}/shared/"))
    (phone,) = (name for name in given if name.startswith("phone"))
    reply = hanako.post(f"bundles/{bundle}/shared/", {**given, phone: "09098765432", "next": "1"})
    assert reply.status_code == 302, reply.content.decode()
    both = drafts(bundle)
    assert both[CHILD_ALLOWANCE].answers["claimant_phone"] == "09098765432"
    assert both[PREGNANCY].answers["mother_phone"] == "09098765432"


def test_a_page_of_one_draft_leaves_out_what_is_shared(hanako: Visitor) -> None:
    bundle = ready(hanako)
    draft = drafts(bundle)[PREGNANCY]
    overview = hanako.page(f"bundles/{bundle}/")
    pages = re.findall(rf"/drafts/{draft.id}/pages/([a-z_-]+)/", overview)
    assert pages
    for one in pages:
        assert 'name="mother_phone' not in hanako.page(f"drafts/{draft.id}/pages/{one}/")
    assert hanako.get(f"drafts/{draft.id}/review/").headers["Location"] == f"/143014/bundles/{bundle}/review/"


def test_one_signature_over_the_list_and_a_receipt_number_each(hanako: Visitor) -> None:
    bundle = ready(hanako)
    page = hanako.page(f"bundles/{bundle}/review/")
    shown = base64.b64decode(hidden(page)["content"])
    assert sha256_hex(shown) in page
    assert hanako.get(f"bundles/{bundle}/document/").content == shown
    reply = signed(hanako, bundle)
    assert reply.headers["Location"] == f"/143014/bundles/{bundle}/sent/"
    with under(HAYAMA):
        sent = list(Application.objects.filter(bundle=bundle))
        assert not Bundle.objects.exists()
        assert not Draft.objects.exists()
    received = hanako.page(f"bundles/{bundle}/sent/")
    assert {one.procedure for one in sent} == set(BOTH)
    assert len({one.receipt_number for one in sent}) == 2
    assert all(one.receipt_number in received for one in sent)
    assert log.verify() is None


def test_each_application_travels_alone_with_the_manifest_that_names_it(hanako: Visitor) -> None:
    bundle = ready(hanako)
    shown = base64.b64decode(hidden(hanako.page(f"bundles/{bundle}/review/"))["content"])
    signed(hanako, bundle)
    bodies = posted()
    assert len(bodies) == 2
    for body in bodies:
        assert canonical_bytes(body["bundle"]) == shown
        named = {one["application_id"]: one["sha256"] for one in body["bundle"]["applications"]}
        document = body["application"]
        assert named[document["application_id"]] == sha256_hex(canonical_bytes(document))


def test_companions_are_named_on_each_others_pages(hanako: Visitor) -> None:
    bundle = ready(hanako)
    signed(hanako, bundle)
    with under(HAYAMA):
        one, other = Application.objects.filter(bundle=bundle)
    assert other.receipt_number in hanako.page(f"applications/{one.id}/")
    assert f"/bundles/{bundle}/sent/" in hanako.page(f"applications/{one.id}/received/")


def test_one_that_is_not_right_can_be_left_out_and_the_others_go(hanako: Visitor) -> None:
    bundle = ready(hanako)
    bad = drafts(bundle)[CHILD_ALLOWANCE]
    with under(HAYAMA):
        Draft.objects.filter(id=bad.id).update(answers={**bad.answers, "event_date": "2099-01-01"})
    page = hanako.page(f"bundles/{bundle}/review/")
    assert "agent-form" not in page
    assert "ほかを先に送る" in page
    reply = hanako.post(f"bundles/{bundle}/leave/", {"draft": str(bad.id)})
    assert reply.headers["Location"] == f"/143014/bundles/{bundle}/review/"
    assert signed(hanako, bundle).headers["Location"] == f"/143014/bundles/{bundle}/sent/"
    with under(HAYAMA):
        assert Application.objects.get().procedure == PREGNANCY
        left = Draft.objects.get()
    assert (left.id, left.bundle_id) == (bad.id, None)
    assert left.answers["claimant_name"] == bad.answers["claimant_name"]


def test_one_closed_after_the_review_stops_the_signature_and_the_others_can_go(hanako: Visitor) -> None:
    bundle = ready(hanako)
    form = hidden(hanako.page(f"bundles/{bundle}/review/"))
    closed(PREGNANCY)
    reply = come_back(hanako, form)
    assert reply.status_code == 400
    assert "まだ何も送られていません" in reply.content.decode()
    assert not posted()
    hanako.post(f"bundles/{bundle}/leave/", {"draft": str(drafts(bundle)[PREGNANCY].id)})
    assert signed(hanako, bundle).headers["Location"] == f"/143014/bundles/{bundle}/sent/"
    (body,) = posted()
    assert body["application"]["procedure"] == CHILD_ALLOWANCE


def test_another_persons_card_sends_nothing_and_the_second_try_does(
    hanako: Visitor, taro_card: EmulatedCard
) -> None:
    bundle = ready(hanako)
    reply = signed(hanako, bundle, taro_card)
    assert reply.status_code == 400
    assert f"/bundles/{bundle}/review/" in reply.content.decode()
    assert not posted()
    assert signed(hanako, bundle).status_code == 302
    assert len(posted()) == 2


def test_an_answer_changed_after_the_review_sends_nothing(hanako: Visitor) -> None:
    bundle = ready(hanako)
    form = hidden(hanako.page(f"bundles/{bundle}/review/"))
    draft = drafts(bundle)[CHILD_ALLOWANCE]
    with under(HAYAMA):
        Draft.objects.filter(id=draft.id).update(answers={**draft.answers, "event_date": "2026-01-01"})
    assert come_back(hanako, form).status_code == 400
    assert not posted()


def test_two_tabs_and_the_back_button_send_it_once(hanako: Visitor) -> None:
    bundle = ready(hanako)
    tabs = [hidden(hanako.page(f"bundles/{bundle}/review/")) for _ in range(2)]
    assert tabs[0]["content"] == tabs[1]["content"]
    for form in tabs:
        assert come_back(hanako, form).headers["Location"] == f"/143014/bundles/{bundle}/sent/"
    assert len(posted()) == 2
    for path in ("", "choose/", "shared/", "review/"):
        assert hanako.get(f"bundles/{bundle}/{path}").headers["Location"].endswith(f"/{bundle}/sent/")


def test_what_is_unticked_leaves_the_bundle_and_stays_a_draft(hanako: Visitor) -> None:
    bundle = ready(hanako)
    hanako.post(f"bundles/{bundle}/choose/", {"procedure": [PREGNANCY], "choose": "1"})
    assert set(drafts(bundle)) == {PREGNANCY}
    with under(HAYAMA):
        alone = Draft.objects.get(procedure=CHILD_ALLOWANCE)
    assert "agent-form" in hanako.page(f"drafts/{alone.id}/review/")


def test_another_persons_bundle_does_not_exist(hanako: Visitor, taro: Visitor) -> None:
    bundle = ready(hanako)
    taro.sign_in()
    for path in ("", "choose/", "shared/", "review/", "document/", "sent/"):
        assert taro.get(f"bundles/{bundle}/{path}").status_code == 404
    assert (
        taro.post(f"bundles/{bundle}/leave/", {"draft": str(drafts(bundle)[PREGNANCY].id)}).status_code == 404
    )
    assert len(drafts(bundle)) == 2


@pytest.mark.parametrize("language", ["ja", "en", "easy"])
def test_every_page_is_in_the_three_languages(hanako: Visitor, language: str) -> None:
    bundle = ready(hanako)
    hanako.client.post("/language/", {"language": language, "next": "/143014/"})
    pages = [hanako.page(f"bundles/{bundle}/{path}") for path in ("", "choose/", "shared/", "review/")]
    signed(hanako, bundle)
    pages += [hanako.page(f"bundles/{bundle}/sent/"), hanako.page("life/moving_in/for-you/")]
    for page in pages:
        assert ("<ruby>" in page) == (language == "easy")
        assert not re.search(r"\{[^}|]+\|", re.sub(r'value="[^"]*"', "", page))


def test_a_recipient_is_not_told_to_end_the_allowance_because_somebody_died(hanako: Visitor) -> None:
    hanako.sign_in()
    location = hanako.post("life/bereavement/for-you/").headers["Location"]
    (question,) = posted("prefill.requested")
    names = {"request_id": question["request_id"], "draft_id": location.split("/")[-3]}
    receiving = {"jidou_teate.start_month": "2026-04"}
    arrives("prefill.answered", {**names, "found": True, "values": receiving, "household": []})
    page = hanako.client.get(location).content.decode()
    known = re.findall(r'name="([^"]+)"[^>]*value="yes" checked', page)
    assert len(known) == 1  # that she receives it is known
    assert 'value="jidou-teate-shoumetsu" checked' not in page
    assert "あなたが手当を受ける理由がなくなりますか" in page


def test_a_helper_who_writes_the_shared_answers_is_recorded_in_every_application(hanako: Visitor) -> None:
    bundle = ready(hanako)
    helper = {"helper": "鈴木 一郎", "organisation": "福祉文化会館", "consent": "yes"}
    assert hanako.post("assist/", helper).status_code == 302
    given = fields(hanako.page(f"bundles/{bundle}/shared/"))
    assert hanako.post(f"bundles/{bundle}/shared/", {**given, "next": "1"}).status_code == 302
    review = hanako.page(f"bundles/{bundle}/review/")
    assert review.count("<dd>鈴木 一郎 (福祉文化会館)</dd>") == 2  # signed with each, so shown with each
    signed(hanako, bundle)
    bodies = posted()
    assert len(bodies) == 2
    for body in bodies:
        assert body["application"]["assisted"]["helper"] == "鈴木 一郎 (福祉文化会館)"
