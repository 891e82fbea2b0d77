"""``yakuba card path``: a certificate of another PKI judged against anchors, lists and answers in files."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from yakuba.base import clock
from yakuba.card.outcomes import Outcome
from yakuba.card.paths import PathJudge, PathQuestion, PathSettings
from yakuba.card.paths.question import ANY_POLICY

EXIT_STATUS: Final = {Outcome.GOOD: 0, Outcome.BAD: 1, Outcome.UNKNOWN: 2}
_WORDS: Final = {Outcome.GOOD: "有効", Outcome.BAD: "無効", Outcome.UNKNOWN: "確かめられない"}
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("path")
@click.argument("target", type=_file)
@click.option("--anchor", multiple=True, type=_file, required=True, help="信頼するルート証明書(DER)")
@click.option("--other", multiple=True, type=_file, help="中間証明書(DER)")
@click.option("--list", "lists", multiple=True, type=_file, help="失効リスト(DER)")
@click.option("--ocsp", multiple=True, type=_file, help="OCSPの応答(DER)")
@click.option("--policy", multiple=True, help="求める証明書ポリシー(OID)。あれば明示を求める")
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]), help="いつの時点で(UTC)。省略すると今")
@click.option("--json", "as_json", is_flag=True)
def path(
    target: Path, anchor: tuple[Path, ...], other: tuple[Path, ...], lists: tuple[Path, ...],
    ocsp: tuple[Path, ...], policy: tuple[str, ...], at: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """ほかの認証基盤の証明書を、ルートまでたどって確かめる。終了コード: 0 有効、1 無効、2 確かめられない。"""
    anchors, intermediates, crls, answers = (
        tuple(one.read_bytes() for one in files) for files in (anchor, other, lists, ocsp)
    )
    settings = PathSettings(
        policies=frozenset(policy) or frozenset({ANY_POLICY}), explicit_policy=bool(policy)
    )
    moment = at.replace(tzinfo=UTC) if at else clock.now()
    question = PathQuestion(target.read_bytes(), moment, anchors, intermediates, crls, answers, settings)
    with PathJudge() as judge:
        verdict = judge.verdict(question)
    told = {
        "outcome": verdict.outcome.value, "reason": verdict.reason and verdict.reason.value,
        "clause": verdict.clause, "said": verdict.said, "chain": verdict.chain, "policies": verdict.policies,
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{_WORDS[verdict.outcome]} {told['reason'] or ''} ({verdict.clause})")
        if verdict.said:
            click.echo(verdict.said)
    raise SystemExit(EXIT_STATUS[verdict.outcome])


PATH_COMMANDS: Final = (path,)
