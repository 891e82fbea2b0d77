"""The directory of cells, and the one door to a municipality's data where there are several databases."""

from django.db import migrations, models

# A volatile function takes a new snapshot for each statement: the seat is read after the lock was granted, so a mover that
# held it alone is never overlooked. The setting comes first, so that a refusal leaves nothing readable of anybody else.
_ENTER = """
CREATE FUNCTION yakuba_enter(wanted text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM set_config('yakuba.municipality', wanted, true);
    PERFORM pg_advisory_xact_lock_shared(7955, hashtext(wanted));
    RETURN (SELECT state || ':' || coalesce(move::text, '') FROM public.cell_seat WHERE code = wanted);
END $$;
REVOKE INSERT, UPDATE, DELETE ON cell_seat FROM yakuba_app;
REVOKE SELECT, UPDATE, DELETE ON cell_change FROM yakuba_app;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("code", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=8)),
                ("peer", models.CharField(blank=True, max_length=20)),
                ("move", models.UUIDField(null=True)),
                ("phase", models.CharField(blank=True, max_length=12)),
                ("progress", models.JSONField(default=dict)),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={"db_table": "cell_seat"},
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=6)),
                ("table", models.CharField(max_length=63)),
                ("key", models.TextField()),
            ],
            options={
                "db_table": "cell_change",
                "indexes": [models.Index(fields=["code", "id"], name="cell_change_of")],
            },
        ),
        migrations.RunSQL(_ENTER, "DROP FUNCTION yakuba_enter(text)"),
    ]
