"""How the municipality runs its procedures: kept here, checked by the engine, published to the portal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import japan_day
from yakuba.base.ids import uuid7
from yakuba.casework import outward, setting_changes
from yakuba.casework.errors import ChangedMeanwhile, Incomplete
from yakuba.casework.models import Disaster, MunicipalValue, ProcedureSetting, SettingChange
from yakuba.casework.parameters_here import settable, town_values
from yakuba.casework.staff.models import Staff
from yakuba.procedures import registry
from yakuba.procedures.authoring.words import in_words
from yakuba.procedures.definition import Procedure
from yakuba.procedures.faults import DefinitionFault
from yakuba.procedures.overrides import merged_faults, option_lists

DISASTERS = "disasters"
Overrides = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One procedure's settings as they shall be."""

    procedure: str
    open: bool
    signature: str
    overrides: Overrides
    seen_version: int
    parameters: Mapping[str, Any] = field(default_factory=dict)  # values of law left to the municipality

    @property
    def settings(self) -> Overrides:
        """As the engine's overrides."""
        return {**self.overrides, "open": self.open, "signature": self.signature}


def setting(procedure: Procedure) -> ProcedureSetting:
    """The kept setting, or the national definition's own values (not saved, version 0)."""
    found = ProcedureSetting.objects.filter(procedure=procedure.id).first()
    return found or ProcedureSetting(
        procedure=procedure.id, open=True, signature=procedure.signature, overrides={}, row_version=0
    )


def overrides_of(kept: ProcedureSetting) -> Overrides:
    """The setting as the engine's overrides."""
    return {**kept.overrides, "open": kept.open, "signature": kept.signature}


def overrides_in_force(procedure: Procedure, kept: ProcedureSetting | None) -> Overrides:
    """As :func:`overrides_of`, with the declared disasters as options where the form lets residents choose one."""
    found = overrides_of(kept) if kept else {}
    if DISASTERS in option_lists(procedure) and (choices := _choices()):
        found["options"] = {DISASTERS: choices, **found.get("options", {})}
    return found


def _choices() -> list[dict[str, Any]]:
    return [
        {"value": str(one.id), "label": {"ja": one.name, "en": one.name, "easy": one.name}}
        for one in Disaster.objects.order_by("-declared_on")
    ]


def check(procedure: Procedure, wanted: Wanted) -> None:
    """Whether the engine accepts the settings.

    Raises:
        Incomplete: with each thing the national definition does not allow, by the name of its field.
    """
    problems: dict[str, str] = {}
    for fault in merged_faults(procedure, wanted.settings):
        problems.setdefault(_field_of(fault), f"{fault.where}: {in_words(fault)}")
    if problems:
        raise Incomplete(problems)


def _field_of(fault: DefinitionFault) -> str:
    """The form's field a fault belongs to."""
    key, _, name = fault.where.partition("/")
    if key in ("hide", "required") and name:
        return f"field-{name}"
    return {
        "signature": "signature",
        "periods": "period-0-from",
        "processing_days": "processing_days",
        "second_signature": "second_signature",
        "help": "help",
        "attachments": "attachments",
    }.get(key, "rest")


def save_setting(
    municipality: str, wanted: Wanted, by: Staff, at: datetime, audit: AuditEvent
) -> ProcedureSetting:
    """Keep and publish one procedure's settings, if the engine accepts them; who changed what stays in the history.

    Raises:
        Incomplete: with each thing the national definition does not allow.
        ChangedMeanwhile: a colleague has changed them.
    """
    procedure = registry.procedure(wanted.procedure)
    check(procedure, wanted)
    kept = ProcedureSetting.objects.select_for_update().filter(procedure=wanted.procedure).first()
    if (kept.row_version if kept else 0) != wanted.seen_version:
        raise ChangedMeanwhile
    changed = changes(procedure, kept or setting(procedure), wanted, at)
    kept = kept or ProcedureSetting(municipality=municipality, procedure=wanted.procedure, row_version=0)
    kept.open, kept.signature, kept.overrides = wanted.open, wanted.signature, wanted.overrides
    kept.row_version += 1
    kept.save()
    _keep_values(municipality, procedure, wanted, by, at)
    SettingChange.objects.create(
        municipality=municipality, procedure=procedure.id, by=by, at=at, lines=[list(one) for one in changed]
    )
    publish(municipality, at, audit)
    return kept


