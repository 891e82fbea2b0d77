"""Keys and certificates are made once, opened by nobody else, and renewed on purpose only."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from pytest_django.fixtures import Settings

from yakuba.gateway import checks, keys


def certificate(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def test_what_exists_is_never_overwritten(tmp_path: Path) -> None:
    keys.make_zone_key(tmp_path, "lgwan")
    keys.make_link(tmp_path, "internet", "lgwan")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    keys.make_zone_key(tmp_path, "lgwan")
    keys.make_link(tmp_path, "internet", "lgwan")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_private_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    keys.make_zone_key(tmp_path, "lgwan")
    keys.make_link(tmp_path, "internet", "lgwan")
    assert {path.name for path in tmp_path.glob("*.key") if path.stat().st_mode & 0o077} == set()
    assert len(list(tmp_path.glob("*.key"))) == 4


def test_each_certificate_has_one_use_and_a_year(tmp_path: Path) -> None:
    keys.make_link(tmp_path, "internet", "lgwan", ("127.0.0.1", "gateway.example"))
    for name, usage in (
        ("server", ExtendedKeyUsageOID.SERVER_AUTH),
        ("client", ExtendedKeyUsageOID.CLIENT_AUTH),
    ):
        made = certificate(tmp_path / f"{name}.pem")
        made.verify_directly_issued_by(certificate(tmp_path / "ca.pem"))
        assert list(made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [usage]
        assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        assert made.not_valid_after_utc - datetime.now(UTC) < timedelta(days=365, hours=1)
    names = (
        certificate(tmp_path / "server.pem")
        .extensions.get_extension_for_class(x509.SubjectAlternativeName)
        .value
    )
    assert names.get_values_for_type(x509.DNSName) == ["gateway.example"]


def test_a_certificate_that_ends_soon_is_told_and_can_be_renewed(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "LINK_LIFETIME", timedelta(days=20))
    keys.make_link(tmp_path, "internet", "lgwan")
    monkeypatch.undo()
    settings.LINK_FILES = str(tmp_path)
    assert [message.id for message in checks.link()] == ["gateway.W002"]
    old = certificate(tmp_path / "client.pem")
    (tmp_path / "client.pem").unlink()
    (tmp_path / "client.key").unlink()
    keys.make_link(tmp_path, "internet", "lgwan")
    new = certificate(tmp_path / "client.pem")
    assert new.issuer == old.issuer
    assert new.serial_number != old.serial_number
    assert checks.link() == []
