"""Whom the town knows somebody to act for by law (法定代理): asked for on a button, kept for a day."""

from django.db import models

from yakuba.base.tenancy import TenantModel


class WardsAsked(TenantModel):
    """The question of one certificate and its answer. ``state``: asked, known, unknown (the town does not know the certificate).

    ``people``: name, kana, birth_date, address and kind of each.
    """

    pk = models.CompositePrimaryKey("municipality", "owner")
    owner = models.CharField(max_length=140)
    request = models.UUIDField()
    state = models.CharField(max_length=8, default="asked")
    people = models.JSONField(default=list)
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "portal_wards_asked"
