"""Each procedure, from its examples: found, filled in, signed in a real browser; identified, examined, decided; noticed.

``make test`` walks one example of a few procedures of different shapes; ``make walks`` every example of every procedure,
with pictures of every page.
"""

import json
import os
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from lxml import html
from playwright.sync_api import Browser, Page

from tests.casework.cast import Desk, event, sanitised, settle, staff_of_the_desk
from tests.casework.test_desk import press, signed_in
from tests.walks.conftest import AUTH_PIN, HAYAMA, SIGN_PIN, Authority
from tests.walks.forms import add_items, attach, type_in, wanted
from tests.walks.pictures import Album
from yakuba.base.clock import now, today
from yakuba.base.tenancy import under
from yakuba.casework import intake, municipal, rulings, steps
from yakuba.casework.claimant import BIRTH, KANA, NAME, claimant_of, mapped_values
from yakuba.casework.models import Case
from yakuba.casework.notices.models import Notice
from yakuba.casework.procedure_desk import StepField, StepKind
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.handlers import handler_of
from yakuba.gateway.models import OutboxMessage
from yakuba.procedures import registry
from yakuba.procedures.authoring.documents import in_example_town
from yakuba.procedures.conditions import items
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Example, Procedure
from yakuba.registers.models import CardCertificate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
ALL = os.environ.get("YAKUBA_WALKS", "") == "all"
KANAGAWA = "140007"
CLAIMANT = "0000000077"
_SAYS = (
    "//*[contains(@class,'field__error') or contains(@class,'notice') or contains(@class,'error-summary')]"
)


FEW = ("jidou-teate-kaitei", "kaigo-kaishu", "risai-shoumei")


def examples() -> Iterator[tuple[str, str]]:
    for name in registry.procedure_ids() if ALL else FEW:
        for one in registry.versions(name)[-1].examples if ALL else registry.versions(name)[-1].examples[:1]:
            yield name, one.id


@dataclass(frozen=True)
class Walk:
    """One example on its way."""

    page: Page
    portal: str
    procedure: Procedure
    example: Example
    album: Album

    @property
    def body(self) -> str:
        """Who receives it: the town, or its prefecture."""
        return receiver(self.procedure)

    @property
    def context(self) -> Context:
        return Context(self.example.today, self.example.role)

    def seen(self, name: str) -> None:
        self.album.page(self.page, name)

    def url(self, path: str) -> str:
        return f"{self.portal}/{self.body}/{path}"


def receiver(procedure: Procedure) -> str:
    return KANAGAWA if procedure.receiver == "prefecture" else HAYAMA


def into(settings: Any, zone: str) -> None:
    """From here on the one process of the test is ``zone``; its chain of records begins anew, as that zone's own."""
    settings.ZONE, settings.ROOT_URLCONF = zone, f"yakuba.zones.urls.{zone}"
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_record, audit_head, audit_witnessed_head")


def open_town(procedure: Procedure, settings: Any) -> None:
    """The town's settings as the example needs them, kept at the desk and published to the portal."""
    body = receiver(procedure)
    into(settings, "mynumber")
    with under(body):
        municipal.begin_with_examples(body, today(), now(), event(body))
        _example_settings(procedure)
        municipal.publish(body, now(), event(body))
        sent = read_envelope(bytes(OutboxMessage.objects.latest("id").document))
    into(settings, "internet")
    with under(body):
        handler_of("settings.published")(sent)


def _example_settings(procedure: Procedure) -> None:
    """Disasters keep the ids the example names; everything else is what the definition's example settings say."""
    kept = municipal.ProcedureSetting.objects.get(procedure=procedure.id)
    kept.open, kept.overrides = (
        True,
        {key: value for key, value in procedure.example_settings.items() if key not in ("open", "signature")},
    )
    kept.save()


def with_card(page: Page, pin: str) -> None:
    page.check("input[name=card][value=resident]")
    page.fill("#pin", pin)
    page.press("#pin", "Enter")
    page.wait_for_load_state()
    if back := page.query_selector("form[action*='/card/return/'] button"):
        back.click()


def sign_in(walk: Walk) -> None:
    walk.page.goto(walk.url("sign-in/"))
    walk.page.click("form.agent-form button")
    with_card(walk.page, AUTH_PIN)


def start(walk: Walk) -> uuid.UUID:
    """From the procedure's own page to the first page of its form."""
    page = walk.page
    page.goto(walk.url(f"procedures/{walk.procedure.id}/"))
    walk.seen("procedure")
    page.goto(walk.url(f"procedures/{walk.procedure.id}/start/"))
    page.check(f"input[name=role][value={walk.example.role}]", force=True)
    if walk.example.role != "self":
        _for_whom(walk)
    page.click("form[data-submit-once] .button-row button")
    assert "/drafts/" in page.url, page.inner_text("main")
    return uuid.UUID(page.url.split("/drafts/")[1].split("/")[0])


