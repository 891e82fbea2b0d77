"""What is pinned and known of other PKIs: from files named on the command line, or from a folder beside the roots."""

from collections.abc import Iterable
from pathlib import Path

import click

from yakuba.card.paths import Authorities, PathSettings
from yakuba.card.paths.question import ANY_POLICY
from yakuba.card.verifying.kinds import der_in


def given(
    anchors: Iterable[Path], lists: Iterable[Path], answers: Iterable[Path], policies: Iterable[str]
) -> Authorities:
    """Authorities from files, each DER or PEM.

    Raises:
        click.ClickException: a file is neither; says which.
    """
    wanted = frozenset(policies)
    return Authorities(
        tuple(_der(one, "CERTIFICATE") for one in anchors),
        tuple(_der(one, "X509 CRL") for one in lists),
        tuple(_der(one, "OCSP RESPONSE") for one in answers),
        PathSettings(policies=wanted or frozenset({ANY_POLICY}), explicit_policy=bool(wanted)),
    )


def pinned_others(folder: Path) -> Authorities:
    """Authorities in ``folder``: ``roots/*.crt``, ``crls/*.crl``, ``ocsp/*.ocsp``; none if it is not there."""
    roots, lists, answers = (
        sorted(folder.glob(pattern)) for pattern in ("roots/*.crt", "crls/*.crl", "ocsp/*.ocsp")
    )
    return given(roots, lists, answers, ())


def _der(path: Path, label: str) -> bytes:
    found = der_in(path.read_bytes(), label)
    if found is None:
        raise click.ClickException(
            f"{path} を読めません。DER か PEM(-----BEGIN {label}-----)のファイルを1つずつ指定してください。"
        )
    return found
