"""The agent's pages: simple, in three languages, complete without JavaScript."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from yakuba.base.texts import Language, Text
from yakuba.card.agent.html import Html, element, words
from yakuba.card.agent.layout import NOTHING, language_chooser, notice, page, said, say
from yakuba.card.agent.orders import Order
from yakuba.card.interface import CardError, NamedCard

_MOST_SHOWN: Final = 100_000
_PIN_MAX: Final = {"sign": "16", "auth": "4"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right on the form: the field it is about ("cards" or "pin"), and the words."""

    field: str
    message: Text


@dataclass(frozen=True, slots=True)
class Screen:
    """What the order's page shows: the order, in which language, the cards, the one chosen, and what is wrong."""

    order: Order
    language: Language
    token: str
    cards: Sequence[NamedCard]
    chosen: str = ""
    problem: Problem | None = None

    def said(self, key: str) -> Html:
        """A text of ``texts/agent.yaml`` in the screen's language."""
        return said(self.language, say(key))

    def problem_with(self, field: str) -> Html | None:
        """The words about ``field``, if something is wrong with it."""
        if self.problem is None or self.problem.field != field:
            return None
        return said(self.language, self.problem.message)


def running(language: Language, allowed: Sequence[str], cards: Sequence[NamedCard]) -> bytes:
    """What the agent's address itself shows."""
    labels = [card.label for card in cards]
    parts = [
        element("p", said(language, say("running.body"))),
        element("h2", said(language, say("running.allowed"))),
        _listed(allowed),
        element("h2", said(language, say("running.cards"))),
        _listed(labels) if labels else element("p", said(language, say("running.no_cards"))),
    ]
    return page(say("running.title"), language, parts)


def _listed(items: Sequence[str]) -> Html:
    return element("ul", *(element("li", item) for item in items))


def refused(language: Language, why: str) -> bytes:
    """A refusal in words, without a way on."""
    return page(say("refused.title"), language, [notice(said(language, say(f"refused.{why}")), "error")])


def order_page(screen: Screen) -> bytes:
    """What will be signed, which card, and the PIN."""
    kind, language = screen.order.kind, screen.language
    parts = [
        _problem_summary(screen),
        element("p", screen.said(f"{kind}.lead")),
        _asked(screen),
        _raw_content(screen) if kind == "sign" else NOTHING,
        _form(screen),
    ]
    prefix = f"{say('problem').in_language(language)}: " if screen.problem else ""
    chooser = language_chooser(screen.token, language)
    return page(say(f"{kind}.title"), language, parts, chooser=chooser, prefix=prefix)


def _problem_summary(screen: Screen) -> Html:
    if screen.problem is None:
        return NOTHING
    link = element("a", said(screen.language, screen.problem.message), href=f"#{screen.problem.field}")
    heading = element("h2", screen.said("problem"), id="problem")
    listed = element("ul", element("li", link))
    return element("div", heading, listed, class_="error-summary", role="alert", aria_labelledby="problem")


def _asked(screen: Screen) -> Html:
    """Who asks, for what, and (for a signature) the rows the portal gives to show what it is about."""
    order = screen.order
    rows = [_fact(screen.said("asked_by"), order.sender)]
    if order.title:
        rows.append(_fact(screen.said("what"), words(order.title)))
    # Labels are the portal's words and may carry readings; values are what the resident typed, shown as they are.
    rows += [_fact(words(label), value) for label, value in order.summary]
    return element("dl", *rows, class_="facts")


def _fact(label: Html, value: str) -> Html:
    return element("div", element("dt", label), element("dd", value))


def _raw_content(screen: Screen) -> Html:
    """The very bytes that will be signed, whatever the portal says they mean."""
    content = screen.order.content
    measured = say("size").format(octets=len(content), digest=hashlib.sha256(content).hexdigest())
    return element(
        "details",
        element("summary", screen.said("raw")),
        element("p", said(screen.language, measured)),
        # Readable by keyboard where it scrolls (WCAG 2.1.1), hence the tabindex.
        element("pre", content[:_MOST_SHOWN].decode("utf-8", "replace"), class_="scroll", tabindex="0"),
    )


