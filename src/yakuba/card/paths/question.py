"""One question to the path engine, and how it is written down for the process that answers it."""

import base64
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

ANY_POLICY = "2.5.29.32.0"


@dataclass(frozen=True, slots=True)
class PathSettings:
    """The inputs of RFC 5280 section 6.1.1 (c), (e)-(g), and which algorithms are strong enough.

    ``smallest_dsa`` (bits) and ``sha1`` stay as they are outside of tests: no PKI we read uses them.
    """

    policies: frozenset[str] = frozenset({ANY_POLICY})
    explicit_policy: bool = False
    inhibit_mapping: bool = False
    inhibit_any_policy: bool = False
    smallest_rsa: int = 2048
    smallest_dsa: int = 3072
    sha1: bool = False


@dataclass(frozen=True, slots=True)
class PathLimits:
    """What one answer may cost: seconds of CPU and wall clock, octets of memory, and sizes of what comes in.

    ``others``: certificates a sender embedded; ``certificate`` and ``revocation``: octets of one certificate and
    of all lists and OCSP answers together; ``paths`` and ``depth``: candidates tried and their length.
    """

    cpu_seconds: int = 3
    wall_seconds: float = 10.0
    memory: int = 1 << 30
    others: int = 8
    certificate: int = 65_536
    revocation: int = 16 * 1024 * 1024
    paths: int = 6
    depth: int = 8


@dataclass(frozen=True, slots=True)
class PathQuestion:
    """Is ``target`` good at ``at``, under ``anchors``? All certificates, lists and answers are DER.

    ``others`` come from outside and are believed in nothing; ``anchors`` are pinned.
    """

    target: bytes
    at: datetime
    anchors: tuple[bytes, ...]
    others: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()
    ocsp: tuple[bytes, ...] = ()
    settings: PathSettings = field(default_factory=PathSettings)
    limits: PathLimits = field(default_factory=PathLimits)

    def written(self) -> bytes:
        """As one line of JSON."""
        parts: dict[str, Any] = {"target": _text(self.target), "at": self.at.isoformat()}
        for name in ("anchors", "others", "lists", "ocsp"):
            parts[name] = [_text(one) for one in getattr(self, name)]
        parts["settings"] = {**asdict(self.settings), "policies": sorted(self.settings.policies)}
        parts["limits"] = asdict(self.limits)
        return json.dumps(parts).encode() + b"\n"


def read_question(line: bytes) -> PathQuestion:
    """The question :meth:`PathQuestion.written` wrote."""
    parts = json.loads(line)
    settings = {**parts["settings"], "policies": frozenset(parts["settings"]["policies"])}
    several = {
        name: tuple(map(base64.b64decode, parts[name])) for name in ("anchors", "others", "lists", "ocsp")
    }
    return PathQuestion(
        target=base64.b64decode(parts["target"]),
        at=datetime.fromisoformat(parts["at"]),
        settings=PathSettings(**settings),
        limits=PathLimits(**parts["limits"]),
        **several,
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
