from django.db import migrations, models

from yakuba.base.tenancy import EnableTenantIsolation


class Migration(migrations.Migration):

    dependencies = [
        ('gateway', '0002_municipality'),
    ]

    operations = [
        migrations.CreateModel(
            name='TownChoices',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('published_at', models.DateTimeField()),
                ('procedures', models.JSONField(default=dict)),
            ],
            options={
                'db_table': 'gateway_town_choices',
                'constraints': [models.UniqueConstraint(fields=('municipality',), name='gateway_choices_once')],
            },
        ),
        EnableTenantIsolation('gateway_town_choices'),
    ]
