"""個人番号 at rest: ciphertext, a keyed blind index, and who looked for what."""

from django.db import models
from django.db.models import Q

from yakuba.base.tenancy import TenantModel


class MyNumberRecord(TenantModel):
    """One person's 個人番号, encrypted; digits exist only inside :mod:`yakuba.registers.mynumber`."""

    pk = models.CompositePrimaryKey("municipality", "atena_number", "history_number")
    atena_number = models.CharField("宛名番号", max_length=15, db_collation="C")
    history_number = models.PositiveSmallIntegerField("履歴番号", default=1)
    key_version = models.PositiveSmallIntegerField("鍵の版")
    sealed = models.BinaryField("暗号化した番号")
    blind_index = models.BinaryField("照合用の値")
    valid_from = models.DateField("有効開始日")
    valid_to = models.DateField("有効終了日", null=True)
    synthetic = models.BooleanField("架空の番号", default=False)

    class Meta:
        db_table = "registers_my_number"
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "blind_index"],
                condition=Q(valid_to=None),
                name="my_number_of_one_person",
            )
        ]

    def __str__(self) -> str:
        return f"個人番号(非表示) {self.atena_number}"


class MyNumberAccess(TenantModel):
    """One access to a 個人番号: who, when, for which purpose of law. Added to only, by the application role too."""

    at = models.DateTimeField("日時")
    staff = models.TextField("職員")
    purpose = models.CharField("目的", max_length=40)
    operation = models.CharField("操作", max_length=8)
    atena_number = models.CharField("宛名番号", max_length=15, blank=True, db_collation="C")
    found = models.BooleanField("該当")

    class Meta:
        db_table = "registers_my_number_access"
        indexes = [
            models.Index(fields=["municipality", "atena_number", "at"], name="my_number_access_by_person"),
            models.Index(fields=["municipality", "at"], name="my_number_access_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.purpose} {self.staff}"
