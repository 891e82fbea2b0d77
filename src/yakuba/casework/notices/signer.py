"""Where the signing key is: a folder of key files, or an HSM named by a PKCS#11 URI. Chosen by ``YAKUBA_NOTICE_KEY``.

* a folder: ``<municipality>-<n>.pem`` as :func:`yakuba.casework.notices.keys.make_notice_keys` writes them;
* ``pkcs11:token=yakuba;object={municipality}?module-path=/usr/lib/…/libsofthsm2.so&pin-source=file:/run/secrets/pin``
  (RFC 7512): key and certificate under the label ``object``, where ``{municipality}`` stands for the code. With
  ``object={municipality}-{number}`` the highest number in the token is in use, so that a rotation
  (:mod:`yakuba.casework.notices.token_keys`) is seen at once.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote

import pkcs11
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pkcs11 import Attribute, ObjectClass, PKCS11Error, Session, UserAlreadyLoggedIn
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers.pdf_cms import Signer

from yakuba.casework.notices.keys import current_key, read_key_file

NUMBER: Final = "{number}"


class NoNoticeKey(LookupError):
    """There is no key to sign a municipality's notices with."""


class BadKeySetting(ValueError):
    """``YAKUBA_NOTICE_KEY`` is not a folder of keys nor a usable PKCS#11 URI."""


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key in an HSM: library, token, label of key and certificate, PIN."""

    module: str
    token: str
    label: str
    pin: str


def read_pkcs11_uri(uri: str, municipality: str) -> TokenKey:
    """The key an RFC 7512 URI names.

    Raises:
        BadKeySetting: a part is missing.
    """
    path, _, query = uri.removeprefix("pkcs11:").partition("?")
    attributes = {
        name: unquote(value) for name, _, value in (part.partition("=") for part in path.split(";"))
    }
    options = {name: values[0] for name, values in parse_qs(query).items()}
    missing = [name for name in ("token", "object") if not attributes.get(name)]
    missing += [name for name in ("module-path",) if name not in options]
    if missing:
        raise BadKeySetting(
            f"YAKUBA_NOTICE_KEY の PKCS#11 URI に {'、'.join(missing)} がありません。"
            "例: pkcs11:token=yakuba;object={municipality}?module-path=/usr/lib/softhsm/libsofthsm2.so"
            "&pin-source=file:/run/secrets/pin"
        )
    label = attributes["object"].replace("{municipality}", municipality)
    return TokenKey(options["module-path"], attributes["token"], label, _pin(options))


def _pin(options: Mapping[str, str]) -> str:
    source = options.get("pin-source", "")
    if source:
        return Path(source.removeprefix("file:")).read_text(encoding="utf-8").strip()
    if "pin-value" in options:
        return options["pin-value"]
    raise BadKeySetting(
        "YAKUBA_NOTICE_KEY の PKCS#11 URI に pin-source がありません。例: pin-source=file:/run/secrets/pin"
    )


class FileSigner(Signer):
    """Signs with a key kept in memory. pyHanko's own signer reads and tests the key anew for each signature,
    which costs a hundred times the signature itself.
    """

    def __init__(self, key: RSAPrivateKey, certificate: asn1_x509.Certificate) -> None:
        super().__init__(signing_cert=certificate, embed_roots=False)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over ``data``."""
        if dry_run:
            return bytes(self._key.key_size // 8)
        return self._key.sign(data, PKCS1v15(), SHA256())


class Signers:
    """The signers of all municipalities, each opened at first use and kept; a new key file is seen at once."""

    def __init__(self, setting: str) -> None:
        self._setting = setting
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], Signer] = {}
        # PKCS#11 logs a process in to a token once, so all keys in a token share one session.
        self._sessions: dict[tuple[str, str], Session] = {}

    def of(self, municipality: str) -> Signer:
        """The signer in use for ``municipality``.

        Raises:
            NoNoticeKey, BadKeySetting: see those.
        """
        if not self._setting:
            raise NoNoticeKey(
                "YAKUBA_NOTICE_KEY が設定されていません。鍵のフォルダーか PKCS#11 URI を設定してください。"
            )
        if self._setting.startswith("pkcs11:"):
            token = read_pkcs11_uri(self._setting, municipality)
            return self._in_token(municipality, token)
        path = current_key(Path(self._setting), municipality)
        if path is None:
            raise NoNoticeKey(
                f"{self._setting} に {municipality} の署名鍵({municipality}-1.pem)がありません。"
            )
        return self._keep((municipality, path.name), lambda: _from_file(path))

    def forget(self) -> None:
        """Open every key anew at its next use: after an HSM was away, its session is dead."""
        with self._lock:
            self._kept.clear()
            sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            with suppress(PKCS11Error):
                session.close()

    def _in_token(self, municipality: str, token: TokenKey) -> Signer:
        name = (token.module, token.token)
        with self._lock:
            if name not in self._sessions:
                self._sessions[name] = open_session(token)
            session = self._sessions[name]
            label = newest_label(session, token.label)
        return self._keep((municipality, label), lambda: _from_token(session, label))

    def _keep(self, name: tuple[str, str], make: Callable[[], Signer]) -> Signer:
        with self._lock:
            if name not in self._kept:
                self._kept[name] = make()
            return self._kept[name]


_signers: dict[str, Signers] = {}


def signers() -> Signers:
    """The process's signers, by ``settings.NOTICE_KEY``."""
    setting = str(getattr(settings, "NOTICE_KEY", "") or "")
    return _signers.setdefault(setting, Signers(setting))


def _from_file(path: Path) -> Signer:
    key, certificate = read_key_file(path)
    return FileSigner(key, asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)))


def _from_token(session: Session, label: str) -> Signer:
    return PKCS11Signer(session, cert_label=label, key_label=label, other_certs_to_pull=())


def newest_label(session: Session, template: str) -> str:
    """``template``, or with ``{number}`` in it the label of the certificate with the highest number in the token.

    Raises:
        NoNoticeKey: there is none.
    """
    if NUMBER not in template:
        return template
    found = numbers_in_token(session, template)
    if not found:
        raise NoNoticeKey(
            f"HSM に {template.replace(NUMBER, '1')} の鍵と証明書がありません。yakuba notice-keys rotate --token で作れます。"
        )
    return template.replace(NUMBER, str(max(found)))


def numbers_in_token(session: Session, template: str) -> list[int]:
    """The numbers under which certificates stand in the token."""
    before, after = template.split(NUMBER)
    labels = [
        str(one[Attribute.LABEL]) for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
    ]
    inner = [
        label[len(before) : len(label) - len(after)]
        for label in labels
        if label.startswith(before) and label.endswith(after)
    ]
    return [int(number) for number in inner if number.isascii() and number.isdigit()]


def open_session(token: TokenKey, *, writing: bool = False) -> Session:
    """A session in the token, logged in; ``writing`` to put keys there."""
    if writing:
        found = pkcs11.lib(token.module).get_token(token_label=token.token)
        try:
            return found.open(user_pin=token.pin, rw=True)
        except UserAlreadyLoggedIn:  # this process has been: log-in is the token's, not the session's
            return found.open(rw=True)
    return open_pkcs11_session(
        token.module, token_criteria=TokenCriteria(label=token.token), user_pin=token.pin
    )
