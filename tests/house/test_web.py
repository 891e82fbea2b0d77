"""What holds for every answer of every zone's web service, and for what a stranger may say of himself."""

import json
import logging
import re
import subprocess
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import get_resolver
from pytest_django.fixtures import Settings
from scripts.audit import report

from tests.casework.cast import member
from tests.casework.test_desk import signed_in
from tests.house.calling import in_the_tests_transaction
from tests.house.test_house import ROOT, routes
from yakuba.base.logs import JsonLines
from yakuba.base.web import caller
from yakuba.casework.roles import Role
from yakuba.portal import ratelimits
from yakuba.zones.postgres import Connection

pytestmark = pytest.mark.django_db
ZONES = {
    "internet": "yakuba.zones.urls.internet",
    "lgwan": "yakuba.zones.urls.lgwan",
    "mynumber": "yakuba.zones.urls.mynumber",
    "gateway": "yakuba.gateway.urls",
}
_EXAMPLES = {
    "town": "143014", "code": "143014", "municipality": "143014", "kind": "identified", "name": "manifest.json",
    "procedure_id": "jidou-teate-nintei", "event": "birth", "page_id": "x", "pk": "1", "position": "0",
    "receipt_number": "G95D-W1AG-N18N", "sha256": "0" * 64, "atena_number": "1",
}  # fmt: skip
_SOME_UUID = "01890a5d-ac96-774b-bcce-b302099a8057"


def addresses(zone: str) -> list[str]:
    """Every route of the zone with something in its parts, one that does not exist, and a style sheet."""
    found = [path for path, _view in routes(get_resolver(ZONES[zone]).url_patterns)]
    filled = [
        "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: _EXAMPLES.get(part[1], _SOME_UUID), one)
        for one in found
    ]
    return [re.sub(r"[\^$]", "", one) for one in filled] + [
        "/no/such/page",
        "/static/yakuba/base.css",
        "/static/none.css",
    ]


@pytest.fixture(params=list(ZONES))
def zone(request: pytest.FixtureRequest, settings: Settings) -> str:
    settings.ROOT_URLCONF = ZONES[request.param]
    settings.ZONE = "internet" if request.param == "gateway" else request.param
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True  # as behind TLS
    settings.WHITENOISE_AUTOREFRESH = True
    return str(request.param)


def test_every_answer_of_every_route_carries_the_strict_headers(zone: str) -> None:
    client = Client(raise_request_exception=False)
    found = addresses(zone)
    assert len(found) > 5
    for address in found:
        for method in ("get", "post", "options"):
            answer = getattr(client, method)(address)
            with in_the_tests_transaction():
                answer.close()
            where = (method, address, answer.status_code)
            assert answer.status_code < 500, where
            policy = answer.headers["Content-Security-Policy"]
            for part in (
                "default-src 'none'",
                "object-src 'none'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
            ):
                assert part in policy, where
            assert "unsafe" not in policy, where
            assert "*" not in policy, where
            assert answer.headers["X-Content-Type-Options"] == "nosniff", where
            assert answer.headers["X-Frame-Options"] == "DENY", where
            # the card agent must see the origin of the page that calls it (see portal.agent)
            assert answer.headers["Referrer-Policy"] in {"same-origin", "origin"}, where
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", where
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", where
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", where
            assert "Access-Control-Allow-Origin" not in answer.headers, where
            if not address.startswith("/static/yakuba"):
                assert answer.headers["Cache-Control"] == "no-store", where
            text = answer.headers.get("Content-Type", "").startswith("text/")
            assert not text or "charset=utf-8" in answer.headers["Content-Type"].lower().replace('"', ""), (
                where
            )
            for cookie in answer.cookies.values():
                if not cookie.value:
                    continue  # taken away
                assert cookie["secure"], (*where, cookie.key)
                assert cookie["httponly"], (*where, cookie.key)
                assert cookie["samesite"] == "Lax", (*where, cookie.key)
                assert (cookie["path"], cookie["domain"]) == ("/", ""), (*where, cookie.key)


