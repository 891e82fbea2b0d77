"""The parameters of law with this municipality's own values where the law leaves them to it: the edge to the settings."""

import logging
from collections.abc import Mapping
from typing import Any

from yakuba.casework.models import MunicipalValue
from yakuba.procedures.rules.parameters import (
    MunicipalSettingError,
    Parameter,
    ParameterError,
    Parameters,
    load_parameters,
)

_log = logging.getLogger(__name__)


def town_values() -> dict[str, Any]:
    """What the municipality has set, by parameter; inside ``under(municipality)``."""
    return dict(MunicipalValue.objects.values_list("name", "value"))


def parameters_here() -> Parameters:
    """The parameters in force here. A value that a change of the law no longer allows counts for nothing (the log says so)."""
    return with_values(load_parameters(), town_values())


def with_values(parameters: Parameters, values: Mapping[str, Any]) -> Parameters:
    """``parameters`` under those ``values`` that the law still leaves to a municipality. A function of values."""
    for name, value in values.items():
        try:
            parameters = parameters.with_municipal({name: value})
        except (MunicipalSettingError, ParameterError) as error:
            _log.warning("casework.municipal_value_not_allowed %s: %s", name, error)
    return parameters


def settable(procedure_id: str, rule: str) -> list[Parameter]:
    """The parameters a municipality may set for a procedure with one field each: its clock, and those of its rule's
    family. Tables (points, lists of documents) have no field."""
    family = rule.partition(".")[0]
    named = load_parameters().by_name.values()
    mine = (
        one for one in named if one.name == f"clock.{procedure_id}" or one.name.partition(".")[0] == family
    )
    return [one for one in mine if one.municipal and has_field(one)]


def has_field(parameter: Parameter) -> bool:
    """Whether one field can hold it: a number, a choice, yes or no."""
    value = parameter.history[-1].value
    return bool(parameter.choices) or parameter.limits is not None or isinstance(value, bool)
