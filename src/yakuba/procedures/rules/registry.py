"""The rules by procedure, found through the definitions: each names the module that decides it (``rule: kaigo``).

The modules are looked up by name because a list of them here would be a second place to touch for every procedure.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, Protocol

from yakuba.procedures import registry
from yakuba.procedures.rules.answers import Known
from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.parameters import Parameters

_PACKAGE = "yakuba.procedures.rules"


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


class NoSuchRule(LookupError):
    """A definition names a rule that is none; ``rule`` carries the name."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(
            f"there is no rule {rule!r}: it names a module of {_PACKAGE} with facts_from and decide, e.g. 'kaigo'"
        )


@cache
def rule_named(name: str) -> Rule:
    """The rule in the module ``name`` below :mod:`yakuba.procedures.rules`.

    Raises:
        NoSuchRule: there is no such module, or it does not decide.
    """
    try:
        module = import_module(f"{_PACKAGE}.{name}")
        return Rule(module.facts_from, module.decide)
    except (ModuleNotFoundError, AttributeError) as error:
        raise NoSuchRule(name) from error


@cache
def rules() -> Mapping[str, Rule]:
    """Every procedure's rule by the procedure's id; without those that people alone decide.

    Raises:
        NoSuchRule: a definition names a rule that is none.
    """
    named = {each: registry.versions(each)[-1].rule for each in registry.procedure_ids()}
    return {each: rule_named(name) for each, name in named.items() if name}


def decided(
    application: Known, register: Known, received_on: date, as_of: date, parameters: Parameters
) -> Decision:
    """What the rules say about a canonical ``application``.

    ``register``: what the town knows, keys as the procedure's ``facts_from`` names them.

    Raises:
        KeyError: the procedure has no rules.
        ValueError: a clerk's entry lies outside what the law allows; the message says which.
    """
    rule = rules()[str(application["procedure"])]
    return rule.decide(application, rule.facts_from(application, register, received_on), as_of, parameters)
