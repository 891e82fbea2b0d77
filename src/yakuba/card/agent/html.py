"""HTML from Python calls: every text is escaped on its way in, so that no page can forget it."""

from html import escape
from typing import Final

from yakuba.base.texts import ruby

_VOID: Final = {"input", "link", "meta"}


class Html(str):
    """Markup that is safe to put into a page; only this module makes it."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str | bool) -> Html:
    """An element. Children that are not :class:`Html` are escaped; ``class_`` and ``for_`` lose the underscore,
    other underscores become hyphens; an attribute of True stands alone, of False is left out."""
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{joined(*children)}</{tag}>")


def joined(*children: str) -> Html:
    """Children one after the other."""
    return Html("".join(child if isinstance(child, Html) else escape(child) for child in children))


def words(text: str) -> Html:
    """Words in any language; readings of easy Japanese become ruby."""
    return Html(ruby(text))


def document(head: Html, body: Html, language: str) -> bytes:
    """A whole page."""
    return f"<!doctype html>\n{element('html', head, body, lang=language)}\n".encode()


def _attribute(name: str, value: str | bool) -> str:
    written = name.rstrip("_").replace("_", "-")
    if isinstance(value, bool):
        return f" {written}" if value else ""
    return f' {written}="{escape(value)}"'
