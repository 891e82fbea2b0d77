"""Accounts of the desk. A login name says which municipality its account is under; all else is isolated by it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yakuba.base.tenancy import TenantModel
from yakuba.casework.roles import ROLE_NAMES, Permission, Role, granted


class LoginName(models.Model):
    """Which municipality an account belongs to: read before anyone is signed in, so not under one. Nothing else."""

    login = models.CharField(max_length=64, primary_key=True)
    municipality = models.CharField(max_length=6)

    class Meta:
        db_table = "staff_login_name"


class Staff(TenantModel):
    """One member of staff (職員). Belongs to one municipality and never moves to another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    login = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=80)
    roles = ArrayField(models.CharField(max_length=12), default=list)
    password = models.CharField(max_length=200)
    sealed_totp = models.BinaryField(null=True)
    totp_confirmed = models.BooleanField(default=False)
    totp_last_step = models.BigIntegerField(default=0)
    active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    session_epoch = models.IntegerField(default=0)  # raised to end every session of the account at once
    created_at = models.DateTimeField(auto_now_add=True)
    last_signed_in_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_staff"
        indexes = [models.Index(fields=["municipality", "display_name"], name="staff_by_name")]

    @property
    def actor(self) -> str:
        """How the audit log names this person."""
        return f"staff:{self.id}"

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything this person's roles allow (nothing once the account is closed)."""
        return granted(self.roles) if self.active else frozenset()

    @property
    def may(self) -> dict[str, bool]:
        """The same for templates: ``{% if request.staff.may.review %}``."""
        return {permission.value: True for permission in self.permissions}

    @property
    def role_names(self) -> str:
        """The roles in words."""
        return "・".join(ROLE_NAMES[Role(role)] for role in self.roles)


class Passkey(TenantModel):
    """A WebAuthn credential of an account."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_passkey"


class RecoveryCode(TenantModel):
    """A code that stands in for the second factor once. Kept as a hash only."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_recovery_code"
        constraints = [models.UniqueConstraint(fields=["staff", "code_hash"], name="staff_recovery_once")]


class Attempt(models.Model):
    """Failed sign-ins in a row, per login name and per browser known to it. Not under a municipality: an unknown
    login name is counted like a known one, or the delay would tell which names exist."""

    login = models.CharField(max_length=64)
    device = models.CharField(max_length=64)
    failures = models.IntegerField(default=0)
    wait_until = models.DateTimeField(null=True)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "staff_attempt"
        constraints = [models.UniqueConstraint(fields=["login", "device"], name="staff_attempt_once")]
