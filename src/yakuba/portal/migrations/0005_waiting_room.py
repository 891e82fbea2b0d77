from django.db import migrations, models

from yakuba.base.tenancy import EnableTenantIsolation


def _town() -> tuple[str, models.CharField]:
    return ("municipality", models.CharField(max_length=6, verbose_name="全国地方公共団体コード"))


def _number() -> tuple[str, models.BigAutoField]:
    return (
        "id",
        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
    )


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_mandates")]

    operations = [
        migrations.CreateModel(
            name="WaitingRoom",
            fields=[
                _number(),
                _town(),
                ("mode", models.CharField(default="auto", max_length=4)),
                ("rate", models.FloatField()),
                ("credit", models.FloatField()),
                ("at", models.DateTimeField()),
                ("crowded_at", models.DateTimeField(null=True)),
                ("waiting", models.IntegerField(default=0)),
                ("minutes", models.JSONField(default=list)),
            ],
            options={
                "db_table": "portal_waiting_room",
                "constraints": [
                    models.UniqueConstraint(fields=("municipality",), name="one_waiting_room_per_town")
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitingNumber",
            fields=[
                _number(),
                _town(),
                ("seen_at", models.DateTimeField()),
                ("admitted_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("browser", models.CharField(blank=True, max_length=64)),
                ("browsers", models.SmallIntegerField(default=0)),
            ],
            options={
                "db_table": "portal_waiting_number",
                "indexes": [
                    models.Index(
                        fields=["municipality", "id"],
                        name="waiting_in_line",
                        condition=models.Q(("admitted_at", None)),
                    )
                ],
            },
        ),
        EnableTenantIsolation("portal_waiting_room"),
        EnableTenantIsolation("portal_waiting_number"),
    ]
