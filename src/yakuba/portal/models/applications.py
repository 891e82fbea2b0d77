"""What "my applications" needs after sending: numbers, times, statuses, notices. The answers are not among it."""

from django.db import models

from yakuba.base.ids import uuid7
from yakuba.base.tenancy import TenantModel


class Application(TenantModel):
    """One application as its owner follows it.

    ``answers`` holds what was sent only until the end-to-end receipt has come back (see ``services.retention``);
    after a correction request it holds what the case office sent back to start from.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    receipt_number = models.CharField(max_length=14)
    owner = models.CharField(max_length=140)
    procedure = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    role = models.CharField(max_length=24)
    mode = models.CharField(max_length=12)
    document_sha256 = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    status = models.CharField(max_length=24, default="received")
    status_at = models.DateTimeField()
    due = models.DateField(null=True)
    bundle = models.UUIDField(null=True)  # what was sent with it under one signature has the same
    previous = models.UUIDField(null=True)
    replaced_by = models.UUIDField(null=True)
    asked = models.JSONField(default=list)
    asked_due = models.DateField(null=True)
    asked_message = models.JSONField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    message = models.UUIDField(null=True)  # the gateway's number of the envelope it went out in
    delivered_at = models.DateTimeField(null=True)
    answers = models.JSONField(null=True)
    attachments = models.JSONField(default=list)  # [{slot, filename, media_type, size, sha256}]
    applicant_for = models.JSONField(null=True)
    mandate = models.UUIDField(null=True)  # the mandate it was sent with
    language = models.CharField(max_length=4, default="ja")

    class Meta:
        db_table = "portal_application"
        indexes = [
            models.Index(fields=["municipality", "owner", "-submitted_at"], name="application_by_owner"),
            models.Index(fields=["municipality", "receipt_number"], name="application_by_receipt"),
        ]


class StatusChange(TenantModel):
    """One step of an application's history as told to the resident."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="history")
    status = models.CharField(max_length=24)
    at = models.DateTimeField()
    due = models.DateField(null=True)
    message = models.JSONField(null=True)

    class Meta:
        db_table = "portal_status_change"
        ordering = ["at", "id"]


class Notice(TenantModel):
    """A notice (通知書) issued to the resident; the PDF lies among the zone's blobs."""

    id = models.UUIDField(primary_key=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notices")
    title = models.CharField(max_length=200)
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    issued_at = models.DateTimeField()
    first_opened_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "portal_notice"
        ordering = ["-issued_at"]
