"""Every page of the portal in a real browser, in three languages: axe, targets, reflow, broken files, headings, titles."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.portal.browser.pages import (
    Visit,
    axe_violations,
    declare_disaster,
    new_page,
    small_targets,
    speak,
    too_wide,
)  # fmt: skip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}  # 1280 px at 400% (WCAG 1.4.10)
_SHOTS = os.environ.get("YAKUBA_SCREENSHOTS")


def faults(page: Page, name: str) -> list[str]:
    """What is wrong with the page that is open."""
    found = [f"axe {one}" for one in axe_violations(page)]
    found += [f"target {one}" for one in small_targets(page)]
    page.set_viewport_size(NARROW)
    if (wide := too_wide(page)) > 0:
        found.append(f"{wide}px too wide at 400%")
    page.set_viewport_size(PHONE)
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} main headings")
    if page.locator(".error-summary").count() and not ("エラー" in page.title() or "error" in page.title()):
        found.append(f"the title does not tell of errors: {page.title()}")
    return [f"{name}: {one}" for one in found]


# the same pages in English differ in words only: `make proofs` and `make screenshots` look at them too
LANGUAGES = ["ja", "easy", "en"] if _SHOTS or os.environ.get("YAKUBA_PROOFS") else ["ja", "easy"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible(portal: str, agent: Any, browser: Browser, language: str) -> None:
    declare_disaster()
    context = browser.new_context(viewport=PHONE, locale="ja-JP")
    page, wrong, broken = new_page(context), [], []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on(
        "response",
        lambda got: broken.append(got.url) if got.status >= 400 and "/static/" in got.url else None,
    )
    page.on("console", lambda said: broken.append(said.text) if "Content Security" in said.text else None)
    speak(page, portal, language)
    seen = []
    for name in Visit(page, portal).walk():
        seen.append(name)
        wrong += faults(page, name)
        if _SHOTS:
            Path(_SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{_SHOTS}/{language}-{len(seen):02}-{name}.png", full_page=True)
    context.close()
    assert len(seen) > 40
    assert wrong == []
    assert broken == []


def test_every_page_works_without_javascript(portal: str, agent: Any, browser: Browser) -> None:
    """The whole way, sign-in and signature with the agent included, with scripts switched off."""
    declare_disaster()
    context = browser.new_context(viewport=PHONE, locale="ja-JP", java_script_enabled=False)
    page = new_page(context)
    seen = list(Visit(page, portal).walk())
    context.close()
    assert seen[-1] == "signed-out"
    assert "received" in seen
