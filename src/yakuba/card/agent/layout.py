"""What all pages of the agent share: the frame, the languages, a notice."""

from collections.abc import Sequence
from typing import Final

from yakuba.base.catalog import text
from yakuba.base.texts import LANGUAGES, Language, Text, without_readings
from yakuba.card.agent.html import Html, document, element, words

_LANGUAGE_NAMES: Final = {"ja": "日本語", "en": "English", "easy": "やさしい日本語"}
_STYLE_SHEETS: Final = ("tokens.css", "base.css", "components.css")
NOTHING: Final = Html("")


def say(key: str) -> Text:
    """A text of ``texts/agent.yaml``."""
    return text("yakuba.card", f"agent.{key}")


def said(language: Language, spoken: Text) -> Html:
    """``spoken`` in ``language``, ready for a page."""
    return words(spoken.in_language(language))


def page(
    title: Text,
    language: Language,
    parts: Sequence[Html],
    *,
    script: bool = False,
    chooser: Html = NOTHING,
    prefix: str = "",
) -> bytes:
    """A page around ``parts``; ``prefix`` stands before its title in the browser's tab (an error, say)."""
    name = without_readings(f"{prefix}{title.in_language(language)} | {say('name').in_language(language)}")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", name),
        element("link", rel="icon", href="/logo.svg", type="image/svg+xml"),
        *(element("link", rel="stylesheet", href=f"/{sheet}") for sheet in _STYLE_SHEETS),
        element("script", src="/agent.js", defer=True) if script else NOTHING,
    )
    return document(head, _body(title, language, parts, chooser), "en" if language == "en" else "ja")


def _body(title: Text, language: Language, parts: Sequence[Html], chooser: Html) -> Html:
    brand = element("span", said(language, say("name")), class_="site-header__brand")
    content = element("div", element("h1", said(language, title)), *parts, class_="wrap wrap--narrow page")
    return element(
        "body",
        element("a", said(language, say("skip")), class_="skip-link", href="#main"),
        element(
            "header", element("div", brand, chooser, class_="wrap site-header__bar"), class_="site-header"
        ),
        element("main", content, id="main", tabindex="-1"),
        element("footer", element("p", said(language, say("demo"))), class_="site-footer wrap"),
    )


def notice(content: Html, kind: str) -> Html:
    """A banner; ``kind`` is info, success, warning or error."""
    return element("div", element("p", content), class_=f"notice notice--{kind}", role="alert")


def language_chooser(token: str, language: Language) -> Html:
    """The other languages, as buttons of a form: the page came by POST and has no address to link to."""
    form = element(
        "form",
        element("input", type="hidden", name="token", value=token),
        element("input", type="hidden", name="action", value="language"),
        element("ul", *(element("li", _language_button(one, one == language)) for one in LANGUAGES)),
        method="post",
        action="/confirm",
    )
    label = without_readings(say("languages").in_language(language))
    return element("nav", form, class_="languages", aria_label=label)


def _language_button(language: Language, current: bool) -> Html:
    name = _LANGUAGE_NAMES[language]
    if current:
        return element("button", name, type="submit", name="lang", value=language, aria_current="true")
    return element("button", name, type="submit", name="lang", value=language)
