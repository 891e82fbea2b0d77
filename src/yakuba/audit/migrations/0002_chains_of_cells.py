"""A zone with several cells has a chain in each: <zone>/<cell>."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="audithead",
            name="zone",
            field=models.CharField(max_length=40, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name="witnessedhead",
            name="zone",
            field=models.CharField(max_length=40),
        ),
    ]
