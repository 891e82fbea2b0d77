"""``yakuba notice-keys``: the town's signing keys for notices, where they are in files. Needs no zone and no database."""

from datetime import datetime
from pathlib import Path

import click
from cryptography.x509 import ReasonFlags
from pkcs11 import PKCS11Error

from yakuba.base.clock import now
from yakuba.casework.notices import keys
from yakuba.casework.notices.letterheads import NoLetterhead
from yakuba.casework.notices.signer import BadKeySetting, read_pkcs11_uri
from yakuba.casework.notices.token_keys import rotate_in_token

FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
_REASONS = ("key_compromise", "superseded", "cessation_of_operation")


@click.group("notice-keys")
def notice_keys() -> None:
    """通知書に署名する鍵(ファイルに置く場合)。HSM の鍵は docs/operations.md を参照。"""


@notice_keys.command("make")
@FOLDER
@click.option(
    "--public", type=click.Path(file_okay=False, path_type=Path), help="公開する部分を置くフォルダー。"
)
@click.argument("municipalities", nargs=-1)
def make(folder: Path, public: Path | None, municipalities: tuple[str, ...]) -> None:
    """足りない鍵を作り、失効リストを更新する。何度実行してもよい。"""
    try:
        keys.make_notice_keys(folder, municipalities or None, public=public)
    except NoLetterhead as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"鍵: {folder / 'keys'}  公開: {(folder / 'public').resolve()}")


@notice_keys.command("rotate")
@FOLDER
@click.argument("municipality")
@click.option(
    "--token",
    "uri",
    default="",
    help="鍵を HSM の中に作る(PKCS#11 URI、例 pkcs11:token=yakuba;object={municipality}-{number}?module-path=…)。"
    "FOLDER は認証局。",
)
def rotate(folder: Path, municipality: str, uri: str) -> None:
    """新しい鍵を作り、これから使う。今までの通知書は有効なまま。"""
    try:
        if uri:
            token = read_pkcs11_uri(uri, municipality)
            click.echo(f"これから使う鍵(HSM): {rotate_in_token(folder, token, municipality, at=now())}")
            return
        click.echo(f"これから使う鍵: {keys.rotate(folder, municipality)}")
    except (NoLetterhead, BadKeySetting) as problem:
        raise click.ClickException(str(problem)) from problem
    except PKCS11Error as problem:
        raise click.ClickException(
            f"HSM を使えません({type(problem).__name__})。トークン名と PIN を確かめてください。"
        ) from problem


@notice_keys.command("revoke")
@FOLDER
@click.argument("name")
@click.option("--reason", type=click.Choice(_REASONS), required=True)
@click.option(
    "--at", "since", default="", help="いつから失効か(例: 2026-12-01T00:00:00+09:00)。省略すると今。"
)
def revoke(folder: Path, name: str, reason: str, since: str) -> None:
    """証明書(例: 143014-1)を失効リストに載せる。"""
    if not (folder / "certificates" / f"{name}.crt").is_file():
        raise click.ClickException(f"{folder}/certificates に {name}.crt がありません。例: 143014-1")
    at = datetime.fromisoformat(since) if since else now().replace(microsecond=0)
    keys.revoke(folder, name, at=at, reason=ReasonFlags[reason])
    click.echo(f"{name} を {at.isoformat()} から失効にしました。公開フォルダーを配り直してください。")
