"""Requests to a second person to sign the same application (もう一人の署名)."""

from django.db import models

from yakuba.base.ids import uuid7
from yakuba.base.tenancy import TenantModel
from yakuba.portal.models.drafts import Draft


class CoSigning(TenantModel):
    """One request; a draft has one at most. ``state``: asked, signed, declined.

    It is about the document whose digest is ``sha256`` and no other: once the draft says something else, it is void.
    Only the digest of the code is kept. ``cosigner`` is the certificate signed in with of whoever gave the code first; from
    then on the code opens it for nobody else. ``signed_with`` is the signing certificate, ``name`` what that says.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="cosigning")
    sha256 = models.CharField(max_length=64)
    code_sha256 = models.CharField(max_length=64)
    cosigner = models.CharField(max_length=140, blank=True)
    state = models.CharField(max_length=10, default="asked")
    signature = models.BinaryField(null=True)
    signed_with = models.CharField(max_length=140, blank=True)
    name = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    state_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "portal_cosigning"
        indexes = [models.Index(fields=["municipality", "code_sha256"], name="cosigning_by_code")]
