"""By-laws of mandates (委任): given by card, accepted, used, and ended at once."""

import base64
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.portal.cast import HAYAMA, SIGN_PIN, Visitor, arrives, example, fill, hidden
from yakuba.audit.models import AuditRecord
from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import now, today
from yakuba.base.tenancy import under
from yakuba.card.emulated import EmulatedCard
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.portal.models import Application, Draft, MandataryCode, Mandate, Upload
from yakuba.portal.services.retention import clean_up
from yakuba.procedures.mandates import LONGEST
from yakuba.procedures.registry import procedure

pytestmark = pytest.mark.django_db
CARE = "kaigo-hihokenshashou-saikoufu"
ABOUT_THE_PROXY = {
    "proxy_name": {"name": "葉山 太郎", "kana": "ハヤマ タロウ"},
    "proxy_address": {"address": "神奈川県三浦郡葉山町堀内2135番地"},
    "proxy_phone": "09012345678",
}


def code_of(mandatary: Visitor) -> str:
    mandatary.sign_in()
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", mandatary.page("mandates/"))
    assert found
    return found[0]


def written(principal: Visitor, shown: str, **changes: Any) -> Any:
    data = {
        "code": shown,
        "scope": "some",
        "procedure": [CARE],
        "until": (today() + timedelta(days=30)).isoformat(),
    }
    return principal.post("mandates/new/", {**data, **changes})


def signed(principal: Visitor, reply: Any, card: EmulatedCard | None = None) -> Any:
    """Sign what the page shows."""
    assert reply.status_code == 302, reply.content.decode()
    fields = hidden(principal.client.get(reply.headers["Location"]).content.decode())
    held = card or principal.card
    assert held is not None
    cms = held.sign_cms(base64.b64decode(fields["content"]), SIGN_PIN, at=now())
    return principal.come_back(principal.agent_returns(fields["ticket"], cms))


def given(principal: Visitor, mandatary: Visitor, **changes: Any) -> uuid.UUID:
    code = code_of(mandatary)
    principal.sign_in()
    assert signed(principal, written(principal, code, **changes)).status_code == 302
    with under(HAYAMA):
        return Mandate.objects.get().id


def accepted(principal: Visitor, mandatary: Visitor) -> uuid.UUID:
    number = given(principal, mandatary)
    mandatary.post(f"mandates/{number}/answer/", {"answer": "accept"})
    return number


def begun(mandatary: Visitor, number: uuid.UUID) -> uuid.UUID:
    reply = mandatary.post(f"mandates/{number}/start/", {"procedure": CARE})
    assert reply.status_code == 302, reply.content.decode()
    with under(HAYAMA):
        draft = Draft.objects.get(mandate=number)
    fill(draft.id, example(0, CARE), **ABOUT_THE_PROXY)
    with under(HAYAMA):
        Upload.objects.filter(draft=draft, slot="mandate").delete()  # no letter: the mandate takes its place
    return draft.id


def state(number: uuid.UUID) -> str:
    with under(HAYAMA):
        return Mandate.objects.get(id=number).state


def messages(kind: str) -> list[dict[str, Any]]:
    with under(HAYAMA):
        return [
            dict(read_envelope(bytes(one.document)).body) for one in OutboxMessage.objects.filter(kind=kind)
        ]


def test_a_mandate_is_given_by_signature_and_accepted_by_the_mandatary(
    hanako: Visitor, taro: Visitor
) -> None:
    number = given(hanako, taro)
    assert state(number) == "given"
    assert "引き受ける" in taro.page("mandates/")
    taro.post(f"mandates/{number}/answer/", {"answer": "accept"})
    assert state(number) == "accepted"
    with under(HAYAMA):
        actions = set(AuditRecord.objects.values_list("action", flat=True))
    assert {"mandate.given", "mandate.accepted"} <= actions


def test_the_mandate_names_neither_person(hanako: Visitor, taro: Visitor) -> None:
    number = given(hanako, taro, note="長男の太郎")
    with under(HAYAMA):
        document = Mandate.objects.get(id=number).document
    assert set(document) == {
        "yakuba", "mandate_id", "municipality", "mandatary", "procedures", "from", "until", "created_at"
    }  # fmt: skip
    assert "太郎" not in str(document)
    assert "長男の太郎" not in taro.page("mandates/")


def test_a_declined_mandate_starts_nothing(hanako: Visitor, taro: Visitor) -> None:
    number = given(hanako, taro)
    taro.post(f"mandates/{number}/answer/", {"answer": "decline"})
    assert taro.post(f"mandates/{number}/start/", {"procedure": CARE}).status_code == 409
    assert state(number) == "declined"


