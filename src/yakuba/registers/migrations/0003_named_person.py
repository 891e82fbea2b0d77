from django.db import migrations, models

from yakuba.base.tenancy import EnableTenantIsolation

# What the entries there are name already. The tables' owner is under the policy too (FORCE): for this one statement it is
# not, within the migration's own transaction.
FILL = """
ALTER TABLE registers_entry NO FORCE ROW LEVEL SECURITY;
INSERT INTO registers_named_person (municipality, register, "group", value, atena_number, series, history_number)
SELECT DISTINCT municipality, register, 'children', line->>'key', atena_number, series, history_number
FROM registers_entry, jsonb_array_elements(items->'children') AS line
WHERE register = 'jidou_teate' AND jsonb_exists(line, 'key');
ALTER TABLE registers_entry FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('registers', '0002_analyze_after_bulk_load'),
    ]

    operations = [
        migrations.CreateModel(
            name='NamedPerson',
            fields=[
                ('municipality', models.CharField(max_length=6, verbose_name='全国地方公共団体コード')),
                ('pk', models.CompositePrimaryKey('municipality', 'register', 'group', 'value', 'atena_number', 'series', 'history_number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('register', models.CharField(db_collation='C', max_length=30, verbose_name='台帳')),
                ('group', models.CharField(db_collation='C', max_length=30, verbose_name='一覧')),
                ('value', models.CharField(db_collation='C', max_length=40, verbose_name='名前の出る人の番号')),
                ('atena_number', models.CharField(db_collation='C', max_length=15, verbose_name='宛名番号')),
                ('series', models.CharField(blank=True, db_collation='C', max_length=60, verbose_name='系列')),
                ('history_number', models.PositiveSmallIntegerField(verbose_name='履歴番号')),
            ],
            options={
                'db_table': 'registers_named_person',
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        EnableTenantIsolation('registers_named_person'),
    ]
