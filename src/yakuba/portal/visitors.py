"""Who is at the other end: a browser with its own token, perhaps signed in, perhaps with a helper beside it.

The session holds no personal data: a random browser token, the certificate's identity after sign-in, times, and in
assisted mode the helper's name (the helper's, not the resident's).
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yakuba.base.clock import now, utc_text
from yakuba.portal.towns import Town

IDLE_SECONDS = 30 * 60
ABSOLUTE_SECONDS = 8 * 3600
_TOUCH_EVERY = 30  # seconds; writing the session on every request would double the database's work
_BROWSER, _SIGNED_IN, _SEEN, _ASSIST, _UNSAVED = "browser", "signed_in", "seen", "assist", "unsaved"


@dataclass(frozen=True, slots=True)
class Visitor:
    """The browser (hash of its token), and the certificate it is signed in with in this town, if any."""

    browser: str
    owner: str | None
    sign_in: str | None
    assisted: dict[str, str] | None

    @property
    def actor(self) -> str:
        """The name used in audit records: never a person's name."""
        return f"resident:{self.owner}" if self.owner else "visitor"


def idle_seconds() -> int:
    """After so many seconds without a request a sign-in ends; the draft stays."""
    return int(getattr(settings, "PORTAL_IDLE_SECONDS", IDLE_SECONDS))


def absolute_seconds() -> int:
    """A sign-in ends after so many seconds whatever is done."""
    return int(getattr(settings, "PORTAL_ABSOLUTE_SECONDS", ABSOLUTE_SECONDS))


def visitor(request: HttpRequest, town: Town) -> Visitor:
    """Who asks, for pages of ``town``: signed in at another town is not signed in here."""
    token = request.session.get(_BROWSER)
    if not token:
        token = request.session[_BROWSER] = secrets.token_urlsafe(24)
    known: dict[str, Any] = request.session.get(_SIGNED_IN) or {}
    here = known if known.get("municipality") == town.code else {}
    return Visitor(hashlib.sha256(str(token).encode()).hexdigest(), here.get("owner"), here.get("sign_in"),
                   request.session.get(_ASSIST))  # fmt: skip


def resident(request: HttpRequest, town: Town) -> str:
    """The certificate signed in with, on a page whose audience ``resident`` has let nobody else in."""
    return visitor(request, town).owner or "nobody"


def signed_in_owner(request: HttpRequest) -> str:
    """The certificate this browser is signed in with, in whichever town; empty if it is not."""
    return str((request.session.get(_SIGNED_IN) or {}).get("owner", ""))


def sign_in(request: HttpRequest, town: Town, owner: str, record: str) -> None:
    """Mark the session signed in. The session key changes (fixation); the browser token stays, drafts hang on it."""
    request.session.cycle_key()
    moment = int(now().timestamp())
    request.session[_SIGNED_IN] = {
        "municipality": town.code,
        "owner": owner,
        "sign_in": record,
        "since": moment,
    }
    request.session[_SEEN] = moment


def sign_out(request: HttpRequest) -> None:
    """Forget everything about this visit: sign-in, helper, browser token."""
    request.session.flush()


def start_assisting(request: HttpRequest, helper: str, organisation: str) -> None:
    """Record who helps on this device and that the resident agreed just now."""
    request.session[_ASSIST] = {"helper": helper, "organisation": organisation, "consent_at": utc_text(now())}


def ended_by_time(request: HttpRequest) -> bool:
    """Whether the sign-in has run out; if so the session is emptied. Otherwise notes that somebody is here."""
    known: dict[str, Any] = request.session.get(_SIGNED_IN) or {}
    moment, seen = int(now().timestamp()), int(request.session.get(_SEEN) or 0)
    if known and (moment - seen > idle_seconds() or moment - int(known["since"]) > absolute_seconds()):
        request.session.flush()
        if request.method == "POST":
            _set_aside(request, known["owner"])
        return True
    if moment - seen >= _TOUCH_EVERY and not request.session.is_empty():
        request.session[_SEEN] = moment
    return False


def _set_aside(request: HttpRequest, owner: str) -> None:
    """What was posted after the end is not lost: it waits in the new session for the same person to sign in again."""
    typed = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    request.session[_UNSAVED] = {"owner": owner, "path": request.path, "typed": typed}


def take_unsaved(request: HttpRequest, owner: str | None) -> dict[str, list[str]] | None:
    """What ``owner`` posted to this page just after the sign-in had ended; it is handed out once."""
    waiting: dict[str, Any] = request.session.get(_UNSAVED) or {}
    if not owner or waiting.get("owner") != owner or waiting.get("path") != request.path:
        return None
    del request.session[_UNSAVED]
    return {str(name): list(values) for name, values in waiting["typed"].items()}