def test_a_mandate_goes_with_the_application_it_allows(hanako: Visitor, taro: Visitor) -> None:
    number = accepted(hanako, taro)
    draft = begun(taro, number)
    reply = taro.sign(draft)
    assert reply.status_code == 302, reply.content.decode()
    (body,) = messages("application.submitted")
    with under(HAYAMA):
        mandate, sent = Mandate.objects.get(id=number), Application.objects.get(id=draft)
    assert sent.mandate == number
    assert canonical_bytes(body["mandate"]["document"]) == canonical_bytes(mandate.document)
    assert base64.b64decode(body["mandate"]["signature"]) == bytes(mandate.signature or b"")
    assert body["application"]["applicant"]["role"] == "proxy_by_mandate"
    assert body["application"]["applicant"]["for"]["name"] == mandate.principal_name


def test_a_revoked_mandate_stops_drafts_at_once_and_the_inner_zone_is_told(
    hanako: Visitor, taro: Visitor
) -> None:
    number = accepted(hanako, taro)
    draft = begun(taro, number)
    fields = hidden(taro.page(f"drafts/{draft}/review/"))
    hanako.post(f"mandates/{number}/revoke/")
    assert taro.card is not None
    cms = taro.card.sign_cms(base64.b64decode(fields["content"]), SIGN_PIN, at=now())
    reply = taro.come_back(taro.agent_returns(fields["ticket"], cms))
    assert reply.status_code == 400
    assert "いまは使えません" in reply.content.decode()
    assert "agent-form" not in taro.page(f"drafts/{draft}/review/")
    assert taro.post(f"mandates/{number}/start/", {"procedure": CARE}).status_code == 409
    (told,) = messages("mandate.revoked")
    assert told["mandate_id"] == str(number)
    assert messages("application.submitted") == []
    hanako.post(f"mandates/{number}/revoke/")
    assert len(messages("mandate.revoked")) == 1


def test_every_page_of_a_draft_says_whether_its_mandate_still_holds(hanako: Visitor, taro: Visitor) -> None:
    number = accepted(hanako, taro)
    draft = begun(taro, number)
    pages = [f"drafts/{draft}/", f"drafts/{draft}/pages/agent/"]
    assert all("委任状を付ける必要はありません" in taro.page(path) for path in pages)
    hanako.post(f"mandates/{number}/revoke/")
    assert all("この委任は、いまは使えません" in taro.page(path) for path in pages)


def test_nobody_else_answers_revokes_or_uses_a_mandate(hanako: Visitor, taro: Visitor) -> None:
    number = given(hanako, taro)
    assert hanako.post(f"mandates/{number}/answer/", {"answer": "accept"}).status_code == 404
    assert taro.post(f"mandates/{number}/revoke/").status_code == 404
    assert hanako.post(f"mandates/{number}/start/", {"procedure": CARE}).status_code == 404
    assert state(number) == "given"


def test_a_mandate_covers_only_the_procedures_named(hanako: Visitor, taro: Visitor) -> None:
    number = accepted(hanako, taro)
    assert taro.post(f"mandates/{number}/start/", {"procedure": "kaigo-nintei"}).status_code == 409


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"code": ""}, "コードを書いてください"),
        ({"code": "0000-0000-0000"}, "このコードの人が見つかりません"),
        ({"procedure": []}, "手続を1つ以上選ぶ"),
        ({"until": "来年"}, "までの日を書いてください"),
        ({"until": (today() + LONGEST + timedelta(days=1)).isoformat()}, "までの日を書いてください"),
        ({"until": (today() - timedelta(days=1)).isoformat()}, "までの日を書いてください"),
    ],
)
def test_what_is_wrong_with_a_mandate_is_said_and_the_rest_is_kept(
    hanako: Visitor, taro: Visitor, changes: dict[str, Any], told: str
) -> None:
    code = code_of(taro)
    hanako.sign_in()
    reply = written(hanako, code, note="太郎さん", **changes)
    assert reply.status_code == 422
    assert told in reply.content.decode()
    assert "太郎さん" in reply.content.decode()


def test_nobody_gives_a_mandate_to_themselves(hanako: Visitor) -> None:
    reply = written(hanako, code_of(hanako))
    assert "あなた自身のコード" in reply.content.decode()


def test_a_code_runs_out_after_a_week(hanako: Visitor, taro: Visitor) -> None:
    code = code_of(taro)
    with under(HAYAMA):
        MandataryCode.objects.update(expires_at=now() - timedelta(seconds=1))
    hanako.sign_in()
    assert written(hanako, code).status_code == 422


def test_an_unsigned_mandate_is_shown_to_nobody(hanako: Visitor, taro: Visitor) -> None:
    code = code_of(taro)
    hanako.sign_in()
    assert written(hanako, code).status_code == 302
    assert "引き受ける" not in taro.page("mandates/")


@pytest.mark.parametrize("language", ["en", "easy"])
def test_the_pages_speak_every_language(hanako: Visitor, taro: Visitor, language: str) -> None:
    given(hanako, taro)
    hanako.client.post("/language/", {"language": language, "next": hanako.url("mandates/")})
    assert "あなたがした委任" not in hanako.page("mandates/")
    assert "代わりに申請する人のコード<" not in hanako.page("mandates/new/")


