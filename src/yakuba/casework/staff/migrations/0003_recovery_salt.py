from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0002_aid_seats'),
    ]

    operations = [
        migrations.AddField(
            model_name='recoverycode',
            name='salt',
            field=models.CharField(blank=True, max_length=32),
        ),
    ]
