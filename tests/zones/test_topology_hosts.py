"""The rule sets on real hosts: exactly the permitted flows get through, whoever asks, however they forge.

Without rules everything must be open first: otherwise "blocked" would prove nothing.
"""

import os
import re
from pathlib import Path

import pytest

from tests.zones.namespaces.report import EXAMPLE, report, shape
from tests.zones.namespaces.trials import Findings, find_out_all, forge_all, try_all
from tests.zones.namespaces.world import needed, tool, world
from yakuba.zones.topology.loading import load, own_text

MODELS = load(own_text())


@pytest.fixture(scope="module", autouse=True)
def _machine() -> None:
    needed()


@pytest.fixture(scope="module")
def everything() -> dict[str, Findings]:
    return {found.model.id: found for found in find_out_all(MODELS.values())}


@pytest.fixture(params=MODELS)
def found(request: pytest.FixtureRequest, everything: dict[str, Findings]) -> Findings:
    return everything[request.param]


def test_without_rules_every_port_of_every_machine_answers_everybody(found: Findings) -> None:
    assert len(found.control) > 2_000
    assert [each for each in found.control if not each.through] == []


def test_without_rules_forged_addresses_are_let_in(found: Findings) -> None:
    assert len(found.forged_free) > 50
    assert [each for each in found.forged_free if not each.arrived] == []


def test_with_rules_exactly_the_permitted_flows_get_through(found: Findings) -> None:
    assert [each for each in found.ruled if not each.as_demanded] == []
    permitted = {(each.probe.flow, each.probe.version) for each in found.ruled if each.through}
    assert permitted == {(flow, version) for flow in found.model.flows for version in (4, 6)}


def test_a_machine_that_is_taken_over_reaches_no_more_than_before(found: Findings) -> None:
    """Its own packet filter no longer holds anything back: the others' must."""
    assert [each for each in found.taken_over if not each.as_demanded] == []


def test_a_forged_source_address_is_let_in_nowhere(found: Findings) -> None:
    assert len(found.forged) == len(found.forged_free)
    assert [each for each in found.forged if each.arrived] == []


def test_only_a_neighbour_with_a_forged_hardware_address_is_left_to_mtls(found: Findings) -> None:
    """What a packet filter cannot do, said by a test: inside a segment a MAC and an IP address can be taken."""
    assert found.forged_macs
    assert [each for each in found.forged_macs if each.arrived != each.forgery.passes] == []


def test_every_counter_of_a_flow_and_of_what_was_refused_rises(found: Findings) -> None:
    for machine, counts in found.counters.items():
        assert counts["refused-input"] > 0, machine
        assert [name for name, count in counts.items() if name.startswith("flow-") and not count] == [], (
            machine
        )
    for gateway in found.model.gateways:
        assert found.counters[gateway]["refused-forward"] > 0, gateway
    for version in (4, 6):
        forged = [
            c
            for counts in found.counters.values()
            for n, c in counts.items()
            if n.startswith("forged-") and n.endswith(f"v{version}")
        ]
        assert sum(forged) > 0


def test_a_hole_in_the_rules_would_be_seen() -> None:
    """The trials themselves are tried: rules without hardware addresses, and with one port too many."""
    with world(MODELS["alpha"]) as made:
        made.listen()
        made.load_rules(lambda rules: re.sub(r"ether saddr \S+ ", "", rules))
        made.take_over_hosts()
        neighbours = [each for each in forge_all(made, 20_000, macs=False) if each.arrived]
        assert neighbours, "a neighbour's forged address is kept out by hardware addresses alone"
        made.load_rules(lambda rules: rules.replace("tcp dport 8106 ", "tcp dport { 22, 8106 } "))
        seen = [each.probe for each in try_all(made) if not each.as_demanded]
    assert {(probe.source, probe.target, probe.port) for probe in seen} == {("casework", "connect", 22)}


def test_the_report_is_the_one_in_the_docs_but_for_the_figures_of_counters(
    everything: dict[str, Findings], tmp_path: Path
) -> None:
    made = report(list(everything.values()))
    (tmp_path / "report.md").write_text(made, encoding="utf-8")
    assert shape(made) == shape(EXAMPLE.read_text(encoding="utf-8")), (
        "run: python -m tests.zones.namespaces.report"
    )


def test_no_namespace_is_left_behind(everything: dict[str, Findings]) -> None:
    assert everything
    assert [
        line for line in tool("ip", "netns", "list").splitlines() if line.startswith(f"yk{os.getpid()}-")
    ] == []
