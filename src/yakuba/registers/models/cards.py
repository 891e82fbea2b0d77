"""Card certificates: whose certificate is this, and what has become of it."""

from django.db import models

from yakuba.base.tenancy import TenantModel


class Kind(models.TextChoices):
    """Which of the two certificates of a My Number card."""

    SIGN = "sign", "署名用電子証明書"
    AUTH = "auth", "利用者証明用電子証明書"


class State(models.TextChoices):
    """What the town knows of a certificate; whether it is revoked today is the card room's verdict, not this."""

    ACTIVE = "active", "有効"
    RENEWED = "renewed", "更新済み"
    REVOKED = "revoked", "失効"
    LAPSED = "lapsed", "期限切れ"


class CardCertificate(TenantModel):
    """One recorded state of one certificate, known by issuer key identifier and serial, never by serial alone.

    ``recorded_to`` is empty on the state in force. ``not_before``/``not_after`` are the certificate's own days
    (Japan). A certificate recorded for two 宛名番号 is possible (住登外 doubles) and shown to a clerk, not hidden.
    """

    # the serial before the issuer: both are always asked for, and an index that differs early is quicker to fill
    pk = models.CompositePrimaryKey(
        "municipality", "serial", "issuer_key_id", "atena_number", "history_number"
    )
    issuer_key_id = models.CharField("発行者鍵識別子", max_length=64, db_collation="C")
    serial = models.CharField("シリアル番号", max_length=40, db_collation="C")
    atena_number = models.CharField("宛名番号", max_length=15, db_collation="C")
    history_number = models.PositiveSmallIntegerField("履歴番号", default=1)
    kind = models.CharField("種別", max_length=4, choices=Kind.choices)
    not_before = models.DateField("有効期間の開始日")
    not_after = models.DateField("有効期間の満了日")
    state = models.CharField("状態", max_length=8, choices=State.choices)
    state_reason = models.TextField("状態の理由", blank=True)
    recorded_from = models.DateField("記録開始日")
    recorded_to = models.DateField("記録終了日", null=True)

    class Meta:
        db_table = "registers_card_certificate"
        indexes = [models.Index(fields=["municipality", "atena_number"], name="certificate_by_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.serial}"
