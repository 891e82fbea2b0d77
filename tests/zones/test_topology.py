"""The network as data: the town's own models are in order, and every control can be broken and is then explained."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scripts.write_zones_pages import FOLDER, pages

from yakuba.cli import main
from yakuba.zones.topology.allow_list import allow_list
from yakuba.zones.topology.firewall import rule_sets
from yakuba.zones.topology.loading import NotATopology, controls, load, merged, own_text
from yakuba.zones.topology.model import Model
from yakuba.zones.topology.paths import path
from yakuba.zones.topology.probes import forgeries, probes
from yakuba.zones.topology.rules import check

Data = dict[str, Any]
MODELS = load(own_text())


def changed(model: str, change: Callable[[Data], None]) -> Model:
    """The own topology with a change to one model."""
    data = yaml.safe_load(own_text())
    whole = merged(data["town"], copy.deepcopy(data["models"][model].get("patch", {})))
    change(whole)
    variant = {"name": data["models"][model]["name"], "form": data["models"][model]["form"]}
    return load(json.dumps({"format": "topology/1", "town": whole, "models": {model: variant}}))[model]


def codes(model: str, change: Callable[[Data], None]) -> set[str]:
    return {violation.code for violation in check(changed(model, change))}


def flow(**fields: Any) -> Data:
    return {"direction": "outward", "port": 443, "method": "browsing", "purpose": "試験", **fields}


@pytest.mark.parametrize("name", MODELS)
def test_the_towns_own_models_break_no_control(name: str) -> None:
    assert check(MODELS[name]) == []


def add(name: str, **fields: Any) -> Callable[[Data], None]:
    return lambda whole: whole["flows"].update({name: flow(**fields)})


def put(*place: str | Any) -> Callable[[Data], None]:
    """Set the value at a place: the last argument is the value."""
    *keys, last, value = place

    def change(whole: Data) -> None:
        here: Any = whole
        for key in keys:
            here = here[key]
        here[last] = value

    return change


def both(*changes: Callable[[Data], None]) -> Callable[[Data], None]:
    def change(whole: Data) -> None:
        for each in changes:
            each(whole)

    return change


BROKEN = {
    "a zone of a layer twice": ("alpha", put("zones", "lgwan", "layer", "internet"), "Z001"),
    "overlapping prefixes": ("alpha", put("zones", "lgwan", "ipv4", "10.20.0.0/16"), "Z002"),
    "a host in no zone": ("alpha", put("hosts", "core", "zone", "moon"), "Z003"),
    "an address of another zone": ("alpha", put("hosts", "core", "address", "ipv4", "10.20.2.99"), "Z004"),
    "an address twice": ("alpha", put("hosts", "core", "address", "ipv4", "10.20.3.30"), "Z004"),
    "a MAC address twice": ("alpha", put("hosts", "core", "address", "mac", "02:59:4b:00:03:30"), "Z004"),
    "a gateway named like a host": (
        "alpha", lambda whole: whole["gateways"].update(core=whole["gateways"].pop("inner")), "Z005",
    ),
    "a port twice": (
        "alpha", put("hosts", "core", "services", "again", {"name": "再", "port": 8443}), "Z006",
    ),
    "anyone inside": ("alpha", put("hosts", "terminal", "role", "anyone"), "Z007"),
    "a machine without MAC": ("alpha", lambda whole: whole["hosts"]["core"]["address"].pop("mac"), "Z008"),
    "a flow from nowhere": ("alpha", put("flows", "handover", "from", "nobody"), "Z009"),
    "a port nobody listens on": ("alpha", put("flows", "handover", "port", 8444), "Z010"),
    "a flow twice": (
        "alpha", lambda whole: whole["flows"].update(again=whole["flows"]["handover"]), "Z011",
    ),
    "a direction that is not so": ("alpha", put("flows", "lgwan-pull", "direction", "inward"), "Z012"),
    "no way there": ("alpha", lambda whole: whole["gateways"].pop("inner"), "Z013"),
    "a clerk's machine browsing": ("alpha", add("x", **{"from": "desk", "to": "world"}), "Z101"),
    "the internet into the My Number zone": (
        "alpha", add("x", **{"from": "portal", "to": "casework", "direction": "inward"}), "Z101",
    ),
    "a special communication not named so": ("alpha", put("flows", "mynumber-pull", "special", False), "Z102"),
    "the My Number border without mTLS": (
        "alpha", add("x", **{"from": "casework", "to": "business", "special": True, "method": "screen"}), "Z103",
    ),
    "outside into LGWAN": (
        "alpha", add("x", **{"from": "world", "to": "business", "direction": "inward", "method": "public"}), "Z104",
    ),
    "a published page for insiders": (
        "alpha", add("x", **{"from": "browser", "to": "portal", "direction": "within", "method": "public"}), "Z105",
    ),
    "LGWAN fetching from the internet zone": (
        "alpha", add("x", **{"from": "terminal", "to": "portal", "method": "browsing"}), "Z106",
    ),
    "files that are not rebuilt": ("alpha", put("flows", "lgwan-pull", "sanitised", False), "Z107"),
    "a breakout under alpha": (
        "alpha",
        both(
            put("gateways", "breakout", {
                "name": "抜け道",
                "joins": {
                    "outside": {"interface": "o0", "ipv4": "203.0.113.9", "ipv6": "2001:db8:0:1::9", "mac": "02:00:00:00:00:01"},
                    "lgwan": {"interface": "l0", "ipv4": "10.20.2.9", "ipv6": "fd59:414b:2::9", "mac": "02:00:00:00:00:02"},
                },
            }),
            add("x", **{"from": "terminal", "to": "cloud", "method": "breakout"}),
        ),
        "Z108",
    ),
    "a breakout to anyone": ("alpha-dash", put("flows", "breakout", "to", "world"), "Z109"),
    "a breakout from elsewhere": ("alpha-dash", put("flows", "browsing", "method", "breakout"), "Z109"),
    "terminals of beta in LGWAN": (
        "beta",
        both(
            put("hosts", "terminal", "zone", "lgwan"),
            put("hosts", "terminal", "address", {"ipv4": "10.20.2.30", "ipv6": "fd59:414b:2::30", "mac": "02:59:4b:00:02:30"}),
            put("flows", "screen", "direction", "within"),
        ),
        "Z110",
    ),
    "business systems of beta outside LGWAN": ("beta-dash-as-beta", put("hosts", "core", "name", "基幹"), "Z110"),
    "terminals without EDR": ("beta", put("hosts", "terminal", "endpoint", ["epp"]), "Z111"),
    "personal numbers in LGWAN": ("alpha", put("hosts", "business", "personal_number", True), "Z112"),
    "a gateway past a layer": (
        "alpha", put("gateways", "inner", "joins", "internet",
            {"interface": "i0", "ipv4": "10.20.1.9", "ipv6": "fd59:414b:1::9", "mac": "02:00:00:00:00:01"}), "Z113",
    ),
    "an inward connection": (
        "alpha", add("x", **{"from": "portal", "to": "connect", "direction": "inward", "method": "screen"}), "Z114",
    ),
    "a door without mTLS": ("alpha", put("flows", "lgwan-pull", "method", "screen"), "Z115"),
    "a link by a wrong name": ("alpha", put("hosts", "portal", "services", "door", "link", "other-link"), "Z116"),
    "a second caller of a link": (
        "alpha", add("x", **{"from": "terminal", "to": "portal", "port": 8105, "method": "mtls", "sanitised": True}), "Z117",
    ),
    "browsing within a zone": ("alpha", put("flows", "handover", "method", "browsing"), "Z118"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_what_breaks_a_control_is_found(what: str) -> None:
    model, change, code = BROKEN[what]
    if model == "beta-dash-as-beta":
        data = yaml.safe_load(own_text())
        data["models"]["beta-dash"]["form"] = "beta"
        assert code in {violation.code for violation in check(load(json.dumps(data))["beta-dash"])}
        return
    assert code in codes(model, change)


def test_every_rule_has_a_case_that_breaks_it() -> None:
    source = Path(__file__).parents[2] / "src" / "yakuba" / "zones" / "topology"
    text = (source / "rules.py").read_text() + (source / "consistency.py").read_text()
    assert set(re.findall(r'"(Z\d{3})"', text)) == {code for _, _, code in BROKEN.values()}


def test_every_violation_names_a_control_that_is_written_down() -> None:
    known = controls()
    for model, change, _ in BROKEN.values():
        if model in MODELS:
            for violation in check(changed(model, change)):
                assert violation.control in known
                assert violation.wrong
                assert violation.mend
    assert any(not control.sure and control.note for control in known.values())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: [", "ファイル"),
        ("[]", "format"),
        ("format: topology/1\ntown: {}\nmodels: {}", "models"),
        ("format: topology/1\ntown: {}\nmodels: {a: {name: x, form: gamma}}", "models.a"),
        ("format: topology/1\ntown: {}\nmodels: {a: {name: x, form: alpha}}", "models.a → "),
        (own_text().replace("10.20.1.0/24", "10.20.1.7/24"), "models.alpha"),
        (own_text().replace("port: 8105, method", "port: 99999, method"), "models.alpha → flows.lgwan-pull.port"),
        (own_text().replace("interface: middle0", "interface: 'x; drop'").replace("interface: lgwan0", "interface: 'x; drop'"), "models.alpha → gateways.middle.joins.lgwan.interface"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_topology_is_told_where(text: str, place: str) -> None:
    with pytest.raises(NotATopology) as told:
        load(text)
    assert any(where.startswith(place) for where, _ in told.value.problems)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["zones", "hosts", "flows", "gateways", "name", "x"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_no_content_makes_the_reader_stumble(town: Any) -> None:
    data = {"format": "topology/1", "town": town, "models": {"a": {"name": "x", "form": "alpha"}}}
    with pytest.raises(NotATopology) as told:  # nothing made of these pieces is a whole town
        load(json.dumps(data))
    assert told.value.problems


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_ways_are_the_same_there_and_back(model: Model) -> None:
    for source in model.zones:
        for target in model.zones:
            there, back = path(model, source, target), path(model, target, source)
            assert there is not None
            assert back is not None
            assert [hop.gateway.id for hop in there] == [hop.gateway.id for hop in reversed(back)]


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_every_machine_of_the_town_drops_what_it_does_not_know(model: Model) -> None:
    sets = rule_sets(model)
    own = {host.id for host in model.hosts.values() if model.layer(host.zone)} | set(model.gateways)
    assert set(sets) == own
    for text in sets.values():
        assert text.count("policy drop;") == 3
        assert "policy accept" not in text
    for name in model.gateways:
        assert "forged-" in sets[name]


def test_every_flow_is_counted_on_both_ends_and_between_in_both_versions() -> None:
    sets = rule_sets(MODELS["alpha"])
    for machine in ("casework", "inner", "connect"):
        for version in (4, 6):
            assert f"counter name flow-mynumber-pull-v{version} accept" in sets[machine]
    assert "mynumber-pull" not in "".join(sets[name] for name in ("middle", "edge", "portal", "desk"))


def test_a_flow_over_udp_becomes_a_rule_over_udp() -> None:
    def with_clock(whole: Data) -> None:
        whole["hosts"]["core"]["services"]["clock"] = {"name": "時刻", "port": 123, "protocol": "udp"}
        whole["flows"]["clock"] = flow(
            **{
                "from": "casework",
                "to": "core",
                "port": 123,
                "protocol": "udp",
                "direction": "within",
                "method": "internal",
            }
        )

    model = changed("alpha", with_clock)
    assert check(model) == []
    assert "udp dport 123 ct state new counter name flow-clock-v6 accept" in rule_sets(model)["core"]
    assert {probe.protocol for probe in probes(model) if probe.flow == "clock"} == {"udp"}


def test_the_allow_list_has_one_caller_per_link() -> None:
    doors = allow_list(MODELS["alpha"])
    assert {link: (door["caller"], door["server"]) for link, door in doors.items()} == {
        "internet-lgwan": ("connect", "portal"),
        "lgwan-mynumber": ("casework", "connect"),
    }
    assert doors["lgwan-mynumber"]["client_certificate"] == "CN=yakuba mynumber"


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_probes_cover_every_pair_and_permit_exactly_the_flows(model: Model) -> None:
    tried = list(probes(model))
    assert {probe.flow for probe in tried if probe.open} == set(model.flows)
    own = [name for name, host in model.hosts.items() if model.layer(host.zone)]
    pairs = {(probe.source, probe.target) for probe in tried}
    assert {(a, b) for a in own for b in (*model.hosts, *model.gateways) if a != b} <= pairs
    assert sum(probe.open for probe in tried) < len(tried) / 50
    assert any(forgery.mac for forgery in forgeries(model))


def test_pictures_and_tables_in_the_docs_are_what_the_data_says() -> None:
    assert {name: (FOLDER / name).read_text() for name in pages()} == pages(), (
        "run: python scripts/write_zones_pages.py"
    )


def test_check_explains_a_violation_with_its_control_and_what_would_mend_it(tmp_path: Path) -> None:
    file = tmp_path / "town.yaml"
    file.write_text(own_text().replace("sanitised: true", "sanitised: false"))
    told = CliRunner().invoke(main, ["zones", "check", str(file), "--model", "alpha"])
    assert told.exit_code == 1
    assert "Z107 flows.lgwan-pull: 取り込むファイルが無害化されません。" in told.output
    assert "きまり: LGWAN接続系とインターネット接続系の分割" in told.output
    assert "直しかた: " in told.output
    refused = CliRunner().invoke(main, ["zones", "render", str(file), "--out", str(tmp_path / "out")])
    assert refused.exit_code == 1
    assert not (tmp_path / "out").exists()


def test_render_writes_everything_for_every_model(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["zones", "render", "--out", str(tmp_path)])
    assert done.exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == set(MODELS)
    made = {str(path.relative_to(tmp_path / "alpha")) for path in (tmp_path / "alpha").rglob("*.*")}
    assert {
        "nftables/middle.nft",
        "nftables/portal.nft",
        "mtls-allow.json",
        "probes.json",
        "alpha.svg",
        "alpha.md",
    } <= made
    unknown = CliRunner().invoke(main, ["zones", "check", "--model", "gamma"])
    assert "あるのは alpha, alpha-dash" in unknown.output
