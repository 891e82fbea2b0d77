"""The rules by procedure id, for who decides without knowing which procedure it is."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

from yakuba.procedures.rules import hoiku, jidou_teate, kaigo, risai
from yakuba.procedures.rules.answers import Known
from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.parameters import Parameters


class Decide(Protocol):
    """A procedure's ``decide``."""

    def __call__(self, application: Known, facts: Any, as_of: date, parameters: Parameters) -> Decision:
        """The decision on an application."""


class FactsFrom(Protocol):
    """A procedure's ``facts_from``."""

    def __call__(self, application: Known, register: Known, received_on: date) -> Any:
        """The facts of an application."""


class Rule(NamedTuple):
    """How one procedure is decided."""

    facts_from: FactsFrom
    decide: Decide


RULES: Mapping[str, Rule] = {
    "hoiku-moushikomi": Rule(hoiku.facts_from, hoiku.decide),
    "jidou-teate-nintei": Rule(jidou_teate.facts_from, jidou_teate.decide),
    "kaigo-nintei": Rule(kaigo.facts_from, kaigo.decide),
    "risai-shoumei": Rule(risai.facts_from, risai.decide),
}


def decided(
    application: Known, register: Known, received_on: date, as_of: date, parameters: Parameters
) -> Decision:
    """What the rules say about a canonical ``application``.

    ``register``: what the town knows, keys as the procedure's ``facts_from`` names them.

    Raises:
        KeyError: the procedure has no rules.
        ValueError: a clerk's entry lies outside what the law allows; the message says which.
    """
    rule = RULES[str(application["procedure"])]
    return rule.decide(application, rule.facts_from(application, register, received_on), as_of, parameters)
