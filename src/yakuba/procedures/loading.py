"""Reads a definition document into :class:`Procedure` values, one for each of its versions.

Parts that belong to some versions only carry ``versions: [...]``; everything else belongs to all. So one file shows
what a law's change changed, and a version of the past can still be decided by its own form.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.condition_parsing import BadCondition, Names, parse_condition
from yakuba.procedures.conditions import ALWAYS, Condition
from yakuba.procedures.definition import (
    Applicant,
    Check,
    Computed,
    Cosigning,
    Example,
    Field,
    Hint,
    Law,
    Option,
    Page,
    Procedure,
    Term,
)
from yakuba.procedures.faults import DefinitionFault, InvalidDefinition
from yakuba.procedures.meta import shape_faults

Node = Mapping[str, Any]
_PLAIN = (
    *(
        "id",
        "type",
        "example",
        "required",
        "register_of",
        "prefill",
        "means",
        "first_is_subject",
        "review_only",
        "autocomplete",
        "law",
        "default",
        "options_from",
        "unit",
    ),
    *(
        "minimum",
        "maximum",
        "max_length",
        "digits",
        "earliest",
        "latest",
        "uncertain",
        "kana",
        "original_needed",
        "sanitise",
    ),
    "can_follow_later",
)


class Reader:
    """Reads one version; collects mistakes instead of stopping at the first."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.faults: list[DefinitionFault] = []

    def of_this_version(self, nodes: object) -> Iterator[Node]:
        """The mappings of a list that belong to this version."""
        for node in nodes if isinstance(nodes, list) else ():
            if self.version in node.get("versions", (self.version,)):
                yield node

    def condition(self, node: object, names: Names, where: str) -> Condition:
        """The condition, or one that always holds, with a fault noted."""
        if node is None:
            return ALWAYS
        try:
            return parse_condition(node, names)
        except BadCondition as error:
            self.faults.append(DefinitionFault(where, f"the condition {error}"))
            return ALWAYS

    def pages(self, nodes: object) -> tuple[Page, ...]:
        """All pages; each condition sees the fields that stand before it."""
        root: dict[str, str] = {}
        groups: dict[str, Mapping[str, str]] = {}
        return tuple(
            self.page(node, root, groups, f"pages/{node['id']}") for node in self.of_this_version(nodes)
        )

    def page(
        self, node: Node, root: dict[str, str], groups: dict[str, Mapping[str, str]], where: str
    ) -> Page:
        """One page; adds its fields to the names ``root`` and ``groups``."""
        when = self.condition(node.get("when"), Names(root, groups), f"{where}/when")
        fields = []
        for field_node in self.of_this_version(node["fields"]):
            inside = f"{where}/fields/{field_node['id']}"
            fields.append(self.field(field_node, Names(root, groups), inside))
            self.add_name(field_node, root, groups, inside)
        checks = tuple(self.check(check, Names(root, groups), where) for check in node.get("checks", ()))
        return Page(node["id"], _text(node["title"]), tuple(fields), _maybe(node.get("intro")), when, checks)

    def add_name(
        self, node: Node, root: dict[str, str], groups: dict[str, Mapping[str, str]], where: str
    ) -> None:
        if node["id"] in root or node["id"] in groups:
            self.faults.append(
                DefinitionFault(where, f"the id {node['id']!r} is used twice; ids are unique in a file")
            )
        if node["type"] == "group":
            groups[node["id"]] = {
                inner["id"]: inner["type"] for inner in self.of_this_version(node.get("fields"))
            }
        else:
            root[node["id"]] = node["type"]

    def field(self, node: Node, names: Names, where: str) -> Field:
        """One field, a repeating group with the fields inside it."""
        register = node.get("register", {})
        return Field(
            **{key: node[key] for key in _PLAIN if key in node},
            label=_text(node["label"]),
            hint=_maybe(node.get("hint")),
            item_name=_maybe(node.get("item_name")),
            when=self.condition(node.get("when"), names, f"{where}/when"),
            register=MappingProxyType({"": register} if isinstance(register, str) else dict(register)),
            options=tuple(self.options(node.get("options"))),
            fields=tuple(self.inner_fields(node, names, where)),
            household=MappingProxyType(dict(node.get("household", {}))),
            known_from=MappingProxyType(dict(node.get("known_from", {}))),
            accepts=tuple(node.get("accepts", ())),
        )

    def inner_fields(self, group: Node, names: Names, where: str) -> Iterator[Field]:
        """The fields of a repeating group; their conditions see the item's earlier fields first."""
        before: dict[str, str] = {}
        for node in self.of_this_version(group.get("fields")):
            inside = f"{where}/fields/{node['id']}"
            if node["type"] == "group":
                self.faults.append(DefinitionFault(inside, "a repeating group cannot stand inside another"))
                continue
            if node["id"] in before or node["id"] == "id":
                self.faults.append(DefinitionFault(inside, f"the id {node['id']!r} is taken in this group"))
            yield self.field(node, Names(names.root, names.groups, before), inside)
            before[node["id"]] = node["type"]

    def options(self, nodes: object) -> Iterator[Option]:
        for node in self.of_this_version(nodes):
            yield Option(str(node["value"]), _text(node["label"]), _maybe(node.get("hint")))

    def check(self, node: Node, names: Names, where: str) -> Check:
        inside = f"{where}/checks/{node['field']}"
        return Check(node["field"], self.condition(node["wrong_when"], names, inside), _text(node["message"]))

    def eligibility(self, node: Node) -> tuple[Page, tuple[Hint, ...]]:
        """The questions before typing as a page, and the words that follow from their answers."""
        root: dict[str, str] = {}
        groups: dict[str, Mapping[str, str]] = {}
        title = Text("申請できるか確かめる", "Can I apply?", "{申請|しんせい}できるか たしかめる")
        page_node = {"id": "eligibility", "fields": node["questions"], "title": _plain_text(title)}
        if intro := node.get("intro"):
            page_node["intro"] = intro
        page = self.page(page_node, root, groups, "eligibility")
        hints = tuple(
            Hint(
                self.condition(hint["when"], Names(root, groups), f"eligibility/hints/{number}"),
                hint["verdict"],
                _text(hint["text"]),
                hint.get("law"),
            )
            for number, hint in enumerate(self.of_this_version(node["hints"]))
        )
        return page, hints


