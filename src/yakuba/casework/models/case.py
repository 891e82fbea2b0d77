"""A case: one application on the desk. The row the queue reads is narrow; the document lies beside it."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yakuba.base.tenancy import TenantModel
from yakuba.casework.staff.models import Staff
from yakuba.casework.workflow import OPEN, STATUS_NAMES, Status

NO_DUE = date(9999, 12, 31)
"""Stands for "no limit" in ``due_sort``: such cases come last and the index needs no NULL handling."""


class Case(TenantModel):
    """One application as the desk works on it.

    ``id`` is the application's own UUID. Everything the queue filters or sorts by is a column here, so that a
    list is one index scan at a million cases (``benchmarks/queue.py`` measures it).
    """

    id = models.UUIDField(primary_key=True)
    receipt_number = models.CharField(max_length=14)
    procedure = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    status = models.CharField(max_length=20)
    status_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)
    mode = models.CharField(max_length=10)  # "signature" or "login"
    role = models.CharField(max_length=20)
    language = models.CharField(max_length=4, default="ja")
    submitted_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    claimed_at = models.DateTimeField()  # when the first of a chain of corrected applications was submitted

    claimant_name = models.CharField(max_length=200, blank=True)
    claimant_kana = models.CharField(max_length=200, blank=True)
    name_key = models.CharField(max_length=200, blank=True)
    kana_key = models.CharField(max_length=200, blank=True)

    verdict_outcome = models.CharField(max_length=8)
    verdict_reason = models.CharField(max_length=40, blank=True)
    issuer_key_id = models.CharField(max_length=64, blank=True)
    serial = models.CharField(max_length=64, blank=True)

    atena_number = models.CharField(max_length=15, blank=True)  # blank: not identified
    history_number = models.IntegerField(null=True)
    manual_reason = models.CharField(max_length=32, blank=True)  # why a person must identify; blank: need not
    flags = ArrayField(models.CharField(max_length=32), default=list)
    flagged = models.BooleanField(
        default=False
    )  # whether there are flags: what the index of flagged cases holds

    assigned_to = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+")
    due = models.DateField(null=True)
    due_sort = models.DateField(default=NO_DUE)
    clock_paused_on = models.DateField(null=True)
    clock_flag = models.CharField(max_length=10, blank=True)  # "", "due_soon" or "overdue"

    taken_in_by = ArrayField(
        models.CharField(max_length=36), default=list
    )  # staff at the counter (書かない窓口)

    previous = models.UUIDField(null=True)
    replaced_by = models.UUIDField(null=True)
    row_version = models.IntegerField(default=1)

    class Meta:
        db_table = "casework_case"
        constraints: ClassVar = [
            models.CheckConstraint(
                # A signature that is not good identifies nobody, whatever the code above believes.
                condition=Q(atena_number="") | Q(verdict_outcome="good"),
                name="casework_identified_needs_good_verdict",
            ),
            models.CheckConstraint(
                condition=Q(is_open=True, status__in=sorted(OPEN))
                | Q(is_open=False, status__in=sorted(set(Status) - OPEN)),
                name="casework_open_follows_status",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "due_sort", "id"], name="case_open_by_due", condition=Q(is_open=True)),
            models.Index(fields=["municipality", "status", "due_sort", "id"], name="case_status_due"),
            models.Index(fields=["municipality", "procedure", "due_sort", "id"], name="case_open_procedure_due", condition=Q(is_open=True)),
            models.Index(fields=["municipality", "procedure", "status", "due_sort", "id"], name="case_procedure_status_due"),
            models.Index(fields=["municipality", "assigned_to", "due_sort", "id"], name="case_open_mine", condition=Q(is_open=True)),
            models.Index(fields=["municipality", "manual_reason", "due_sort", "id"], name="case_manual", condition=~Q(manual_reason="")),
            models.Index(fields=["municipality", "clock_flag", "due_sort", "id"], name="case_clock", condition=~Q(clock_flag="")),
            models.Index(fields=["municipality", "due_sort", "id"], name="case_open_flagged", condition=Q(is_open=True, flagged=True)),
            models.Index(fields=["municipality", "-submitted_at", "-id"], name="case_newest"),
            models.Index(fields=["municipality", "procedure", "-submitted_at", "-id"], name="case_procedure_newest"),
            models.Index(fields=["municipality", "receipt_number"], name="case_receipt"),
            models.Index(fields=["municipality", "atena_number", "-submitted_at"], name="case_atena"),
            models.Index(fields=["municipality", "name_key"], name="case_name"),
            models.Index(fields=["municipality", "kana_key"], name="case_kana"),
            models.Index(fields=["municipality", "previous"], name="case_previous", condition=Q(previous__isnull=False)),
        ]  # fmt: skip

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; ``flagged`` follows ``flags``."""
        self.flagged = bool(self.flags)
        if (fields := kwargs.get("update_fields")) is not None and "flags" in fields:
            kwargs["update_fields"] = [*fields, "flagged"]
        super().save(*args, **kwargs)

    @property
    def subject(self) -> str:
        """How the audit log names this case."""
        return f"application:{self.id}"

    @property
    def identified(self) -> bool:
        """Whether the desk knows whose case this is."""
        return bool(self.atena_number)

    @property
    def status_name(self) -> str:
        """The status in words."""
        return STATUS_NAMES[Status(self.status)]


class CaseDocument(TenantModel):
    """What was sent, word for word, and what this zone's own verification of it found."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="document")
    application = models.JSONField()
    answers = models.JSONField()
    signature = models.BinaryField(null=True)
    bundle = models.JSONField(
        null=True
    )  # the manifest the signature is over, where it covers several applications
    mandate = models.JSONField(null=True)  # the mandate that came along: {document, signature, checks}
    cosignature = models.JSONField(null=True)  # a second person's: {signature, holder, checks}
    login_proof = models.JSONField(null=True)
    portal_verdict = models.JSONField(null=True)
    verdict = models.JSONField()
    verified_at = models.DateTimeField()
    schema_problems = models.JSONField(default=list)

    class Meta:
        db_table = "casework_document"


class CaseAttachment(TenantModel):
    """One attachment: the rebuilt file, and the evidence that ties it to the digest that was signed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    position = models.IntegerField()
    slot = models.CharField(max_length=120)
    filename = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)  # of the rebuilt file kept here
    signed_sha256 = models.CharField(max_length=64, blank=True)  # of the file the resident signed
    state = models.CharField(max_length=12)  # ok, refused, missing, mismatch, unsigned
    signed = models.JSONField(default=dict)  # the attachment's line in the signed application
    evidence = models.JSONField(default=dict)

    class Meta:
        db_table = "casework_attachment"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "position"], name="casework_attachment_once")
        ]