def _for_whom(walk: Walk) -> None:
    about = dict(
        walk.example.applicant_for
        or {"name": "葉山 花子", "birth_date": "1940-04-01", "address": "葉山町堀内1"}
    )
    page = walk.page
    page.fill("[name=for_name-name]", about["name"])
    page.fill("[name=for_name-kana]", about.get("kana", ""))
    page.fill("[name=for_address-address]", about["address"])
    year, month, day = about["birth_date"].split("-")
    page.select_option("[name=for_birth_date-era]", "western")
    for part, text in (("year", year), ("month", month.lstrip("0")), ("day", day.lstrip("0"))):
        page.fill(f"[name=for_birth_date-{part}]", text or "不詳")


def fill_in(walk: Walk) -> None:
    """Page after page until the review; a page that shows new questions is filled in again."""
    page, answers = walk.page, walk.example.answers
    for _ in range(60):
        if "/pages/" not in page.url:
            return
        current = page.url.split("#")[0].split("/pages/")[1].split("/")[0]
        controls = wanted(walk.procedure, current, answers, walk.context)
        form = page.locator("#page-form")
        type_in(form, controls)
        if add_items(page, controls):
            type_in(form, controls)
        attach(form, page)
        walk.seen(current)
        before = page.url.split("#")[0]
        page.click("button[name=next].button")
        page.wait_for_load_state()
        if page.url.split("#")[0] == before and page.locator(".error-summary").count():
            raise AssertionError(f"{current}: {page.locator('.error-summary').inner_text()}")
    raise AssertionError(f"the form does not end: {page.url}")


def send(walk: Walk) -> None:
    page = walk.page
    assert page.url.split("#")[0].endswith("/review/"), page.url
    walk.seen("review")
    assert not page.locator(".error-summary").count(), page.locator(".error-summary").inner_text()
    if page.locator("form.agent-form").count():
        page.click("form.agent-form button")
        with_card(page, SIGN_PIN)
    else:
        page.click("form[action$='/send/'] button")
    page.wait_for_url("**/received/")
    walk.seen("received")


def arrive(body: str) -> Case:
    """The message crosses; its files come rebuilt."""
    with under(body):
        sent = OutboxMessage.objects.get(kind="application.submitted")
        envelope = read_envelope(bytes(sent.document))
        refs = []
        for ref in envelope.attachments:
            clean = sanitised(body, ref.slot, b"x")
            refs.append(
                replace(
                    clean, filename=ref.filename, evidence={**(clean.evidence or {}), "before": ref.sha256}
                )
            )
        case = intake.receive(envelope.with_attachments(tuple(refs)))
        assert case is not None
        return case


def register_claimant(procedure: Procedure, example: Example) -> str:
    """The person the example is about lives here."""
    about = claimant_of(procedure, {"answers": example.answers, "applicant": {"for": example.applicant_for}})
    born = (
        date.fromisoformat(about.birth)
        if about.birth and "00" not in about.birth.split("-")[1:]
        else date(1960, 1, 1)
    )
    with under(HAYAMA):
        settle(CLAIMANT, about.name or "葉山　花子", about.kana or "ハヤマ　ハナコ", born, household=CLAIMANT)
        for number, one in enumerate(family(procedure, example)):
            settle(f"00000001{number:02}", one[NAME], one.get(KANA, "カナ"), date.fromisoformat(one[BIRTH]),
                   household=CLAIMANT, relationship="子")  # fmt: skip
    return about.name or "葉山　花子"


def family(procedure: Procedure, example: Example) -> Iterator[dict[str, str]]:
    """The people of the household whom the example's repeating groups name."""
    for _, group in procedure.fields():
        for item in items(example.answers, group.id) if group.is_group else ():
            said = {
                part: str(value)
                for field in group.fields
                if field.id in item
                for part, value in mapped_values(field, item[field.id])
            }
            if NAME in said and re.fullmatch(r"\d{4}-\d\d-\d\d", said.get(BIRTH, "")):
                yield said


def words_of(answer: Any) -> str:
    """What the page says, for people who read why a walk ended."""
    tree = html.fromstring(answer.content.decode())
    return (
        " / ".join(" ".join(str(node.text_content()).split()) for node in tree.xpath(_SAYS))
        or "(says nothing)"
    )


def settle_case(case: Case, desk: Desk) -> None:
    """Identified: by the certificate where the applicant is the claimant, else by a person."""
    if case.identified:
        return
    clerk = signed_in(desk.intake)
    answer = clerk.post(reverse("casework:identify", args=[case.pk]), {
        "version": case.row_version, "atena_number": CLAIMANT, "reason": "窓口で本人を確認した",
    })  # fmt: skip
    assert answer.status_code == 302, words_of(answer)


