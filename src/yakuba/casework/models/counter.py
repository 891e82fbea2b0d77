"""The counter at which nobody has to write (書かない窓口): visits in hand, and readings of the resident's card."""

from typing import ClassVar

from django.db import models

from yakuba.base.ids import uuid7
from yakuba.base.tenancy import TenantModel
from yakuba.casework.staff.models import Staff


class CounterVisit(TenantModel):
    """One person at the counter with one procedure; its ``id`` becomes the application's.

    While ``open`` it holds what has been filled in; once ``taken_in`` only who the person was found to be, which originals
    were seen, and by whom: the answers are the case's then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=10, default="open")  # open, taken_in
    clerk = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")  # who has it in hand
    clerks = models.JSONField(default=list)  # ids of everybody who had it in hand
    atena_number = models.CharField(max_length=15)
    found_by = models.CharField(max_length=10)  # card, document
    document = models.CharField(max_length=24, blank=True)  # which other identity document was shown
    document_note = models.CharField(max_length=200, blank=True)
    card_trouble = models.CharField(max_length=40, blank=True)  # why the card alone was not enough
    owner = models.CharField(
        max_length=140, blank=True
    )  # the card's certificate, as the portal names its holder
    procedure = models.CharField(max_length=64, blank=True)
    version = models.CharField(max_length=32, blank=True)
    role = models.CharField(max_length=24, default="self")
    applicant_for = models.JSONField(null=True)
    answers = models.JSONField(default=dict)
    seen_pages = models.JSONField(default=list)
    known = models.JSONField(default=dict)  # what the registers said: {values, household}
    originals = models.JSONField(default=dict)  # slot → {label, note, by, at}
    prepared = models.JSONField(null=True)  # the document last shown to the resident
    language = models.CharField(max_length=4, default="ja")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "casework_counter_visit"
        indexes: ClassVar = [
            models.Index(fields=["municipality", "state", "-updated_at"], name="counter_visit_newest")
        ]


class CardReading(TenantModel):
    """One order to the card agent of the counter, by a one-time ticket of which only the digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clerk = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    visit = models.ForeignKey(CounterVisit, on_delete=models.CASCADE, null=True, related_name="readings")
    operation = models.CharField(max_length=12)  # authenticate, sign
    content = models.BinaryField()
    secret_sha256 = models.CharField(max_length=64)
    result = models.BinaryField(null=True)
    error = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_card_reading"
        indexes: ClassVar = [
            models.Index(fields=["municipality", "secret_sha256"], name="card_reading_by_ticket")
        ]
