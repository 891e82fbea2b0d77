"""Filling the registers in bulk: COPY into a staging table, then INSERT … SELECT.

PostgreSQL refuses COPY into a table under row-level security, and it is right to: COPY would not check the policy.
So rows are copied into a temporary table of the session and inserted from there by the application role, under the
policy, inside ``under(municipality)``: a row of another municipality stops the whole load.
"""

from collections.abc import Mapping
from typing import Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yakuba.registers import catalogue

RESIDENTS: Final = "registers_resident"
CERTIFICATES: Final = "registers_card_certificate"
ENTRIES: Final = "registers_entry"
MY_NUMBERS: Final = "registers_my_number"
GUARDIANSHIPS: Final = "registers_guardianship"

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    RESIDENTS: (
        "municipality", "atena_number", "history_number", "valid_from", "valid_to", "reason", "changed_on",
        "notified_on", "status", "foreign", "name", "name_kana", "name_alphabet", "common_name", "common_name_kana",
        "former_family_name", "former_family_name_kana", "sex", "birth", "household_number", "relationship",
        "postcode", "town_code", "address", "building", "former_address", "moved_in_on", "next_address", "facility",
        "name_key", "kana_key", "other_key", "alphabet_key",
    ),
    CERTIFICATES: (
        "municipality", "issuer_key_id", "serial", "atena_number", "history_number", "kind", "not_before",
        "not_after", "state", "state_reason", "recorded_from", "recorded_to",
    ),
    ENTRIES: (
        "municipality", "register", "atena_number", "series", "history_number", "valid_from", "valid_to",
        "superseded_by", "items", "effect_id", "recorded_at",
    ),
    MY_NUMBERS: (
        "municipality", "atena_number", "history_number", "key_version", "sealed", "blind_index", "valid_from",
        "valid_to", "synthetic",
    ),
    GUARDIANSHIPS: (
        "municipality", "ward_number", "kind", "guardian_number", "guardian_name", "guardian_address", "valid_from",
        "valid_to",
    ),
}  # fmt: skip
"""The columns of each table in the order in which lines state them."""

_NAMING = """
INSERT INTO registers_named_person (municipality, register, "group", value, atena_number, series, history_number)
SELECT DISTINCT municipality, register, %s, line->>%s, atena_number, series, history_number
FROM staging_registers_entry, jsonb_array_elements(items->%s) AS line
WHERE register = %s AND jsonb_exists(line, %s)
"""


def insert(table: str, data: bytes) -> int:
    """Insert lines in COPY's text form into ``table``; returns how many rows there were.

    Inside ``under(municipality)``. The staging table lives until the session ends.

    Raises:
        KeyError: not a table that is filled in bulk.
        ProgrammingError: a row of another municipality, refused by the policy; nothing is kept.
    """
    columns = ", ".join(f'"{column}"' for column in COLUMNS[table])
    staging = f"staging_{table}"
    # the names are the constants above, never anybody's input
    select = f"SELECT {columns} FROM"
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} AS {select} {table} WITH NO DATA")
        with cursor.copy(f"COPY {staging} ({columns}) FROM STDIN") as copy:
            copy.write(data)
        cursor.execute(f"INSERT INTO {table} ({columns}) {select} {staging}")
        inserted = cursor.rowcount
        if table == ENTRIES:
            _name_people(cursor)
        cursor.execute(f"TRUNCATE {staging}")
    return int(inserted)


def _name_people(cursor: CursorWrapper) -> None:
    """Whom the lists of the entries just brought in name (:class:`yakuba.registers.models.NamedPerson`)."""
    for code in catalogue.codes():
        for group, key in catalogue.register(code).named.items():
            cursor.execute(_NAMING, [group, key, group, code, key])


def analyze() -> None:
    """Let the planner look at the tables: after a bulk load it knows nothing of what came in until it does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT registers_analyze()")
