from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0008_mandates")]

    operations = [
        migrations.AddField(
            model_name="disaster", name="waiting", field=models.BooleanField(default=False)
        )
    ]
