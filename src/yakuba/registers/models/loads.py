"""What has been filled in bulk, part by part: an interrupted load goes on where it stopped, a finished one is kept."""

from django.db import models

from yakuba.base.tenancy import TenantModel


class BulkLoad(TenantModel):
    """One source of data a town was filled from, and the plan it follows."""

    pk = models.CompositePrimaryKey("municipality", "source")
    source = models.CharField("出所", max_length=30)
    plan = models.JSONField("計画")
    started_at = models.DateTimeField("開始日時")
    finished_at = models.DateTimeField("完了日時", null=True)

    class Meta:
        db_table = "registers_bulk_load"

    def __str__(self) -> str:
        return f"{self.municipality} {self.source}"


class LoadedPart(TenantModel):
    """One part that is in; written in the transaction that brought it in."""

    pk = models.CompositePrimaryKey("municipality", "source", "part")
    source = models.CharField("出所", max_length=30)
    part = models.IntegerField("部分")
    rows = models.IntegerField("行数")

    class Meta:
        db_table = "registers_loaded_part"

    def __str__(self) -> str:
        return f"{self.municipality} {self.source} {self.part}"
