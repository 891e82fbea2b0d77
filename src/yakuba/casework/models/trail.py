"""What happened to a case, and who its person was held to be when."""

from typing import ClassVar

from django.db import models

from yakuba.base.tenancy import TenantModel
from yakuba.casework.models.case import Case
from yakuba.casework.staff.models import Staff


class TrailEntry(TenantModel):
    """One line of a case's history: a move, or a note. (The audit log is kept apart and cannot be edited.)"""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="trail")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=32)  # a move's name, or "note", "assigned", "verified", …
    label = models.CharField(max_length=200)
    status = models.CharField(max_length=20)
    text = models.TextField(blank=True)

    class Meta:
        db_table = "casework_trail"
        indexes: ClassVar = [models.Index(fields=["case", "at", "id"], name="casework_trail_of_case")]


class Identification(TenantModel):
    """Who the desk held the case's person to be, from when, on what ground. Earlier rows stay."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="identifications")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")  # None: by rule
    outcome = models.CharField(max_length=32)  # "identified" or the reason it was not
    atena_number = models.CharField(max_length=15, blank=True)
    history_number = models.IntegerField(null=True)
    signer_atena_number = models.CharField(max_length=15, blank=True)
    candidates = models.JSONField(default=list)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "casework_identification"
        indexes: ClassVar = [models.Index(fields=["case", "at"], name="casework_identified_when")]


class UnreadableMessage(TenantModel):
    """A message too malformed to be a case. Kept whole, so that nothing sent is lost, and shown to the desk."""

    id = models.UUIDField(primary_key=True)  # the envelope's
    kind = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    problem = models.TextField()
    body = models.JSONField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_unreadable"
