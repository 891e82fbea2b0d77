"""What reviewers find and propose, what approvers decide, what residents are asked to correct."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yakuba.base.tenancy import TenantModel
from yakuba.casework.models.case import Case
from yakuba.casework.staff.models import Staff


class Step(TenantModel):
    """A dated result from outside the desk: a damage survey, 主治医意見書, 認定調査, 審査会. The newest of a kind counts."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=40)
    done_on = models.DateField()
    results = models.JSONField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "casework_step"
        indexes: ClassVar = [models.Index(fields=["case", "kind", "-at"], name="casework_step_newest")]


class Correction(TenantModel):
    """A request to correct (補正, 行政手続法第7条): what, until when, and what became of it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="corrections")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    items = models.JSONField()  # [{path, label, message}]
    message = models.TextField(blank=True)
    due = models.DateField()
    state = models.CharField(max_length=10, default="open")  # open, answered, closed
    answered_by = models.UUIDField(null=True)

    class Meta:
        db_table = "casework_correction"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="open"), name="casework_one_open_correction")
        ]  # fmt: skip


class Proposal(TenantModel):
    """A decision as proposed by one person and, where ``state`` is ``decided``, made by another."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="proposals")
    outcome = models.CharField(max_length=10)  # granted, refused, rejected
    reasons = models.JSONField()  # [{code, ja, en, easy, clause}]
    results = models.JSONField(default=dict)
    effects = models.JSONField(default=list)
    rule_outcome = models.CharField(max_length=14, blank=True)  # what the rule itself said
    differs_because = models.TextField(blank=True)  # why the reviewer departs from the rule
    comment = models.TextField(blank=True)
    proposed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")  # open, decided, sent_back, taken_back, withdrawn
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_comment = models.TextField(blank=True)

    class Meta:
        db_table = "casework_proposal"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="open"), name="casework_one_open_proposal"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="decided"), name="casework_decided_once"),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("proposed_by")), name="casework_four_eyes"
            ),
        ]  # fmt: skip
