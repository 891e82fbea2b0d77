"""Help texts and further places for files of a procedure as rows of its settings form.

Functions of values. A place for files with more than a row can hold (its own kinds of files) stays as data in the form's last part.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from yakuba.procedures.definition import Procedure
from yakuba.procedures.overrides import TOWN_PREFIX

ROWS_SPARE = 2  # empty rows offered for more
LANGUAGES = (("ja", "日本語"), ("en", "英語"), ("easy", "やさしい日本語"))
KINDS = (("file", "書類を付ける欄"), ("static", "説明だけ"))
_HELP = r"help-(\d{1,3})-(?:field|ja|en|easy)"
_PLACE = r"place-(\d{1,3})-(?:hint_)?(?:ja|en|easy)"
_SIMPLE = frozenset({"id", "type", "label", "hint", "required"})
_HELP_EXAMPLE = (
    "通帳の表紙を撮ってください。 / Photograph the cover of the bankbook. / つうちょうの ひょうしの しゃしん"
)
_PLACE_EXAMPLE = "家の間取り図 / Floor plan / いえの まどりず"
Posted = Mapping[str, str]


def rows(posted: Posted, pattern: str) -> int:
    """How many numbered rows ``posted`` fills, with the spare ones."""
    numbers = [
        int(found[1]) for name, value in posted.items() if value and (found := re.fullmatch(pattern, name))
    ]
    return max(numbers, default=-1) + 1 + ROWS_SPARE


def help_rows(posted: Posted) -> int:
    """How many rows of help texts the form shows."""
    return rows(posted, _HELP)


def place_rows(posted: Posted) -> int:
    """How many rows of further places for files the form shows."""
    return rows(posted, _PLACE)


def help_texts(procedure: Procedure, posted: Posted, problems: dict[str, str]) -> dict[str, dict[str, str]]:
    """Field → the municipality's own explanation. A row whose texts are emptied leaves."""
    known = {field.id for _, field in procedure.fields()}
    found: dict[str, dict[str, str]] = {}
    for number in range(help_rows(posted)):
        at = f"help-{number}"
        words = _three(posted, at, f"説明{number + 1}", _HELP_EXAMPLE, problems)
        if not words:
            continue
        name = posted.get(f"{at}-field", "")
        if name not in known:
            problems[f"{at}-field"] = f"説明{number + 1}: どの項目の説明かを選んでください。"
        elif name in found:
            problems[f"{at}-field"] = (
                f"説明{number + 1}: 同じ項目の説明が上にもあります。1つの行にまとめてください。"
            )
        else:
            found[name] = words
    return found


def places(
    procedure: Procedure, posted: Posted, others: Iterable[Mapping[str, Any]], problems: dict[str, str]
) -> list[dict[str, Any]]:
    """The municipality's own places for files and explanations. ``others``: those the form keeps as data."""
    pages = {page.id for page in procedure.pages}
    taken = {field.id for _, field in procedure.fields()} | {_id_of(one) for one in others}
    taken |= {posted.get(f"place-{number}-id", "") for number in range(place_rows(posted))}
    found = []
    for number in range(place_rows(posted)):
        at = f"place-{number}"
        field = _place(posted, number, taken, problems)
        if field is None:
            continue
        if posted.get(f"{at}-page", "") not in pages:
            problems[f"{at}-page"] = f"書類の欄{number + 1}: どのページに出すかを選んでください。"
        taken.add(field["id"])
        found.append({"page": posted.get(f"{at}-page", ""), "field": field})
    return found


def _place(posted: Posted, number: int, taken: set[str], problems: dict[str, str]) -> dict[str, Any] | None:
    at, where = f"place-{number}", f"書類の欄{number + 1}"
    hint = _three(posted, f"{at}-hint", f"{where}の説明", _HELP_EXAMPLE, problems, "_")
    label = _three(posted, at, f"{where}の名前", _PLACE_EXAMPLE, problems)
    if not label:
        if hint:
            problems[f"{at}-ja"] = f"{where}: 名前も書いてください。例: {_PLACE_EXAMPLE}"
        return None
    kind = "static" if posted.get(f"{at}-type") == "static" else "file"
    field: dict[str, Any] = {
        "id": posted.get(f"{at}-id") or _new_id(label["en"], taken),
        "type": kind,
        "label": label,
    }
    if hint:
        field["hint"] = hint
    if kind == "file" and posted.get(f"{at}-required") == "yes":
        field["required"] = True
    return field


