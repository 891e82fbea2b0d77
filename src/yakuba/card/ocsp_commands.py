"""``yakuba card ocsp-responder``: the test authority's responder, on this machine only."""

from pathlib import Path
from typing import Final
from wsgiref.simple_server import WSGIRequestHandler, make_server

import click

from yakuba.base import clock
from yakuba.card.ocsp_responder import Responder
from yakuba.card.testca import TestCA


class _Quiet(WSGIRequestHandler):
    """Writes no line for each request: a serial says whose card was asked about."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the base class gives it
        """Nothing."""


@click.command("ocsp-responder")
@click.option("--pki", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8888, show_default=True, help="0 は空きポート"
)
def ocsp_responder(pki: Path, port: int) -> None:
    """テスト認証局のOCSPレスポンダー(127.0.0.1 だけ)。"""
    try:
        responder = Responder(TestCA.open(pki), clock.now)
        server = make_server("127.0.0.1", port, responder, handler_class=_Quiet)
    except (FileNotFoundError, OSError) as problem:
        raise click.ClickException(f"始められません: {problem}") from problem
    with server:
        click.echo(f"OCSP: http://127.0.0.1:{server.server_port}/ (Ctrl-C で終了)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("OCSPレスポンダーを終了します。")


OCSP_COMMANDS: Final = (ocsp_responder,)