def changes(
    procedure: Procedure, kept: ProcedureSetting, wanted: Wanted, at: datetime
) -> list[setting_changes.Line]:
    """What ``wanted`` changes, in words."""
    found = setting_changes.lines(procedure, overrides_of(kept), wanted.settings)
    here = settable(procedure.id, procedure.rule or "")
    return found + setting_changes.value_lines(here, town_values(), wanted.parameters, japan_day(at))


def _keep_values(municipality: str, procedure: Procedure, wanted: Wanted, by: Staff, at: datetime) -> None:
    """The values left to the municipality; one taken back falls to the value yakuba starts from."""
    before = town_values()
    for one in settable(procedure.id, procedure.rule or ""):
        if one.name not in wanted.parameters:
            MunicipalValue.objects.filter(name=one.name).delete()
        elif before.get(one.name) != wanted.parameters[one.name]:
            new = {"value": wanted.parameters[one.name], "changed_by": by, "changed_at": at}
            MunicipalValue.objects.update_or_create(municipality=municipality, name=one.name, defaults=new)


def declare(
    municipality: str, name: str, declared_on: date, until: date, at: datetime, audit: AuditEvent, *, waiting: bool = False,
) -> Disaster:  # fmt: skip
    """Declare a disaster and publish it: 罹災証明 opens for its period.

    Raises:
        Incomplete: no name, or a period that ends before it begins.
    """
    problems = {}
    if not name.strip():
        problems["name"] = "災害の名前を書いてください。例: 令和8年台風第19号"
    if until < declared_on:
        problems["until"] = "終わりの日は、始まりの日以後にしてください。"
    if problems:
        raise Incomplete(problems)
    made = Disaster.objects.create(
        municipality=municipality, id=uuid7(), name=name.strip()[:120], declared_on=declared_on, until=until,
        waiting=waiting,
    )  # fmt: skip
    publish(municipality, at, audit)
    return made


def change_disaster(
    municipality: str, disaster: Disaster, until: date, at: datetime, audit: AuditEvent, *, waiting: bool
) -> None:
    """Change the last day of a disaster's intake and whether people wait by turns, and publish it."""
    if until < disaster.declared_on:
        raise Incomplete({"until": "終わりの日は、始まりの日以後にしてください。"})
    disaster.until, disaster.waiting = until, waiting
    disaster.save(update_fields=["until", "waiting"])
    publish(municipality, at, audit)


def publish(municipality: str, at: datetime, audit: AuditEvent) -> None:
    """``settings.published``: everything, so that the newest message alone is the truth."""
    outward.post(municipality, "settings.published", published(), at, audit)


def published() -> dict[str, Any]:
    """The body of the message."""
    return {
        "procedures": {
            one.procedure: overrides_of(one) for one in ProcedureSetting.objects.order_by("procedure")
        },
        "disasters": declared_disasters(),
    }


def declared_disasters() -> list[dict[str, Any]]:
    """Every declared disaster, as published and as the rule reads it."""
    return [
        {
            "id": str(one.id),
            "name": one.name,
            "declared_on": one.declared_on.isoformat(),
            "until": one.until.isoformat(),
            "waiting": one.waiting,
        }
        for one in Disaster.objects.order_by("declared_on", "id")
    ]


def begin_with_examples(municipality: str, today: date, at: datetime, audit: AuditEvent) -> None:
    """The demo town's first settings: every procedure open with its definition's example settings (lists of
    nurseries and the like), one demo disaster declared. Settings that exist are left as they are."""
    for procedure in registry.all_procedures(today):
        example: Mapping[str, Any] = procedure.example_settings
        plain = {key: value for key, value in example.items() if key not in ("open", "signature")}
        plain["options"] = {key: value for key, value in plain.get("options", {}).items() if key != DISASTERS}
        ProcedureSetting.objects.get_or_create(
            procedure=procedure.id,
            defaults={
                "municipality": municipality,
                "open": True,
                "signature": str(example.get("signature", procedure.signature)),
                "overrides": plain
                if plain["options"]
                else {k: v for k, v in plain.items() if k != "options"},
            },
        )
    if not Disaster.objects.exists():
        declared = date(today.year, today.month, 1)
        Disaster.objects.create(
            municipality=municipality, id=uuid7(), name=f"令和{today.year - 2018}年台風第19号(演習)",
            declared_on=declared, until=date(today.year + 1, today.month, 28),
        )  # fmt: skip
    publish(municipality, at, audit)
