"""One procedure's settings: typed, looked at before they count, published, and who changed what."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import now, today
from yakuba.casework import municipal, setting_changes, setting_form, setting_rows
from yakuba.casework.desk import desk
from yakuba.casework.errors import Incomplete
from yakuba.casework.models import Disaster, MunicipalValue, SettingChange
from yakuba.casework.parameters_here import settable, town_values, with_values
from yakuba.casework.roles import Permission
from yakuba.casework.setting_changes import SECOND_SIGNATURE
from yakuba.casework.staff.sessions import StaffRequest, say
from yakuba.procedures import registry
from yakuba.procedures.definition import Procedure
from yakuba.procedures.faults import UnknownProcedure
from yakuba.procedures.overrides import takes_public_account
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.parameters import UNITS, Parameter, ParameterError, load_parameters

_HISTORY = 20
_NOT_SENT_ON = ("csrfmiddlewaretoken", "confirm", "preview", "back")


@desk(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def procedure_page(request: StaffRequest, procedure_id: str) -> HttpResponse:
    """One procedure's settings: the form, its preview, and saving what was previewed."""
    procedure = _procedure(procedure_id)
    if request.method == "GET":
        return _form(request, procedure, _kept(procedure))
    posted = request.POST.dict()
    if "back" in posted:
        return _form(request, procedure, posted)
    try:
        wanted = _wanted(procedure, posted)
        municipal.check(procedure, wanted)
        if "confirm" not in posted:
            return _preview(request, procedure, wanted, posted)
        facts = {"open": str(wanted.open), "signature": wanted.signature}
        event = AuditEvent(
            request.staff.actor,
            "settings.changed",
            f"procedure:{procedure.id}",
            request.staff.municipality,
            facts,
        )
        municipal.save_setting(request.staff.municipality, wanted, request.staff, now(), event)
    except Incomplete as incomplete:
        return _form(request, procedure, posted, incomplete.problems)
    say(request, f"「{procedure.title.ja}」の設定を変え、窓口に知らせました。")
    return HttpResponseRedirect(reverse("casework:setting", args=[procedure.id]))


def _procedure(procedure_id: str) -> Procedure:
    try:
        return registry.procedure(procedure_id, as_of=today())
    except UnknownProcedure:
        raise Http404 from None


def _here(procedure: Procedure) -> list[Parameter]:
    return settable(procedure.id, procedure.rule or "")


def _wanted(procedure: Procedure, posted: Mapping[str, str]) -> municipal.Wanted:
    typed = setting_form.read(procedure, _here(procedure), posted)
    version = posted.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() else -1
    return municipal.Wanted(
        procedure.id, typed.open, typed.signature, typed.overrides, seen, typed.parameters
    )


def _kept(procedure: Procedure) -> dict[str, str]:
    """The form as the settings are now."""
    kept = municipal.setting(procedure)
    found = setting_form.posted_from(procedure, kept.overrides, town_values())
    return {
        **found, "open": "yes" if kept.open else "no", "signature": kept.signature, "version": str(kept.row_version),
    }  # fmt: skip


