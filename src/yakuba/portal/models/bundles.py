"""Bundles (まとめ申請): the drafts of a life event that are filled in together and signed once."""

from django.db import models

from yakuba.base.ids import uuid7
from yakuba.base.tenancy import TenantModel


class Bundle(TenantModel):
    """What belongs to several drafts at once. Each draft stays a draft of its own (:class:`~.drafts.Draft`).

    ``answers`` are those of the shared page, ``asked`` the answers to the questions before typing by procedure, ``chosen``
    the procedures ticked (null: nothing was ticked or unticked yet). It is gone when its applications are sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.CharField(max_length=140)
    event = models.CharField(max_length=32)
    answers = models.JSONField(default=dict)
    shared_seen = models.BooleanField(default=False)
    asked = models.JSONField(default=dict)
    chosen = models.JSONField(null=True)
    prefill_request = models.UUIDField(null=True)
    prefill_state = models.CharField(
        max_length=12, default="none"
    )  # none, asked, answered, applied, not_found
    prefill_asked_at = models.DateTimeField(null=True)
    prefill = models.JSONField(default=dict)
    household = models.JSONField(default=list)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "portal_bundle"
        indexes = [
            models.Index(fields=["municipality", "owner", "-updated_at"], name="bundle_by_owner"),
            models.Index(fields=["expires_at"], name="bundle_by_expiry"),
        ]
