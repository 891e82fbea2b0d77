import django.db.models.deletion
from django.db import migrations, models

import yakuba.base.ids
from yakuba.base.tenancy import EnableTenantIsolation


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0005_waiting_room'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bundle',
            fields=[
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('id', models.UUIDField(default=yakuba.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('owner', models.CharField(max_length=140)),
                ('event', models.CharField(max_length=32)),
                ('answers', models.JSONField(default=dict)),
                ('shared_seen', models.BooleanField(default=False)),
                ('asked', models.JSONField(default=dict)),
                ('chosen', models.JSONField(null=True)),
                ('prefill_request', models.UUIDField(null=True)),
                ('prefill_state', models.CharField(default='none', max_length=12)),
                ('prefill_asked_at', models.DateTimeField(null=True)),
                ('prefill', models.JSONField(default=dict)),
                ('household', models.JSONField(default=list)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'portal_bundle',
                'indexes': [
                    models.Index(fields=['municipality', 'owner', '-updated_at'], name='bundle_by_owner'),
                    models.Index(fields=['expires_at'], name='bundle_by_expiry'),
                ],
            },
        ),
        EnableTenantIsolation('portal_bundle'),
        migrations.AddField(
            model_name='draft',
            name='bundle',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='drafts', to='portal.bundle'),
        ),
        migrations.AddField(
            model_name='application',
            name='bundle',
            field=models.UUIDField(null=True),
        ),
    ]
