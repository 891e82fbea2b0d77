"""A procedure's municipal settings as a form: what was typed becomes settings, or words that say what to write instead.

Functions of values. What a form field cannot hold (which kinds of files a place takes) stays as data, checked the same.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yakuba.casework import setting_rows
from yakuba.casework.errors import Incomplete
from yakuba.casework.setting_rows import LANGUAGES, rows
from yakuba.procedures.definition import Field, Procedure
from yakuba.procedures.overrides import option_lists, takes_public_account
from yakuba.procedures.rules.parameters import Parameter

DECLARED = "disasters"  # a list the desk keeps by itself
REST = ("accepts", "sanitise", "attachments", "contact")
_VALUE = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
Posted = Mapping[str, str]


@dataclass
class Typed:
    """The settings as typed, and what is wrong with them by the name of the field."""

    open: bool = True
    signature: str = "required"
    overrides: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def read(procedure: Procedure, settable: list[Parameter], posted: Posted) -> Typed:
    """What the form says.

    Raises:
        Incomplete: with every field that cannot be understood.
    """
    typed = Typed(posted.get("open") == "yes", _signature(procedure, posted))
    typed.overrides = _rest(posted, typed.problems)
    kept_as_data = typed.overrides.get("attachments", [])
    found = {
        "periods": _periods(posted, typed.problems),
        "roles": {
            one.role: False for one in procedure.applicants[1:] if posted.get(f"role-{one.role}") != "yes"
        },
        "hide": [one.id for one in adjustable(procedure) if posted.get(f"field-{one.id}") == "hide"],
        "required": {
            one.id: True for one in adjustable(procedure) if posted.get(f"field-{one.id}") == "required"
        },
        "options": _options(procedure, posted, typed.problems),
        "second_signature": _second_signature(procedure, posted),
        "public_account": posted.get("public_account") == "yes" and takes_public_account(procedure),
        "processing_days": _days(posted, typed.problems),
        "help": setting_rows.help_texts(procedure, posted, typed.problems),
        "attachments": [
            *setting_rows.places(procedure, posted, kept_as_data, typed.problems), *kept_as_data
        ],
    }  # fmt: skip
    typed.overrides |= {key: value for key, value in found.items() if value}
    for one in settable:
        _parameter(one, posted.get(f"parameter-{one.name}", "").strip(), typed)
    if typed.problems:
        raise Incomplete(typed.problems)
    return typed


def adjustable(procedure: Procedure) -> list[Field]:
    """The optional fields a municipality may ask for or leave out."""
    found = [one for _, one in procedure.fields()]
    return [
        one for one in found if not (one.required or one.is_group or one.type in ("static", "declaration"))
    ]


def lists_of(procedure: Procedure) -> list[str]:
    """The lists the municipality fills in (nurseries and the like)."""
    return [name for name in option_lists(procedure) if name != DECLARED]


def posted_from(
    procedure: Procedure, overrides: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, str]:
    """The form's fields for settings as they are kept: the other way round."""
    found = {f"field-{name}": "hide" for name in overrides.get("hide", ())}
    found |= {f"field-{name}": "required" for name, needed in overrides.get("required", {}).items() if needed}
    for number, period in enumerate(overrides.get("periods", ())):
        found |= {f"period-{number}-from": period["from"], f"period-{number}-until": period["until"]}
    roles = overrides.get("roles", {})
    found |= {f"role-{one.role}": "yes" for one in procedure.applicants if roles.get(one.role, True)}
    for name in lists_of(procedure):
        for number, option in enumerate(overrides.get("options", {}).get(name, ())):
            found[f"option-{name}-{number}-value"] = option["value"]
            found |= {f"option-{name}-{number}-{key}": option["label"][key] for key, _ in LANGUAGES}
    found |= {f"parameter-{name}": _plain(value) for name, value in values.items()}
    if procedure.cosigning:
        found["second_signature"] = overrides.get("second_signature", procedure.second_signature)
    found["public_account"] = "yes" if overrides.get("public_account") else ""
    found["processing_days"] = str(overrides.get("processing_days", ""))
    rest = {key: overrides[key] for key in REST if overrides.get(key)}
    if kept := [one for one in rest.pop("attachments", ()) if not setting_rows.is_row(one)]:
        rest["attachments"] = kept
    found |= setting_rows.posted_rows(overrides)
    return found | {"rest": json.dumps(rest, ensure_ascii=False, indent=2) if rest else ""}


