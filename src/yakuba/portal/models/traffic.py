"""Counters of requests, for rate limits that several server processes share."""

from django.db import models


class RateCount(models.Model):
    """Requests under one key in one window. The key is a hash: no address is kept. Not residents' data."""

    key = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.IntegerField(default=0)

    class Meta:
        db_table = "portal_rate_count"
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="rate_key_window")]
