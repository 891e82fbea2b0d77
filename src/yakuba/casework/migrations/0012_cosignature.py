from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0011_survey_checkout'),
    ]

    operations = [
        migrations.AddField(
            model_name='casedocument',
            name='cosignature',
            field=models.JSONField(null=True),
        ),
    ]
