"""What the office remembers about signing in."""

from django.db import models

from yakuba.base.tenancy import TenantModel


class SignIn(models.Model):
    """Failures in a row and the last one-time code used, per operator."""

    name = models.CharField(max_length=60, primary_key=True)
    failures = models.IntegerField(default=0)
    wait_until = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        db_table = "office_sign_in"


class DefinitionDraft(TenantModel):
    """A definition being written (下書き). One person proposes it, another publishes it."""

    id = models.UUIDField(primary_key=True)
    procedure = models.CharField(max_length=49)
    document = models.JSONField()
    base = models.JSONField(
        null=True
    )  # the national definition it was made from: {procedure, version, document}
    statements = models.JSONField(default=list)  # the signed provenance it came with, oldest first
    state = models.CharField(max_length=10, default="writing")  # writing → proposed → published | writing
    author = models.CharField(max_length=60)
    proposer = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)  # what the proposer says of it
    answer = models.TextField(blank=True)  # why it was sent back
    valid_from = models.DateField(null=True)
    row_version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "office_definition_draft"


class KnownTownKey(TenantModel):
    """The key of another municipality whose fingerprint somebody here has compared (over the telephone, say)."""

    other = models.CharField(max_length=6)
    fingerprint = models.CharField(max_length=60)
    accepted_by = models.CharField(max_length=60)
    accepted_at = models.DateTimeField()

    class Meta:
        db_table = "office_known_town_key"
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "other", "fingerprint"], name="office_known_town_key_once"
            )
        ]
