"""How people come in: residents with their card, staff with two factors."""

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
    page = browser.get(desk + "/")
    code = pyotp.TOTP(staff["totp_secret"]).now()
    values = {"login": login, "password": staff["password"], "code": code}
    page = browser.send(page, page.form(with_field="password"), values)
    if "sign-in" in page.url:
        raise PageProblem(f"{login} がサインインできません。\n{page.words[:800]}")
    return page
