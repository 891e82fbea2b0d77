"""The LGWAN zone: the office and the sanitising relay. Applications only pass through."""

from yakuba.zones.settings.common import *  # noqa: F403
from yakuba.zones.settings.common import BASE_APPS, HOME, cookie, required, zone_databases

ZONE = "lgwan"
SECRET_KEY = required("YAKUBA_SECRET_KEY", "$(openssl rand -hex 32)")
INSTALLED_APPS = [
    *BASE_APPS,
    "django.contrib.sessions",
    "yakuba.procedures",
    "yakuba.definitions",
    "yakuba.office",
]
DATABASES = zone_databases(ZONE)
ROOT_URLCONF = "yakuba.zones.urls.lgwan"
SESSION_COOKIE_NAME = cookie("yakuba_office")
CSRF_COOKIE_NAME = cookie("yakuba_office_csrf")
OFFICE_OPERATORS = (
    HOME / "office" / "operators.json"
)  # made at set-up by yakuba.office.operators.make_operator
