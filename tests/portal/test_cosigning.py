"""By-laws of a second person's signature (もう一人の署名): the same bytes, another card, and void once anything changes."""

import base64
import json
import re
import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.portal.cast import HAYAMA, SIGN_PIN, Visitor, arrives, example, fill, hidden, person
from tests.portal.conftest import Issue
from yakuba.audit.models import AuditRecord
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.card.emulated import EmulatedCard
from yakuba.card.outcomes import Outcome
from yakuba.card.testca import TestCA
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.portal.models import Application, CoSigning, Draft
from yakuba.portal.services import verdicts
from yakuba.procedures.registry import procedure

pytestmark = pytest.mark.django_db
NURSERY = "hoiku-moushikomi"
CODE = r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"


def settings(**more: Any) -> None:
    """The town publishes its nurseries, and ``more`` for this procedure."""
    lists = procedure(NURSERY).example_settings["options"]
    arrives("settings.published", {"procedures": {NURSERY: {"options": lists, **more}}, "disasters": []})


@pytest.fixture(scope="session")
def jiro_card(authority: TestCA, issue: Issue) -> EmulatedCard:
    card = issue("jiro", person("逗子 次郎", date(1988, 3, 3), "1"))
    authority.publish_crls(now=now())
    return card


@pytest.fixture
def jiro(db: None, jiro_card: EmulatedCard) -> Visitor:
    """Jiro has a card of his own, and nothing to do with the child."""
    return Visitor(jiro_card)


@pytest.fixture
def draft(hanako: Visitor) -> uuid.UUID:
    """Hanako and Taro apply for a nursery for their child; she has filled the form in."""
    settings()
    hanako.sign_in()
    return filled(hanako)


def filled(hanako: Visitor, number: int = 0) -> uuid.UUID:
    found = hanako.begin(NURSERY)
    given = example(number, NURSERY)
    guardians = [dict(one) for one in given.answers["guardians"]]  # type: ignore[attr-defined]
    claim = example(0).answers  # Hanako's card is hers
    name, birth = claim["claimant_name"], claim["claimant_birth_date"]
    guardians[0] |= {"name": name, "birth_date": birth}
    if len(guardians) > 1:
        guardians[1] |= {"name": {"name": "葉山 太郎", "kana": "ハヤマ タロウ"}, "birth_date": "1971-05-05"}
    about = {"applicant_name": name, "applicant_birth_date": birth, "guardians": guardians}
    fill(found, replace(given, answers={**given.answers, **about}))
    return found


def asked(hanako: Visitor, draft: uuid.UUID) -> str:
    reply = hanako.post(f"drafts/{draft}/cosign/")
    assert reply.status_code == 200, reply.content.decode()
    found = re.search(CODE, reply.content.decode())
    assert found
    return found[0]


def opened(taro: Visitor, code: str) -> str:
    """The address of the page Taro may read."""
    if taro.get("sign-in/").status_code == 200:
        taro.sign_in()
    reply = taro.post("cosign/", {"code": code})
    assert reply.status_code == 302, reply.content.decode()
    return str(reply.headers["Location"])


def signs(taro: Visitor, place: str, card: EmulatedCard | None = None) -> Any:
    """Taro signs what his page shows."""
    fields = hidden(taro.client.get(place).content.decode())
    held = card or taro.card
    assert held is not None
    cms = held.sign_cms(base64.b64decode(fields["content"]), SIGN_PIN, at=now())
    return taro.come_back(taro.agent_returns(fields["ticket"], cms))


def state() -> str:
    with under(HAYAMA):
        return CoSigning.objects.get().state


def sent() -> dict[str, Any]:
    with under(HAYAMA):
        message = OutboxMessage.objects.get(kind="application.submitted")
        return dict(read_envelope(bytes(message.document)).body)


def test_both_sign_the_same_bytes_and_both_signatures_go_with_the_application(
    hanako: Visitor, taro: Visitor, draft: uuid.UUID
) -> None:
    place = opened(taro, asked(hanako, draft))
    assert "葉山　陽菜" in taro.client.get(place).content.decode()
    assert signs(taro, place).status_code == 302
    assert "葉山 太郎さんが署名しました" in hanako.page(f"drafts/{draft}/review/")
    assert hanako.sign(draft).status_code == 302
    body = sent()
    content = canonical_bytes(body["application"])
    signers = []
    for key in ("signature", "cosignature"):
        verdict = verdicts.on_signature(content, base64.b64decode(body[key]), now())
        assert verdict.outcome is Outcome.GOOD
        assert verdict.signer
        signers.append(verdict.signer.serial)
    assert len(set(signers)) == 2
    with under(HAYAMA):
        actions = set(AuditRecord.objects.values_list("action", flat=True))
        assert not CoSigning.objects.exists(), "nothing of it stays behind"
    assert {"cosigning.asked", "cosigning.signed"} <= actions


