"""Every API of the house does what its description (OpenAPI) says, whatever it is sent: schemathesis, seeded and bounded.

Each operation is called with data of its form and with data that breaks it, by a stranger and by somebody signed in. No call
may end in a fault of the server, an answer that is not described, or one that is not of the form described.
"""

from contextlib import nullcontext, suppress
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from pytest_django.fixtures import Settings
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.handover.cast import HAYAMA, system
from tests.house.calling import in_the_tests_transaction
from tests.house.test_house import SOURCE
from tests.portal.cast import Visitor
from tests.portal.conftest import (  # noqa: F401 - fixtures
    authority,
    hanako,
    hanako_card,
    issue,
)
from yakuba.gateway.wire import CONTENT_TYPE

pytestmark = pytest.mark.django_db
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 5  # of each operation, in each mode and each role


schemathesis.serializer.alias(CONTENT_TYPE, "application/octet-stream")


def try_all(document: dict[str, Any], headers: dict[str, str]) -> int:
    """Call every operation of the description; returns how many calls there were."""
    schema = schemathesis.openapi.from_dict(document)
    schema.app = WSGIHandler()
    calls = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:
            cases = operation.as_strategy(generation_mode=mode)

            @settings(max_examples=EXAMPLES, derandomize=True, deadline=None, database=None,
                      phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
            @given(case=cases)
            def run(case: Any) -> None:
                nonlocal calls
                calls += 1
                case.call_and_validate(headers=headers, checks=CHECKS)

            # what takes nothing, or any text, cannot be given anything wrong
            nothing_wrong = suppress(Unsatisfiable) if mode is GenerationMode.NEGATIVE else nullcontext()
            with in_the_tests_transaction(), nothing_wrong:
                run()
    return calls


def _only_here(document: dict[str, Any], name: str) -> None:
    """Ask under the own municipality only: under any other it ends at the gate."""
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] == name:
                    parameter["schema"] = {"type": "string", "enum": [HAYAMA]}


@pytest.fixture
def internet(settings: Settings, authority: Any) -> None:  # noqa: F811
    settings.ZONE, settings.ROOT_URLCONF = "internet", "yakuba.zones.urls.internet"
    settings.YAKUBA_TRUST = settings.NOTICE_ROOT = str(authority.roots_folder.parent)


@pytest.mark.parametrize("who", ["a stranger", "a resident signed in"])
def test_the_portals_api_keeps_its_description(internet: None, hanako: Visitor, who: str) -> None:  # noqa: F811
    headers = {}
    if who.startswith("a resident"):
        hanako.sign_in()
        hanako.get("")  # any page with a form gives the token
        headers["X-CSRFToken"] = hanako.client.cookies["csrftoken"].value
        headers["Cookie"] = "; ".join(f"{name}={one.value}" for name, one in hanako.client.cookies.items())
    document = Client().get("/api/openapi.json").json()
    if headers:
        _only_here(document, "code")
    assert try_all(document, headers) > 15


@pytest.mark.parametrize("who", ["a stranger", "a core system"])
def test_the_hand_over_keeps_its_description(settings: Settings, who: str) -> None:
    settings.ZONE, settings.ROOT_URLCONF = "mynumber", "yakuba.zones.urls.mynumber"
    document = Client().get("/handover/api/openapi.json").json()
    headers = {}
    if who.startswith("a core"):
        headers["Authorization"] = f"Bearer {system(HAYAMA)[1]}"
        _only_here(document, "municipality")
    assert try_all(document, headers) > 30


@pytest.fixture
def gateway_server(settings: Settings) -> None:
    settings.ZONE, settings.ROOT_URLCONF = "internet", "yakuba.gateway.urls"
    settings.GATEWAY_SERVES = True
    settings.MIDDLEWARE = ["yakuba.base.web.SecurityHeaders", "yakuba.base.web.DefaultDeny"]


def test_the_gateway_keeps_its_description(gateway_server: None, settings: Settings) -> None:
    document = yaml.safe_load((SOURCE / "gateway" / "openapi.yaml").read_text())
    assert try_all(document, {}) > 15
