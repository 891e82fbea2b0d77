"""Decided cases on their way to outside systems, the batches they go in, and every exchange with those systems."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yakuba.base.ids import uuid7
from yakuba.base.tenancy import TenantModel


class State(models.TextChoices):
    """Where a decided case is. Each is in exactly one, so that the counts add up to what was handed in."""

    READY = "ready", "未送信"
    HELD = "held", "保留(変換できない項目)"
    SENT = "sent", "送信済み・受領待ち"
    ACKNOWLEDGED = "acknowledged", "受領済み"
    RETURNED = "returned", "結果返却済み"
    REJECTED = "rejected", "相手が不受理"


class OutsideSystem(TenantModel):
    """連携先: a core system outside yakuba. Its token is kept as a digest only; ``closed_at`` ends it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    procedures = ArrayField(models.CharField(max_length=64))
    format = models.CharField(max_length=20, default="jsonl")
    token_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "handover_system"
        ordering = ["name"]


class Batch(TenantModel):
    """連携ファイル: files made at one moment of the cases of one procedure; kept as blobs under their digests.

    ``files`` lists name, rows, size and sha256 as the manifest does, the manifest itself first.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    procedure = models.CharField(max_length=64)
    format = models.CharField(max_length=20)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    system = models.ForeignKey(OutsideSystem, on_delete=models.PROTECT, null=True)
    cases = models.IntegerField()
    files = models.JSONField()

    class Meta:
        db_table = "handover_batch"
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["municipality", "procedure", "made_at"], name="handover_batches")]


class Item(TenantModel):
    """One decided case to be handed over. ``document`` is all of it as it was decided."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField()
    procedure = models.CharField(max_length=64)
    receipt_number = models.CharField(max_length=14)
    state = models.CharField(max_length=12, choices=State, default=State.READY)
    state_at = models.DateTimeField()
    document = models.JSONField()
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="items")
    outside_number = models.CharField(max_length=60, blank=True)
    problem = models.JSONField(default=list)
    result = models.JSONField(null=True)

    class Meta:
        db_table = "handover_item"
        constraints = [models.UniqueConstraint(fields=["municipality", "case_id"], name="handover_case_once")]
        indexes = [
            models.Index(fields=["municipality", "procedure", "state", "state_at"], name="handover_by_state"),
            models.Index(fields=["municipality", "receipt_number"], name="handover_by_receipt"),
        ]


class Passage(TenantModel):
    """That a case went out with a batch: written once, never changed, so that batches can be counted over."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="passages")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="passages")

    class Meta:
        db_table = "handover_passage"
        constraints = [models.UniqueConstraint(fields=["batch", "item"], name="handover_passage_once")]


class Exchange(TenantModel):
    """One message from an outside system and our answer to it, kept so that the same message gets the same answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey(OutsideSystem, on_delete=models.PROTECT)
    message_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    body = models.JSONField()
    body_sha256 = models.CharField(max_length=64)
    answer = models.JSONField()

    class Meta:
        db_table = "handover_exchange"
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "system", "message_id"], name="handover_message_once"
            )
        ]
