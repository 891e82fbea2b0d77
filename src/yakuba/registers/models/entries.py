"""Entries of the business registers, each checked against its register's data-item list before it is kept."""

from django.db import models

from yakuba.base.tenancy import TenantModel


class RegisterEntry(TenantModel):
    """One state of one person's entry in a business register; valid from and to, both days included.

    ``series`` tells apart entries of one person in one register that live beside each other (one per disaster, one
    per tax year). A row is never changed after it is written except to close it (``valid_to``) or to say which later
    row replaces it (``superseded_by``, for decisions that reach back). Writers lock the person first; should
    one forget, the 履歴番号 in the primary key stops the second of two.
    """

    pk = models.CompositePrimaryKey("municipality", "register", "atena_number", "series", "history_number")
    register = models.CharField("台帳", max_length=30, db_collation="C")
    atena_number = models.CharField("宛名番号", max_length=15, db_collation="C")
    series = models.CharField("系列", max_length=60, blank=True, db_collation="C")
    history_number = models.PositiveSmallIntegerField("履歴番号")
    valid_from = models.DateField("有効開始日")
    valid_to = models.DateField("有効終了日", null=True)
    superseded_by = models.PositiveSmallIntegerField("置き換えた履歴番号", null=True)
    items = models.JSONField("項目")
    effect_id = models.UUIDField("登録の根拠となる処分", null=True)
    recorded_at = models.DateTimeField("登録日時")

    class Meta:
        db_table = "registers_entry"

    def __str__(self) -> str:
        return f"{self.register} {self.atena_number}/{self.history_number}"


class NamedPerson(TenantModel):
    """Whom an entry names in a list, so that it is found from there: a search in ``items`` would read the whole register
    for every child, as under row-level security no index on JSON can be used (its operators are not leakproof)."""

    pk = models.CompositePrimaryKey(
        "municipality", "register", "group", "value", "atena_number", "series", "history_number"
    )
    register = models.CharField("台帳", max_length=30, db_collation="C")
    group = models.CharField("一覧", max_length=30, db_collation="C")
    value = models.CharField("名前の出る人の番号", max_length=40, db_collation="C")
    atena_number = models.CharField("宛名番号", max_length=15, db_collation="C")
    series = models.CharField("系列", max_length=60, blank=True, db_collation="C")
    history_number = models.PositiveSmallIntegerField("履歴番号")

    class Meta:
        db_table = "registers_named_person"

    def __str__(self) -> str:
        return f"{self.register} {self.group} {self.atena_number}/{self.history_number}"


class AppliedEffect(TenantModel):
    """Which effects have been applied: a second delivery of the same effect changes nothing."""

    pk = models.CompositePrimaryKey("municipality", "effect_id")
    effect_id = models.UUIDField("処分")
    register = models.CharField("台帳", max_length=30)
    atena_number = models.CharField("宛名番号", max_length=15, db_collation="C")
    series = models.CharField("系列", max_length=60, blank=True)
    history_number = models.PositiveSmallIntegerField("履歴番号")
    digest = models.CharField("内容のSHA-256", max_length=64)
    applied_at = models.DateTimeField("登録日時")

    class Meta:
        db_table = "registers_applied_effect"

    def __str__(self) -> str:
        return str(self.effect_id)
