"""Start-up checks of the gateway, numbered ``gateway.E…`` and ``gateway.W…``."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

_FILES = ("ca.pem", "client.pem", "client.key")
SANITISE = ("raster", "none-for-measuring")


@register()
def sanitising(**_context: Any) -> list[CheckMessage]:
    """Files are rebuilt, unless somebody measures something else."""
    chosen = settings.GATEWAY_SANITISE
    if chosen not in SANITISE:
        return [
            Error(
                f"YAKUBA_GATEWAY_SANITISE={chosen!r} は使えません。",
                hint=f"例: {SANITISE[0]}",
                id="gateway.E001",
            )
        ]
    if chosen != SANITISE[0]:
        return [
            checks.Warning(
                "ファイルを無害化せずに通します(測定用)。",
                hint="町を動かすときは YAKUBA_GATEWAY_SANITISE を外してください。",
                id="gateway.W001",
            )
        ]
    return []


@register()
def link(**_context: Any) -> list[CheckMessage]:
    """The link's address is https, and its files are there."""
    problems: list[CheckMessage] = []
    if settings.LINK_UPSTREAM and not settings.LINK_UPSTREAM.startswith("https://"):
        problems.append(
            Error(
                "YAKUBA_LINK_UPSTREAM は https:// で始まります。",
                hint="例: https://127.0.0.1:8443",
                id="gateway.E002",
            )
        )
    folder = Path(settings.LINK_FILES)
    missing = [name for name in _FILES if settings.LINK_FILES and not (folder / name).is_file()]
    hint = "yakuba.gateway.keys.make_link が作ります(make run は自動で行います)。"
    problems += [
        Error(f"{folder} に {name} がありません。", hint=hint, id="gateway.E003") for name in missing
    ]
    return problems
