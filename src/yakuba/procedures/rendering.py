"""A page of a form as HTML that works without JavaScript, by keyboard and with a screen reader.

The templates are this room's own and need no settings, so that every zone shows the same form.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from django.template import Context as TemplateContext
from django.template import Engine
from django.utils.safestring import SafeString, mark_safe

from yakuba.base.texts import Language, Text, ruby, without_readings
from yakuba.procedures.answers import clean, clean_page
from yakuba.procedures.components.base import part
from yakuba.procedures.computed import computed
from yakuba.procedures.context import Answers, Context
from yakuba.procedures.definition import Procedure
from yakuba.procedures.fieldviews import Sight, UploadedFile, page_views, summary_views
from yakuba.procedures.validation import Problem

_WORDS = (
    *(
        "required",
        "optional",
        "example",
        "known_to_town",
        "original_needed",
        "can_follow_later",
    ),
    *("uploaded", "choose", "error_prefix", "era", "year", "month", "day", "unknown_hint"),
)


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(Path(__file__).parent / "templates")], autoescape=True)


def render_page(
    procedure: Procedure,
    page_id: str,
    answers: Answers,
    context: Context,
    language: Language,
    *,
    problems: Sequence[Problem] = (),
    known: frozenset[str] = frozenset(),
    uploaded: Mapping[str, Sequence[UploadedFile]] | None = None,
    left_out: frozenset[str] = frozenset(),
) -> SafeString:
    """The inside of a ``<form>`` for one page: error summary, fields, repeating groups; no buttons to go on.

    ``answers`` are the draft's raw answers (what is wrong is shown as typed); ``known`` the fields that hold what the
    town has on record; ``uploaded`` the files received, by slot key; ``left_out`` the fields that are asked on another page.

    Raises:
        KeyError: no such page.
    """
    page = procedure.page(page_id)
    alone = page is procedure.eligibility
    cleaned = clean_page(page, answers, context) if alone else clean(procedure, answers, context)
    values = {} if alone else computed(procedure, answers, context)
    sight = Sight(answers, cleaned, context, language, problems, known, uploaded or {}, values)
    return _render(
        "page.html",
        language,
        fields=[one for one in page_views(page, sight) if one["id"] not in left_out],
        intro=sight.html(page.intro) if page.intro else "",
        errors=list(summary_views(problems, sight)),
        errors_title=ruby(part("errors_title", count=len(problems)).in_language(language)),
    )


def render_summary(sections: Sequence[object], language: Language, level: int = 2) -> SafeString:
    """Sections of :func:`~yakuba.procedures.summary.summary` as definition lists under headings of ``level``."""
    return _render("summary.html", language, sections=sections, level=level)


def _render(template: str, language: Language, **values: object) -> SafeString:
    words = {key: _word(part(key), language) for key in _WORDS}
    context = TemplateContext({"language": language, "words": words, **values}, use_l10n=False, use_tz=False)
    return mark_safe(_engine().get_template(f"procedures/{template}").render(context))  # noqa: S308 - autoescaped


def _word(text: Text, language: Language) -> dict[str, str]:
    said = text.in_language(language)
    return {"html": ruby(said), "plain": without_readings(said)}