def _plain(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _signature(procedure: Procedure, posted: Posted) -> str:
    if procedure.signature_rule == "required":
        return "required"
    return "login" if posted.get("signature") == "login" else "required"


def _second_signature(procedure: Procedure, posted: Posted) -> str:
    """What differs from the national definition; empty where nothing does."""
    said = posted.get("second_signature", "")
    known = procedure.cosigning is not None and said in ("off", "optional", "required")
    return said if known and said != procedure.second_signature else ""


def _periods(posted: Posted, problems: dict[str, str]) -> list[dict[str, str]]:
    found = []
    for number in range(rows(posted, r"period-(\d{1,3})-(?:from|until)")):
        begins, ends = (posted.get(f"period-{number}-{end}", "").strip() for end in ("from", "until"))
        if not (begins or ends):
            continue
        where = f"period-{number}-from"
        if not (_is_day(begins) and _is_day(ends)):
            problems[where] = (
                f"受付期間{number + 1}: 始まりと終わりの日を両方書いてください。例: 2026-12-01 から 2026-12-25"
            )
        elif ends < begins:
            problems[where] = f"受付期間{number + 1}: 終わりの日は、始まりの日以後にしてください。"
        else:
            found.append({"from": begins, "until": ends})
    return sorted(found, key=lambda one: one["from"])


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _days(posted: Posted, problems: dict[str, str]) -> int | None:
    text = posted.get("processing_days", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 365:
        return int(text)
    problems["processing_days"] = "住民に見せる期間は、1から365までの日数を数字で書いてください。例: 30"
    return None


def _options(
    procedure: Procedure, posted: Posted, problems: dict[str, str]
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for name in lists_of(procedure):
        kept = [
            one
            for number in range(rows(posted, rf"option-{re.escape(name)}-(\d{{1,3}})-\w+"))
            if (one := _option(name, number, posted, problems))
        ]
        if kept:
            found[name] = kept
    return found


def _option(name: str, number: int, posted: Posted, problems: dict[str, str]) -> dict[str, Any] | None:
    at = f"option-{name}-{number}"
    label = {key: posted.get(f"{at}-{key}", "").strip() for key, _ in LANGUAGES}
    value = posted.get(f"{at}-value", "").strip()
    if not any(label.values()):
        return None  # an emptied row leaves the list
    for key, language in LANGUAGES:
        if not label[key]:
            problems[f"{at}-{key}"] = (
                f"{number + 1}行目: {language}の名前も書いてください。例: 葉山保育園 / Hayama Nursery / はやまほいくえん"
            )
    if not _VALUE.fullmatch(value):
        problems[f"{at}-value"] = (
            f"{number + 1}行目: 記号名を英小文字・数字・ハイフンで書いてください。例: hayama-nursery"
        )
    return {"value": value, "label": label}


def _parameter(parameter: Parameter, text: str, typed: Typed) -> None:
    """One value of law left to the municipality; blank: the starting value."""
    if not text:
        return
    name, limits = f"parameter-{parameter.name}", parameter.limits
    if parameter.choices:
        typed.parameters[parameter.name] = text
        if text not in parameter.choices:
            typed.problems[name] = f"「{parameter.ja}」は、選択肢から選んでください。"
    elif limits is None:
        typed.parameters[parameter.name] = text == "yes"
    elif text.isascii() and text.isdigit() and limits[0] <= int(text) <= limits[1]:
        typed.parameters[parameter.name] = int(text)
    else:
        typed.problems[name] = (
            f"「{parameter.ja}」は、{limits[0]}から{limits[1]}までの数字で書いてください(法令の範囲)。例: {limits[1]}"
        )


def _rest(posted: Posted, problems: dict[str, str]) -> dict[str, Any]:
    try:
        found = json.loads(posted.get("rest", "").strip() or "{}")
    except ValueError:
        found = None
    places = found.get("attachments", []) if isinstance(found, dict) else []
    if not (isinstance(places, list) and all(isinstance(one, dict) for one in places)):
        found = None
    if isinstance(found, dict) and not (wrong := set(found) - set(REST)):
        return found
    names = "、".join(sorted(wrong)) if isinstance(found, dict) else ""
    problems["rest"] = (
        f"{names} はここでは使えません。ここに書けるのは {'、'.join(REST)} です。"
        if names
        else 'JSONの形で書いてください。例: {"contact": {"ja": "子育て課", "en": "Childcare section", "easy": "こそだてか"}}'
    )
    return {}
