from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0004_evidence_renewal'),
    ]

    operations = [
        migrations.AddField(
            model_name='casedocument',
            name='bundle',
            field=models.JSONField(null=True),
        ),
    ]
