from django.db import migrations

TABLES = (
    "registers_resident", "registers_card_certificate", "registers_entry", "registers_my_number",
    "registers_guardianship",
)

# Only an owner may ANALYZE. Right after a bulk load the planner knows nothing of a million rows and may read them all
# for one household, so the application role may ask for exactly this, and for nothing else of the owner's.
CREATE = f"""
CREATE FUNCTION registers_analyze() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
BEGIN
    {" ".join(f"ANALYZE {table};" for table in TABLES)}
END
$body$;
REVOKE ALL ON FUNCTION registers_analyze() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registers_analyze() TO yakuba_app;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('registers', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION registers_analyze()"),
    ]