def _text(node: Mapping[str, str]) -> Text:
    return Text(ja=node["ja"], en=node["en"], easy=node["easy"])


def _plain_text(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en, "easy": text.easy}


def _maybe(node: Mapping[str, str] | None) -> Text | None:
    return None if node is None else _text(node)


def read_procedures(document: Any, source: str) -> tuple[Procedure, ...]:
    """The versions a definition document describes, oldest first.

    Raises:
        InvalidDefinition: wrong shape, or conditions that do not fit the fields.
    """
    if faults := list(shape_faults(document)):
        raise InvalidDefinition(source, faults)
    return tuple(_read_version(document, version, source) for version in document["versions"])


def _read_version(document: Node, version: Node, source: str) -> Procedure:
    reader = Reader(version["version"])
    eligibility, hints = reader.eligibility(document["eligibility"])
    pages = reader.pages(document["pages"])
    if reader.faults:
        raise InvalidDefinition(f"{source} (version {reader.version})", reader.faults)
    until = version.get("valid_until")
    rule = document["signature"]["rule"]
    return Procedure(
        id=document["id"],
        follows=document.get("follows", ""),
        receiver=document.get("receiver", "municipality"),
        rule=document.get("rule", ""),
        version=reader.version,
        valid_from=date.fromisoformat(version["valid_from"]),
        valid_until=date.fromisoformat(until) if until else None,
        title=_text(document["title"]),
        summary=_text(document["summary"]),
        category=document["category"],
        laws=tuple(_law(node) for node in reader.of_this_version(document["laws"])),
        life_events=tuple(document["life_events"]),
        keywords=tuple(document["keywords"]),
        deadline=_term(document["deadline"]),
        processing=_term(document["processing"]),
        applicants=tuple(
            Applicant(node["role"], _text(node["label"]), _maybe(node.get("note")))
            for node in reader.of_this_version(document["applicants"])
        ),
        signature_rule=rule,
        signature="required" if rule == "required" else document["signature"].get("default", "required"),
        availability=document["availability"],
        notices={key: _text(node) for key, node in document["notices"].items()},
        eligibility=eligibility,
        hints=hints,
        pages=pages,
        cosigning=_cosigning(document),
        computed=tuple(
            Computed(node["id"], node["kind"], node["inputs"], node.get("group"))
            for node in reader.of_this_version(document.get("computed"))
        ),
        examples=tuple(_example(node) for node in reader.of_this_version(document["examples"]["sets"])),
        example_settings=document["examples"].get("settings", {}),
        offline=tuple(_text(node) for node in document.get("offline", ())),
    )


def _cosigning(document: Node) -> Cosigning | None:
    node = document.get("cosigning")
    return Cosigning(node["group"], node.get("default", "optional")) if node else None


def _law(node: Node) -> Law:
    return Law(node["law"], node["article"], node.get("url"), node.get("note"))


def _term(node: Node) -> Term:
    return Term(
        _text(node["text"]), node.get("days"), node.get("law"), node.get("sure", True), node.get("note")
    )


def _example(node: Node) -> Example:
    return Example(
        id=node["id"],
        title=_text(node["title"]),
        role=node["role"],
        today=date.fromisoformat(node["today"]),
        answers=node["answers"],
        attachments=tuple(node.get("attachments", ())),
        applicant_for=node.get("applicant_for"),
    )
