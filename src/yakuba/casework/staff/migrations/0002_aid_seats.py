import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import yakuba.base.ids
from yakuba.base.tenancy import EnableTenantIsolation

_STAFF = {"null": True, "on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": "staff.staff"}


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="staff", name="home", field=models.CharField(blank=True, default="", max_length=6)
        ),
        migrations.CreateModel(
            name="AidSeat",
            fields=[
                ("municipality", models.CharField(max_length=6, verbose_name="全国地方公共団体コード")),
                (
                    "id",
                    models.UUIDField(
                        default=yakuba.base.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("login", models.CharField(max_length=64)),
                ("home", models.CharField(max_length=6)),
                ("home_name", models.CharField(max_length=40)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("proposed_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.staff"
                    ),
                ),
                ("approved_by", models.ForeignKey(**_STAFF)),
                ("ended_by", models.ForeignKey(**_STAFF)),
                (
                    "staff",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seat",
                        to="staff.staff",
                    ),
                ),
            ],
            options={
                "db_table": "staff_aid_seat",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                        name="staff_aid_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=Q(ends_at__gt=F("begins_at")), name="staff_aid_ends_after_it_begins"
                    ),
                ],
            },
        ),
        EnableTenantIsolation("staff_aid_seat"),
    ]
