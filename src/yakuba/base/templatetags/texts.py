"""Template tags for texts in three languages. The page's language is ``language`` in the context (default ja)."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from yakuba.base.catalog import text as text_of
from yakuba.base.texts import LANGUAGES, Language, Text, ruby, without_readings

register = template.Library()


def _language(context: Context) -> Language:
    chosen = context.get("language", "ja")
    return chosen if chosen in LANGUAGES else "ja"


@register.simple_tag(takes_context=True, name="text")
def text_tag(context: Context, key: str, **facts: object) -> SafeString:
    """``{% text "pages.title" name=value %}``: HTML, with ruby in easy Japanese. The room is ``text_package``."""
    found = text_of(str(context.get("text_package", "yakuba.portal")), key).format(**facts)
    return mark_safe(ruby(found.in_language(_language(context))))  # noqa: S308 - ruby() escapes


@register.simple_tag(takes_context=True)
def plain_text(context: Context, key: str, **facts: object) -> str:
    """As ``text`` but without ruby: for ``<title>``, attributes and button values."""
    found = text_of(str(context.get("text_package", "yakuba.portal")), key).format(**facts)
    return without_readings(found.in_language(_language(context)))


@register.simple_tag(takes_context=True)
def say(context: Context, value: Text | str) -> SafeString:
    """``{% say some_text %}``: a :class:`Text` value in the page's language; plain text is escaped as it is."""
    words = value.in_language(_language(context)) if isinstance(value, Text) else str(value)
    return mark_safe(ruby(words))  # noqa: S308 - ruby() escapes


@register.simple_tag(takes_context=True)
def say_plain(context: Context, value: Text | str) -> str:
    """As ``say`` but without ruby."""
    words = value.in_language(_language(context)) if isinstance(value, Text) else str(value)
    return without_readings(words)
