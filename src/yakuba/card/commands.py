"""``yakuba card-agent`` and ``yakuba card …``: the resident's agent, and the test authority at the counter."""

from datetime import datetime
from pathlib import Path
from typing import Final, cast

import click

from yakuba.base import clock
from yakuba.base.municipality import InvalidMunicipalityCode, municipality_code
from yakuba.card import messages
from yakuba.card.agent.at_hand import at_hand
from yakuba.card.agent.guard import WrongOrigin, origin
from yakuba.card.agent.server import AgentServer, token_in
from yakuba.card.attributes import Attributes, birth_text
from yakuba.card.books import NotIssued
from yakuba.card.crl import REASONS
from yakuba.card.emulated import SUFFIX, EmulatedCard, WrongCounterKey, cards_in
from yakuba.card.feed_commands import FEED_COMMANDS
from yakuba.card.interface import CardError, PinForm
from yakuba.card.ocsp_commands import OCSP_COMMANDS
from yakuba.card.outcomes import Kind
from yakuba.card.path_commands import PATH_COMMANDS
from yakuba.card.reader_commands import READER_COMMANDS
from yakuba.card.testca import KINDS, TestCA

DEFAULT_PORT: Final = 8765
_folder = click.Path(file_okay=False, path_type=Path)
_file = click.Path(dir_okay=False, path_type=Path)
_card = click.argument("card", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_pki = click.option("--pki", type=_folder, required=True, help="テスト認証局のフォルダー")
_kind = click.option(
    "--kind", type=click.Choice(KINDS), default="sign", help="sign 署名用 / auth 利用者証明用"
)


class CardCommandError(click.ClickException):
    """A message for people; ``error`` is never a trace."""


@click.command("card-agent")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=DEFAULT_PORT, show_default=True, help="0 は空きポート"
)
@click.option("--cards", type=_folder, help="模擬カードのフォルダー")
@click.option("--reader", is_flag=True, help="この端末のカードリーダー(PC/SC)も使う")
@click.option(
    "--origin", "origins", multiple=True, required=True, help="使ってよいページ(例 https://portal.example.jp)"
)
@click.option(
    "--token-file", type=_file, required=True, help="プログラムから使うときのトークン(無ければ作る)"
)
def card_agent(
    port: int, cards: Path | None, reader: bool, origins: tuple[str, ...], token_file: Path
) -> None:
    """カードと役場のページをつなぐ、この端末だけのサービス。"""
    if cards is None and not reader:
        raise CardCommandError(
            "--reader(カードリーダー)か --cards フォルダー(模擬カード)を指定してください。"
        )
    try:
        allowed = [origin(text) for text in origins]
        server = AgentServer(
            port=port, cards=at_hand(cards, readers=reader), origins=allowed, token=token_in(token_file)
        )
    except WrongOrigin as problem:
        raise CardCommandError(str(problem)) from problem
    except OSError as problem:
        raise CardCommandError(
            f"ポート {port} で待ち受けられません({problem.strerror})。別のポートを指定してください(例 --port 8766)。"
        ) from problem
    click.echo(f"カードアプリ: {server.url} (Ctrl-C で終了)")
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("カードアプリを終了します。")


@click.group("card")
def card() -> None:
    """模擬マイナンバーカードとテスト認証局。"""


@card.command("list")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def list_cards(folder: Path) -> None:
    """フォルダーのカードと、暗証番号の残り回数。"""
    for one in cards_in(folder):
        sign, auth = one.tries_left("sign"), one.tries_left("auth")
        click.echo(f"{one.name}\t{one.label}\t署名用 あと{sign}回\t利用者証明用 あと{auth}回")


@card.command("show")
@_card
def show(card: Path) -> None:
    """1枚のカード(暗証番号なしで読めるものだけ)。"""
    one = _load(card)
    for kind, label in (("sign", "署名用"), ("auth", "利用者証明用")):
        click.echo(f"{label}: あと{one.tries_left(cast(Kind, kind))}回")
    click.echo(f"利用者証明用電子証明書 {len(one.auth_certificate())}バイト: {one.label}")


@card.command("sign")
@_card
@click.argument("content", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=_file, required=True, help="署名(CMS, DER)の書き先")
@click.option("--pin", prompt="署名用パスワード", hide_input=True)
def sign(card: Path, content: Path, out: Path, pin: str) -> None:
    """ファイルに署名する(CMS detached)。"""
    try:
        out.write_bytes(_load(card).sign_cms(content.read_bytes(), pin, at=clock.now()))
    except CardError as error:
        raise CardCommandError(messages.for_card_error(error, "sign").ja) from error


