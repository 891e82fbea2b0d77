"""The My Number zone (個人番号利用事務系): casework and registers. Reached by nobody; it reaches out itself."""

import os

from yakuba.zones.settings.common import *  # noqa: F403
from yakuba.zones.settings.common import BASE_APPS, cookie, required, zone_databases

ZONE = "mynumber"
SECRET_KEY = required("YAKUBA_SECRET_KEY", "$(openssl rand -hex 32)")
INSTALLED_APPS = [
    *BASE_APPS,
    "django.contrib.sessions",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "procrastinate.contrib.django",
    "yakuba.procedures",
    "yakuba.definitions",
    "yakuba.registers",
    "yakuba.casework.staff",
    "yakuba.casework",
    "yakuba.casework.notices",
    "yakuba.casework.handover",
]
DATABASES = zone_databases(ZONE)
YAKUBA_TRUST = os.environ.get("YAKUBA_TRUST", "")  # roots and revocation lists of the card authority
ROOT_URLCONF = "yakuba.zones.urls.mynumber"
SESSION_COOKIE_NAME = cookie("yakuba_casework")
CSRF_COOKIE_NAME = cookie("yakuba_casework_csrf")
MYNUMBER_KEYS = os.environ.get("YAKUBA_MYNUMBER_KEYS", "")  # file of encryption and blind index keys
NOTICE_KEY = os.environ.get("YAKUBA_NOTICE_KEY", "")  # folder of key files, or pkcs11: URI of an HSM
TSA = os.environ.get("YAKUBA_TSA", "")  # folder of the time-stamping authority that stamps evidence
# doors to services outside (yakuba.casework.outside): dotted names of classes, comma-separated
OUTSIDE_ADAPTERS = [name for name in os.environ.get("YAKUBA_OUTSIDE_ADAPTERS", "").split(",") if name]
NOTICE_LETTERHEADS = os.environ.get("YAKUBA_LETTERHEADS", "")  # the town's own <municipality>.yaml
# the card agent on the counter's own machine (書かない窓口), and where its browser reaches the desk
CARD_AGENT_ORIGIN = os.environ.get("YAKUBA_CARD_AGENT", "")
DESK_ORIGIN = os.environ.get("YAKUBA_DESK_ORIGIN", "")
