"""Pictures of a walk, where they are wanted (``YAKUBA_SCREENSHOTS``): the pages, the desk, the notice. Kept by ``make walks``."""

import os
from pathlib import Path
from typing import Final

import pypdfium2
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from yakuba.base.clock import now
from yakuba.casework.models import Case
from yakuba.casework.notices.data import from_json
from yakuba.casework.notices.models import Notice
from yakuba.casework.notices.render import renderer, view_of

SHOTS: Final = os.environ.get("YAKUBA_SCREENSHOTS", "")
_VERIFY: Final = "https://portal.example.jp/verify/"


class Album:
    """The numbered pictures of one example of one procedure."""

    def __init__(self, procedure: str, example: str) -> None:
        self._folder = Path(SHOTS) / "walks" / procedure / example if SHOTS else None

    def page(self, page: Page, name: str) -> None:
        if self._folder:
            page.locator("main").screenshot(path=str(self._next(name)))

    def desk(self, browser: Browser, client: Client, case: Case, origin: str) -> None:
        """The case as the clerk who is signed in with ``client`` sees it."""
        if not self._folder:
            return
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": origin,
                }
            ]
        )
        page = context.new_page()
        page.goto(origin + reverse("casework:case", args=[case.pk]))
        page.screenshot(path=str(self._next("desk")))
        context.close()

    def notice(self, notice: Notice) -> None:
        """The notice's first page, unsigned: the walk has no key."""
        if not self._folder:
            return
        view = view_of(notice.municipality, notice.kind, from_json(notice.data), notice.full_number, _VERIFY)
        document = pypdfium2.PdfDocument(renderer().pdf(view, now()))
        document[0].render(scale=1.0).to_pil().save(self._next("notice"))

    def _next(self, name: str) -> Path:
        assert self._folder
        self._folder.mkdir(parents=True, exist_ok=True)
        taken = sorted(self._folder.iterdir())
        if taken and taken[-1].stem[3:] == name:
            return taken[-1]  # the same page with more questions: the fuller picture is kept
        return self._folder / f"{len(taken) + 1:02}-{name}.png"
