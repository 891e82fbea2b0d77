"""The resident register (住民基本台帳): one row per state a person's record has been in, none ever overwritten."""

from django.db import models
from django.db.models import Q

from yakuba.base.tenancy import TenantModel
from yakuba.registers.models.fields import UncertainDateField

FULL_WIDTH_SPACE = "\u3000"


class Status(models.TextChoices):
    """住民状態."""

    RESIDENT = "resident", "住登者"
    MOVED_OUT = "moved_out", "転出者"
    DECEASED = "deceased", "死亡者"
    OUTSIDE = "outside", "住登外者"


class Sex(models.TextChoices):
    """性別, with the digits the card's sign certificate uses (1 男, 2 女, 3 不明)."""

    MALE = "1", "男"
    FEMALE = "2", "女"
    UNKNOWN = "3", "不明"


class Reason(models.TextChoices):
    """異動事由: why a row was opened."""

    BIRTH = "birth", "出生"
    MOVE_IN = "move_in", "転入"
    MOVE_WITHIN = "move_within", "転居"
    MOVE_OUT = "move_out", "転出"
    DEATH = "death", "死亡"
    HOUSEHOLD = "household", "世帯変更"
    NAME = "name", "氏名変更"
    EX_OFFICIO = "ex_officio", "職権記載"
    CORRECTION = "correction", "職権修正"
    OUTSIDE = "outside", "住登外登録"


class Resident(TenantModel):
    """One state of one person's record: 宛名番号 and 履歴番号, valid from and to (both days included).

    The current state is the row whose ``valid_to`` is empty. ``name`` is written 氏, full-width space, 名 for
    Japanese; it may hold variants and ideographic variation sequences, exactly as recorded. The ``*_key`` columns are
    derived (:mod:`yakuba.registers.keys`) and only searched, never shown.
    """

    pk = models.CompositePrimaryKey("municipality", "atena_number", "history_number")
    atena_number = models.CharField("宛名番号", max_length=15, db_collation="C")
    history_number = models.PositiveSmallIntegerField("履歴番号")
    valid_from = models.DateField("有効開始日")
    valid_to = models.DateField("有効終了日", null=True)
    reason = models.CharField("異動事由", max_length=12, choices=Reason.choices)
    changed_on = UncertainDateField("異動年月日")
    notified_on = models.DateField("届出年月日", null=True)
    status = models.CharField("住民状態", max_length=10, choices=Status.choices)
    foreign = models.BooleanField("外国人住民", default=False)
    name = models.TextField("氏名")
    name_kana = models.TextField("氏名_フリガナ", blank=True)
    name_alphabet = models.TextField("氏名_英字", blank=True)
    common_name = models.TextField("通称", blank=True)
    common_name_kana = models.TextField("通称_フリガナ", blank=True)
    former_family_name = models.TextField("旧氏", blank=True)
    former_family_name_kana = models.TextField("旧氏_フリガナ", blank=True)
    sex = models.CharField("性別", max_length=1, choices=Sex.choices)
    birth = UncertainDateField("生年月日")
    household_number = models.CharField("世帯番号", max_length=15, db_collation="C")
    relationship = models.TextField("続柄")
    postcode = models.CharField("郵便番号", max_length=7, blank=True)
    town_code = models.CharField("町字コード", max_length=7, blank=True)
    address = models.TextField("住所")
    building = models.TextField("方書", blank=True)
    former_address = models.TextField("前住所", blank=True)
    moved_in_on = models.DateField("住民となった年月日", null=True)
    next_address = models.TextField("転出先住所", blank=True)
    facility = models.CharField("施設コード", max_length=20, blank=True)
    name_key = models.TextField(db_collation="C")
    kana_key = models.TextField(db_collation="C", blank=True)
    other_key = models.TextField("通称または旧氏の検索用", db_collation="C", blank=True)
    alphabet_key = models.TextField(db_collation="C", blank=True)

    class Meta:
        db_table = "registers_resident"
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "atena_number"],
                condition=Q(valid_to=None),
                name="resident_one_current_state",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="resident_period_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "name_key"], condition=Q(valid_to=None), name="resident_by_name"
            ),
            models.Index(
                fields=["municipality", "kana_key"], condition=Q(valid_to=None), name="resident_by_kana"
            ),
            models.Index(
                fields=["municipality", "other_key"],
                condition=Q(valid_to=None) & ~Q(other_key=""),
                name="resident_by_other_name",
            ),
            models.Index(
                fields=["municipality", "alphabet_key"],
                condition=Q(valid_to=None) & ~Q(alphabet_key=""),
                name="resident_by_alphabet",
            ),
            models.Index(fields=["municipality", "household_number"], name="resident_by_household"),
        ]

    def __str__(self) -> str:
        return f"{self.atena_number}/{self.history_number}"

    @property
    def family_name(self) -> str:
        """氏; the whole name where it has no full-width space (foreign residents)."""
        return self.name.partition(FULL_WIDTH_SPACE)[0]

    @property
    def given_name(self) -> str:
        """名; empty where the name has no full-width space."""
        return self.name.partition(FULL_WIDTH_SPACE)[2]


class Guardianship(TenantModel):
    """A person under guardianship (成年後見制度, 未成年後見) and who acts for them; valid from and to, both included.

    Kept in the register of 宛名 because guardians receive the town's letters; the guardian is a resident here
    (``guardian_number``), or a person or body from elsewhere, by name.
    """

    class Kind(models.TextChoices):
        """民法第7条, 第11条, 第15条, 第838条第1号."""

        GUARDIAN = "guardian", "成年後見人"
        CURATOR = "curator", "保佐人"
        ASSISTANT = "assistant", "補助人"
        MINOR = "minor", "未成年後見人"

    pk = models.CompositePrimaryKey("municipality", "ward_number", "valid_from")
    ward_number = models.CharField("本人の宛名番号", max_length=15, db_collation="C")
    kind = models.CharField("種別", max_length=10, choices=Kind.choices)
    guardian_number = models.CharField("後見人等の宛名番号", max_length=15, blank=True, db_collation="C")
    guardian_name = models.TextField("後見人等の氏名または名称")
    guardian_address = models.TextField("後見人等の住所")
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日", null=True)

    class Meta:
        db_table = "registers_guardianship"
        indexes = [
            models.Index(
                fields=["municipality", "guardian_number"],
                condition=~Q(guardian_number=""),
                name="guardianship_by_guardian",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} → {self.ward_number}"
