"""What a zone's verdicts rest on: the pinned roots, the lists, and for some municipalities OCSP instead of lists.

In the trust folder: ``roots/``, ``crls/``, and where a municipality asks instead of taking lists, ``ocsp.json``::

    [{"kind": "sign", "municipality": "143421", "url": "http://ocsp.example.jp/"}]

The internet zone asks the responder and keeps the answers in ``ocsp/``; inner zones open no connection outward and
read what was brought there, by the way the lists come.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from yakuba.base import clock
from yakuba.base.municipality import municipality_code
from yakuba.card.ocsp import MAX_ANSWER_OCTETS
from yakuba.card.ocsp_source import OcspFolder, OcspSource, SourceByPoint, Transport
from yakuba.card.pki_profile import distribution_point_name
from yakuba.card.revocation import RevocationIndex, RevocationSource
from yakuba.card.trust import TrustStore

SETTING: Final = "ocsp.json"
_TIMEOUT_SECONDS: Final = 3.0


class WrongSetting(ValueError):
    """``ocsp.json`` is not of its form; says how it is written."""


@dataclass(frozen=True, slots=True)
class InForce:
    """Roots and revocation sources for :mod:`yakuba.card.verdict`."""

    trust: TrustStore
    revocation: RevocationSource


def in_force(folder: Path, *, may_ask: bool) -> InForce:
    """What the trust folder holds; ``may_ask``: this zone may open connections outward.

    Raises:
        UnusableRoot, WrongSetting: at start-up, before any verdict.
    """
    trust = TrustStore.from_folder(folder / "roots")
    lists = RevocationIndex.from_folder(folder / "crls", trust)
    asked = {
        point: _source(folder / "ocsp", trust, url, may_ask) for point, url in _setting(folder / SETTING)
    }
    return InForce(trust, SourceByPoint(lists, asked) if asked else lists)


def _source(folder: Path, trust: TrustStore, url: str, may_ask: bool) -> RevocationSource:
    if not may_ask:
        return OcspFolder(folder, trust, clock.now)
    folder.mkdir(exist_ok=True)
    return OcspSource(trust, over_http(url), clock.now, folder)


def _setting(file: Path) -> list[tuple[bytes, str]]:
    if not file.exists():
        return []
    try:
        return [_row(row) for row in json.loads(file.read_bytes())]
    except (ValueError, KeyError, TypeError) as problem:
        example = '[{"kind": "sign", "municipality": "143421", "url": "http://ocsp.example.jp/"}]'
        raise WrongSetting(f"{file} が読めません。例: {example}") from problem


def _row(row: dict[str, Any]) -> tuple[bytes, str]:
    if row["kind"] not in ("sign", "auth") or not str(row["url"]).startswith(("http://", "https://")):
        raise ValueError(row)
    return distribution_point_name(row["kind"], municipality_code(row["municipality"])), str(row["url"])


def over_http(url: str) -> Transport:
    """RFC 6960 appendix A.1: POST; answers are signed, so plain HTTP is as good as any."""

    def ask(request: bytes) -> bytes:
        headers = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
        try:
            with httpx.stream(
                "POST", url, content=request, headers=headers, timeout=_TIMEOUT_SECONDS
            ) as response:
                response.raise_for_status()
                return _at_most(response)
        except httpx.HTTPError as problem:
            raise OSError(type(problem).__name__) from problem

    return ask


def _at_most(response: httpx.Response) -> bytes:
    found = b""
    for part in response.iter_bytes():
        found += part
        if len(found) > MAX_ANSWER_OCTETS:
            raise ValueError("an answer that is larger than answers are")
    return found