@pytest.mark.parametrize("name", ["internet", "lgwan", "mynumber"])
def test_over_tls_cookies_are_bound_to_their_host(name: str) -> None:
    program = f"import yakuba.zones.settings.{name} as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE)"
    environment = {"YAKUBA_SECRET_KEY": "x" * 40, "YAKUBA_TRUST": "/nowhere", "PYTHONPATH": str(ROOT / "src")}
    python = ROOT / ".venv" / "bin" / "python"
    for https, prefix in (("1", "__Host-yakuba_"), ("0", "yakuba_")):
        out = subprocess.run(
            [str(python), "-c", program],
            env={**environment, "YAKUBA_HTTPS": https},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        assert all(one.startswith(prefix) for one in out[:2])
        assert out[2] == str(https == "1")


@pytest.mark.parametrize(
    ("peer", "said", "meant"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # a stranger is not believed
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (
            "10.0.0.1",
            "192.0.2.66, 198.51.100.1",
            "198.51.100.1",
        ),  # what the caller wrote himself counts for nothing
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),  # two proxies of one's own
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", " , ", "10.0.0.1"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_ones_own_proxies_say_who_asks(peer: str, said: str, meant: str) -> None:
    assert caller(peer, said, {"10.0.0.1", "10.0.0.2"}) == meant


def test_a_town_behind_one_address_is_not_shut_out_but_one_card_is_slowed() -> None:
    limit = ratelimits.Limit("test", per_visit=3, per_address=50)

    class Asked:
        def __init__(self, owner: str, visit: str) -> None:
            session = {"signed_in": {"owner": owner}} if owner else {}
            self.session = type("Session", (dict,), {"session_key": visit})(session)
            self.META = {"REMOTE_ADDR": "198.51.100.7"}

    def tries(owner: str, visit: str, count: int) -> int:
        return sum(not ratelimits.over(limit, Asked(owner, visit)) for _ in range(count))  # type: ignore[arg-type]

    assert tries("", "one visit", 5) == 3  # a visit has its own limit …
    assert [tries("", f"neighbour {number}", 1) for number in range(30)] == [
        1
    ] * 30  # … its neighbours are not slowed
    assert [tries("card", f"device {number}", 3) for number in range(3)] == [
        3,
        3,
        0,
    ]  # one card over all its visits
    assert [tries("", f"program {number}", 1) for number in range(20)][-5:] == [
        0
    ] * 5  # a program, by the address


def test_a_member_of_staff_ends_all_other_sessions(settings: Settings) -> None:
    settings.ZONE, settings.ROOT_URLCONF = "mynumber", ZONES["mynumber"]
    staff = member("kenji", next(iter(Role)))
    here, library = signed_in(staff), signed_in(staff)
    assert library.get("/account").status_code == 200
    assert here.post("/account/sessions/end").status_code == 302
    assert here.get("/account").status_code == 200
    assert library.get("/account").status_code == 302


def test_no_secret_lies_in_the_repository() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    shapes = re.compile(
        rb"-----BEGIN (RSA |EC |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}"
        rb"|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[bp]-[0-9A-Za-z-]{20}"
    )
    files = [ROOT / name for name in tracked if name and (ROOT / name).is_file()]
    assert len(files) > 500
    assert [str(file.relative_to(ROOT)) for file in files if shapes.search(file.read_bytes())] == []


def test_no_address_echoes_a_trace(zone: str) -> None:
    client = Client(raise_request_exception=False)
    for address in addresses(zone):
        answer = client.trace(address, headers={"X-Echo": "0123456789abcdef"})
        assert answer.status_code == 405, (address, answer.status_code)
        assert b"0123456789abcdef" not in answer.content


def test_a_log_line_is_one_json_object_whatever_was_sent() -> None:
    forged = 'GET /x\n{"level": "INFO", "message": "all is well"}\r\n\x1b[2J'
    record = logging.LogRecord(
        "django.request", logging.WARNING, __file__, 1, "Not Found: %s", (forged,), None
    )
    line = JsonLines("internet").format(record)
    assert "\n" not in line
    assert "\x1b" not in line
    said = json.loads(line)
    assert (said["zone"], said["level"], said["message"]) == ("internet", "WARNING", f"Not Found: {forged}")
    assert datetime.fromisoformat(said["at"]).utcoffset() == timedelta()


def test_a_database_on_another_machine_is_reached_over_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    def tls(host: str) -> dict[str, str]:
        return Connection(host, "5432", "yakuba", "yakuba_app", "x").tls()

    assert tls("/run/postgres") == tls("127.0.0.1") == {}
    assert tls("10.1.2.7") == {"sslmode": "verify-full"}


@pytest.mark.parametrize(
    ("parts", "status", "words"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], 0, "知られている弱点はありません"),
        (
            [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}],
            1,
            "CVE-1(直った版: 2)",
        ),
        ([{"name": "a", "skip_reason": "not found"}], 2, "弱点がないとは言えません"),
    ],
)
def test_a_library_that_was_not_looked_up_is_not_called_safe(
    parts: list[dict[str, object]], status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(parts) == status
    assert words in capsys.readouterr().out
