"""By-laws that hold for every page of the portal."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.portal.cast import CHILD_ALLOWANCE, Visitor
from yakuba.base.catalog import catalog
from yakuba.base.texts import without_readings
from yakuba.base.web import audience_of
from yakuba.portal import ratelimits

pytestmark = pytest.mark.django_db
_PATHS = (
    "",
    "search/?q=こども",
    "life/birth/",
    f"procedures/{CHILD_ALLOWANCE}/",
    "sign-in/",
    "mine/",
    "verify/",
    "assist/",
)


def routes(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns)
        else:
            yield one


def test_every_route_declares_its_audience() -> None:
    found = list(routes(get_resolver("yakuba.zones.urls.internet").url_patterns))
    assert len(found) > 30
    for one in found:
        assert audience_of(one.callback) in {"visitor", "resident", "card_agent"}, one.pattern


def test_personal_pages_are_for_the_signed_in() -> None:
    residents = {
        one.name
        for one in routes(get_resolver("yakuba.zones.urls.internet").url_patterns)
        if audience_of(one.callback) == "resident"
    }
    assert residents == {
        "application", "received", "withdraw", "correct", "again", "notice", "notice-verify", "send",
        "sign-out-everywhere", "cosign", "cosign-ask", "cosign-decline", "cosign-drop", "cosign-look", "wards-ask", "mandates", "clients", "mandate-make", "mandate-sign", "mandate-answer", "mandate-revoke", "mandate-begin",
        "for-you", "bundle-leave", "bundle-review", "bundle-document", "bundle-sent",
    }  # fmt: skip


def test_only_the_agents_return_goes_without_the_csrf_token() -> None:
    exempt = [
        one.name
        for one in routes(get_resolver("yakuba.zones.urls.internet").url_patterns)
        if getattr(one.callback, "csrf_exempt", False) and not str(one.pattern).startswith("api")
    ]
    assert [name for name in exempt if name in {"card-return"}] == ["card-return"]
    assert {name for name in exempt if name not in {"card-return", "list_towns", "list_procedures", "status"}} <= {
        "api-root", "openapi-json", "openapi-view",
    }  # fmt: skip


def test_a_form_without_its_token_is_refused_in_plain_words(hanako: Visitor) -> None:
    strict = Client(enforce_csrf_checks=True)
    reply = strict.post(f"/143014/procedures/{CHILD_ALLOWANCE}/start/", {"role": "self"})
    assert reply.status_code == 403
    assert "もう一度送ってください" in reply.content.decode()


@pytest.mark.parametrize("path", _PATHS)
def test_every_page_carries_the_strict_headers(hanako: Visitor, path: str) -> None:
    reply = hanako.get(path)
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["X-Frame-Options"] == "DENY"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", _PATHS)
def test_no_page_has_script_or_style_in_it(hanako: Visitor, path: str) -> None:
    page = hanako.get(path).content.decode()
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:", page)


@pytest.mark.parametrize("language", ["ja", "en", "easy"])
@pytest.mark.parametrize("path", _PATHS)
def test_every_page_is_in_the_language_chosen_and_says_so(hanako: Visitor, path: str, language: str) -> None:
    hanako.client.post("/language/", {"language": language, "next": hanako.url(path)})
    page = hanako.get(path).content.decode()
    assert f'<html lang="{"en" if language == "en" else "ja"}">' in page
    assert ("<ruby>" in page) == (language == "easy")
    assert "{" not in Words.of(page), "a reading was not turned into ruby"


class Words(HTMLParser):
    """The words of a page as people see them."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    @classmethod
    def of(cls, page: str) -> str:
        parser = cls()
        parser.feed(page)
        return " ".join(parser.said)

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_changing_the_language_stays_where_one_is_and_leads_nowhere_else(hanako: Visitor) -> None:
    reply = hanako.client.post("/language/", {"language": "en", "next": "/143014/verify/"})
    assert reply.headers["Location"] == "/143014/verify/"
    reply = hanako.client.post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert reply.headers["Location"] == "/"


def test_easy_japanese_has_a_reading_over_every_kanji() -> None:
    """Except in quoted examples and names of things that are typed (marked by full-width brackets or slashes)."""
    kanji = re.compile("[一-龯々]")
    bare: dict[str, str] = {}
    for key, text in catalog("yakuba.portal").items():
        rest = re.sub(r"\{[^{}|]+\|[^{}|]+\}", "", text.easy)
        rest = re.sub(r"（れい：[^）]*）|れい：.*", "", rest)
        if kanji.search(rest):
            bare[key] = rest
    assert bare == {}


def test_english_texts_hold_no_japanese_but_examples() -> None:
    for key, text in catalog("yakuba.portal").items():
        rest = re.sub(r"\(e\.g\.[^)]*\)", "", text.en)
        assert not re.search("[ぁ-ヿ一-龯]", rest), key


def test_readings_are_never_shown_as_braces() -> None:
    for key, text in catalog("yakuba.portal").items():
        assert "{" not in without_readings(text.easy), key


def test_a_page_that_is_not_there_is_said_in_plain_words(hanako: Visitor) -> None:
    assert "ページが見つかりません" in hanako.get("nothing/").content.decode()
    assert hanako.client.get("/999999/").status_code == 404


def test_many_people_behind_one_address_are_not_locked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty browsers of one school each begin to sign in; one browser that hammers is slowed down."""
    for _ in range(60):
        assert Visitor().get("sign-in/").status_code == 200
    hammering = Visitor()
    replies = [hammering.get("sign-in/").status_code for _ in range(ratelimits.SIGN_IN.per_visit + 3)]
    assert replies[-1] == 429
    reply = hammering.get("sign-in/")
    assert int(reply.headers["Retry-After"]) > 0
    assert "記入した内容は残っています" in reply.content.decode()
    assert Visitor().get("sign-in/").status_code == 200


def test_an_address_that_hammers_is_slowed_down_too(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = ratelimits.Limit("test", per_visit=1000, per_address=3)
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.session = Visitor().client.session
    assert [ratelimits.over(narrow, request) > 0 for _ in range(4)] == [False, False, False, True]


def test_eligibility_questions_are_answered_without_keeping_anything(hanako: Visitor) -> None:
    data = {
        "q_live_here": "yes", "q_civil_servant": "no", "q_receiving": "no", "q_youngest_birth_date-era": "western",
        "q_youngest_birth_date-year": "2026", "q_youngest_birth_date-month": "1", "q_youngest_birth_date-day": "5",
    }  # fmt: skip
    page = hanako.post(f"procedures/{CHILD_ALLOWANCE}/", data).content.decode()
    assert "対象になりそうです" in page
    assert "checked" in page
    assert set(hanako.client.session.keys()) <= {"browser", "seen"}
