import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import yakuba.casework.workflow
from django.db import migrations, models

from yakuba.base.tenancy import EnableTenantIsolation


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('staff', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('receipt_number', models.CharField(max_length=14)),
                ('procedure', models.CharField(max_length=64)),
                ('version', models.CharField(max_length=32)),
                ('status', models.CharField(max_length=20)),
                ('status_at', models.DateTimeField()),
                ('is_open', models.BooleanField(default=True)),
                ('mode', models.CharField(max_length=10)),
                ('role', models.CharField(max_length=20)),
                ('language', models.CharField(default='ja', max_length=4)),
                ('submitted_at', models.DateTimeField()),
                ('arrived_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField()),
                ('claimant_name', models.CharField(blank=True, max_length=200)),
                ('claimant_kana', models.CharField(blank=True, max_length=200)),
                ('name_key', models.CharField(blank=True, max_length=200)),
                ('kana_key', models.CharField(blank=True, max_length=200)),
                ('verdict_outcome', models.CharField(max_length=8)),
                ('verdict_reason', models.CharField(blank=True, max_length=40)),
                ('issuer_key_id', models.CharField(blank=True, max_length=64)),
                ('serial', models.CharField(blank=True, max_length=64)),
                ('atena_number', models.CharField(blank=True, max_length=15)),
                ('history_number', models.IntegerField(null=True)),
                ('manual_reason', models.CharField(blank=True, max_length=32)),
                ('flags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), default=list, size=None)),
                ('flagged', models.BooleanField(default=False)),
                ('due', models.DateField(null=True)),
                ('due_sort', models.DateField(default=datetime.date(9999, 12, 31))),
                ('clock_paused_on', models.DateField(null=True)),
                ('clock_flag', models.CharField(blank=True, max_length=10)),
                ('previous', models.UUIDField(null=True)),
                ('replaced_by', models.UUIDField(null=True)),
                ('row_version', models.IntegerField(default=1)),
                ('assigned_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='staff.staff')),
            ],
            options={
                'db_table': 'casework_case',
            },
        ),
        migrations.CreateModel(
            name='Disaster',
            fields=[
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('declared_on', models.DateField()),
                ('until', models.DateField()),
            ],
            options={
                'db_table': 'casework_disaster',
            },
        ),
        migrations.CreateModel(
            name='PrefillAnswer',
            fields=[
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('request_id', models.UUIDField(primary_key=True, serialize=False)),
                ('procedure', models.CharField(max_length=64)),
                ('issuer_key_id', models.CharField(max_length=64)),
                ('serial', models.CharField(max_length=64)),
                ('atena_number', models.CharField(blank=True, max_length=15)),
                ('found', models.BooleanField()),
                ('items', models.JSONField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'casework_prefill_answer',
            },
        ),
        migrations.CreateModel(
            name='UnreadableMessage',
            fields=[
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('received_at', models.DateTimeField()),
                ('problem', models.TextField()),
                ('body', models.JSONField()),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'casework_unreadable',
            },
        ),
        migrations.CreateModel(
            name='CaseDocument',
            fields=[
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='document', serialize=False, to='casework.case')),
                ('application', models.JSONField()),
                ('answers', models.JSONField()),
                ('signature', models.BinaryField(null=True)),
                ('login_proof', models.JSONField(null=True)),
                ('portal_verdict', models.JSONField(null=True)),
                ('verdict', models.JSONField()),
                ('verified_at', models.DateTimeField()),
                ('schema_problems', models.JSONField(default=list)),
            ],
            options={
                'db_table': 'casework_document',
            },
        ),
        migrations.CreateModel(
            name='CaseAttachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('position', models.IntegerField()),
                ('slot', models.CharField(max_length=120)),
                ('filename', models.CharField(max_length=255)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.BigIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('signed_sha256', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(max_length=12)),
                ('signed', models.JSONField(default=dict)),
                ('evidence', models.JSONField(default=dict)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='casework.case')),
            ],
            options={
                'db_table': 'casework_attachment',
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('asked_at', models.DateTimeField()),
                ('items', models.JSONField()),
                ('message', models.TextField(blank=True)),
                ('due', models.DateField()),
                ('state', models.CharField(default='open', max_length=10)),
                ('answered_by', models.UUIDField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staff')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='casework.case')),
            ],
            options={
                'db_table': 'casework_correction',
            },
        ),
        migrations.CreateModel(
            name='Identification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(max_length=32)),
                ('atena_number', models.CharField(blank=True, max_length=15)),
                ('history_number', models.IntegerField(null=True)),
                ('signer_atena_number', models.CharField(blank=True, max_length=15)),
                ('candidates', models.JSONField(default=list)),
                ('reason', models.TextField(blank=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staff')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identifications', to='casework.case')),
            ],
            options={
                'db_table': 'casework_identification',
            },
        ),
        migrations.CreateModel(
            name='ProcedureSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('procedure', models.CharField(max_length=64)),
                ('open', models.BooleanField(default=True)),
                ('signature', models.CharField(default='required', max_length=10)),
                ('overrides', models.JSONField(default=dict)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('row_version', models.IntegerField(default=1)),
            ],
            options={
                'db_table': 'casework_procedure_setting',
                'constraints': [models.UniqueConstraint(fields=('municipality', 'procedure'), name='casework_setting_once')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('outcome', models.CharField(max_length=10)),
                ('reasons', models.JSONField()),
                ('results', models.JSONField(default=dict)),
                ('effects', models.JSONField(default=list)),
                ('rule_outcome', models.CharField(blank=True, max_length=14)),
                ('differs_because', models.TextField(blank=True)),
                ('comment', models.TextField(blank=True)),
                ('proposed_at', models.DateTimeField()),
                ('state', models.CharField(default='open', max_length=10)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_comment', models.TextField(blank=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='casework.case')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staff')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staff')),
            ],
            options={
                'db_table': 'casework_proposal',
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('kind', models.CharField(max_length=40)),
                ('done_on', models.DateField()),
                ('results', models.JSONField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staff')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='casework.case')),
            ],
            options={
                'db_table': 'casework_step',
            },
        ),
        migrations.CreateModel(
            name='TrailEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=32)),
                ('label', models.CharField(max_length=200)),
                ('status', models.CharField(max_length=20)),
                ('text', models.TextField(blank=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staff')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trail', to='casework.case')),
            ],
            options={
                'db_table': 'casework_trail',
            },
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['municipality', 'due_sort', 'id'], name='case_open_by_due'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['municipality', 'status', 'due_sort', 'id'], name='case_status_due'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['municipality', 'procedure', 'due_sort', 'id'], name='case_open_procedure_due'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['municipality', 'procedure', 'status', 'due_sort', 'id'], name='case_procedure_status_due'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['municipality', 'assigned_to', 'due_sort', 'id'], name='case_open_mine'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('manual_reason', ''), _negated=True), fields=['municipality', 'manual_reason', 'due_sort', 'id'], name='case_manual'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('clock_flag', ''), _negated=True), fields=['municipality', 'clock_flag', 'due_sort', 'id'], name='case_clock'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('flagged', True), ('is_open', True)), fields=['municipality', 'due_sort', 'id'], name='case_open_flagged'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['municipality', '-submitted_at', '-id'], name='case_newest'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['municipality', 'procedure', '-submitted_at', '-id'], name='case_procedure_newest'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('flagged', True)), fields=['municipality', '-submitted_at', '-id'], name='case_flagged_newest'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['municipality', 'receipt_number'], name='case_receipt'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['municipality', 'atena_number', '-submitted_at'], name='case_atena'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['municipality', 'name_key'], name='case_name'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['municipality', 'kana_key'], name='case_kana'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('previous__isnull', False)), fields=['municipality', 'previous'], name='case_previous'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('atena_number', ''), ('verdict_outcome', 'good'), _connector='OR'), name='casework_identified_needs_good_verdict'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_open', True), ('status__in', [yakuba.casework.workflow.Status['CORRECTION'], yakuba.casework.workflow.Status['IN_REVIEW'], yakuba.casework.workflow.Status['PROPOSED'], yakuba.casework.workflow.Status['RECEIVED'], yakuba.casework.workflow.Status['UNIDENTIFIED']])), models.Q(('is_open', False), ('status__in', [yakuba.casework.workflow.Status['DECIDED'], yakuba.casework.workflow.Status['NOTICE_ISSUED'], yakuba.casework.workflow.Status['REJECTED'], yakuba.casework.workflow.Status['REPLACED'], yakuba.casework.workflow.Status['WITHDRAWN']])), _connector='OR'), name='casework_open_follows_status'),
        ),
        migrations.AddConstraint(
            model_name='caseattachment',
            constraint=models.UniqueConstraint(fields=('case', 'position'), name='casework_attachment_once'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('case',), name='casework_one_open_correction'),
        ),
        migrations.AddIndex(
            model_name='identification',
            index=models.Index(fields=['case', 'at'], name='casework_identified_when'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('case',), name='casework_one_open_proposal'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'decided')), fields=('case',), name='casework_decided_once'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', models.F('proposed_by')), _negated=True), name='casework_four_eyes'),
        ),
        migrations.AddIndex(
            model_name='step',
            index=models.Index(fields=['case', 'kind', '-at'], name='casework_step_newest'),
        ),
        migrations.AddIndex(
            model_name='trailentry',
            index=models.Index(fields=['case', 'at', 'id'], name='casework_trail_of_case'),
        ),
        EnableTenantIsolation("casework_case"),
        EnableTenantIsolation("casework_document"),
        EnableTenantIsolation("casework_attachment"),
        EnableTenantIsolation("casework_trail"),
        EnableTenantIsolation("casework_identification"),
        EnableTenantIsolation("casework_unreadable"),
        EnableTenantIsolation("casework_step"),
        EnableTenantIsolation("casework_correction"),
        EnableTenantIsolation("casework_proposal"),
        EnableTenantIsolation("casework_procedure_setting"),
        EnableTenantIsolation("casework_disaster"),
        EnableTenantIsolation("casework_prefill_answer"),
    ]
