"""The form engine's door: what other rooms call. Everything here is a function of values.

A typical page view of the portal::

    procedure = effective(registry.procedure("jidou-teate-nintei", as_of=today), settings)
    draft = parse_form(procedure, page_id, dict(request.POST.lists()), draft)      # never loses what was typed
    if form_action(page, post) or revealed(procedure, page_id, post, draft, context):
        show the page again without errors
    problems = validate_page(procedure, page_id, draft, context, uploaded=slot_keys_with_files)
    html = render_page(procedure, page_id, draft, context, language, problems=problems, …)

and at the end ``validate_all``, ``application_document`` (which drops hidden answers), ``application_bytes``.
"""

from yakuba.procedures.answers import clean, is_clean, visible_pages
from yakuba.procedures.application import (
    Assistance,
    AttachedFile,
    application_bytes,
    application_document,
    context_of,
)
from yakuba.procedures.computed import computed
from yakuba.procedures.context import ROLES, Context, Role
from yakuba.procedures.eligibility import eligibility_hints
from yakuba.procedures.fieldviews import UploadedFile
from yakuba.procedures.forms import Action, form_action, parse_form, revealed
from yakuba.procedures.life_events import life_events
from yakuba.procedures.overrides import (
    Opening,
    disaster_options,
    effective,
    opening,
    option_lists,
    override_faults,
)
from yakuba.procedures.prefill import apply_prefill, known_to_town, prefill_items, register_mapping
from yakuba.procedures.rendering import render_page, render_summary
from yakuba.procedures.roles import role_label
from yakuba.procedures.schema import accepts, json_schema
from yakuba.procedures.search import by_life_event, search
from yakuba.procedures.slots import Slot, attachment_slots, orphaned
from yakuba.procedures.summary import Row, Section, rows, summary
from yakuba.procedures.validation import Problem, validate_all, validate_page

__all__ = [
    "ROLES",
    "Action",
    "Assistance",
    "AttachedFile",
    "Context",
    "Opening",
    "Problem",
    "Role",
    "Row",
    "Section",
    "Slot",
    "UploadedFile",
    "accepts",
    "application_bytes",
    "application_document",
    "apply_prefill",
    "attachment_slots",
    "by_life_event",
    "clean",
    "computed",
    "context_of",
    "disaster_options",
    "effective",
    "eligibility_hints",
    "form_action",
    "is_clean",
    "json_schema",
    "known_to_town",
    "life_events",
    "opening",
    "option_lists",
    "orphaned",
    "override_faults",
    "parse_form",
    "prefill_items",
    "register_mapping",
    "render_page",
    "render_summary",
    "revealed",
    "role_label",
    "rows",
    "search",
    "summary",
    "validate_all",
    "validate_page",
    "visible_pages",
]
