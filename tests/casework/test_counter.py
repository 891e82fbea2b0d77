"""The counter at which nobody has to write (書かない窓口): the card, the registers, what is left to ask, the resident's act."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.casework.cast import HAYAMA, KENTA, MISAKI, TARO, Desk, World, answers, member, record_card
from tests.casework.test_desk import press, reviewed, signed_in
from yakuba.audit.models import AuditRecord
from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.card.emulated import EmulatedSession
from yakuba.card.signing import signed_data
from yakuba.casework import tasks
from yakuba.casework.models import CardReading, Case, CounterVisit, Identification, ProcedureSetting
from yakuba.casework.roles import Role
from yakuba.casework.staff.models import Staff
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.registers.models import CardCertificate

pytestmark = pytest.mark.django_db
PROCEDURE = "jidou-teate-nintei"
Cases = Callable[[], list[Case]]


class Counter:
    """The clerk's browser, with the resident's card in the reader beside it."""

    def __init__(self, world: World, clerk: Staff, card: str = KENTA) -> None:
        self.world, self.clerk, self.card, self.client = world, clerk, card, signed_in(clerk)

    def page(self, name: str, *args: object, **query: str) -> str:
        answer = self.client.get(reverse(f"casework:{name}", args=args), query)
        assert answer.status_code == 200, answer.content.decode()[:2000]
        return answer.content.decode()

    def agent(self, page: str, *, error: str = "", tampered: bytes | None = None) -> Any:
        """What the card agent does with the form on ``page``: sign with the card, bring it back, and the browser goes on."""
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        content = base64.b64decode(html.unescape(fields["content"]))
        result = self._signed(fields["operation"], content if tampered is None else tampered)
        brought = {"error": error} if error else {"result": base64.b64encode(result).decode()}
        returned = Client().post(  # the agent's page has no cookie of ours
            reverse("casework:counter_return", args=[HAYAMA]), {"ticket": fields["ticket"], **brought}
        )
        assert returned.status_code == 200, returned.content.decode()
        return self.client.get(re.findall(r'<a class="button" href="([^"]+)"', returned.content.decode())[0])

    def _signed(self, operation: str, content: bytes) -> bytes:
        pair = self.world.card(self.card)
        if operation == "sign":
            return signed_data(EmulatedSession(pair.sign.certificate, pair.sign.key), content, now())
        signature = EmulatedSession(pair.auth.certificate, pair.auth.key).sign_digest(
            hashlib.sha256(content).digest()
        )
        return json.dumps(
            {
                "certificate": base64.b64encode(pair.auth.certificate).decode(),
                "signature": base64.b64encode(signature).decode(),
            }
        ).encode()

    def read_card(self) -> Any:
        return self.agent(self.page("counter"))

    def visit(self) -> CounterVisit:
        with under(HAYAMA):
            return CounterVisit.objects.latest("created_at")

    def begun(self, procedure: str = PROCEDURE) -> CounterVisit:
        """The card is read and the procedure chosen."""
        assert self.read_card().status_code == 302
        visit = self.visit()
        answer = self.client.post(
            reverse("casework:counter_begin", args=[visit.id, procedure]), {"role": "self"}
        )
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return self.visit()

    def filled(self, procedure: str = PROCEDURE) -> CounterVisit:
        """Everything that was left to ask has been asked (the answers of the definition's example)."""
        visit = self.begun(procedure)
        with under(HAYAMA):
            visit.answers = answers()
            visit.originals = {
                "account_proof": {"label": "通帳", "note": "葉山銀行", "by": "受付 花子", "at": ""}
            }
            visit.save()
        return visit


@pytest.fixture
def counter(world: World, desk: Desk) -> Counter:
    return Counter(world, desk.intake)


@pytest.fixture
def cases(world: World) -> Callable[[], list[Case]]:
    def all_of() -> list[Case]:
        with under(HAYAMA):
            return list(Case.objects.all())

    return all_of


def test_the_card_finds_the_person_and_the_form_is_filled_from_the_register(counter: Counter) -> None:
    visit = counter.begun()
    assert (visit.atena_number, visit.found_by) == (KENTA, "card")
    assert "葉山 健太" in json.dumps(visit.answers, ensure_ascii=False)
    page = counter.page("counter_visit", visit.id)
    assert "台帳から" in page
    assert "残りを聞く" in page
    assert "画面を住民に向ける" not in page


def test_only_what_is_missing_is_asked_and_said_in_plain_words(counter: Counter) -> None:
    visit = counter.begun()
    first = counter.client.get(reverse("casework:counter_visit", args=[visit.id]))
    where = re.findall(r'<a class="button" href="([^"]+)">残りを聞く', first.content.decode())[0]
    page = counter.client.get(where).content.decode()
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    answer = counter.client.post(where, {"shown": shown, "next": "1"})
    assert answer.status_code == 422
    assert "選んでください" in answer.content.decode()


def test_the_resident_signs_and_it_becomes_a_case_on_the_same_desk(
    counter: Counter, cases: Cases, desk: Desk
) -> None:
    visit = counter.filled()
    shown = counter.page("counter_resident", visit.id, lang="en")
    assert "Please check this, then sign" in shown
    slip = counter.agent(counter.page("counter_resident", visit.id, lang="ja"))
    assert slip.url == reverse("casework:counter_slip", args=[visit.id])
    (case,) = cases()
    assert (case.id, case.verdict_outcome, case.atena_number, case.status) == (
        visit.id,
        "good",
        KENTA,
        "received",
    )
    assert case.flags == ["counter"]
    assert case.taken_in_by == [str(desk.intake.id)]
    assert case.receipt_number in counter.page("counter_slip", visit.id)
    with under(HAYAMA):
        document = case.document
        kept = CounterVisit.objects.get(pk=visit.id)
        kinds = [read_envelope(bytes(one.document)).kind for one in OutboxMessage.objects.all()]
        actions = set(AuditRecord.objects.values_list("action", flat=True))
    assert document.application["assisted"]["helper"] == "受付 花子 (書かない窓口)"
    assert document.schema_problems == []
    assert (kept.state, kept.answers, kept.known) == ("taken_in", {}, {})
    assert kinds == ["application.at_counter", "status.changed"]
    assert {"counter.person_found", "counter.filled", "counter.taken_in", "case.arrived"} <= actions
    on_the_desk = Counter(counter.world, desk.reviewer).page("case", visit.id)
    assert "書かない窓口で受け付けた申請です" in on_the_desk
    assert "葉山銀行" in on_the_desk
    assert "原本を窓口で確認(葉山銀行)" in on_the_desk
    assert "窓口側の検証結果とは違います" not in on_the_desk


def test_what_is_signed_is_byte_for_byte_what_the_resident_was_shown(counter: Counter, cases: Cases) -> None:
    visit = counter.filled()
    page = counter.page("counter_resident", visit.id)
    shown = json.loads(html.unescape(re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)[0]))
    counter.agent(page)
    (case,) = cases()
    with under(HAYAMA):
        assert canonical_bytes(case.document.application) == canonical_bytes(shown)


