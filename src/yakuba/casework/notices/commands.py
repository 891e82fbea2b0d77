"""``yakuba verify``: anyone may see whether a PDF is a notice of the town, unchanged. Needs no zone and no database."""

import json
import os
from pathlib import Path
from typing import Final

import click

from yakuba.base.canonical import sha256_hex
from yakuba.base.clock import now, utc_text
from yakuba.base.texts import LANGUAGES, Language, without_readings
from yakuba.card.outcomes import Outcome
from yakuba.card.pdf import NoticeRoots, NoticeVerdict, verify_notice
from yakuba.card.pdf_policy import MAX_NOTICE_BYTES

EXIT_STATUS: Final = {Outcome.GOOD: 0, Outcome.BAD: 1, Outcome.UNKNOWN: 2}
_MARKS: Final = {Outcome.GOOD: "○", Outcome.BAD: "×", Outcome.UNKNOWN: "?"}


@click.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--roots",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="公開されているルート証明書(roots/*.crt)と失効リスト(crls/*.crl)のフォルダー。"
    "省略すると YAKUBA_NOTICE_ROOT、なければ $YAKUBA_HOME/notices/public。",
)
@click.option("--json", "as_json", is_flag=True, help="プログラム用に JSON で出力する。")
@click.option("--language", type=click.Choice(LANGUAGES), default="ja", show_default=True)
def verify(file: Path, roots: Path | None, as_json: bool, language: Language) -> None:
    """通知書のPDFが町の発行したもので、変えられていないかを確かめる。

    終了コード: 0 正しい、1 正しくない、2 確かめられない。
    """
    with file.open("rb") as opened:
        data = opened.read(MAX_NOTICE_BYTES + 1)
    verdict = verify_notice(data, roots=NoticeRoots.from_folder(roots or default_roots()), at=now())
    click.echo(_json(verdict, data) if as_json else _words(verdict, data, language))
    raise SystemExit(EXIT_STATUS[verdict.outcome])


def default_roots() -> Path:
    """Where the roots are if nothing else is said."""
    named = os.environ.get("YAKUBA_NOTICE_ROOT", "")
    return Path(named) if named else Path(os.environ.get("YAKUBA_HOME", "var")) / "notices" / "public"


def verdict_document(verdict: NoticeVerdict) -> dict[str, object]:
    """The verdict as JSON values."""
    return {
        "outcome": verdict.outcome.value,
        "signer": verdict.signer,
        "signed_at": utc_text(verdict.signed_at) if verdict.signed_at else None,
        "covers_whole_document": verdict.covers_whole_document,
        "checks": [
            {
                "code": check.code.value,
                "outcome": check.outcome.value,
                "reason": check.reason,
                "clause": check.clause,
                "words": {language: check.words.in_language(language) for language in LANGUAGES},
            }
            for check in verdict.checks
        ],
    }


def _json(verdict: NoticeVerdict, data: bytes) -> str:
    return json.dumps(verdict_document(verdict) | {"sha256": sha256_hex(data)}, ensure_ascii=False, indent=2)


def _words(verdict: NoticeVerdict, data: bytes, language: Language) -> str:
    lines = [f"{_MARKS[verdict.outcome]} {without_readings(verdict.words.in_language(language))}", ""]
    for check in verdict.checks:
        said = without_readings(check.words.in_language(language))
        reason = f" [{check.reason}]" if check.reason else ""
        lines.append(f"  {_MARKS[check.outcome]} {said}{reason} ({check.clause})")
    lines.append("")
    if verdict.signer and verdict.signed_at:
        lines.append(f"  署名者 {verdict.signer}  署名時刻 {utc_text(verdict.signed_at)}")
    lines.append(f"  SHA-256 {sha256_hex(data)}")
    return "\n".join(lines)
