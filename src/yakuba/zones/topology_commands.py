"""``yakuba zones check`` and ``yakuba zones render``: the network as data, checked against the controls and written out."""

from pathlib import Path

import click

from yakuba.zones.topology.loading import NotATopology, controls, load, own_text
from yakuba.zones.topology.model import Control, Model, Violation
from yakuba.zones.topology.rendering import rendered
from yakuba.zones.topology.rules import check as violations

_FILE = click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE]"
)
_MODEL = click.option("--model", "chosen", metavar="NAME", help="ファイルの中のモデル(例: alpha)")


@click.group()
def zones() -> None:
    """区域のあいだのネットワーク(トポロジー)を確かめる・書き出す。"""


@zones.command()
@_FILE
@_MODEL
def check(file: Path | None, chosen: str | None) -> None:
    """トポロジーの FILE を三層の対策に照らし、違反と直しかたをすべて示します。FILE がなければ付属の町を確かめます。"""
    known, count = controls(), 0
    for model in _models(file, chosen):
        found = violations(model)
        count += len(found)
        state = f"違反 {len(found)} 件" if found else "違反はありません"
        click.echo(f"{model.name} ({model.id}): 通信 {len(model.flows)} 件、{state}")
        for violation in found:
            click.echo(_explained(violation, known[violation.control]))
    if count:
        raise SystemExit(1)


@zones.command()
@_FILE
@_MODEL
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="書き出すフォルダー"
)
def render(file: Path | None, chosen: str | None, out: Path) -> None:
    """モデルごとに nftables の規則・mTLS の許可表・試験・図を書き出します。違反があるものは書き出しません。"""
    models = _models(file, chosen)
    broken = [model.id for model in models if violations(model)]
    if broken:
        raise click.ClickException(
            f"{', '.join(broken)} に違反があるので、何も書き出しませんでした。`yakuba zones check` で理由と直しかたを見てください。"
        )
    for model in models:
        for name, content in rendered(model).items():
            path = out / model.id / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        click.echo(f"{out / model.id} に {model.name} を書き出しました。")


def _models(file: Path | None, chosen: str | None) -> list[Model]:
    try:
        models = load(file.read_text(encoding="utf-8") if file else own_text())
    except (NotATopology, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file or '付属の町'} をトポロジーとして読めません。\n{error}") from error
    if chosen is None:
        return list(models.values())
    if chosen not in models:
        raise click.ClickException(f"{chosen} というモデルはありません。あるのは {', '.join(models)} です。")
    return [models[chosen]]


def _explained(violation: Violation, control: Control) -> str:
    unsure = "" if control.sure else "(公式の文言とは照合していません)"
    return (
        f"  {violation.code} {violation.where}: {violation.wrong}\n"
        f"      きまり: {control.name}{unsure} — {control.source}\n"
        f"      直しかた: {violation.mend}"
    )


COMMANDS = [zones]