def test_nothing_is_sent_by_the_second_signature_alone(
    hanako: Visitor, taro: Visitor, draft: uuid.UUID
) -> None:
    signs(taro, opened(taro, asked(hanako, draft)))
    with under(HAYAMA):
        assert not Application.objects.exists()
        assert not OutboxMessage.objects.filter(kind="application.submitted").exists()


def test_where_it_is_optional_one_signature_is_enough(hanako: Visitor, draft: uuid.UUID) -> None:
    asked(hanako, draft)
    assert hanako.sign(draft).status_code == 302
    assert "cosignature" not in sent()


def test_where_the_town_requires_it_nothing_goes_without(
    hanako: Visitor, taro: Visitor, draft: uuid.UUID
) -> None:
    fields = hidden(hanako.page(f"drafts/{draft}/review/"))  # a page from before the town required it
    settings(second_signature="required")
    shown = hanako.page(f"drafts/{draft}/review/")
    assert "もう一人の保護者の署名も必要です" in shown
    assert "agent-form" not in shown
    assert hanako.card
    cms = hanako.card.sign_cms(base64.b64decode(fields["content"]), SIGN_PIN, at=now())
    reply = hanako.come_back(hanako.agent_returns(fields["ticket"], cms))
    assert reply.status_code == 400
    assert "もう一人に署名をお願いしてください" in reply.content.decode()
    signs(taro, opened(taro, asked(hanako, draft)))
    assert hanako.sign(draft).status_code == 302
    assert sent()["cosignature"]


def test_a_single_parent_is_never_asked_for_a_second_signature(hanako: Visitor) -> None:
    settings(second_signature="required")
    hanako.sign_in()
    number = next(
        place
        for place in range(5)
        if len(example(place, NURSERY).answers["guardians"]) == 1  # type: ignore[arg-type]
    )
    found = filled(hanako, number)
    assert "もう一人の" not in hanako.page(f"drafts/{found}/review/")


def test_any_change_makes_the_signature_void_and_says_so(
    hanako: Visitor, taro: Visitor, draft: uuid.UUID
) -> None:
    place = opened(taro, asked(hanako, draft))
    signs(taro, place)
    with under(HAYAMA):
        found = Draft.objects.get(id=draft)
        found.answers = {**found.answers, "applicant_phone": "09011112222"}
        found.save()
    assert "内容が変わったため" in hanako.page(f"drafts/{draft}/review/")
    assert "内容が変わりました" in taro.client.get(place).content.decode()
    assert hanako.sign(draft).status_code == 302
    assert "cosignature" not in sent(), "a signature over other bytes is never sent"


def test_what_was_asked_to_be_signed_keeps_its_bytes_over_days_and_languages(
    hanako: Visitor, taro: Visitor, draft: uuid.UUID
) -> None:
    place = opened(taro, asked(hanako, draft))
    with under(HAYAMA):  # asked three days ago
        found = Draft.objects.get(id=draft)
        found.prepared = {**found.prepared, "created_at": "2026-11-20T01:00:00Z"}
        found.save()
        digest = _digest(found.prepared)
        CoSigning.objects.update(sha256=digest)
    hanako.client.post("/language/", {"language": "en", "next": "/"})
    assert hanako.document(draft)["created_at"] == "2026-11-20T01:00:00Z"
    signs(taro, place)
    assert state() == "signed"
    assert hanako.document(draft)["language"] == "ja"


def _digest(document: Any) -> str:
    return sha256_hex(canonical_bytes(document))


def test_the_code_opens_it_for_the_first_who_gives_it_and_for_nobody_else(
    hanako: Visitor, taro: Visitor, jiro: Visitor, draft: uuid.UUID
) -> None:
    code = asked(hanako, draft)
    place = opened(taro, code)
    jiro.sign_in()
    assert jiro.post("cosign/", {"code": code}).status_code == 422
    assert jiro.client.get(place).status_code == 404
    assert "葉山　陽菜" not in jiro.client.get(place).content.decode()
    assert opened(taro, code.lower().replace("-", "")) == place, (
        "its holder may come back, however they type it"
    )
    with under(HAYAMA):
        assert code not in json.dumps(list(CoSigning.objects.values()), default=str), (
            "only its digest is kept"
        )


