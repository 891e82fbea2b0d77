"""What a municipality has published to its portal."""

from django.db import models

from yakuba.base.tenancy import TenantModel


class TownSettings(TenantModel):
    """The last ``settings.published`` message: procedures open or closed, overrides, declared disasters."""

    procedures = models.JSONField(default=dict)
    disasters = models.JSONField(default=list)
    published_at = models.DateTimeField()

    class Meta:
        db_table = "portal_town_settings"
        constraints = [models.UniqueConstraint(fields=["municipality"], name="one_settings_per_town")]
