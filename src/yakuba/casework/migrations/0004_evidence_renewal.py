from datetime import UTC, datetime

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0003_evidence'),
    ]

    operations = [
        migrations.AddField(
            model_name='caseevidence',
            name='renew_from',
            field=models.DateTimeField(default=datetime(2026, 11, 23, tzinfo=UTC)),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='caseevidence',
            index=models.Index(fields=['municipality', 'renew_from'], name='casework_evidence_renew'),
        ),
    ]
