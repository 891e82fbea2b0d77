"""What this zone is told of mandates (委任): that one was revoked, and when."""

from typing import ClassVar

from django.db import models

from yakuba.base.ids import uuid7
from yakuba.base.tenancy import TenantModel


class MandateRevocation(TenantModel):
    """A mandate its principal has revoked in the portal. No person stands here, only the mandate's number."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mandate = models.UUIDField()
    revoked_at = models.DateTimeField()

    class Meta:
        db_table = "casework_mandate_revocation"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "mandate"], name="one_revocation_per_mandate")
        ]