def _form(screen: Screen) -> Html:
    return element(
        "form",
        element("input", type="hidden", name="token", value=screen.token),
        element("input", type="hidden", name="lang", value=screen.language),
        _card_choice(screen),
        _pin_field(screen),
        element("div", _go_button(screen), _cancel_button(screen), class_="button-row"),
        method="post",
        action="/confirm",
        autocomplete="off",
    )


def _go_button(screen: Screen) -> Html:
    label = element("span", screen.said(f"{screen.order.kind}.go"))
    return element("button", label, class_="button", type="submit", name="action", value="go")


def _cancel_button(screen: Screen) -> Html:
    """Ends the order; nothing need be filled in for that."""
    return element(
        "button", element("span", screen.said("cancel")), class_="button button--secondary", type="submit",
        name="action", value="cancel", formnovalidate=True,
    )  # fmt: skip


def _field_error(screen: Screen, field: str) -> Html:
    wrong = screen.problem_with(field)
    return element("p", wrong, class_="field__error", id=f"{field}-error") if wrong else NOTHING


def _field_class(screen: Screen, field: str) -> str:
    return "field field--error" if screen.problem_with(field) else "field"


def _described_by(screen: Screen, field: str) -> str:
    return f"{field}-hint {field}-error" if screen.problem_with(field) else f"{field}-hint"


def _card_choice(screen: Screen) -> Html:
    return element(
        "fieldset",
        element("legend", screen.said("choose"), class_="field__label"),
        element("p", screen.said("choose_hint"), class_="field__hint", id="cards-hint"),
        _field_error(screen, "cards"),
        element("div", *(_choice(screen, card) for card in screen.cards), class_="choices"),
        class_=_field_class(screen, "cards"),
        id="cards",
        tabindex="-1",
        aria_describedby=_described_by(screen, "cards"),
    )


def _choice(screen: Screen, card: NamedCard) -> Html:
    left = _tries(screen.order, card)
    state = say("tries").format(tries=left) if left else say("locked")
    checked = card.name == screen.chosen or len(screen.cards) == 1
    radio = element("input", type="radio", name="card", value=card.name, checked=checked, required=True)
    hint = element("span", said(screen.language, state), class_="choice__hint")
    return element("label", radio, element("span", card.label, hint), class_="choice")


def _tries(order: Order, card: NamedCard) -> int:
    try:
        return card.tries_left(order.kind)
    except CardError:
        return 0


def _pin_field(screen: Screen) -> Html:
    kind = screen.order.kind
    field = element(
        "input", class_="input input--medium", id="pin", name="pin", type="password", autocomplete="off",
        required=True, maxlength=_PIN_MAX[kind], inputmode="numeric" if kind == "auth" else "text",
        autocapitalize="characters" if kind == "sign" else "off", spellcheck="false",
        aria_describedby=_described_by(screen, "pin"),
        aria_invalid="true" if screen.problem_with("pin") else "false",
    )  # fmt: skip
    return element(
        "div",
        element("label", screen.said(f"{kind}.pin"), class_="field__label", for_="pin"),
        element("p", screen.said(f"{kind}.hint"), class_="field__hint", id="pin-hint"),
        _field_error(screen, "pin"),
        field,
        class_=_field_class(screen, "pin"),
    )


def return_page(
    order: Order, language: Language, fields: Sequence[tuple[str, str]], message: Text | None
) -> bytes:
    """The way back: a form to ``return_url``. Without a ``message`` to read first, a script sends it at once."""
    at_once = message is None
    lead = (
        notice(said(language, message), "warning")
        if message
        else element("p", said(language, say("going_back")))
    )
    form = element(
        "form",
        *(element("input", type="hidden", name=name, value=value) for name, value in fields),
        element("div", _back_button(language), class_="button-row"),
        method="post",
        action=order.return_url,
        data_at_once=at_once,
    )
    done = fields[-1][0] == "result"
    title = say(f"{order.kind}.done") if done else say("stopped")
    return page(title, language, [lead, form], script=at_once)


def _back_button(language: Language) -> Html:
    return element("button", element("span", said(language, say("back"))), class_="button", type="submit")
