import django.db.models.deletion
from django.db import migrations, models

import yakuba.base.ids
from yakuba.base.tenancy import EnableTenantIsolation


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0006_bundles'),
    ]

    operations = [
        migrations.CreateModel(
            name='CoSigning',
            fields=[
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('id', models.UUIDField(default=yakuba.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64)),
                ('code_sha256', models.CharField(max_length=64)),
                ('cosigner', models.CharField(blank=True, max_length=140)),
                ('state', models.CharField(default='asked', max_length=10)),
                ('signature', models.BinaryField(null=True)),
                ('signed_with', models.CharField(blank=True, max_length=140)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('state_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('draft', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='cosigning', to='portal.draft')),
            ],
            options={
                'db_table': 'portal_cosigning',
                'indexes': [models.Index(fields=['municipality', 'code_sha256'], name='cosigning_by_code')],
            },
        ),
        EnableTenantIsolation('portal_cosigning'),
    ]
