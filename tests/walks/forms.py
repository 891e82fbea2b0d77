"""Typing an example's answers into the page that is open, whatever procedure it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import html
from playwright.sync_api import Locator, Page

from yakuba.procedures.context import Context
from yakuba.procedures.definition import Procedure
from yakuba.procedures.rendering import render_page

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 20
PDF = b"%PDF-1.7\n" + b"0" * 4000 + b"\n%%EOF"


@dataclass
class Controls:
    """What stands in the controls of a page: texts and choices by name, and which boxes are ticked."""

    texts: dict[str, str] = field(default_factory=dict)
    ticked: set[tuple[str, str]] = field(default_factory=set)
    items: dict[str, int] = field(default_factory=dict)


def wanted(procedure: Procedure, page_id: str, answers: Mapping[str, Any], context: Context) -> Controls:
    """What the page's controls hold when it shows ``answers``: the form itself says how an answer is typed."""
    tree = html.fromstring(f"<form>{render_page(procedure, page_id, answers, context, 'ja')}</form>")
    found = Controls()
    for node in tree.iter("input", "select", "textarea"):
        name, kind = node.get("name", ""), node.get("type", "text")
        if kind in ("radio", "checkbox"):
            if node.get("checked") is not None:
                found.ticked.add((name, node.get("value", "on")))
        elif node.tag == "select":
            chosen = node.xpath("option[@selected]")
            found.texts[name] = chosen[0].get("value", "") if chosen else ""
        elif kind not in ("hidden", "file"):
            found.texts[name] = (node.text if node.tag == "textarea" else node.get("value")) or ""
    for one in procedure.page(page_id).fields:
        if one.is_group:
            found.items[one.id] = len(answers.get(one.id, ()))
    return found


def add_items(page: Page, controls: Controls) -> bool:
    """As many items in each repeating group on the page as the example has; whether anything was added or removed.

    A group that other answers call for is not there yet: the page comes again with it.
    """
    changed = False
    for group, count in controls.items.items():
        if not page.locator(f"#{group}").count():
            continue
        while (
            have := page.locator(f"#page-form input[type=hidden][name^='{group}-'][name$='-id']").count()
        ) != count:
            more = have < count
            value = group if more else f"{group}-{have - 1}"
            button = page.locator(f"#page-form button[name={'add' if more else 'remove'}][value='{value}']")
            if not button.count():
                break
            button.click()
            changed = True
    return changed


def type_in(form: Locator, controls: Controls) -> None:
    """Put the texts and ticks into those controls that are on the page."""
    for node in form.locator("input:not([type=hidden]):not([type=file]), select, textarea").all():
        name, kind = node.get_attribute("name") or "", node.get_attribute("type") or ""
        if kind in ("radio", "checkbox"):
            is_wanted = (name, node.get_attribute("value") or "on") in controls.ticked
            if is_wanted != node.is_checked() and (is_wanted or kind == "checkbox"):
                node.set_checked(is_wanted, force=True)
        elif name in controls.texts:
            text = controls.texts[name]
            if node.evaluate("node => node.tagName") == "SELECT":
                node.select_option(text)
            else:
                node.fill(text)


def attach(form: Locator, page: Page) -> None:
    """A file into every place that is still empty."""
    for node in form.locator("input[type=file]").all():
        upload = node.locator("xpath=ancestor::*[contains(@class,'upload')][1]")
        if upload.locator(".upload__file").count():
            continue
        picture = "image/jpeg" in (node.get_attribute("accept") or "")
        name, kind, data = (
            ("photo.jpg", "image/jpeg", JPEG) if picture else ("paper.pdf", "application/pdf", PDF)
        )
        node.set_input_files([{"name": name, "mimeType": kind, "buffer": data}])
