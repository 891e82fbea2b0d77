"""The agent's pages: simple, in three languages, complete without JavaScript."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from yakuba.base.catalog import text
from yakuba.base.texts import LANGUAGES, Language, Text, without_readings
from yakuba.card.agent.html import Html, document, element, words
from yakuba.card.agent.orders import Order
from yakuba.card.emulated import EmulatedCard
from yakuba.card.interface import CardError

_LANGUAGE_NAMES: Final = {"ja": "日本語", "en": "English", "easy": "やさしい日本語"}
_STYLE_SHEETS: Final = ("tokens.css", "base.css", "components.css")
_MOST_SHOWN: Final = 100_000
_PIN_MAX: Final = {"sign": "16", "auth": "4"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right on the form: the field it is about, and the words."""

    field: str
    message: Text


def say(key: str) -> Text:
    """A text of ``texts/agent.yaml``."""
    return text("yakuba.card", f"agent.{key}")


def _in(language: Language, said: Text) -> Html:
    return words(said.in_language(language))


def page(
    title: Text, language: Language, *parts: Html, script: bool = False, chooser: Html | None = None
) -> bytes:
    """A page around ``parts``."""
    name = without_readings(f"{title.in_language(language)} | {say('name').in_language(language)}")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", name),
        element("link", rel="icon", href="/logo.svg", type="image/svg+xml"),
        *(element("link", rel="stylesheet", href=f"/{sheet}") for sheet in _STYLE_SHEETS),
        *([element("script", src="/agent.js", defer=True)] if script else []),
    )
    return document(head, _body(title, language, parts, chooser), "en" if language == "en" else "ja")


def _body(title: Text, language: Language, parts: Sequence[Html], chooser: Html | None) -> Html:
    brand = element("span", _in(language, say("name")), class_="site-header__brand")
    bar = element("div", brand, *([chooser] if chooser else []), class_="wrap site-header__bar")
    heading = element("h1", _in(language, title))
    return element(
        "body",
        element("a", _in(language, say("skip")), class_="skip-link", href="#main"),
        element("header", bar, class_="site-header"),
        element(
            "main", element("div", heading, *parts, class_="wrap wrap--narrow page"), id="main", tabindex="-1"
        ),
        element("footer", element("p", _in(language, say("demo"))), class_="site-footer wrap"),
    )


def running(language: Language, allowed: Sequence[str], cards: Sequence[EmulatedCard]) -> bytes:
    """What the agent's address itself shows."""
    labels = [card.label for card in cards]
    return page(
        say("running.title"),
        language,
        element("p", _in(language, say("running.body"))),
        element("h2", _in(language, say("running.allowed"))),
        _listed(allowed),
        element("h2", _in(language, say("running.cards"))),
        _listed(labels) if labels else element("p", _in(language, say("running.no_cards"))),
    )


def _listed(items: Sequence[str]) -> Html:
    return element("ul", *(element("li", item) for item in items))


def refused(language: Language, why: str) -> bytes:
    """A refusal in words, without a way on."""
    return page(say("refused.title"), language, _notice(_in(language, say(f"refused.{why}")), "error"))


def _notice(content: Html, kind: str) -> Html:
    return element("div", element("p", content), class_=f"notice notice--{kind}", role="alert")


def order_page(
    order: Order,
    language: Language,
    token: str,
    cards: Sequence[EmulatedCard],
    chosen: str = "",
    problem: Problem | None = None,
) -> bytes:
    """What will be signed, which card, and the PIN."""
    form = element(
        "form",
        element("input", type="hidden", name="token", value=token),
        element("input", type="hidden", name="lang", value=language),
        _card_choice(order, language, cards, chosen, problem),
        _pin_field(order, language, problem),
        element(
            "div",
            _button(_in(language, say(f"{order.kind}.go")), "go"),
            _cancel_button(_in(language, say("cancel"))),
            class_="button-row",
        ),
        method="post",
        action="/confirm",
        autocomplete="off",
    )
    parts = [element("p", _in(language, say(f"{order.kind}.lead"))), _asked(order, language)]
    parts += [_raw_content(order, language)] if order.kind == "sign" else []
    parts.append(form)
    if problem:
        parts.insert(0, _problem_summary(problem, language))
    return page(say(f"{order.kind}.title"), language, *parts, chooser=_chooser(token, language))


def _button(label: Html, action: str) -> Html:
    return element(
        "button", element("span", label), class_="button", type="submit", name="action", value=action
    )


def _cancel_button(label: Html) -> Html:
    """Ends the order; nothing need be filled in for that."""
    return element(
        "button", element("span", label), class_="button button--secondary", type="submit", name="action",
        value="cancel", formnovalidate=True,
    )  # fmt: skip


def _chooser(token: str, language: Language) -> Html:
    """The other languages, as buttons of a form: this page came by POST and has no address to link to."""
    items = [
        element(
            "li",
            element(
                "button", _LANGUAGE_NAMES[one], type="submit", name="lang", value=one,
                **({"aria_current": "true"} if one == language else {}),
            ),
        )
        for one in LANGUAGES
    ]  # fmt: skip
    fields = (
        element("input", type="hidden", name="token", value=token),
        element("input", type="hidden", name="action", value="language"),
        element("ul", *items),
    )
    form = element("form", *fields, method="post", action="/confirm")
    label = without_readings(say("languages").in_language(language))
    return element("nav", form, class_="languages", aria_label=label)


