"""Notices and the counters their numbers come from."""

from django.db import models

from yakuba.base.ids import uuid7
from yakuba.base.tenancy import TenantModel


class State(models.TextChoices):
    """Where a notice is. Every notice with a number is in one of these, for ever."""

    WAITING = "waiting", "作成待ち"
    ISSUED = "issued", "発行済み"
    MANUAL = "manual", "手作業"
    ON_PAPER = "on_paper", "紙で発行済み"


class Notice(TenantModel):
    """通知書: one numbered notice of one case.

    ``key`` tells notices of the same kind and case apart (the second 補正依頼書); ``data`` is
    :func:`yakuba.casework.notices.data.to_json`, all the notice says. ``problem`` names why it waits for a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField()
    application_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    title = models.CharField(max_length=200)
    series = models.CharField(max_length=10)
    fiscal_year = models.IntegerField()
    number = models.IntegerField()
    data = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.IntegerField(default=0)
    signer = models.CharField(max_length=200, blank=True)
    problem = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_notice"
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "series", "fiscal_year", "number"], name="notices_number_once"
            ),
            models.UniqueConstraint(
                fields=["municipality", "case_id", "kind", "key"], name="notices_once_for_a_case"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state", "made_at"], name="notices_by_state")]

    @property
    def full_number(self) -> str:
        """文書番号: 葉福第123号."""
        return number_text(self.series, self.number)

    @property
    def filename(self) -> str:
        """What the resident's file is called: plain ASCII, so that any system keeps it."""
        return f"notice-{self.fiscal_year}-{self.number:05d}-{str(self.id)[-6:]}.pdf"


class NoticeCounter(TenantModel):
    """The last number given in a series and fiscal year; locked while the next is given, so that none is skipped."""

    series = models.CharField(max_length=10)
    fiscal_year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        db_table = "notices_counter"
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "series", "fiscal_year"], name="notices_one_counter"
            )
        ]


def number_text(series: str, number: int) -> str:
    """葉福第123号."""
    return f"{series}第{number}号"