def test_one_cannot_be_ones_own_second_person(hanako: Visitor, taro: Visitor, draft: uuid.UUID) -> None:
    code = asked(hanako, draft)
    reply = hanako.post("cosign/", {"code": code})
    assert reply.status_code == 422
    assert "あなた自身の申請" in reply.content.decode()
    place = opened(taro, code)
    assert hanako.card
    signs(
        taro, place, card=hanako.card
    )  # signed in as Taro, her signing card in the reader: she stands in the form
    assert hanako.sign(draft).status_code == 400
    with under(HAYAMA):
        assert not Application.objects.exists()


def test_somebody_whom_the_form_does_not_name_cannot_sign(
    hanako: Visitor, jiro: Visitor, draft: uuid.UUID
) -> None:
    reply = signs(jiro, opened(jiro, asked(hanako, draft)))
    assert reply.status_code == 400
    assert "申請書に書かれた方と合いません" in reply.content.decode()
    assert state() == "asked"


def test_a_wrong_code_or_one_run_out_opens_nothing(hanako: Visitor, taro: Visitor, draft: uuid.UUID) -> None:
    code = asked(hanako, draft)
    taro.sign_in()
    for wrong in ("", "AAAA-BBBB-CCCC"):
        reply = taro.post("cosign/", {"code": wrong})
        assert reply.status_code == 422
        assert "7K2M-9QXD-4T0A" in reply.content.decode()
    with under(HAYAMA):
        CoSigning.objects.update(expires_at=now() - timedelta(seconds=1))
    assert taro.post("cosign/", {"code": code}).status_code == 422
    assert "期限が過ぎました" in hanako.page(f"drafts/{draft}/review/")
    assert opened(taro, asked(hanako, draft)), "asked again, it can be opened again"


def test_a_refusal_is_told_with_its_reason_and_can_be_asked_again(
    hanako: Visitor, taro: Visitor, draft: uuid.UUID
) -> None:
    place = opened(taro, asked(hanako, draft))
    signs(taro, place)
    taro.client.post(f"{place}decline/", {"reason": "園の順番がちがう"})
    assert "署名しないことを" in taro.client.get(place).content.decode()
    shown = hanako.page(f"drafts/{draft}/review/")
    assert "園の順番がちがう" in shown
    signs(taro, opened(taro, asked(hanako, draft)))
    assert state() == "signed"


def test_a_request_taken_back_leaves_nothing_to_read(
    hanako: Visitor, taro: Visitor, draft: uuid.UUID
) -> None:
    place = opened(taro, asked(hanako, draft))
    hanako.post(f"drafts/{draft}/cosign/drop/")
    reply = taro.client.get(place)
    assert reply.status_code == 404
    assert "お願いが取り消されました" in reply.content.decode()
    assert "葉山　陽菜" not in reply.content.decode()


def test_the_back_button_after_signing_signs_nothing_twice(
    hanako: Visitor, taro: Visitor, draft: uuid.UUID
) -> None:
    place = opened(taro, asked(hanako, draft))
    fields = hidden(taro.client.get(place).content.decode())
    assert taro.card
    cms = taro.card.sign_cms(base64.b64decode(fields["content"]), SIGN_PIN, at=now())
    back = taro.agent_returns(fields["ticket"], cms)
    assert taro.come_back(back).headers["Location"] == place
    assert taro.come_back(back).headers["Location"] == place
    with under(HAYAMA):
        assert AuditRecord.objects.filter(action="cosigning.signed").count() == 1


def test_a_card_that_fails_leaves_everything_as_it_was(
    hanako: Visitor, taro: Visitor, draft: uuid.UUID
) -> None:
    place = opened(taro, asked(hanako, draft))
    fields = hidden(taro.client.get(place).content.decode())
    reply = taro.come_back(taro.agent_returns(fields["ticket"], error="cancelled"))
    assert reply.status_code == 400
    assert place in reply.content.decode(), "the way back"
    assert state() == "asked"


@pytest.mark.parametrize("path", ["cosign/", "mine/"])
def test_who_was_asked_finds_where_to_type_the_code(taro: Visitor, path: str) -> None:
    taro.sign_in()
    assert "もう一人の保護者などとして署名する" in taro.page(path)