@card.command("unlock")
@_card
@_pki
@_kind
@click.option("--new-pin", prompt="新しい暗証番号", hide_input=True, confirmation_prompt=True)
def unlock(card: Path, pki: Path, kind: Kind, new_pin: str) -> None:
    """窓口での初期化・再設定: ロックを解き、新しい暗証番号を入れる。"""
    try:
        _load(card).unlock(kind, _authority(pki).unlock_key, new_pin)
    except PinForm as error:
        raise CardCommandError(messages.for_card_error(error, kind).ja) from error
    except WrongCounterKey as error:
        raise CardCommandError("このカードは、この認証局が発行したものではありません。") from error
    click.echo("新しい暗証番号を設定しました。")


@card.command("issue")
@_pki
@click.option("--cards", type=_folder, required=True)
@click.option("--name", required=True, help="氏名(架空の人だけ。例: 葉山 花子)")
@click.option("--sex", type=click.Choice(["1", "2", "3"]), required=True, help="1 男 2 女 3 不明")
@click.option("--born", type=click.DateTime(["%Y-%m-%d"]), required=True, help="例 1990-01-02")
@click.option("--address", required=True)
@click.option("--municipality", required=True, help="全国地方公共団体コード6桁(例 143014)")
@click.option("--file", "file_name", required=True, help="カードのファイル名(例 hanako)")
@click.option("--sign-pin", prompt="署名用パスワード", hide_input=True)
@click.option("--auth-pin", prompt="利用者証明用の暗証番号", hide_input=True)
def issue(
    pki: Path, cards: Path, name: str, sex: str, born: datetime, address: str, municipality: str, file_name: str,
    sign_pin: str, auth_pin: str,
) -> None:  # fmt: skip
    """架空の人のカードを1枚つくる。"""
    authority, now = _authority(pki), clock.now()
    try:
        holder = Attributes(name, "0" * len(name), sex, birth_text(born.date()), address, "0" * len(address))
        pair = authority.issue(holder, municipality_code(municipality), now=now)
        cards.mkdir(parents=True, exist_ok=True)
        EmulatedCard.make(
            cards / f"{file_name}{SUFFIX}", pair, label=f"{name}(見本)", sign_pin=sign_pin, auth_pin=auth_pin,
            unlock_key=authority.unlock_key,
        )  # fmt: skip
    except PinForm as error:
        raise CardCommandError(messages.for_card_error(error, cast(Kind, str(error))).ja) from error
    except (InvalidMunicipalityCode, FileExistsError, ValueError) as error:
        raise CardCommandError(str(error)) from error
    authority.publish_crls(now=now)
    click.echo(f"署名用 {pair.sign.issuer_key_id} {pair.sign.serial}")
    click.echo(f"利用者証明用 {pair.auth.issuer_key_id} {pair.auth.serial}")


@card.command("revoke")
@_pki
@_kind
@click.option("--issuer-key-id", required=True)
@click.option("--serial", required=True, help="16進")
@click.option("--reason", type=click.Choice(list(REASONS.values())), default="unspecified", show_default=True)
def revoke(pki: Path, kind: Kind, issuer_key_id: str, serial: str, reason: str) -> None:
    """証明書を失効(certificateHold なら一時停止)させ、失効リストを出しなおす。"""
    authority, now = _authority(pki), clock.now()
    try:
        authority.revoke(kind, issuer_key_id, serial.lower(), at=now, reason=reason)
    except NotIssued as error:
        raise CardCommandError(
            "その番号の証明書は発行していません。card issue が表示した番号を指定してください。"
        ) from error
    authority.publish_crls(now=now)
    click.echo("失効リストを出しなおしました。")


@card.command("publish")
@_pki
def publish(pki: Path) -> None:
    """失効リストを今の時刻で出しなおす(期限が切れる前に)。"""
    _authority(pki).publish_crls(now=clock.now())
    click.echo("失効リストを出しなおしました。")


def _load(path: Path) -> EmulatedCard:
    try:
        return EmulatedCard.load(path)
    except CardError as error:
        raise CardCommandError(str(error)) from error


def _authority(folder: Path) -> TestCA:
    try:
        return TestCA.open(folder)
    except FileNotFoundError as error:
        raise CardCommandError(
            f"{folder} にテスト認証局がありません。make run が作った var/pki を指定してください。"
        ) from error


for _command in (*FEED_COMMANDS, *OCSP_COMMANDS, *PATH_COMMANDS, *READER_COMMANDS):
    card.add_command(_command)