def _form(
    request: StaffRequest,
    procedure: Procedure,
    posted: Mapping[str, str],
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    wrong = problems or {}
    fields = _fields(procedure, posted, wrong)
    context = {
        "section": "settings", "procedure": procedure, "typed": posted, "problems": wrong,
        "may_choose": procedure.signature_rule != "required",
        "periods": _periods(posted, wrong), "roles": _roles(procedure, posted), "fields": fields,
        "fields_open": any(one["use"] or one["problem"] for one in fields),
        "lists": _lists(procedure, posted, wrong), "parameters": _parameters(procedure, posted, wrong),
        "changes": SettingChange.objects.filter(procedure=procedure.id).select_related("by").order_by("-at")[:_HISTORY],
        "second_signatures": list(SECOND_SIGNATURE.items()),
        "takes_account": takes_public_account(procedure),
        "helps": _helps(procedure, posted, wrong), "places": _places(procedure, posted, wrong),
    }  # fmt: skip
    return render(request, "casework/procedure_setting.html", context, status=422 if wrong else 200)


def _periods(posted: Mapping[str, str], wrong: Mapping[str, str]) -> list[dict[str, Any]]:
    count = setting_rows.rows(posted, r"period-(\d{1,3})-(?:from|until)")
    return [
        {
            "number": number,
            "from": posted.get(f"period-{number}-from", ""),
            "until": posted.get(f"period-{number}-until", ""),
            "problem": wrong.get(f"period-{number}-from", ""),
        }
        for number in range(count)
    ]


def _roles(procedure: Procedure, posted: Mapping[str, str]) -> list[tuple[str, str, bool, bool]]:
    """Who may apply: the role, its words, whether it is on, and whether it can be turned off (the first cannot)."""
    return [
        (one.role, one.label.ja, number == 0 or posted.get(f"role-{one.role}") == "yes", number > 0)
        for number, one in enumerate(procedure.applicants)
    ]


def _fields(
    procedure: Procedure, posted: Mapping[str, str], wrong: Mapping[str, str]
) -> list[dict[str, str]]:
    return [
        {
            "name": f"field-{one.id}",
            "label": one.label.ja,
            "use": posted.get(f"field-{one.id}", ""),
            "problem": wrong.get(f"field-{one.id}", ""),
        }
        for one in setting_form.adjustable(procedure)
    ]


def _lists(procedure: Procedure, posted: Mapping[str, str], wrong: Mapping[str, str]) -> list[dict[str, Any]]:
    labels = {field.options_from: field.label.ja for _, field in procedure.fields() if field.options_from}
    found = []
    for name in setting_form.lists_of(procedure):
        count = setting_rows.rows(posted, rf"option-{name}-(\d{{1,3}})-\w+")
        rows = [
            [
                (f"option-{name}-{number}-{key}", words, posted.get(f"option-{name}-{number}-{key}", ""),
                 wrong.get(f"option-{name}-{number}-{key}", ""))
                for key, words in (("value", "記号名"), ("ja", "日本語"), ("en", "英語"), ("easy", "やさしい日本語"))
            ]
            for number in range(count)
        ]  # fmt: skip
        found.append({"name": name, "label": labels.get(name, name), "rows": rows})
    return found


def _three(posted: Mapping[str, str], wrong: Mapping[str, str], at: str) -> list[dict[str, str]]:
    """A text's three inputs."""
    return [
        {
            "name": f"{at}{key}",
            "words": words,
            "value": posted.get(f"{at}{key}", ""),
            "problem": wrong.get(f"{at}{key}", ""),
        }
        for key, words in setting_rows.LANGUAGES
    ]


def _helps(procedure: Procedure, posted: Mapping[str, str], wrong: Mapping[str, str]) -> list[dict[str, Any]]:
    fields = [(field.id, field.label.ja) for _, field in procedure.fields()]
    return [
        {
            "at": f"help-{number}", "fields": fields, "field": posted.get(f"help-{number}-field", ""),
            "problem": wrong.get(f"help-{number}-field", ""), "texts": _three(posted, wrong, f"help-{number}-"),
        }
        for number in range(setting_rows.help_rows(posted))
    ]  # fmt: skip


def _places(
    procedure: Procedure, posted: Mapping[str, str], wrong: Mapping[str, str]
) -> list[dict[str, Any]]:
    pages = [(page.id, page.title.ja) for page in procedure.pages]
    return [
        {
            "at": at, "id": posted.get(f"{at}-id", ""), "kinds": setting_rows.KINDS, "kind": posted.get(f"{at}-type", ""),
            "pages": pages, "page": posted.get(f"{at}-page", ""), "problem": wrong.get(f"{at}-page", ""),
            "required": posted.get(f"{at}-required") == "yes",
            "label": _three(posted, wrong, f"{at}-"), "hint": _three(posted, wrong, f"{at}-hint_"),
        }
        for at in (f"place-{number}" for number in range(setting_rows.place_rows(posted)))
    ]  # fmt: skip


def _parameters(
    procedure: Procedure, posted: Mapping[str, str], wrong: Mapping[str, str]
) -> list[dict[str, Any]]:
    changed = {one.name: one for one in MunicipalValue.objects.select_related("changed_by")}
    found = []
    for one in _here(procedure):
        dated = next((each for each in one.history if each.in_force(today())), one.history[-1])
        choices = one.choices or (() if one.limits else ("yes", "no"))
        words = {"yes": "する", "no": "しない"} | setting_changes.CHOICES
        found.append(
            {
                "name": f"parameter-{one.name}", "label": one.ja, "unit": UNITS[one.unit], "limits": one.limits,
                "choices": [(choice, words.get(choice, choice)) for choice in choices],
                "value": posted.get(f"parameter-{one.name}", ""), "problem": wrong.get(f"parameter-{one.name}", ""),
                "default": setting_changes.value_in_words(one, dated.value), "source": dated.source, "sure": dated.sure,
                "changed": changed.get(one.name), "shared": not one.name.startswith("clock."),
            }
        )  # fmt: skip
    return found


def _preview(
    request: StaffRequest, procedure: Procedure, wanted: municipal.Wanted, posted: Mapping[str, str]
) -> HttpResponse:
    """What would change and what residents would meet; nothing has been changed yet."""
    day = today()
    declared = Disaster.objects.filter(declared_on__lte=day, until__gte=day).exists()
    in_force = {**municipal.overrides_in_force(procedure, None), **wanted.settings}
    context = {
        "section": "settings", "procedure": procedure, "sent_on": [
            (name, value) for name, value in posted.items() if name not in _NOT_SENT_ON
        ],
        "changes": municipal.changes(procedure, municipal.setting(procedure), wanted, now()),
        "effects": setting_changes.effects(procedure, in_force, day, disaster_declared=declared),
        "due": _due(procedure, wanted),
    }  # fmt: skip
    return render(request, "casework/setting_preview.html", context)


def _due(procedure: Procedure, wanted: municipal.Wanted) -> str:
    """An example: the last day for deciding what is applied for today."""
    try:
        found = due_date(procedure.id, today(), with_values(load_parameters(), wanted.parameters))
    except ParameterError:
        return ""
    days = f"({(found - today()) // timedelta(days=1)}日後)" if found else ""
    return f"{found.isoformat()}{days}" if found else "期限なし"
