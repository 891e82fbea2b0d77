"""Drafts (下書き) and the files put with them: everything a resident has typed and not yet sent."""

from django.db import models

from yakuba.base.ids import uuid7
from yakuba.base.tenancy import TenantModel
from yakuba.portal.models.bundles import Bundle


class Draft(TenantModel):
    """One application being filled in.

    It belongs to ``owner`` (``<issuer key id>/<serial>`` of the certificate signed in with) or, before sign-in, to
    the browser whose token hashes to ``browser``. ``prepared`` is the document last shown for signing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.CharField(max_length=140, blank=True)
    browser = models.CharField(max_length=64, blank=True)
    procedure = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    role = models.CharField(max_length=24, default="self")
    applicant_for = models.JSONField(null=True)
    answers = models.JSONField(default=dict)
    seen_pages = models.JSONField(default=list)
    prefill_request = models.UUIDField(null=True)
    prefill_state = models.CharField(max_length=12, default="none")  # none, asked, answered, not_found
    prefill_asked_at = models.DateTimeField(null=True)
    prefill = models.JSONField(default=dict)
    household = models.JSONField(default=list)
    bundle = models.ForeignKey(Bundle, on_delete=models.SET_NULL, null=True, related_name="drafts")
    previous = models.UUIDField(null=True)
    asked = models.JSONField(default=list)  # what a 補正 asks for: [{path, message}]
    carried = models.JSONField(default=list)  # attachments of the previous application that still stand
    moved = models.JSONField(null=True)  # what a new version of the form did to the answers: {lost, fresh}
    copied = models.JSONField(null=True)  # answers of an earlier application: {request, number, state}
    code = models.CharField(max_length=14, blank=True)  # what its printed form carries; blank: never printed
    assisted = models.JSONField(null=True)
    prepared = models.JSONField(null=True)
    mandate = models.UUIDField(null=True)  # the mandate it was begun with
    language = models.CharField(max_length=4, default="ja")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "portal_draft"
        indexes = [
            models.Index(fields=["municipality", "owner", "-updated_at"], name="draft_by_owner"),
            models.Index(fields=["municipality", "browser"], name="draft_by_browser"),
            models.Index(fields=["expires_at"], name="draft_by_expiry"),
            models.Index(fields=["municipality", "code"], name="draft_by_code"),
        ]


class Upload(TenantModel):
    """A file arriving in, or kept with, a draft. ``arriving`` is the gateway's upload until it is ``kept``."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="uploads")
    slot = models.CharField(max_length=200)
    filename = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField()
    arriving = models.UUIDField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, default="arriving")  # arriving, kept
    created_at = models.DateTimeField()

    class Meta:
        db_table = "portal_upload"
        indexes = [models.Index(fields=["draft", "slot"], name="upload_by_slot")]
