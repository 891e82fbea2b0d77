"""How people come in: residents with their card, staff with two factors."""

import time
from collections.abc import Mapping

import pyotp

from yakuba.demo.cast import CastMember
from yakuba.zones.play.browser import Browser, Page, PageProblem


def with_card(browser: Browser, page: Page, member: CastMember, pin: str | None) -> Page:
    """From a page that needs the card to the card agent, type the PIN there, and back to the portal."""
    page = browser.send(page, page.form("/sign", with_field="operation"))
    answer = {"card": member.id, "pin": pin or ""}
    page = browser.send(page, page.form("/confirm", with_field="pin"), answer, button="go")
    return browser.send(page, page.form("/card/return"))


def sign_in_at_desk(browser: Browser, desk: str, staff: Mapping[str, str], login: str) -> Page:
    """A member of staff signs in with password and one-time code.

    Raises:
        PageProblem: the desk did not let them in.
    """
    totp, at = pyotp.TOTP(staff["totp_secret"]), time.time()
    # A code is good once. Whoever signed in with this one a moment ago (a demo before this one) needs the next, which the
    # desk takes already: it allows for a clock that is one step off.
    for moment in (at, at + totp.interval):
        page = browser.get(desk + "/")
        values = {"login": login, "password": staff["password"], "code": totp.at(int(moment))}
        page = browser.send(page, page.form(with_field="password"), values)
        if "sign-in" not in page.url:
            break
    if "sign-in" in page.url:
        raise PageProblem(f"{login} がサインインできません。\n{page.words[:800]}")
    return page
