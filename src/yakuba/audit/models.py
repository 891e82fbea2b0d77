"""The zone's audit log, and the heads it witnesses for the other zones. The application role may only add."""

from django.db import models


class AuditRecord(models.Model):
    """One link of the zone's chain. Not under a municipality: the chain is the zone's."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.TextField()
    action = models.TextField()
    subject = models.TextField()
    municipality = models.CharField(max_length=6, blank=True)
    facts = models.JSONField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_record"
        indexes = [models.Index(fields=["subject", "sequence"], name="audit_by_subject")]


class AuditHead(models.Model):
    """The last link of the own chain; one row, locked while a link is added."""

    zone = models.CharField(max_length=40, primary_key=True)  # the chain: <zone> or <zone>/<cell>
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_head"


class WitnessedHead(models.Model):
    """A head another zone has sent, with its signature: what that zone can no longer deny."""

    zone = models.CharField(max_length=40)  # the chain: <zone> or <zone>/<cell>
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    signature = models.TextField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "audit_witnessed_head"
        constraints = [
            models.UniqueConstraint(fields=["zone", "sequence", "hash"], name="audit_witnessed_once")
        ]
