"""The internet zone: the portal. No register, no 個人番号, no casework code is loaded here."""

import os

from yakuba.zones.settings.common import *  # noqa: F403
from yakuba.zones.settings.common import BASE_APPS, cookie, required, zone_databases

ZONE = "internet"
SECRET_KEY = required("YAKUBA_SECRET_KEY", "$(openssl rand -hex 32)")
INSTALLED_APPS = [
    *BASE_APPS,
    "django.contrib.sessions",
    "procrastinate.contrib.django",
    "yakuba.procedures",
    "yakuba.definitions",
    "yakuba.portal",
]
DATABASES = zone_databases(ZONE)
ROOT_URLCONF = "yakuba.zones.urls.internet"
SESSION_COOKIE_NAME = cookie("yakuba_portal")
CSRF_COOKIE_NAME = cookie("yakuba_portal_csrf")
CSRF_FAILURE_VIEW = "yakuba.portal.views.about.forbidden"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 24 * 3600  # a draft begun without sign-in is found again in this browser for a day
YAKUBA_TRUST = required("YAKUBA_TRUST", "/etc/yakuba/trust")
CARD_AGENT_ORIGIN = os.environ.get("YAKUBA_CARD_AGENT", "http://127.0.0.1:8103")
PORTAL_ORIGIN = os.environ.get("YAKUBA_PORTAL_ORIGIN", "")
PORTAL_TOWNS = [
    code for code in os.environ.get("YAKUBA_TOWNS", "").split(",") if code
]  # empty: all in towns.yaml
PORTAL_DEMO = os.environ.get("YAKUBA_DEMO", "1") == "1"  # shows "all people are fictitious" on every page
