from django.db import migrations, models

from yakuba.base.tenancy import EnableTenantIsolation


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0007_cosigning'),
    ]

    operations = [
        migrations.CreateModel(
            name='WardsAsked',
            fields=[
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('pk', models.CompositePrimaryKey('municipality', 'owner', blank=True, editable=False, primary_key=True, serialize=False)),
                ('owner', models.CharField(max_length=140)),
                ('request', models.UUIDField()),
                ('state', models.CharField(default='asked', max_length=8)),
                ('people', models.JSONField(default=list)),
                ('asked_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'portal_wards_asked',
            },
        ),
        EnableTenantIsolation('portal_wards_asked'),
    ]
