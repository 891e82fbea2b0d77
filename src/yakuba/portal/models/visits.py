"""Signing in and signing with a card: the record of a sign-in, and the one-time tickets given to the card agent."""

from django.db import models

from yakuba.base.ids import uuid7
from yakuba.base.tenancy import TenantModel


class SignIn(TenantModel):
    """One sign-in and its proof, which goes with an application that needs no signature (login-only)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.CharField(max_length=140)
    issuer_key_id = models.CharField(max_length=64)
    serial = models.CharField(max_length=64)
    certificate = models.TextField()
    challenge = models.TextField()
    signature = models.TextField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "portal_sign_in"
        indexes = [models.Index(fields=["at"], name="sign_in_by_time")]


class CertificateHistory(TenantModel):
    """Whether the town has told which certificates the holder of this one (``owner``) had before.

    ``state``: asked, known (told; what they had sent is this one's now), unknown (the town does not know the certificate yet).
    """

    pk = models.CompositePrimaryKey("municipality", "owner")
    owner = models.CharField(max_length=140)
    request = models.UUIDField(null=True)
    state = models.CharField(max_length=8, default="unknown")
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "portal_certificate_history"


class CardTicket(TenantModel):
    """One request to the card agent: what it may bring back, for which browser, once.

    The agent is given ``secret`` (only its hash is kept); the browser comes back with its own cookie and ``id``.
    Whoever brings a result without that browser's cookie has signed nobody in.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    secret_sha256 = models.CharField(max_length=64)
    browser = models.CharField(max_length=64)
    operation = models.CharField(max_length=12)  # authenticate, sign, mandate, cosign
    draft = models.UUIDField(null=True)
    content = models.BinaryField()
    result = models.BinaryField(null=True)
    error = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "portal_card_ticket"
        constraints = [
            models.UniqueConstraint(fields=["municipality", "secret_sha256"], name="ticket_secret_once")
        ]
        indexes = [models.Index(fields=["expires_at"], name="ticket_by_expiry")]
