"""What a process of the gateway asks before its first act: the settings' own checks, and those of rooms further out."""

import threading

from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.utils.module_loading import import_string


def refuse_wrong_settings() -> None:
    """Raises:
    ImproperlyConfigured: with the number, fault and hint of every check that refuses.
    """
    serious = [message for message in run_checks() if message.is_serious()]
    if serious:
        raise ImproperlyConfigured("\n".join(f"[{each.id}] {each.msg} {each.hint or ''}" for each in serious))


def refuse_unsafe(stop: threading.Event | None = None) -> None:
    """Run what ``START_CHECKS`` names, as soon as the database answers (or ``stop`` is set).

    Raises:
        ImproperlyConfigured: the database could lose what was promised, or whatever else a check refuses.
    """
    stop = stop or threading.Event()
    while not stop.is_set():
        try:
            for name in settings.START_CHECKS:
                import_string(name)()
            return
        except OperationalError:
            stop.wait(1.0)