def found(field: StepField) -> str:
    """Something a clerk may find out."""
    match field.type:
        case "yes_no":
            return "yes"
        case "choice":
            return next(iter(field.options or {"": ""}))
        case "date":
            return today().isoformat()
        case "number":
            return str(field.minimum or 1)
        case _:
            return field.example or "確認した"


def record(client: Client, case: Case, kind: StepKind) -> None:
    if kind.kind == steps.POSTPONEMENT:
        return
    posted = {field.name: found(field) for field in kind.fields}
    answer = press(client, case, "step", kind.kind, done_on=today().isoformat(), **posted)
    assert answer.status_code == 302, words_of(answer)


def decide(case: Case, desk: Desk, look: Callable[[Client], None]) -> tuple[str, Notice]:
    """Reviewed by one, decided by another, as the rule says (or refused with words where it cannot tell)."""
    reviewer = signed_in(desk.reviewer)
    assert press(reviewer, case, "take").status_code == 302
    with under(case.municipality):
        kinds = steps.kinds_for(case.procedure, case.role)
    for kind in kinds:
        record(reviewer, case, kind)
    shown = reviewer.get(reverse("casework:case", args=[case.pk]))
    assert shown.status_code == 200
    with under(case.municipality):
        held = Case.objects.select_related("document").get(pk=case.pk)
        ruling = rulings.ruling(held, held.document.application, steps.newest(held), today())
    outcome = "granted" if ruling is None or ruling.outcome == "eligible" else "refused"
    words: dict[str, Any] = {"outcome": outcome, "reasons": [str(number) for number in range(30)]}
    if ruling is None or ruling.outcome == "cannot_tell":
        words |= {"own_reason": "書類と照会で確かめた結果、要件を満たさない。", "own_clause": "町の要綱第1条",
                  "differs_because": "人が判断した。"}  # fmt: skip
    answer = press(reviewer, case, "propose", **words)
    assert answer.status_code == 302, words_of(answer)
    look(reviewer)
    answer = press(signed_in(desk.approver), case, "decide")
    assert answer.status_code == 302, words_of(answer)
    with under(case.municipality):
        return outcome, Notice.objects.get(case_id=case.pk)


@pytest.mark.parametrize(("name", "example_id"), sorted(examples()))
def test_from_the_portal_to_the_notice(
    name: str, example_id: str, browser: Browser, portal: str, cards: Path, authority: Authority,
    settings: Any, at_day: Callable[[date], None],
) -> None:  # fmt: skip
    given = next(one for one in registry.versions(name)[-1].examples if one.id == example_id)
    at_day(given.today)
    procedure = in_example_town(registry.procedure(name, as_of=given.today))
    holder = register_claimant(procedure, given)
    signer = holder if given.role == "self" else "代理　次郎"
    about: Mapping[str, Any] = {"answers": given.answers, "applicant": {"for": given.applicant_for}}
    born = claimant_of(procedure, about).birth if given.role == "self" else "1975-05-05"
    _, pair = authority.card(cards, signer, date.fromisoformat(born or "1960-01-01"), now())
    if given.role == "self":
        with under(HAYAMA):
            for issued in (pair.sign, pair.auth):
                CardCertificate.objects.create(
                    municipality=HAYAMA, issuer_key_id=issued.issuer_key_id, serial=issued.serial,
                    atena_number=CLAIMANT, kind=issued.kind, not_before=given.today, not_after=date(2031, 1, 1),
                    state="active", recorded_from=given.today,
                )  # fmt: skip
    open_town(procedure, settings)
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="ja-JP", java_script_enabled=False
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    walk = Walk(page, portal, procedure, given, Album(name, example_id))
    try:
        sign_in(walk)
        start(walk)
        fill_in(walk)
        send(walk)
    finally:
        context.close()
    into(settings, "mynumber")
    case = arrive(walk.body)
    with under(walk.body):
        kept = Case.objects.select_related("document").get(pk=case.pk)
        assert kept.document.schema_problems == []
        assert kept.verdict_outcome == "good"
        expected = json.loads(json.dumps(dict(given.answers), ensure_ascii=False))
        assert _shape(kept.document.answers) == _shape(expected)
    desk = staff_of_the_desk(walk.body)
    settle_case(kept, desk)
    outcome, notice = decide(kept, desk, lambda clerk: walk.album.desk(browser, clerk, kept, portal))
    with under(walk.body):
        walk.album.notice(notice)
    assert notice.kind
    assert outcome in ("granted", "refused")


def _shape(answers: Any) -> Any:
    """Answers without the ids of items, which each form makes its own."""
    if isinstance(answers, list):
        return [_shape(one) for one in answers]
    if isinstance(answers, dict):
        return {key: _shape(value) for key, value in sorted(answers.items()) if key != "id"}
    return answers
