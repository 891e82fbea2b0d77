"""Long-term evidence of each application's signature, kept beside the case for as long as the case is."""

from typing import ClassVar

from django.db import models

from yakuba.base.tenancy import TenantModel
from yakuba.casework.models.case import Case


class CaseEvidence(TenantModel):
    """One stamped record (:mod:`yakuba.card.evidence`); its roots and lists stand in :class:`EvidencePart`."""

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="evidence_record"
    )
    record = models.BinaryField()
    made_at = models.DateTimeField()
    renew_from = models.DateTimeField()  # a new stamp is wanted: a year before the last one ends

    class Meta:
        db_table = "casework_evidence"
        indexes: ClassVar = [
            models.Index(fields=["municipality", "renew_from"], name="casework_evidence_renew")
        ]


class EvidencePart(TenantModel):
    """A root or a revocation list that records name by its digest: kept once for all of them."""

    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        db_table = "casework_evidence_part"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "sha256"], name="casework_evidence_part_once")
        ]