def test_nothing_is_an_application_without_the_residents_act(counter: Counter, cases: Cases) -> None:
    visit = counter.filled()
    page = counter.page("counter_resident", visit.id)
    answer = counter.agent(page, error="cancelled")
    assert answer.status_code == 422
    assert "申請はまだ出ていません" in answer.content.decode()
    for name in ("counter_visit", "counter_resident", "counter_slip"):
        counter.client.post(reverse(f"casework:{name}", args=[visit.id]))
    assert cases() == []


def test_a_signature_over_other_bytes_is_refused_and_everything_stays(counter: Counter, cases: Cases) -> None:
    visit = counter.filled()
    answer = counter.agent(counter.page("counter_resident", visit.id), tampered=b"{}")
    assert answer.status_code == 422
    assert cases() == []
    assert counter.visit().answers == visit.answers


def test_what_changed_after_it_was_shown_must_be_shown_again(counter: Counter, cases: Cases) -> None:
    visit = counter.filled()
    page = counter.page("counter_resident", visit.id)
    with under(HAYAMA):
        visit.refresh_from_db()
        visit.answers = answers(claimant_phone="09000002222")
        visit.save()
    assert "内容が変わりました" in counter.agent(page).content.decode()
    assert cases() == []


def test_the_card_of_somebody_else_does_not_sign_for_the_person_at_the_counter(
    counter: Counter, cases: Cases
) -> None:
    visit = counter.filled()
    page = counter.page("counter_resident", visit.id)
    counter.card = TARO
    assert counter.agent(page).status_code == 422
    assert cases() == []