def test_hundreds_of_clients_are_listed_page_by_page_with_the_same_few_queries(
    hanako: Visitor, taro: Visitor, django_assert_max_num_queries: Any
) -> None:
    number = accepted(hanako, taro)
    draft = begun(taro, number)
    with django_assert_max_num_queries(40) as few:
        assert "下書き 1件、手続中の申請 0件" in taro.page("mandates/clients/")
    with under(HAYAMA):
        one = Mandate.objects.get(id=number)
        for count in range(300):
            one.pk, one.principal_name = uuid.uuid4(), f"試験 {count:03}"
            one.save(force_insert=True)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert "301人" in taro.page("mandates/clients/")
    found = taro.get("mandates/clients/", name="試験 29", order="name").content.decode()
    assert "10人" in found
    assert "試験 290" in found
    taro.sign(draft)
    here = taro.get("mandates/clients/", name="葉山", page="999").content.decode()
    assert "手続中の申請 1件" in here
    hanako.post(f"mandates/{number}/revoke/")
    assert "300人" in taro.page("mandates/clients/")
    assert "0人" in hanako.page("mandates/clients/")


CARE_CLAIM = "kaigo-nintei"


def test_a_care_manager_begins_in_a_role_of_their_own(hanako: Visitor, taro: Visitor) -> None:
    number = given(hanako, taro, procedure=[CARE_CLAIM])
    taro.post(f"mandates/{number}/answer/", {"answer": "accept"})
    for path in ("mandates/", "mandates/clients/"):
        shown = taro.page(path)
        assert f'value="{CARE_CLAIM}:care_manager"' in shown
        assert f'value="{CARE_CLAIM}:proxy_by_mandate"' in shown
    reply = taro.post(f"mandates/{number}/start/", {"procedure": f"{CARE_CLAIM}:care_manager"})
    assert reply.status_code == 302
    with under(HAYAMA):
        assert Draft.objects.get(mandate=number).role == "care_manager"


@pytest.mark.parametrize("role", ["self", "household", "proxy_by_law", "nobody"])
def test_a_mandate_begins_nothing_in_a_role_it_is_not_for(hanako: Visitor, taro: Visitor, role: str) -> None:
    number = accepted(hanako, taro)
    assert taro.post(f"mandates/{number}/start/", {"procedure": f"{CARE}:{role}"}).status_code == 409
    with under(HAYAMA):
        assert not Draft.objects.exists()


def test_with_a_mandate_the_letter_is_not_asked_for(hanako: Visitor, taro: Visitor) -> None:
    draft = begun(taro, accepted(hanako, taro))
    where = next(page.id for page, one in procedure(CARE).fields() if one.id == "mandate")
    assert 'type="file"' not in taro.page(f"drafts/{draft}/pages/{where}/")
    alone = taro.begin(CARE, role="proxy_by_mandate", **{
        "for_name-name": "葉山 花子", "for_birth_date-era": "western", "for_birth_date-year": "1940",
        "for_birth_date-month": "4", "for_birth_date-day": "1", "for_address-address": "葉山町堀内1",
    })  # fmt: skip
    assert 'type="file"' in taro.page(f"drafts/{alone}/pages/{where}/")


def test_a_closed_procedure_is_not_offered(hanako: Visitor, taro: Visitor) -> None:
    accepted(hanako, taro)
    assert f'value="{CARE}:' in taro.page("mandates/clients/")
    arrives("settings.published", {"procedures": {CARE: {"open": False}}, "disasters": []})
    assert f'value="{CARE}:' not in taro.page("mandates/clients/")


def _aged(number: uuid.UUID, days: int) -> None:
    then = now() - timedelta(days=days)
    with under(HAYAMA):
        Mandate.objects.filter(id=number).update(created_at=then, state_at=then, until=then.date())


def _there() -> bool:
    with under(HAYAMA):
        clean_up(now())
        return Mandate.objects.exists()


def test_a_mandate_that_was_never_signed_is_forgotten_after_a_day(hanako: Visitor, taro: Visitor) -> None:
    code = code_of(taro)
    hanako.sign_in()
    written(hanako, code)
    assert _there()
    with under(HAYAMA):
        Mandate.objects.update(created_at=now() - timedelta(days=2))
    assert not _there()


def test_a_mandate_that_is_over_stays_a_year_and_while_something_rests_on_it(
    hanako: Visitor, taro: Visitor
) -> None:
    number = accepted(hanako, taro)
    draft = begun(taro, number)
    assert taro.sign(draft).status_code == 302
    _aged(number, 300)
    assert _there()
    _aged(number, 400)
    assert _there(), "a correction (補正) of what was sent carries it again"
    with under(HAYAMA):
        Application.objects.all().delete()
    assert not _there()


def test_a_code_that_has_run_out_is_forgotten(taro: Visitor) -> None:
    code_of(taro)
    with under(HAYAMA):
        MandataryCode.objects.update(expires_at=now() - timedelta(seconds=1))
        assert clean_up(now())["codes"] == 1
