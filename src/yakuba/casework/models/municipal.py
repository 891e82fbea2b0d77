"""How this municipality runs its procedures, and what it has answered to prefill requests."""

from typing import ClassVar

from django.db import models

from yakuba.base.tenancy import TenantModel
from yakuba.casework.staff.models import Staff


class ProcedureSetting(TenantModel):
    """One procedure as this municipality runs it."""

    procedure = models.CharField(max_length=64)
    open = models.BooleanField(default=True)
    signature = models.CharField(max_length=10, default="required")  # or "login"
    overrides = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)
    row_version = models.IntegerField(default=1)

    class Meta:
        db_table = "casework_procedure_setting"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "procedure"], name="casework_setting_once")
        ]


class Disaster(TenantModel):
    """A disaster the municipality has declared for 罹災証明: applications are open in its period."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=120)
    declared_on = models.DateField()
    until = models.DateField()
    waiting = models.BooleanField(default=False)  # the portal lets people in by turns

    class Meta:
        db_table = "casework_disaster"


class PrefillAnswer(TenantModel):
    """Which items of whose register entry were given to whom, and when. The values themselves are not kept."""

    request_id = models.UUIDField(primary_key=True)
    procedure = models.CharField(max_length=64)
    issuer_key_id = models.CharField(max_length=64)
    serial = models.CharField(max_length=64)
    atena_number = models.CharField(max_length=15, blank=True)
    found = models.BooleanField()
    items = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "casework_prefill_answer"


class MunicipalValue(TenantModel):
    """A value the law leaves to the municipality (市町村が定める), in place of the one yakuba starts from."""

    name = models.CharField(max_length=80)
    value = models.JSONField()
    changed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "casework_municipal_value"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "name"], name="casework_value_once")
        ]


class SettingChange(TenantModel):
    """Who changed what in a procedure's settings, and when; ``lines`` are ``[what, before, after]`` in words."""

    procedure = models.CharField(max_length=64)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lines = models.JSONField()

    class Meta:
        db_table = "casework_setting_change"
        indexes: ClassVar = [
            models.Index(fields=["municipality", "procedure", "-at"], name="setting_change_newest")
        ]
