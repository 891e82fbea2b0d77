"""What the office has published: a document per revision, never changed afterwards."""

from django.db import models

from yakuba.base.tenancy import TenantModel


class PublishedDefinition(TenantModel):
    """One revision of one of a municipality's own procedures, as two people published it."""

    procedure = models.CharField(max_length=49)
    revision = models.IntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)  # of the document's RFC 8785 bytes
    author = models.CharField(max_length=60)
    approver = models.CharField(max_length=60)
    published_at = models.DateTimeField()
    statements = models.JSONField(default=list)  # its signed provenance, oldest first

    class Meta:
        db_table = "definitions_published"
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "procedure", "revision"], name="definitions_published_once"
            )
        ]