def _problem_summary(problem: Problem, language: Language) -> Html:
    link = element("a", _in(language, problem.message), href=f"#{problem.field}")
    heading = element("h2", _in(language, say("problem")), id="problem")
    listed = element("ul", element("li", link))
    return element("div", heading, listed, class_="error-summary", role="alert", aria_labelledby="problem")


def _asked(order: Order, language: Language) -> Html:
    """Who asks, for what, and (for a signature) the rows the portal gives to show what it is about."""
    rows = [_fact(_in(language, say("asked_by")), order.sender)]
    if order.title:
        rows.append(_fact(_in(language, say("what")), words(order.title)))
    # Labels are the portal's words and may carry readings; values are what the resident typed, shown as they are.
    rows += [_fact(words(label), value) for label, value in order.summary]
    return element("dl", *rows, class_="facts")


def _fact(label: Html, value: str) -> Html:
    return element("div", element("dt", label), element("dd", value))


def _raw_content(order: Order, language: Language) -> Html:
    """The very bytes that will be signed, whatever the portal says they mean."""
    measured = say("size").format(octets=len(order.content), digest=hashlib.sha256(order.content).hexdigest())
    shown = order.content[:_MOST_SHOWN].decode("utf-8", "replace")
    return element(
        "details",
        element("summary", _in(language, say("raw"))),
        element("p", _in(language, measured)),
        # Readable by keyboard where it scrolls (WCAG 2.1.1), hence the tabindex.
        element("pre", shown, class_="scroll", tabindex="0"),
    )


def _card_choice(
    order: Order, language: Language, cards: Sequence[EmulatedCard], chosen: str, problem: Problem | None
) -> Html:
    about_card = problem is not None and problem.field == "cards"
    error = (
        [element("p", _in(language, problem.message), class_="field__error", id="cards-error")]
        if (problem is not None and about_card)
        else []
    )
    described = "cards-hint cards-error" if about_card else "cards-hint"
    return element(
        "fieldset",
        element("legend", _in(language, say("choose")), class_="field__label"),
        element("p", _in(language, say("choose_hint")), class_="field__hint", id="cards-hint"),
        *error,
        element("div", *(_choice(order, language, card, chosen) for card in cards), class_="choices"),
        class_="field field--error" if about_card else "field",
        id="cards",
        tabindex="-1",
        aria_describedby=described,
    )


def _choice(order: Order, language: Language, card: EmulatedCard, chosen: str) -> Html:
    left = _tries(card, order)
    state = say("tries").format(tries=left) if left else say("locked")
    radio = element(
        "input", type="radio", name="card", value=card.name, checked=card.name == chosen, required=True
    )
    label = element("span", card.label, element("span", _in(language, state), class_="choice__hint"))
    return element("label", radio, label, class_="choice")


def _tries(card: EmulatedCard, order: Order) -> int:
    try:
        return card.tries_left(order.kind)
    except CardError:
        return 0


def _pin_field(order: Order, language: Language, problem: Problem | None) -> Html:
    about_pin = problem is not None and problem.field == "pin"
    error = (
        [element("p", _in(language, problem.message), class_="field__error", id="pin-error")]
        if (problem is not None and about_pin)
        else []
    )
    field = element(
        "input", class_="input input--medium", id="pin", name="pin", type="password", autocomplete="off",
        required=True, maxlength=_PIN_MAX[order.kind], inputmode="numeric" if order.kind == "auth" else "text",
        autocapitalize="characters" if order.kind == "sign" else "off", spellcheck="false",
        aria_describedby="pin-hint pin-error" if about_pin else "pin-hint",
        **({"aria_invalid": "true"} if about_pin else {}),
    )  # fmt: skip
    return element(
        "div",
        element("label", _in(language, say(f"{order.kind}.pin")), class_="field__label", for_="pin"),
        element("p", _in(language, say(f"{order.kind}.hint")), class_="field__hint", id="pin-hint"),
        *error,
        field,
        class_="field field--error" if about_pin else "field",
    )


def return_page(
    order: Order, language: Language, fields: Sequence[tuple[str, str]], *, message: Text | None = None
) -> bytes:
    """The way back: a form to ``return_url``. Without ``message`` a script sends it at once."""
    at_once = message is None
    said = (
        _notice(_in(language, message), "warning")
        if message
        else element("p", _in(language, say("going_back")))
    )
    hidden = (element("input", type="hidden", name=name, value=value) for name, value in fields)
    back = element("button", element("span", _in(language, say("back"))), class_="button", type="submit")
    form = element(
        "form", *hidden, element("div", back, class_="button-row"), method="post", action=order.return_url,
        **({"data_at_once": True} if at_once else {}),
    )  # fmt: skip
    title = say(f"{order.kind}.done") if at_once else say("stopped")
    return page(title, language, said, form, script=at_once)
