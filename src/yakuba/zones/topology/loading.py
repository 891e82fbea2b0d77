"""From the text of a topology file to its models; whatever is wrong with the file is said in its own words."""

import functools
import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

import jsonschema_rs
import yaml

from yakuba.zones.topology.model import Address, Control, Flow, Gateway, Host, Model, Service, Zone

FORMAT = "topology/1"
FORMS = ("alpha", "alpha-dash", "beta", "beta-dash")
_HEAD = {"format", "town", "models"}


class NotATopology(Exception):
    """The file cannot be read as a topology.

    Attributes:
        problems: (place in the file, what is wrong), at least one.
    """

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{place}: {wrong}" for place, wrong in problems))


def own_text() -> str:
    """The topology that comes with yakuba."""
    return (files(__package__) / "town.yaml").read_text(encoding="utf-8")


def load(text: str) -> dict[str, Model]:
    """The models of a topology file, by id.

    Raises:
        NotATopology: with every problem found.
    """
    data = _document(text)
    problems: list[tuple[str, str]] = []
    models: dict[str, Model] = {}
    for name, variant in data["models"].items():
        whole = merged(data["town"], variant.get("patch", {}))
        found = [(f"models.{name} → {place}", wrong) for place, wrong in _schema_problems(whole)]
        problems += found
        if not found:
            try:
                models[name] = _model(name, variant, whole)
            except ValueError as error:  # an address that looks like one and is none, e.g. host bits set
                problems.append((f"models.{name}", str(error)))
    if problems:
        raise NotATopology(problems)
    return models


def controls() -> dict[str, Control]:
    """What the rules rest on, by id."""
    data = yaml.safe_load((files(__package__) / "controls.yaml").read_text(encoding="utf-8"))
    return {name: Control(id=name, **fields) for name, fields in data["controls"].items()}


def merged(target: Any, patch: Any) -> Any:
    """JSON Merge Patch (RFC 7386, section 2)."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def _document(text: str) -> dict[str, Any]:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise NotATopology([("ファイル", f"YAML として読めません: {error}")]) from error
    problems = list(_head_problems(data))
    if problems:
        raise NotATopology(problems)
    return dict(data)


def _head_problems(data: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        yield "format", f"はじめに「format: {FORMAT}」と書いてください。"
        return
    for key in sorted(set(map(str, data)) - _HEAD):
        yield key, f"知らない項目です。書けるのは {', '.join(sorted(_HEAD))} です。"
    if not isinstance(data.get("town"), dict):
        yield "town", "zones, gateways, hosts, flows を書いてください。"
    models = data.get("models")
    if not isinstance(models, dict) or not models:
        yield "models", "少なくとも一つ書いてください。例: alpha: {name: αモデル, form: alpha}"
        return
    for name, variant in models.items():
        if not isinstance(variant, dict) or variant.get("form") not in FORMS or not variant.get("name"):
            yield f"models.{name}", f"name と form({', '.join(FORMS)} のどれか)を書いてください。"


@functools.cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    schema = json.loads((files(__package__) / "topology.schema.json").read_text(encoding="utf-8"))
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def _schema_problems(whole: Any) -> list[tuple[str, str]]:
    try:
        errors = list(_validator().iter_errors(whole))
    except UnicodeEncodeError:  # half of a character, which YAML can write as an escape
        return [("", "文字として成り立たないものが含まれています。")]
    return [(".".join(map(str, error.instance_path)), error.message) for error in errors]


def _model(name: str, variant: Mapping[str, Any], whole: Mapping[str, Any]) -> Model:
    return Model(
        id=name,
        name=variant["name"],
        form=variant["form"],
        zones={key: _zone(key, value) for key, value in whole["zones"].items()},
        hosts={key: _host(key, value) for key, value in whole["hosts"].items()},
        gateways={key: _gateway(key, value) for key, value in whole["gateways"].items()},
        flows={key: _flow(key, value) for key, value in whole["flows"].items()},
    )


def _zone(key: str, value: Mapping[str, Any]) -> Zone:
    return Zone(key, value["name"], value["layer"], IPv4Network(value["ipv4"]), IPv6Network(value["ipv6"]))


def _address(value: Mapping[str, Any]) -> Address:
    return Address(
        value.get("interface", "eth0"),
        IPv4Address(value["ipv4"]),
        IPv6Address(value["ipv6"]),
        value.get("mac", ""),
    )


def _gateway(key: str, value: Mapping[str, Any]) -> Gateway:
    return Gateway(key, value["name"], {zone: _address(address) for zone, address in value["joins"].items()})


def _host(key: str, value: Mapping[str, Any]) -> Host:
    services = tuple(
        Service(
            name, service["name"], service["port"], service.get("protocol", "tcp"), service.get("link", "")
        )
        for name, service in value.get("services", {}).items()
    )
    return Host(
        id=key,
        name=value["name"],
        zone=value["zone"],
        role=value["role"],
        address=_address(value["address"]),
        services=services,
        personal_number=value.get("personal_number", False),
        endpoint=tuple(value.get("endpoint", ())),
    )


def _flow(key: str, value: Mapping[str, Any]) -> Flow:
    return Flow(
        id=key,
        source=value["from"],
        target=value["to"],
        direction=value["direction"],
        port=value["port"],
        protocol=value.get("protocol", "tcp"),
        method=value["method"],
        purpose=value["purpose"],
        special=value.get("special", False),
        sanitised=value.get("sanitised", False),
    )
