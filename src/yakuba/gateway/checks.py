"""Start-up checks of the gateway, numbered ``gateway.E…`` and ``gateway.W…``."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from yakuba.base.clock import now
from yakuba.gateway.disk import GIB, LOW
from yakuba.gateway.envelope import ZONES
from yakuba.gateway.message import SANITISER
from yakuba.gateway.routes import inward_neighbour, outward_neighbour
from yakuba.gateway.sanitise import office_cell

_RENEW_BEFORE = timedelta(days=30)
_FILES = ("ca.pem", "client.pem", "client.key")
DIRECT, JETSTREAM = "direct", "jetstream"
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
def disk(**_context: Any) -> list[CheckMessage]:
    """The disk of the zone's database has room for what will wait there when the zones are cut off."""
    folder = Path(settings.DATABASE_DISK)
    if not settings.DATABASE_DISK or not folder.is_dir():
        return []
    usage = shutil.disk_usage(folder)
    if usage.free >= LOW * usage.total:
        return []
    words = f"データベースのディスクの空きが{usage.free / GIB:.1f} GiB(全体の{usage.free / usage.total:.0%})です。"
    hint = "災害の日に要る大きさは `yakuba gateway disk` で計算できます。"
    return [checks.Warning(words, hint=hint, id="gateway.W004")]


@register()
def office_documents(**_context: Any) -> list[CheckMessage]:
    """Where a procedure takes Word or Excel, the programs that open them safely are there (sanitising zone)."""
    missing = office_cell.installation().missing if settings.ZONE == SANITISER else ()
    if not missing:
        return []
    return [
        checks.Warning(
            "ワードやエクセルなどの書類を開くプログラムがありません。届いた書類は理由を添えて断られます。",
            hint=f"例: apt-get install {' '.join(missing)}",
            id="gateway.W003",
        )
    ]


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
    if not missing and settings.LINK_FILES:
        problems += _expiry(folder / "client.pem")
    return problems


@register()
def relay(**_context: Any) -> list[CheckMessage]:
    """The way messages take is one of two, and a broker's addresses and files are there if it is that one."""
    if settings.RELAY not in (DIRECT, JETSTREAM):
        words = f"YAKUBA_RELAY={settings.RELAY!r} は使えません。"
        return [Error(words, hint=f"例: {DIRECT}(ふつう)または {JETSTREAM}", id="gateway.E004")]
    if settings.RELAY == DIRECT or settings.ZONE not in ZONES:
        return []
    ends = (
        (
            "YAKUBA_BROKER_OUTWARD",
            outward_neighbour(settings.ZONE),
            settings.BROKER_OUTWARD,
            settings.BROKER_OUTWARD_FILES,
            "inner",
        ),
        (
            "YAKUBA_BROKER_INWARD",
            inward_neighbour(settings.ZONE),
            settings.BROKER_INWARD,
            settings.BROKER_INWARD_FILES,
            "outer",
        ),
    )
    return [
        problem
        for name, neighbour, at, files, role in ends
        if neighbour
        for problem in _broker(name, at, files, role)
    ]


def _broker(name: str, addresses: tuple[str, ...], files: str, role: str) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    wrong = [address for address in addresses if not address.rpartition(":")[2].isdigit()]
    if not addresses or wrong:
        words = f"{name} に NATS サーバーの宛先がありません: {', '.join(wrong) or '空です'}。"
        hint = "例: 10.1.0.11:4222,10.1.0.12:4222,10.1.0.13:4222"
        problems.append(Error(words, hint=hint, id="gateway.E005"))
    for file in ("ca.pem", f"{role}.pem", f"{role}.key"):
        if not files or not (Path(files) / file).is_file():
            words = f"{name}_FILES のフォルダー {files or '(空)'} に {file} がありません。"
            problems.append(Error(words, hint="`yakuba broker certificates` が作ります。", id="gateway.E006"))
    return problems


def _expiry(file: Path) -> list[CheckMessage]:
    ends = load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    if ends - now() > _RENEW_BEFORE:
        return []
    return [
        checks.Warning(
            f"区域間のつながりの証明書が {ends:%Y-%m-%d} に切れます: {file}",
            hint="client.pem と client.key(相手側は server.pem と server.key)を消し、yakuba.gateway.keys.make_link を呼ぶと作り直します。",
            id="gateway.W002",
        )
    ]
