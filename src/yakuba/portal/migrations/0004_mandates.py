from django.db import migrations, models

import yakuba.base.ids
from yakuba.base.tenancy import EnableTenantIsolation


def _town() -> tuple[str, models.CharField]:
    return ("municipality", models.CharField(max_length=6, verbose_name="全国地方公共団体コード"))


def _number() -> tuple[str, models.UUIDField]:
    field = models.UUIDField(
        default=yakuba.base.ids.uuid7, editable=False, primary_key=True, serialize=False
    )
    return ("id", field)


class Migration(migrations.Migration):
    dependencies = [("portal", "0003_drafts_moved_copied_printed")]

    operations = [
        migrations.AddField(model_name="draft", name="mandate", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="application", name="mandate", field=models.UUIDField(null=True)),
        migrations.CreateModel(
            name="MandataryCode",
            fields=[
                _town(),
                _number(),
                ("owner", models.CharField(max_length=140)),
                ("code", models.CharField(max_length=14)),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "db_table": "portal_mandatary_code",
                "indexes": [models.Index(fields=["municipality", "code"], name="mandatary_code")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "owner"), name="one_code_per_mandatary"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                _town(),
                _number(),
                ("principal", models.CharField(max_length=140)),
                ("principal_name", models.CharField(blank=True, max_length=200)),
                ("mandatary", models.CharField(max_length=140)),
                ("note", models.CharField(blank=True, max_length=100)),
                ("document", models.JSONField()),
                ("signature", models.BinaryField(null=True)),
                ("until", models.DateField()),
                ("state", models.CharField(default="written", max_length=10)),
                ("created_at", models.DateTimeField()),
                ("state_at", models.DateTimeField()),
            ],
            options={
                "db_table": "portal_mandate",
                "indexes": [
                    models.Index(
                        fields=["municipality", "principal", "-created_at"], name="mandate_by_principal"
                    ),
                    models.Index(
                        fields=["municipality", "mandatary", "-created_at"], name="mandate_by_mandatary"
                    ),
                ],
            },
        ),
        EnableTenantIsolation("portal_mandatary_code"),
        EnableTenantIsolation("portal_mandate"),
    ]
