"""What all three zones share. Values of a running town come from ``YAKUBA_*`` environment variables
(documented in docs/operations.md); the launcher sets them for each process it starts."""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from yakuba.base.cells import ALIAS
from yakuba.zones.cells.file import from_environment, read_cells
from yakuba.zones.postgres import Connection


def required(name: str, example: str) -> str:
    """The environment variable ``name``; without it the zone does not start."""
    value = os.environ.get(name)
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Example: {name}={example}. `make run` sets it for you."
        )
    return value


def whole_number(name: str, otherwise: int) -> int:
    """The environment variable ``name`` as a whole number; what is none does not start the zone."""
    value = os.environ.get(name, "") or str(otherwise)
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name}={value!r} is no whole number. Example: {name}={otherwise}")
    return int(value)


CELLS = read_cells()  # name → cell, in the order of the file; empty: the zone has one database
CELL = os.environ.get("YAKUBA_CELL", "") or next(iter(CELLS), "")  # the one this process calls its own
DATABASE_ROUTERS = ["yakuba.base.cells.SessionsAtHome"]


def zone_databases(zone: str) -> dict[str, Any]:
    """The zone's own PostgreSQL as ``default``; where it has cells, each of them as well."""
    if not CELLS:
        return {"default": zone_database(zone)}
    if CELL not in CELLS:
        raise ImproperlyConfigured(f"YAKUBA_CELL={CELL} is not in YAKUBA_CELLS ({', '.join(CELLS)})")
    each = {name: {**_database(zone, cell.app), "CELL": name} for name, cell in CELLS.items()}
    return {"default": each[CELL], **{f"{ALIAS}{name}": dict(one) for name, one in each.items()}}


def zone_database(zone: str) -> dict[str, Any]:
    """The database of ``YAKUBA_DATABASE_HOST`` and its companions: over a unix socket folder or host, as role ``YAKUBA_DATABASE_ROLE``."""
    return _database(zone, from_environment(os.environ))


def _database(zone: str, reached: Connection) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": reached.host,
        "PORT": reached.port,
        "NAME": reached.database,
        "USER": reached.role,
        "PASSWORD": reached.password,
        # Connections are kept for the life of a server thread; the municipality is set per transaction only.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **reached.tls(),
            "server_side_binding": True,
            # a statement asked for the sixth time on a connection is parsed and planned no more (Django's default: never)
            "prepare_threshold": 5,
            "application_name": f"yakuba-{zone}",
        },
    }


def _addresses(name: str) -> tuple[str, ...]:
    """``host:port`` of each server, from a comma-separated variable."""
    return tuple(part.strip() for part in os.environ.get(name, "").split(",") if part.strip())


HOME = Path(os.environ.get("YAKUBA_HOME", "var")).resolve()
# A folder on the disk of the zone's database: the town hall's own where the server is on this machine (unix socket).
_ON_THIS_MACHINE = os.environ.get("YAKUBA_DATABASE_HOST", "").startswith("/")
DATABASE_DISK = os.environ.get("YAKUBA_DATABASE_DISK", "") or (str(HOME) if _ON_THIS_MACHINE else "")

# MiB of that disk kept for what was begun: with less free, the portal takes no new draft and no new file
DISK_KEPT_FREE = whole_number("YAKUBA_DISK_KEPT_FREE", 512)

ALLOWED_HOSTS = os.environ.get("YAKUBA_ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")
DEBUG = False
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
LANGUAGE_CODE = "ja"
USE_I18N = False  # residents' texts are in three languages of our own kind: see yakuba.base.texts
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DEFAULT_CHARSET = "utf-8"

BASE_APPS = ["django.contrib.staticfiles", "django_htmx", "yakuba.base", "yakuba.audit", "yakuba.gateway"]

MIDDLEWARE = [
    "yakuba.base.web.SecurityHeaders",
    "yakuba.base.web.BehindProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yakuba.base.web.RefusesNul",
    "yakuba.base.web.DefaultDeny",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"],
            "builtins": ["yakuba.base.templatetags.texts"],
        },
    }
]

STATIC_URL = "/static/"
# Static files are served from the packages themselves (WhiteNoise finders), so nothing is collected.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no page of anybody else has any use for our files

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# Behind TLS (every real town) cookies are Secure; the embedded demo on loopback has no TLS to be secure over.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("YAKUBA_HTTPS", "0") == "1"


def cookie(name: str) -> str:
    """A cookie's name: over TLS with the prefix by which browsers keep it to this very host (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if SESSION_COOKIE_SECURE else name


# Addresses of one's own proxies (TLS) before the zone; only what they say of a caller's address is believed.
PROXIES = frozenset(one for one in os.environ.get("YAKUBA_PROXIES", "").split(",") if one)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "yakuba.base.logs.JsonLines",
            "zone": os.environ.get("DJANGO_SETTINGS_MODULE", "").rpartition(".")[2],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"procrastinate": {"level": "WARNING"}},  # it tells every start of every job
}

# The zone's own signing key and the public keys of all zones (gateway.keys.make_zone_key makes them at set-up).
ZONE_KEY = os.environ.get("YAKUBA_ZONE_KEY", "")
ZONE_PEERS = os.environ.get("YAKUBA_ZONE_PEERS", "")
# The link to the zone one step outward, which this zone's relay calls: address and mTLS files (gateway.keys.make_link).
LINK_UPSTREAM = os.environ.get("YAKUBA_LINK_UPSTREAM", "")  # e.g. https://127.0.0.1:8443
LINK_FILES = os.environ.get("YAKUBA_LINK_FILES", "")  # folder with ca.pem, client.pem, client.key

# "jetstream" carries messages over a NATS JetStream cluster per link instead of direct calls (files stay with LINK_*).
RELAY = os.environ.get("YAKUBA_RELAY", "direct")
BROKER_OUTWARD = _addresses("YAKUBA_BROKER_OUTWARD")  # of the link to the zone one step outward
BROKER_OUTWARD_FILES = os.environ.get("YAKUBA_BROKER_OUTWARD_FILES", "")  # ca.pem, inner.pem, inner.key
BROKER_INWARD = _addresses("YAKUBA_BROKER_INWARD")  # of the link to the zone one step inward
BROKER_INWARD_FILES = os.environ.get("YAKUBA_BROKER_INWARD_FILES", "")  # ca.pem, outer.pem, outer.key
# What a relay or gateway server asks before its first act, by name (it is in a room further out).
START_CHECKS = ("yakuba.zones.checks.refuse_unsafe",)

PORTAL_ORIGIN = os.environ.get("YAKUBA_PORTAL_ORIGIN", "http://127.0.0.1:8000")  # printed on notices
# roots/*.crt and crls/*.crl notices are judged against; public, in every zone
NOTICE_ROOT = os.environ.get("YAKUBA_NOTICE_ROOT", "")
# a clamd asked about every file before it is rebuilt: unix:/run/clamav/clamd.ctl or tcp:host:3310; empty: none
GATEWAY_SCANNER = os.environ.get("YAKUBA_SCANNER", "")
# "raster" rebuilds every file from its pixels. "none-for-measuring" lets files through unchanged, and their evidence
# says so: for benchmarks of the rest of the way only, never for a town.
GATEWAY_SANITISE = os.environ.get("YAKUBA_GATEWAY_SANITISE", "raster")
