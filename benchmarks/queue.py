"""The desk's list at a million cases: what each view costs in the database, beside a bare index scan in the same run.

Run with ``python -m benchmarks.queue [number of cases]``. Makes a throw-away PostgreSQL (durable, the settings of a
zone), fills it by INSERT … SELECT from generated series, and reads as the application role under row-level security
through the desk's own query code.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.zones.settings.everything")

import django
from django.db import connection, connections

django.setup()

from django.core.management import call_command  # noqa: E402 - the settings come first

from yakuba.base.tenancy import under  # noqa: E402
from yakuba.casework import queue  # noqa: E402
from yakuba.casework.models import Case  # noqa: E402
from yakuba.registers.keys import kana_key, name_key  # noqa: E402
from yakuba.registers.variants import national_variants  # noqa: E402
from yakuba.zones.postgres import Cluster  # noqa: E402

TOWN, OTHER = "143014", "143421"
LIMIT_MS = 100.0
REPEATS = 7
FAMILIES = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "葉山",
    "逗子",
    "堀内",
    "長柄",
    "木古庭",
    "上山口",
    "下山口",
    "一色",
]
KANA = [
    "サトウ",
    "スズキ",
    "タカハシ",
    "タナカ",
    "イトウ",
    "ワタナベ",
    "ヤマモト",
    "ナカムラ",
    "コバヤシ",
    "カトウ",
    "ハヤマ",
    "ズシ",
    "ホリウチ",
    "ナガエ",
    "キコバ",
    "カミヤマグチ",
    "シモヤマグチ",
    "イッシキ",
]
STAFF = UUID(int=7)

_FILL = """
INSERT INTO casework_case (
    municipality, id, receipt_number, procedure, version, status, status_at, is_open, mode, role, language,
    submitted_at, arrived_at, claimed_at, claimant_name, claimant_kana, name_key, kana_key, verdict_outcome,
    verdict_reason, issuer_key_id, serial, atena_number, history_number, manual_reason, flags, flagged, taken_in_by,
    assigned_to_id, due, due_sort, clock_paused_on, clock_flag, previous, replaced_by, row_version)
SELECT %(town)s,
    (lpad(to_hex(%(seed)s + n), 12, '0') || '7' || substr(md5(n::text), 1, 3) || 'a' || substr(md5(n::text), 4, 15))::uuid,
    upper(substr(md5(n::text), 1, 4) || '-' || substr(md5(n::text), 5, 4) || '-' || substr(md5(n::text), 9, 4)),
    (ARRAY['jidou-teate-nintei', 'kaigo-nintei', 'hoiku-moushikomi', 'risai-shoumei'])[1 + n %% 4], '2024-10',
    s.status, at, s.status IN ('unidentified', 'received', 'in_review', 'correction', 'proposed'), 'signature', 'self',
    'ja', at, at, at, f.name || '　' || n, f.kana || '　' || n, f.name_key || n, f.kana_key, 'good', '', 'k', n::text,
    CASE WHEN s.status = 'unidentified' THEN '' ELSE lpad((n %% 300000)::text, 10, '0') END, 1,
    CASE WHEN s.status = 'unidentified' THEN 'no_match' ELSE '' END,
    CASE WHEN n %% 50 = 0 THEN ARRAY['proxy'] ELSE '{}' END::varchar[], n %% 50 = 0, '{}',
    CASE WHEN n %% 40 = 0 AND s.status = 'in_review' THEN %(staff)s::uuid END,
    (at + interval '30 days')::date, (at + interval '30 days')::date, NULL,
    CASE WHEN s.status IN ('received', 'in_review') AND n %% 200 < 10 THEN 'overdue' ELSE '' END, NULL, NULL, 1
FROM generate_series(1, %(count)s) n
CROSS JOIN LATERAL (SELECT now() - (n %% 1000000) * interval '90 seconds' AS at) t
CROSS JOIN LATERAL (SELECT CASE
    WHEN n %% 100 < 90 THEN 'notice_issued' WHEN n %% 100 < 91 THEN 'unidentified' WHEN n %% 100 < 94 THEN 'received'
    WHEN n %% 100 < 97 THEN 'in_review' WHEN n %% 100 < 98 THEN 'correction' ELSE 'proposed' END AS status) s
CROSS JOIN LATERAL (SELECT (%(names)s::text[])[1 + n %% %(families)s] AS name, (%(kanas)s::text[])[1 + n %% %(families)s]
    AS kana, (%(keys)s::text[])[1 + n %% %(families)s] AS name_key, (%(kana_keys)s::text[])[1 + n %% %(families)s]
    AS kana_key) f