def test_where_the_town_asks_for_no_signature_the_resident_confirms_with_the_other_certificate(
    counter: Counter, cases: Cases, desk: Desk
) -> None:
    with under(HAYAMA):
        ProcedureSetting.objects.create(
            municipality=HAYAMA, procedure="ninshin-todokede", signature="login", overrides={}
        )
    visit = counter.begun("ninshin-todokede")
    example = _example("ninshin-todokede")
    with under(HAYAMA):
        visit.answers = {**example, **visit.answers}
        visit.save()
    page = counter.page("counter_visit", visit.id)
    assert "画面を住民に向ける" in page, page
    counter.agent(counter.page("counter_resident", visit.id))
    (case,) = cases()
    assert (case.mode, case.verdict_outcome) == ("login", "good")
    with under(HAYAMA):
        signed = json.loads(base64.b64decode(case.document.login_proof["challenge"]))
        expected = hashlib.sha256(canonical_bytes(case.document.application)).hexdigest()
    assert (signed["yakuba"], signed["application_sha256"]) == ("counter-confirm/1", expected)


def _example(procedure: str) -> dict[str, Any]:
    from yakuba.procedures import registry

    return dict(registry.procedure(procedure).examples[0].answers)


@pytest.mark.parametrize(
    ("state", "words"),
    [("none", "台帳に登録がありません"), ("renewed", "台帳の上で有効ではありません"), ("two", "2人以上")],
)
def test_a_card_that_is_not_enough_says_why_and_another_document_goes_on(
    world: World, counter: Counter, state: str, words: str, cases: Cases
) -> None:
    with under(HAYAMA):
        if state == "none":
            CardCertificate.objects.all().delete()
        elif state == "two":
            record_card(world, MISAKI, of=KENTA)
        else:
            CardCertificate.objects.update(state=state)
    answer = counter.read_card()
    assert answer.status_code == 422
    assert words in answer.content.decode()
    trouble = re.findall(r"trouble=(\w+)", answer.content.decode())[0]
    missing = counter.client.post(reverse("casework:counter_document"), {"q": "葉山", "trouble": trouble})
    assert missing.status_code == 422
    assert "例: 運転免許証" in missing.content.decode()
    begun = counter.client.post(
        reverse("casework:counter_document"),
        {"q": "葉山", "trouble": trouble, "atena_number": KENTA, "document": "driving_licence"},
    )
    assert begun.status_code == 302
    visit = counter.visit()
    assert (visit.found_by, visit.document, visit.card_trouble) == ("document", "driving_licence", trouble)
    counter.client.post(reverse("casework:counter_begin", args=[visit.id, PROCEDURE]), {"role": "self"})
    with under(HAYAMA):
        visit.refresh_from_db()
        visit.answers = answers()
        visit.originals = {"account_proof": {"label": "通帳", "note": "", "by": "受付 花子", "at": ""}}
        visit.save()
    counter.agent(counter.page("counter_resident", visit.id))
    (case,) = cases()
    assert case.atena_number == KENTA
    with under(HAYAMA):
        how = Identification.objects.filter(case=case).latest("at")
    assert "運転免許証" in how.reason
    assert how.by_id == counter.clerk.id


def test_the_clerk_who_took_it_in_cannot_approve_it(world: World, desk: Desk, cases: Cases) -> None:
    both = member("kyuko", Role.INTAKE, Role.APPROVER, name="窓口 九子")
    counter = Counter(world, both)
    visit = counter.filled()
    counter.agent(counter.page("counter_resident", visit.id))
    (case,) = cases()
    reviewed(case, desk)
    refused = press(counter.client, case, "decide")
    assert refused.status_code == 403
    assert "自分が受け付けた申請" in refused.content.decode()
    assert press(signed_in(desk.approver), case, "decide").status_code == 302


