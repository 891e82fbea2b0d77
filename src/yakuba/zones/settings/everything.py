"""All rooms in one process: for unit tests and the type checker only. The launcher refuses to serve it."""

import os
import tempfile
from pathlib import Path

from yakuba.gateway.keys import make_zone_key
from yakuba.zones.settings.common import *  # noqa: F403
from yakuba.zones.settings.common import BASE_APPS, zone_database

ZONE = os.environ.get("YAKUBA_TEST_ZONE", "mynumber")
SECRET_KEY = "unit-tests-only"  # noqa: S105 - never served
INSTALLED_APPS = [
    *BASE_APPS,
    "django.contrib.sessions",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "procrastinate.contrib.django",
    "yakuba.procedures",
    "yakuba.definitions",
    "yakuba.portal",
    "yakuba.office",
    "yakuba.registers",
    "yakuba.casework.staff",
    "yakuba.casework",
    "yakuba.casework.notices",
    "yakuba.casework.handover",
]
_KEYS = Path(tempfile.gettempdir()) / f"yakuba-unit-tests-{os.geteuid()}"
for _zone in ("internet", "lgwan", "mynumber"):
    make_zone_key(_KEYS, _zone)
ZONE_KEY = str(_KEYS / "{zone}.key")  # a test changes ``settings.ZONE`` and seals as that zone
ZONE_PEERS = str(_KEYS)
DATABASES = {"default": zone_database("tests")}
YAKUBA_TRUST = os.environ.get("YAKUBA_TRUST", "")
OFFICE_OPERATORS = _KEYS / "operators.json"
ROOT_URLCONF = "yakuba.zones.urls.everything"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # tests make many users; no secret is kept
MYNUMBER_KEYS = os.environ.get("YAKUBA_MYNUMBER_KEYS", "")  # file of encryption and blind index keys
NOTICE_KEY = os.environ.get("YAKUBA_NOTICE_KEY", "")  # folder of key files, or pkcs11: URI of an HSM
TSA = os.environ.get("YAKUBA_TSA", "")  # folder of the time-stamping authority
OUTSIDE_ADAPTERS: list[str] = []
NOTICE_LETTERHEADS = os.environ.get("YAKUBA_LETTERHEADS", "")  # the town's own <municipality>.yaml
CARD_AGENT_ORIGIN = "http://127.0.0.1:8103"
CSRF_FAILURE_VIEW = "yakuba.portal.views.about.forbidden"
