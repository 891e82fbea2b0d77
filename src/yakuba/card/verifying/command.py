"""The command ``yakuba verify``."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from yakuba.base.canonical import sha256_hex
from yakuba.base.clock import now
from yakuba.base.texts import LANGUAGES, Language, Text, without_readings
from yakuba.card.outcomes import Outcome
from yakuba.card.trust import UnusableRoot
from yakuba.card.verifying.kinds import MAX_FILE_BYTES, Pins, judged
from yakuba.card.verifying.others import given, pinned_others
from yakuba.card.verifying.reports import Report, say

EXIT_STATUS: Final = {Outcome.GOOD: 0, Outcome.BAD: 1, Outcome.UNKNOWN: 2}
_MARKS: Final = {Outcome.GOOD: "○", Outcome.BAD: "×", Outcome.UNKNOWN: "?"}
_FACTS: Final = {
    "signer": "署名者", "signed_at": "署名時刻", "stamped_at": "タイムスタンプの時刻", "certificate": "証明書(発行者の鍵/番号)", "record": "記録そのもの",
    "verdict_at": "検証した時点", "stamps": "タイムスタンプ", "path": "ルートからの経路(SHA-256)",
    "policies": "証明書ポリシー",
}  # fmt: skip
_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_folder = click.Path(file_okay=False, path_type=Path)


@click.command("verify")
@click.argument("file", type=_file)
@click.option("--content", type=_file, default=None, help="署名(CMS)の対象のファイル。")
@click.option(
    "--roots",
    type=_folder,
    default=None,
    help="通知書のルート証明書(roots/*.crt)、失効リスト(crls/*.crl)、時刻認証局(stamps/*.crt)のフォルダー。"
    "省略すると YAKUBA_NOTICE_ROOT、なければ $YAKUBA_HOME/notices/public。",
)
@click.option(
    "--trust",
    type=_folder,
    default=None,
    help="カードのルート証明書(roots)、失効リスト(crls)、時刻認証局(stamps)のフォルダー。"
    "省略すると YAKUBA_TRUST、なければ $YAKUBA_HOME/trust。",
)
@click.option(
    "--anchor",
    multiple=True,
    type=_file,
    help="ほかの認証基盤のルート証明書。指定すると、その署名(CMS)として確かめる。",
)
@click.option(
    "--list", "lists", multiple=True, type=_file, help="ほかの認証基盤の失効リスト。途中の認証局の分も。"
)
@click.option("--ocsp", multiple=True, type=_file, help="ほかの認証基盤のOCSPの応答(DER)。")
@click.option(
    "--policy", multiple=True, help="ほかの認証基盤の証明書に求めるポリシー(OID)。省略するとどれでもよい。"
)
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]),
    default=None,
    help="いつの時点で正しいかを見るか(UTC)。受け取った時刻を指定する。例 2026-11-23T09:00:00Z。省略すると今。",
)
@click.option("--json", "as_json", is_flag=True, help="プログラム用に JSON で出力する。")
@click.option("--language", type=click.Choice(LANGUAGES), default="ja", show_default=True)
def verify(
    file: Path, content: Path | None, roots: Path | None, trust: Path | None, anchor: tuple[Path, ...],
    lists: tuple[Path, ...], ocsp: tuple[Path, ...], policy: tuple[str, ...], at: datetime | None, as_json: bool,
    language: Language,
) -> None:  # fmt: skip
    """通知書(PDF)・電子署名(CMS)・署名付きXML・検証の記録が正しいかを確かめる。

    終了コード: 0 正しい、1 正しくない、2 確かめられない。
    """
    data = _read(file)
    moment = at.replace(tzinfo=UTC) if at else now()
    trust = trust or default_trust()
    others = given(anchor, lists, ocsp, policy) if anchor else pinned_others(trust / "others")
    pins = Pins(roots or default_roots(), trust, others, asked_for_others=bool(anchor))
    try:
        report = judged(data, content=_read(content) if content else None, pins=pins, at=moment)
    except UnusableRoot as problem:
        raise click.ClickException(f"{_plain(say('roots_unusable'), language)}\n{problem}") from problem
    click.echo(_json(report, data) if as_json else _words(report, data, language))
    raise SystemExit(EXIT_STATUS[report.outcome])


def default_roots() -> Path:
    """Where the notices' roots are if nothing else is said."""
    named = os.environ.get("YAKUBA_NOTICE_ROOT", "")
    return Path(named) if named else Path(os.environ.get("YAKUBA_HOME", "var")) / "notices" / "public"


def default_trust() -> Path:
    """Where the cards' roots are if nothing else is said."""
    named = os.environ.get("YAKUBA_TRUST", "")
    return Path(named) if named else Path(os.environ.get("YAKUBA_HOME", "var")) / "trust"


def _read(file: Path) -> bytes:
    """The file's bytes, one more than any adapter takes at most."""
    with file.open("rb") as opened:
        return opened.read(MAX_FILE_BYTES + 1)


def _json(report: Report, data: bytes) -> str:
    told = {
        "kind": report.kind,
        "outcome": report.outcome.value,
        "words": {language: report.words.in_language(language) for language in LANGUAGES},
        **report.facts,
        "checks": [line.as_dict() for line in report.lines],
        "sha256": sha256_hex(data),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _words(report: Report, data: bytes, language: Language) -> str:
    lines = [f"{_MARKS[report.outcome]} {_plain(report.words, language)}"]
    if report.advice:
        lines.append(f"  {_plain(report.advice, language)}")
    lines.append("")
    for line in report.lines:
        reason = f" [{line.reason}]" if line.reason else ""
        lines.append(f"  {_MARKS[line.outcome]} {_plain(line.words, language)}{reason} ({line.clause})")
    lines.append("")
    for name, label in _FACTS.items():
        value = report.facts.get(name)
        if value:
            lines.append(f"  {label} {', '.join(value) if isinstance(value, list) else value}")
    lines.append(f"  SHA-256 {sha256_hex(data)}")
    return "\n".join(lines)


def _plain(words: Text, language: Language) -> str:
    return without_readings(words.in_language(language))
