"""The gateway's tables in each zone.

What carries residents' data is under row-level security. Three tables are not, on purpose, because the relay works for
all municipalities at once: ``pending``, ``slip`` and ``link`` hold message numbers, states and times, never
what a message says or whom it is about.
"""

from django.db import models

from yakuba.base.tenancy import TenantModel


class OutboxMessage(TenantModel):
    """A message this zone sends; written in the transaction of what it tells of."""

    message = models.UUIDField()
    kind = models.CharField(max_length=40)
    recipient = models.CharField(max_length=12)
    document = models.BinaryField()
    seal = models.BinaryField()
    posted_at = models.DateTimeField()
    state = models.CharField(max_length=10)  # waiting → taken → delivered | stopped
    closed_at = models.DateTimeField(null=True)
    receipt = models.BinaryField(null=True)
    receipt_seal = models.BinaryField(null=True)

    class Meta:
        db_table = "gateway_outbox"
        constraints = [
            models.UniqueConstraint(fields=["municipality", "message"], name="gateway_outbox_once")
        ]


class InboxMessage(TenantModel):
    """A message this zone has received. Its row and its effect are one transaction, so each works exactly once."""

    message = models.UUIDField()
    kind = models.CharField(max_length=40)
    sender = models.CharField(max_length=12)
    document = models.BinaryField()
    seal = models.BinaryField()
    transit = models.BinaryField(null=True)
    transit_seal = models.BinaryField(null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10)  # done | waiting | dead
    problem = models.TextField(blank=True)

    class Meta:
        db_table = "gateway_inbox"
        constraints = [models.UniqueConstraint(fields=["municipality", "message"], name="gateway_inbox_once")]


class TransitMessage(TenantModel):
    """A message passing through (lgwan), with what the sanitiser did to its files."""

    message = models.UUIDField()
    kind = models.CharField(max_length=40)
    sender = models.CharField(max_length=12)
    recipient = models.CharField(max_length=12)
    document = models.BinaryField()
    seal = models.BinaryField()
    transit = models.BinaryField(null=True)
    transit_seal = models.BinaryField(null=True)
    evidence = models.JSONField(default=list)
    arrived_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10)  # sanitise → onward → passed → delivered | stopped
    receipt = models.BinaryField(null=True)
    receipt_seal = models.BinaryField(null=True)

    class Meta:
        db_table = "gateway_transit"
        constraints = [
            models.UniqueConstraint(fields=["municipality", "message"], name="gateway_transit_once")
        ]


class Pending(models.Model):
    """What is still to be done about a message, over all municipalities: numbers, states and times only.

    ``queue`` is the neighbour it waits for, or ``sanitise``, ``inbox`` (to be tried again), ``receipt`` (taken by the
    neighbour, end-to-end receipt outstanding) or ``dead`` (people must look).
    """

    municipality = models.CharField(max_length=6)
    message = models.UUIDField()
    role = models.CharField(max_length=7)  # outbox | transit | inbox
    kind = models.CharField(max_length=40)
    queue = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    problem = models.CharField(max_length=80, blank=True)  # the name of the fault, never its text

    class Meta:
        db_table = "gateway_pending"
        constraints = [models.UniqueConstraint(fields=["message", "role"], name="gateway_pending_once")]
        indexes = [models.Index(fields=["queue", "due_at", "id"], name="gateway_pending_due")]


class Slip(models.Model):
    """A small statement signed by a zone, on its way to another: a receipt or an audit head. Names no resident."""

    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=120)
    recipient = models.CharField(max_length=12)
    next_hop = models.CharField(max_length=12)
    document = models.BinaryField()
    seal = models.BinaryField()

    class Meta:
        db_table = "gateway_slip"
        constraints = [models.UniqueConstraint(fields=["key", "recipient"], name="gateway_slip_once")]
        indexes = [models.Index(fields=["next_hop", "id"], name="gateway_slip_due")]


class Link(models.Model):
    """When this zone last heard from a neighbour, and what went wrong last."""

    peer = models.CharField(max_length=12, primary_key=True)
    last_contact_at = models.DateTimeField(null=True)
    last_problem_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        db_table = "gateway_link"


class Blob(TenantModel):
    """A file, kept once per municipality by its content; ``sha256`` is null while it is still being uploaded."""

    id = models.UUIDField(primary_key=True)
    sha256 = models.CharField(max_length=64, null=True)
    size = models.BigIntegerField(default=0)
    touched_at = models.DateTimeField()

    class Meta:
        db_table = "gateway_blob"
        constraints = [models.UniqueConstraint(fields=["municipality", "sha256"], name="gateway_blob_once")]


class BlobChunk(TenantModel):
    """A piece of a file, at most 1 MiB; stored uncompressed outside the row (files are compressed already)."""

    blob = models.UUIDField()
    number = models.IntegerField()
    data = models.BinaryField()

    class Meta:
        db_table = "gateway_blob_chunk"
        constraints = [
            models.UniqueConstraint(fields=["municipality", "blob", "number"], name="gateway_chunk_once")
        ]


class BlobHold(TenantModel):
    """Who still needs a file: ``outbox:<id>``, ``draft:<id>`` … The last release removes the file."""

    sha256 = models.CharField(max_length=64)
    holder = models.CharField(max_length=80)

    class Meta:
        db_table = "gateway_blob_hold"
        constraints = [
            models.UniqueConstraint(fields=["municipality", "sha256", "holder"], name="gateway_hold_once")
        ]
        indexes = [models.Index(fields=["municipality", "holder"], name="gateway_hold_holder")]


class TownChoices(TenantModel):
    """What a town has chosen about files (lgwan), from the last settings it published: which kinds, and how a PDF is
    made harmless. Says nothing of any resident."""

    published_at = models.DateTimeField()
    procedures = models.JSONField(default=dict)  # procedure → field → {"accepts": [...], "sanitise": ...}

    class Meta:
        db_table = "gateway_town_choices"
        constraints = [models.UniqueConstraint(fields=["municipality"], name="gateway_choices_once")]


class Municipality(models.Model):
    """The municipalities whose messages have come through here: their codes only."""

    code = models.CharField(max_length=6, primary_key=True)

    class Meta:
        db_table = "gateway_municipality"
