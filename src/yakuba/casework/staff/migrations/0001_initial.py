import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.db import migrations, models

from yakuba.base.tenancy import EnableTenantIsolation


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='LoginName',
            fields=[
                ('login', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('municipality', models.CharField(max_length=6)),
            ],
            options={
                'db_table': 'staff_login_name',
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('login', models.CharField(max_length=64)),
                ('device', models.CharField(max_length=64)),
                ('failures', models.IntegerField(default=0)),
                ('wait_until', models.DateTimeField(null=True)),
                ('last_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'staff_attempt',
                'constraints': [models.UniqueConstraint(fields=('login', 'device'), name='staff_attempt_once')],
            },
        ),
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('login', models.CharField(max_length=64, unique=True)),
                ('display_name', models.CharField(max_length=80)),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None)),
                ('password', models.CharField(max_length=200)),
                ('sealed_totp', models.BinaryField(null=True)),
                ('totp_confirmed', models.BooleanField(default=False)),
                ('totp_last_step', models.BigIntegerField(default=0)),
                ('active', models.BooleanField(default=True)),
                ('must_change_password', models.BooleanField(default=False)),
                ('session_epoch', models.IntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('last_signed_in_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'staff_staff',
                'indexes': [models.Index(fields=['municipality', 'display_name'], name='staff_by_name')],
            },
        ),
        migrations.CreateModel(
            name='Passkey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('credential_id', models.BinaryField(unique=True)),
                ('public_key', models.BinaryField()),
                ('sign_count', models.BigIntegerField(default=0)),
                ('name', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('last_used_at', models.DateTimeField(null=True)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passkeys', to='staff.staff')),
            ],
            options={
                'db_table': 'staff_passkey',
            },
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('code_hash', models.CharField(max_length=64)),
                ('used_at', models.DateTimeField(null=True)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to='staff.staff')),
            ],
            options={
                'db_table': 'staff_recovery_code',
                'constraints': [models.UniqueConstraint(fields=('staff', 'code_hash'), name='staff_recovery_once')],
            },
        ),
        EnableTenantIsolation("staff_staff"),
        EnableTenantIsolation("staff_passkey"),
        EnableTenantIsolation("staff_recovery_code"),
    ]
