from django.db import migrations, models

import yakuba.base.ids
from yakuba.base.tenancy import EnableTenantIsolation


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_municipal_values")]

    operations = [
        migrations.AddField(
            model_name="casedocument", name="mandate", field=models.JSONField(null=True)
        ),
        migrations.CreateModel(
            name="MandateRevocation",
            fields=[
                ("municipality", models.CharField(max_length=6, verbose_name="全国地方公共団体コード")),
                (
                    "id",
                    models.UUIDField(
                        default=yakuba.base.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("mandate", models.UUIDField()),
                ("revoked_at", models.DateTimeField()),
            ],
            options={
                "db_table": "casework_mandate_revocation",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "mandate"), name="one_revocation_per_mandate"
                    )
                ],
            },
        ),
        EnableTenantIsolation("casework_mandate_revocation"),
    ]
