"""The internet zone: the portal. No register, no 個人番号, no casework code is loaded here."""

from yakuba.zones.settings.common import *  # noqa: F403
from yakuba.zones.settings.common import BASE_APPS, required, zone_database

ZONE = "internet"
SECRET_KEY = required("YAKUBA_SECRET_KEY", "$(openssl rand -hex 32)")
INSTALLED_APPS = [
    *BASE_APPS,
    "django.contrib.sessions",
    "procrastinate.contrib.django",
    "yakuba.procedures",
    "yakuba.portal",
]
DATABASES = {"default": zone_database(ZONE)}
ROOT_URLCONF = "yakuba.zones.urls.internet"
SESSION_COOKIE_NAME = "yakuba_portal"
CSRF_COOKIE_NAME = "yakuba_portal_csrf"