"""


def fill(town: str, count: int, seed: int) -> float:
    """Make ``count`` cases; returns seconds."""
    table = national_variants()
    facts = {
        "town": town, "count": count, "seed": seed, "names": FAMILIES, "kanas": KANA, "families": len(FAMILIES),
        "keys": [name_key(name, table) for name in FAMILIES], "kana_keys": [kana_key(kana) for kana in KANA],
        "staff": str(STAFF),
    }  # fmt: skip
    began = time.perf_counter()
    with under(town), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO staff_staff (municipality, id, login, display_name, roles, password, totp_confirmed, "
            "totp_last_step, active, must_change_password, session_epoch, created_at) VALUES "
            "(%s, %s, 'bench', 'bench', '{}', '', true, 0, true, false, 0, now()) ON CONFLICT DO NOTHING",
            [town, STAFF],
        )
        cursor.execute(_FILL, facts)
    return time.perf_counter() - began


def views() -> dict[str, queue.Wanted]:
    """What clerks ask for."""
    return {
        **{f"view {name}": queue.Wanted(name) for name in queue.VIEWS},
        "one procedure": queue.Wanted(procedure="kaigo-nintei"),
        "one procedure in review": queue.Wanted("in_review", procedure="kaigo-nintei"),
        "done, one procedure": queue.Wanted("done", procedure="kaigo-nintei"),
        "flag proxy": queue.Wanted(flag="proxy"),
        "flag nobody has": queue.Wanted(flag="notice_by_hand"),
        "name 1 in 18, flag nobody has": queue.Wanted(text="高橋", flag="notice_by_hand"),
        "name 1 in 18, procedure nobody has": queue.Wanted(text="高橋", procedure="none"),
        "done, procedure nobody has": queue.Wanted("done", procedure="none"),
        "page 2,000 of open cases": queue.Wanted(after=far_on()),
        "name 1 in 18 (高橋)": queue.Wanted(text="高橋"),
        "full name": queue.Wanted(text="高橋 123452"),
        "reading 1 in 18": queue.Wanted(text="たかはし"),
        "receipt number": queue.Wanted(text="C4CA-4238-A0B9"),
        "atena number": queue.Wanted(text="0000000123"),
        "nobody": queue.Wanted(text="存在しない"),
    }


def far_on() -> str:
    """The key of a row 100,000 rows into the list (or as far as it goes)."""
    with under(TOWN):
        rows = Case.objects.filter(municipality=TOWN, is_open=True).order_by("due_sort", "id")
        far = list(rows[: 100_000 - queue.PAGE : 1000])[-1]
        return queue.key_of(far, by_newest=False)


def database_ms(statements: list[tuple[str, Any]]) -> float:
    """Milliseconds PostgreSQL spends on the statements (EXPLAIN ANALYZE, without timing each node)."""
    total = 0.0
    with connection.cursor() as cursor:
        for sql, parameters in statements:
            cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON, FORMAT JSON) " + sql, parameters)
            plan = cursor.fetchone()[0][0]
            total += plan["Planning Time"] + plan["Execution Time"]
    return total


def captured(wanted: queue.Wanted) -> list[tuple[str, Any]]:
    """The statements the desk's own code sends for a page."""
    sent: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        sent.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        queue.page(wanted, TOWN, STAFF)
    return sent


def measure(wanted: queue.Wanted) -> tuple[float, float]:
    """Median and worst milliseconds in the database."""
    with under(TOWN):
        statements = captured(wanted)
        times = sorted(database_ms(statements) for _ in range(REPEATS))
    return times[REPEATS // 2], times[-1]


def bare_index_scan() -> tuple[float, float]:
    """Fifty rows from one index with nothing around: the limit on this machine."""
    sql = "SELECT * FROM casework_case WHERE municipality = %s AND is_open ORDER BY due_sort, id LIMIT 51"
    with under(TOWN):
        times = sorted(database_ms([(sql, [TOWN])]) for _ in range(REPEATS))
    return times[REPEATS // 2], times[-1]


def counting() -> tuple[float, float]:
    """Milliseconds of the numbers on the tabs (wall clock, one trip each)."""
    with under(TOWN):
        times = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            queue.counts(TOWN, STAFF)
            times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return times[REPEATS // 2], times[-1]


def report(count: int) -> bool:
    """Print the figures; whether every page stays within the limit."""
    made = fill(TOWN, count, 1 << 40) + fill(OTHER, count // 10, 1 << 41)
    with connections["default"].cursor() as cursor:
        cursor.execute("ANALYZE casework_case")
    rows = count + count // 10
    print(f"{rows:,} cases of two towns made in {made:.1f} s ({rows / made:,.0f}/s, 15 indexes)")
    bare = bare_index_scan()
    print(f"{'bare index scan, 51 rows':36} {bare[0]:8.2f} ms   worst {bare[1]:8.2f} ms")
    worst = 0.0
    for name, wanted in views().items():
        middle, high = measure(wanted)
        worst = max(worst, high)
        print(f"{name:36} {middle:8.2f} ms   worst {high:8.2f} ms   {middle / bare[0]:6.1f} x bare")
    middle, high = counting()
    print(f"{'numbers on all tabs (wall)':36} {middle:8.2f} ms   worst {high:8.2f} ms")
    print(
        f"worst page {worst:.2f} ms in the database; limit {LIMIT_MS:.0f} ms: {'kept' if worst < LIMIT_MS else 'BROKEN'}"
    )
    return worst < LIMIT_MS


def main() -> None:
    """Make a database, fill it, measure, throw it away."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="yakuba-queue-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "postgres")
        Path(folder, "postgres").mkdir()
        Path(folder, "postgres").chmod(0o755)
        cluster.start()
        try:
            cluster.ensure_database("bench")
            database = connections["default"]
            for role in (cluster.as_owner("bench"), cluster.as_app("bench")):
                database.close()
                database.settings_dict.update(
                    HOST=role.host, PORT=role.port, NAME=role.database, USER=role.role, PASSWORD=role.password
                )
                if role.role == "yakuba_owner":
                    call_command("migrate", verbosity=0)
                    with database.cursor() as cursor:
                        cursor.execute("GRANT MAINTAIN ON casework_case TO yakuba_app")
            kept = report(count)
            connections.close_all()
        finally:
            cluster.stop()
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
