"""There and back again over the live zones: correction, withdrawal, and a card renewed in between."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from benchmarks.driver.parcels import Parcel, make, mother, post, session
from benchmarks.driver.running import RunningTown

from tests.town.test_main_job import PDF
from yakuba.zones.play.browser import Browser, Page
from yakuba.zones.play.doors import sign_in_at_desk, with_card

pytestmark = [pytest.mark.town]


@pytest.fixture
def resident(town: RunningTown) -> Iterator[Browser]:
    """The mother's browser, signed in."""
    browser, member = Browser(), mother(town.ready)
    with_card(
        browser, browser.get(town.url("portal", f"/{member.municipality}/sign-in/")), member, member.auth_pin
    )
    yield browser
    browser.close()


@pytest.fixture
def clerk(town: RunningTown) -> Iterator[Browser]:
    browser = Browser()
    staff = json.loads(Path(town.ready["staff"]).read_text())
    sign_in_at_desk(browser, str(town.ready["addresses"]["casework"]), staff, "shinsa")
    yield browser
    browser.close()


def handed_in(town: RunningTown) -> Parcel:
    (parcel,) = make(town.ready, PDF, 1)
    with session(town.ready) as client:
        assert post(client, parcel).status_code == 201
    return parcel


def until(browser: Browser, url: str, arrived: Callable[[Page], bool], seconds: float = 60) -> Page:
    limit = time.monotonic() + seconds
    while not arrived(page := browser.get(url)):
        assert time.monotonic() < limit, f"{url}: {page.status} {page.words[:1500]}"
        time.sleep(0.3)
    return page


def mine(town: RunningTown, number: object) -> str:
    return town.url("portal", f"/{mother(town.ready).municipality}/applications/{number}/")


def on_the_desk(town: RunningTown, number: object) -> str:
    return town.url("casework", f"/cases/{number}/")


def test_a_correction_starts_from_the_old_answers_and_replaces_the_application_and_that_one_can_be_withdrawn(
    town: RunningTown, resident: Browser, clerk: Browser
) -> None:
    first = handed_in(town)
    page = until(clerk, on_the_desk(town, first.id), lambda seen: seen.status == 200)
    page = clerk.send(page, page.form("/take"))
    due = dict(page.form("/correction").fields)["due"]
    wanted = {
        "path": ["claimant_phone"],
        "message-claimant_phone": "つながる番号を書いてください。",
        "due": due,
    }
    page = clerk.send(page, page.form("/correction"), wanted)
    assert "補正待ち" in page.words

    page = until(resident, mine(town, first.id), lambda seen: "つながる番号を書いてください" in seen.words)
    page = resident.send(page, page.form("/correct"))
    second = corrected(town, resident, page)
    assert second != str(first.id)

    page = until(clerk, on_the_desk(town, second), lambda seen: seen.status == 200)
    assert "0468001234" in page.words.replace("-", "")
    assert "髙橋　陽葵" in page.words  # an old answer nobody typed again
    assert first.receipt_number in page.words
    assert "補正後の申請へ引継ぎ" in clerk.get(on_the_desk(town, first.id)).words

    page = resident.get(mine(town, second) + "withdraw/")
    page = resident.send(page, page.form(with_field="reason"), {"reason": "間違えて送ったため"})
    assert "取り下げました" in page.words
    page = until(clerk, on_the_desk(town, second), lambda seen: "取下げ" in seen.words)
    assert "間違えて送ったため" in page.words


def corrected(town: RunningTown, resident: Browser, page: Page) -> str:
    """Change what was asked for, walk the pages, sign, send; the new application's number."""
    for _ in range(30):
        if "/review/" in page.url:
            break
        if "/pages/" not in page.url:
            page = resident.get(page.link("/pages/"))
        form = page.form(with_button="次へ")
        known = {name for name, _ in form.fields}
        typed = {"claimant_phone": "0468-00-1234"} if "claimant_phone" in known else {}
        page = resident.send(page, form, typed, button="次へ")
    member = mother(town.ready)
    page = with_card(resident, page, member, member.sign_pin)
    assert "/received/" in page.url, page.words[:1500]
    return page.url.split("/applications/")[1].split("/")[0]


def test_a_renewed_card_signs_in_and_finds_what_the_old_one_sent(town: RunningTown) -> None:
    before = handed_in(town)
    command = [sys.executable, "-m", "yakuba", "demo", "renew-card", "mother"]
    renewed = subprocess.run(
        command,
        env={**os.environ, "YAKUBA_HOME": str(town.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert renewed.returncode == 0, renewed.stdout + renewed.stderr
    browser, member = Browser(), mother(town.ready)
    sign_in = town.url("portal", f"/{member.municipality}/sign-in/")
    page = with_card(browser, browser.get(sign_in), member, member.auth_pin)
    assert "/mine" in page.url, page.words[:500]
    page = until(browser, mine(town, before.id), lambda seen: seen.status == 200)
    assert before.receipt_number in page.words
    browser.close()
