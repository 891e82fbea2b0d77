"""The waiting room: one row a town, and one for each number given out. Nothing in them says who somebody is."""

from django.db import models

from yakuba.base.tenancy import TenantModel


class WaitingRoom(TenantModel):
    """A town's waiting room as :class:`yakuba.portal.waiting.rule.Room` has it; ``minutes``: [[minute, let in], …]."""

    mode = models.CharField(max_length=4, default="auto")
    rate = models.FloatField()
    credit = models.FloatField()
    at = models.DateTimeField()
    crowded_at = models.DateTimeField(null=True)
    waiting = models.IntegerField(default=0)
    minutes = models.JSONField(default=list)

    class Meta:
        db_table = "portal_waiting_room"
        constraints = [models.UniqueConstraint(fields=["municipality"], name="one_waiting_room_per_town")]


class WaitingNumber(TenantModel):
    """One in line. ``browser``: hash of the browser's token that used it last, ``browsers``: how many have."""

    seen_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    browser = models.CharField(max_length=64, blank=True)
    browsers = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "portal_waiting_number"
        indexes = [
            models.Index(
                fields=["municipality", "id"], name="waiting_in_line", condition=models.Q(admitted_at=None)
            )
        ]