def test_a_visit_survives_a_break_and_a_colleague_takes_it_over(
    world: World, counter: Counter, desk: Desk
) -> None:
    visit = counter.filled()
    assert "続ける" in Counter(world, desk.intake).page("counter")
    other = Counter(world, member("juko", Role.INTAKE, name="受付 十子"))
    blocked = other.client.get(reverse("casework:counter_visit", args=[visit.id]))
    assert blocked.status_code == 409
    assert "受付 花子" in blocked.content.decode()
    other.client.post(reverse("casework:counter_take_over", args=[visit.id]))
    assert "画面を住民に向ける" in other.page("counter_visit", visit.id)
    assert set(counter.visit().clerks) == {str(desk.intake.id), str(other.clerk.id)}


def test_a_visit_is_thrown_away_only_after_asking(counter: Counter) -> None:
    visit = counter.begun()
    assert "捨てますか" in counter.page("counter_discard", visit.id)
    assert counter.visit().id == visit.id
    counter.client.post(reverse("casework:counter_discard", args=[visit.id]))
    with under(HAYAMA):
        assert not CounterVisit.objects.exists()


def test_a_ticket_works_once_and_only_for_the_clerk_who_ordered_it(
    world: World, counter: Counter, desk: Desk
) -> None:
    page = counter.page("counter")
    ticket = re.findall(r'name="ticket" value="([^"]+)"', page)[0]
    address = reverse("casework:counter_return", args=[HAYAMA])
    assert Client().post(address, {"ticket": ticket, "error": "cancelled"}).status_code == 200
    assert Client().post(address, {"ticket": ticket, "error": "cancelled"}).status_code == 400
    assert Client().post(address, {"ticket": "made up"}).status_code == 400
    with under(HAYAMA):
        reading = CardReading.objects.get()
    other = signed_in(member("juko", Role.INTAKE))
    assert other.get(reverse("casework:counter_card_done", args=[reading.id])).status_code == 404


@pytest.mark.parametrize("who", ["reviewer", "approver", "admin", "auditor"])
def test_only_intake_stands_at_the_counter(desk: Desk, who: str) -> None:
    assert signed_in(getattr(desk, who)).get(reverse("casework:counter")).status_code == 403


def test_a_desk_without_a_card_agent_says_so(counter: Counter, settings: Settings) -> None:
    settings.CARD_AGENT_ORIGIN = ""
    assert "YAKUBA_CARD_AGENT" in counter.page("counter")


def test_a_reading_that_was_called_off_leads_back_without_a_fuss(counter: Counter) -> None:
    answer = counter.agent(counter.page("counter"), error="cancelled")
    assert answer.url == reverse("casework:counter")
    assert "読み取りをやめました" in counter.page("counter")


def test_a_locked_card_is_told_apart_from_one_that_is_not_good(counter: Counter) -> None:
    answer = counter.agent(counter.page("counter"), error="pin_locked")
    assert answer.status_code == 422
    assert "カードを読み取れませんでした" in answer.content.decode()


def test_a_card_whose_time_is_over_is_told_so(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    page = counter.page("counter")
    later = now() + timedelta(days=6 * 366)
    monkeypatch.setattr("yakuba.casework.counter.readings.LIFE", timedelta(days=7 * 366))
    page = counter.page("counter")
    monkeypatch.setattr("yakuba.casework.views.counter_card.now", lambda: later)
    answer = counter.agent(page)
    assert answer.status_code == 422
    assert "期限切れ・失効・一時停止" in answer.content.decode()


def test_a_prefecture_has_no_such_counter(world: World) -> None:
    clerk = member("todofuken", Role.INTAKE, municipality="140007")
    answer = signed_in(clerk).get(reverse("casework:counter"))
    assert answer.status_code == 409
    assert "都道府県" in answer.content.decode()
    assert "書かない窓口</a>" not in answer.content.decode()


def test_a_visit_nobody_went_on_with_goes_after_thirty_days_and_leaves_its_record(counter: Counter) -> None:
    visit = counter.begun()
    assert tasks.clear_counter(HAYAMA) == 0
    with under(HAYAMA):
        CounterVisit.objects.update(updated_at=now() - timedelta(days=31))
    assert tasks.clear_counter(HAYAMA) == 1
    with under(HAYAMA):
        assert not CounterVisit.objects.exists()
        gone = AuditRecord.objects.filter(action="counter.discarded").latest("sequence")
    assert gone.subject == f"application:{visit.id}"
