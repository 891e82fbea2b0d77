"""Template tags for days and moments in the page's language: 令和8年11月24日（2026年）, 24 November 2026."""

from datetime import date, datetime

from django import template
from django.template import Context

from yakuba.base.clock import JAPAN, japan_day
from yakuba.portal.languages import as_language
from yakuba.procedures.components.dates import show_date

register = template.Library()


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | datetime) -> str:
    """The day in Japan."""
    local = japan_day(value) if isinstance(value, datetime) else value
    return show_date(local.isoformat(), as_language(context.get("language")))


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime) -> str:
    """The day and the time in Japan, to the minute."""
    local = value.astimezone(JAPAN)
    clock = f"{local:%H:%M}" if context.get("language") == "en" else f"{local.hour}時{local:%M}分"
    return f"{day(context, value)} {clock}"
