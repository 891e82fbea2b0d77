"""A town hall made by an earlier version gets the isolation policy of today, in place: nobody has to begin anew.

Earlier policies compared with the bare setting, which after a connection's first transaction is an empty text and not NULL.
"""

from django.db import migrations

_NOW = """
DO $$
DECLARE isolated record;
BEGIN
    FOR isolated IN SELECT schemaname, tablename FROM pg_policies WHERE policyname = 'own_municipality' LOOP
        EXECUTE format(
            'ALTER POLICY own_municipality ON %I.%I USING (municipality = NULLIF(current_setting(%L, true), %L))'
            ' WITH CHECK (municipality = NULLIF(current_setting(%L, true), %L))',
            isolated.schemaname, isolated.tablename, 'yakuba.municipality', '', 'yakuba.municipality', ''
        );
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0001_cells")]

    operations = [migrations.RunSQL(_NOW, migrations.RunSQL.noop)]
