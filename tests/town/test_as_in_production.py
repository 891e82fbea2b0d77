"""By-laws of the settings of a real town: behind TLS, under its own name, not the demo."""

import json
import subprocess
import sys

import pytest
from benchmarks.driver.running import RunningTown

from yakuba.zones.launcher.environment import Place, zone_environment
from yakuba.zones.launcher.home import Home
from yakuba.zones.launcher.ports import Ports
from yakuba.zones.launcher.town import DATABASE
from yakuba.zones.postgres import Cluster

pytestmark = [pytest.mark.town]
_HOST = "yakuba.town.example"

# the application that granian would serve, asked once by its own interface (PEP 3333)
_PROGRAM = """
import importlib, json, sys
from io import BytesIO
from wsgiref.util import setup_testing_defaults
application = importlib.import_module(sys.argv[1]).application
def ask(host):
    environ = {"HTTP_HOST": host, "wsgi.url_scheme": "https", "wsgi.input": BytesIO(), "PATH_INFO": "/", "REMOTE_ADDR": "127.0.0.1"}
    setup_testing_defaults(environ)
    told = []
    body = application(environ, lambda status, headers, *_: told.append((status, headers)))
    text = b"".join(body).decode()
    body.close()
    return [int(told[0][0].split()[0]), told[0][1], text]
from django.conf import settings
cookies = [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE]
print(json.dumps({"own": ask(sys.argv[2]), "other": ask("elsewhere.example"), "cookies": cookies}))
"""


@pytest.mark.parametrize(
    ("zone", "settings", "module"),
    [
        ("internet", "internet", "yakuba.zones.wsgi"),
        ("lgwan", "lgwan", "yakuba.zones.wsgi"),
        ("mynumber", "mynumber", "yakuba.zones.wsgi"),
        ("internet", "internet_gateway", "yakuba.gateway.wsgi"),
        ("lgwan", "lgwan_gateway", "yakuba.gateway.wsgi"),
    ],
)
def test_each_zone_starts_in_a_process_of_its_own_as_a_real_town_runs_it(
    town: RunningTown, zone: str, settings: str, module: str
) -> None:
    home = Home(town.home)
    database = Cluster(home.zone(zone) / "postgres").as_app(DATABASE)
    environment = {
        **zone_environment(Place(home, Ports(town.base)), zone, database),
        "DJANGO_SETTINGS_MODULE": f"yakuba.zones.settings.{settings}",
        "YAKUBA_HTTPS": "1",
        "YAKUBA_DEMO": "0",
        "YAKUBA_ALLOWED_HOSTS": _HOST,
    }
    ran = subprocess.run([sys.executable, "-W", "error", "-c", _PROGRAM, module, _HOST],
                         env=environment, capture_output=True, text=True, check=False)  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    status, headers, page = found["own"]
    assert status < 500, page
    assert "Content-Security-Policy" in dict(headers)
    assert "架空" not in page
    assert found["other"][0] in (400, 404)
    if module == "yakuba.zones.wsgi":
        name, *secure = found["cookies"]
        assert status in (200, 302)
        assert found["other"][0] == 400
        assert name.startswith("__Host-")
        assert secure == [True, True]
