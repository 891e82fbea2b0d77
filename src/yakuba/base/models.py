"""Where municipalities are, when a zone's data is spread over several databases (cells; docs/decisions)."""

from django.db import models


class Seat(models.Model):
    """What this database says of a municipality: it is ``here``, it is ``arriving`` from ``peer``, or it has ``left`` for
    ``peer``. The rows of all cells together are the directory. Written by ``yakuba cells`` only. No residents' data."""

    code = models.CharField(max_length=6, primary_key=True)
    state = models.CharField(max_length=8)  # here | arriving | left
    peer = models.CharField(max_length=20, blank=True)
    move = models.UUIDField(null=True)  # the same at both ends of one move
    phase = models.CharField(
        max_length=12, blank=True
    )  # copying | switching | removing, while one is under way
    progress = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "cell_seat"


class Change(models.Model):
    """The key of a row that changed while its municipality is being moved; read by the move alone, gone after it."""

    code = models.CharField(max_length=6)
    table = models.CharField(max_length=63)
    key = models.TextField()

    class Meta:
        db_table = "cell_change"
        indexes = [models.Index(fields=["code", "id"], name="cell_change_of")]
