"""A definition as a document: a blank one, one made from a national definition, its faults, its text."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import yaml

from yakuba.procedures.checks import definition_faults
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Procedure
from yakuba.procedures.faults import DefinitionFault, InvalidDefinition, InvalidOverrides
from yakuba.procedures.fragments import with_fragments
from yakuba.procedures.loading import read_procedures
from yakuba.procedures.overrides import effective
from yakuba.procedures.validation import validate_all

Document = dict[str, Any]
OWN_PREFIX = "machi-"  # a municipality's own ids; no national definition begins so
LONGEST = 400_000  # characters of a document's text: several times the longest national definition


class DatesAsText(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML whose dates stay text: a definition compares and prints them as written."""


DatesAsText.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in DatesAsText.yaml_implicit_resolvers.items()
}


def said(ja: str, en: str = "", easy: str = "") -> dict[str, str]:
    """A text of a document; what is not written in English or easy Japanese yet is shown in Japanese."""
    return {"ja": ja, "en": en or ja, "easy": easy or ja}


def blank(procedure_id: str, title: str) -> Document:
    """The beginning of a municipality's own procedure: one page with one question.

    What only the municipality can say (the by-law, an example) is left to be written; its faults say so.
    """
    return {
        "id": procedure_id,
        "versions": [{"version": "1", "valid_from": "2000-01-01"}],
        "title": said(title),
        "summary": said(""),
        "category": "town",
        "laws": [],
        "life_events": [],
        "keywords": [title],
        "deadline": {"text": said("期限はありません。", "There is no deadline.", "いつでも {出|だ}せます。")},
        "processing": {"text": said("")},
        "applicants": [{"role": "self", "label": said("本人", "The person concerned", "{本人|ほんにん}")}],
        "signature": {"rule": "municipality_decides", "default": "login"},
        "availability": "always",
        "notices": {},
        "eligibility": {"questions": [], "hints": []},
        "pages": [
            {"id": "page1", "title": said("申請の内容", "Your application", "{申請|しんせい}の {内容|ないよう}"), "fields": []}
        ],
        "examples": {"sets": []},
    }  # fmt: skip


def standalone(document: Mapping[str, Any], version: str, fragments: Mapping[str, Any]) -> Document:
    """A national definition's ``document`` as it stands in one ``version``: shared fragments written out, parts of
    other versions left out, so that it can be changed and read by itself."""
    whole = with_fragments(document, fragments, str(document.get("id")))
    kept = _of_version(whole, version)
    kept["versions"] = [{"version": "1", "valid_from": "2000-01-01"}]
    return without_rule(kept)


def without_rule(document: Mapping[str, Any]) -> Document:
    """The document without the program that decides it: what a municipality writes itself, people decide."""
    return {key: value for key, value in document.items() if key != "rule"}


def _of_version(node: Any, version: str) -> Any:
    if isinstance(node, list):
        return [
            _of_version(child, version)
            for child in node
            if not isinstance(child, dict) or version in child.get("versions", (version,))
        ]
    if not isinstance(node, dict):
        return node
    return {
        key: _of_version(child, version)
        for key, child in node.items()
        if key != "versions" or not _is_version_list(child)
    }


def _is_version_list(node: Any) -> bool:
    """``versions: ["2024-10"]`` on a part; the frame's own ``versions`` is a list of mappings."""
    return isinstance(node, list) and all(isinstance(one, str) for one in node)


def checked(document: Any, source: str, fragments: Mapping[str, Any] | None = None) -> tuple[Procedure, ...]:
    """The versions a document describes.

    Raises:
        InvalidDefinition: anything wrong with it; says all mistakes at once.
    """
    versions = read_procedures(with_fragments(document, fragments or {}, source), source)
    if faults := [fault for version in versions for fault in definition_faults(version)]:
        raise InvalidDefinition(source, list(dict.fromkeys(faults)))
    return versions


def faults_of(document: Mapping[str, Any]) -> tuple[DefinitionFault, ...]:
    """Everything wrong with a document, its examples filled in on its own form included; none if it can be used."""
    try:
        versions = checked(document, str(document.get("id")))
    except InvalidDefinition as error:
        return error.faults
    return tuple(fault for version in versions for fault in _example_faults(version))


def in_example_town(procedure: Procedure) -> Procedure:
    """The procedure under its own example settings, so that its municipal lists (nurseries, disasters) have entries.

    Raises:
        InvalidOverrides: the settings do not fit it.
    """
    return effective(procedure, dict(procedure.example_settings))


def _example_faults(procedure: Procedure) -> Iterator[DefinitionFault]:
    try:
        offered = in_example_town(procedure)
    except InvalidOverrides as error:
        yield from error.faults
        return
    for example in procedure.examples:
        context = Context(example.today, example.role)
        for problem in validate_all(offered, example.answers, context, example.attachments):
            yield DefinitionFault(f"examples/{example.id}/{problem.path}", problem.message.ja)


def showable(document: Mapping[str, Any]) -> Document:
    """The document with what is still to be written filled up, so that its pages can be looked at already."""
    shown: Document = {**document}
    role = next((one["role"] for one in document.get("applicants", ())), "self")
    if not document["examples"].get("sets"):
        example = {"id": "x", "title": said("-"), "role": role, "today": "2026-01-01", "answers": {}}
        shown["examples"] = {**document["examples"], "sets": [example]}
    for name in ("title", "summary"):
        shown[name] = {key: value or "-" for key, value in document[name].items()}
    shown["processing"] = {
        **document["processing"],
        "text": {k: v or "-" for k, v in document["processing"]["text"].items()},
    }
    shown["laws"] = document["laws"] or [{"law": "-", "article": "-"}]
    shown["keywords"] = document["keywords"] or ["-"]
    return shown


def dated(document: Mapping[str, Any], version: str, valid_from: date) -> Document:
    """The document as the one version ``version``, valid from that day (until the day it says itself, if it does)."""
    now = dict(document["versions"][0])
    until = {"valid_until": now["valid_until"]} if "valid_until" in now else {}
    return {
        **document,
        "versions": [{"version": version, "valid_from": valid_from.isoformat(), **until}],
    }


def as_text(document: Mapping[str, Any]) -> str:
    """The document as YAML, for people."""
    return yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=110)


class Unreadable(ValueError):
    """A text that is no document; ``line`` is where reading stopped (1-based), if that is known."""

    def __init__(self, says: str, line: int | None = None) -> None:
        self.says, self.line = says, line
        super().__init__(says)


def from_text(text: str) -> Document:
    """The document written as YAML (or JSON).

    Raises:
        Unreadable: no YAML, no mapping, or too long.
    """
    if len(text) > LONGEST:
        raise Unreadable(f"長すぎます({len(text):,}文字)。{LONGEST:,}文字までにしてください。")
    try:
        found = yaml.load(text, Loader=DatesAsText)  # noqa: S506 - a safe loader without timestamps
        json.dumps(found)  # plain values only, and no value that contains itself
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise Unreadable(
            f"{line or '?'}行目から読めません。字下げ、コロン、引用符を確かめてください。", line
        ) from error
    except (yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
        raise Unreadable("読めない文字や書き方があります。YAML の文章にしてください。") from error
    if not isinstance(found, dict):
        raise Unreadable("定義は「id: machi-kyushoku」のような「項目: 値」の並びで書きます。")
    return found
