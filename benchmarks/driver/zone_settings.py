"""Settings of a zone with nothing in it but the gateway and the test room; ``YAKUBA_TEST_ZONE`` says which zone."""

import os

from yakuba.zones.settings.common import *  # noqa: F403
from yakuba.zones.settings.common import BASE_APPS, zone_databases

ZONE = os.environ["YAKUBA_TEST_ZONE"]
SECRET_KEY = "unit-tests-only"
INSTALLED_APPS = [*BASE_APPS, "benchmarks.driver.echo"]
DATABASES = zone_databases(ZONE)
ROOT_URLCONF = "yakuba.gateway.urls"
GATEWAY_SERVES = os.environ.get("YAKUBA_TEST_SERVES") == "1"
START_CHECKS = ()  # the tests' cluster trades durability for speed
MIDDLEWARE = ["yakuba.base.web.DefaultDeny"]
