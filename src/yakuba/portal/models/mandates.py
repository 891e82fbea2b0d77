"""Mandates (委任): who may apply for whom. Names stand only in the signature's certificate and in what the
principal wrote beside it."""

from django.db import models

from yakuba.base.ids import uuid7
from yakuba.base.tenancy import TenantModel


class MandataryCode(TenantModel):
    """The code a resident shows to whoever wants to give them a mandate; it leads to their certificate for a week."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.CharField(max_length=140)
    code = models.CharField(max_length=14)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "portal_mandatary_code"
        indexes = [models.Index(fields=["municipality", "code"], name="mandatary_code")]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "owner"], name="one_code_per_mandatary")
        ]


class Mandate(TenantModel):
    """One mandate. ``state``: written (not signed yet), given, accepted, declined, revoked.

    ``principal`` and ``mandatary`` are the certificates they sign in with; ``principal_name`` is what the signing
    certificate says, for the mandatary to see; ``note`` is the principal's own word for the mandatary.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    principal = models.CharField(max_length=140)
    principal_name = models.CharField(max_length=200, blank=True)
    mandatary = models.CharField(max_length=140)
    note = models.CharField(max_length=100, blank=True)
    document = models.JSONField()
    signature = models.BinaryField(null=True)
    until = models.DateField()
    state = models.CharField(max_length=10, default="written")
    created_at = models.DateTimeField()
    state_at = models.DateTimeField()

    class Meta:
        db_table = "portal_mandate"
        indexes = [
            models.Index(fields=["municipality", "principal", "-created_at"], name="mandate_by_principal"),
            models.Index(fields=["municipality", "mandatary", "-created_at"], name="mandate_by_mandatary"),
        ]
