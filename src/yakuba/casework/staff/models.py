"""Accounts of the desk. A login name says which municipality its account is under; all else is isolated by it."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yakuba.base.clock import now
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import TenantModel
from yakuba.casework.roles import AID_GRANTS, AID_NAME, AID_PROCEDURE, ROLE_NAMES, Permission, Role, granted


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
    home = models.CharField(
        max_length=6, blank=True, default=""
    )  # another town's staff: that town; else blank

    class Meta:
        db_table = "staff_staff"
        indexes = [models.Index(fields=["municipality", "display_name"], name="staff_by_name")]

    @property
    def actor(self) -> str:
        """How the audit log names this person; another town's staff under the name of that town."""
        return f"aid:{self.home}:{self.id}" if self.home else f"staff:{self.id}"

    @property
    def only_procedure(self) -> str:
        """The one procedure this person may see; blank: all."""
        return AID_PROCEDURE if self.home else ""

    def seated(self, at: datetime) -> bool:
        """Whether this person may sit at the desk at ``at``: own staff always, others as long as their seat holds."""
        return not self.home or self.seat.state(at) == "in_force"

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything this person's roles allow (nothing once the account is closed or the seat is over)."""
        if not self.active:
            return frozenset()
        if self.home:
            return AID_GRANTS if self.seated(now()) else frozenset()
        return granted(self.roles)

    @property
    def may(self) -> dict[str, bool]:
        """The same for templates: ``{% if request.staff.may.review %}``."""
        return {permission.value: True for permission in self.permissions}

    @property
    def role_names(self) -> str:
        """The roles in words."""
        return AID_NAME if self.home else "・".join(ROLE_NAMES[Role(role)] for role in self.roles)


class AidSeat(TenantModel):
    """A seat lent to one named person of another town's staff (応援職員), from minute to minute.

    Proposed by an administrator, approved by a second person, who hands over the account made then.
    Source: 災害対策基本法第67条(他の市町村長等に対する応援の要求).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    login = models.CharField(max_length=64)
    home = models.CharField(max_length=6)
    home_name = models.CharField(max_length=40)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    staff = models.OneToOneField(Staff, on_delete=models.PROTECT, null=True, related_name="seat")

    class Meta:
        db_table = "staff_aid_seat"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("proposed_by")),
                name="staff_aid_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begins_at")), name="staff_aid_ends_after_it_begins"
            ),
        ]

    def state(self, at: datetime) -> str:
        """``proposed``, ``not_yet``, ``in_force``, ``over`` or ``ended`` (stopped by a person) at the moment ``at``."""
        if self.ended_at is not None:
            return "ended"
        if at >= self.ends_at:
            return "over"
        if self.approved_at is None:
            return "proposed"
        return "in_force" if at >= self.begins_at else "not_yet"


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
    """A code that stands in for the second factor once. Kept as a salted hash only; one salt for an account's set."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="recovery_codes")
    salt = models.CharField(max_length=32, blank=True)
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