def _new_id(english: str, taken: set[str]) -> str:
    """A name for the records made of the English label: Floor plan → town_floor_plan."""
    base = TOWN_PREFIX + (re.sub(r"[^a-z0-9]+", "_", english.casefold()).strip("_")[:36] or "file")
    return next(
        name
        for number in range(1, len(taken) + 2)
        if (name := base if number == 1 else f"{base}_{number}") not in taken
    )


def _three(
    posted: Posted, at: str, what: str, example: str, problems: dict[str, str], dash: str = "-"
) -> dict[str, str]:
    """A text in the three languages, or none at all."""
    words = {
        key: re.sub(r"\s*\n\s*", " ", posted.get(f"{at}{dash}{key}", "").strip()) for key, _ in LANGUAGES
    }
    if not any(words.values()):
        return {}
    for key, language in LANGUAGES:
        if not words[key]:
            problems[f"{at}{dash}{key}"] = f"{what}: {language}の文も書いてください。例: {example}"
    return words


def posted_rows(overrides: Mapping[str, Any]) -> dict[str, str]:
    """The rows' fields for settings as they are kept: the other way round."""
    found: dict[str, str] = {}
    for number, (name, words) in enumerate(overrides.get("help", {}).items()):
        found |= {f"help-{number}-field": name, **_flat(f"help-{number}-", words)}
    for number, one in enumerate(one for one in overrides.get("attachments", ()) if is_row(one)):
        field, at = one["field"], f"place-{number}-"
        found |= {f"{at}page": one["page"], f"{at}id": field["id"], f"{at}type": field["type"]}
        found |= {f"{at}required": "yes" if field.get("required") else ""}
        found |= _flat(at, field["label"]) | _flat(f"{at}hint_", field.get("hint", {}))
    return found


def is_row(attachment: Mapping[str, Any]) -> bool:
    """Whether a row can hold all of a further place for files."""
    field = attachment["field"]
    return field.keys() <= _SIMPLE and (field["type"] == "file" or "required" not in field)


def _flat(at: str, words: Mapping[str, str]) -> dict[str, str]:
    return {f"{at}{key}": value for key, value in words.items()}


def _id_of(attachment: Mapping[str, Any]) -> str:
    field = attachment.get("field")
    return str(field.get("id", "")) if isinstance(field, Mapping) else ""


def help_in_words(procedure: Procedure, settings: Mapping[str, Any]) -> str:
    """Every help text, for the preview and the history."""
    labels = {field.id: field.label.ja for _, field in procedure.fields()}
    return "、".join(
        f"「{labels.get(name, name)}」{_said(words)}" for name, words in settings.get("help", {}).items()
    )


def places_in_words(procedure: Procedure, settings: Mapping[str, Any]) -> str:
    """Every further place for files, for the preview and the history."""
    return "、".join(_place_said(procedure, one) for one in settings.get("attachments", ()))


def _place_said(procedure: Procedure, one: Mapping[str, Any]) -> str:
    titles, field = {page.id: page.title.ja for page in procedure.pages}, one["field"]
    more = {key: value for key, value in field.items() if key not in _SIMPLE}
    said = [
        dict(KINDS).get(field["type"], field["type"]),
        f"ページ「{titles.get(one['page'], one['page'])}」",
    ]
    said += ["必須"] if field.get("required") else []
    said += [f"説明: {_said(field['hint'])}"] if "hint" in field else []
    said += [f"{key}: {value}" for key, value in more.items()]
    return f"「{_said(field['label'])}」({'・'.join(said)})"


def _said(words: Mapping[str, str]) -> str:
    return " / ".join(words.values())
