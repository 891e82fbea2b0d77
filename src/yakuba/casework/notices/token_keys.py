"""A municipality's next signing key, made inside an HSM: it never was outside and cannot be taken out."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from pkcs11 import Attribute, ObjectClass
from pkcs11.util.rsa import encode_rsa_public_key

from yakuba.casework.notices.keys import KEY_BITS, KEY_LIFE, certify
from yakuba.casework.notices.signer import (
    NUMBER,
    BadKeySetting,
    TokenKey,
    numbers_in_token,
    open_session,
)


def rotate_in_token(folder: Path, token: TokenKey, municipality: str, *, at: datetime) -> str:
    """Make the next key in ``token``, have the authority in ``folder`` certify it, and put the certificate beside it.

    The key comes into use when its certificate stands in the token; notices signed before stay good, for their
    certificates and lists stay published.

    Returns:
        The label of the new key.

    Raises:
        BadKeySetting: the label has no ``{number}``.
        pkcs11.PKCS11Error: the token would not do it.
    """
    if token.label.count(NUMBER) != 1:
        raise BadKeySetting(
            "HSM の鍵を更新できるよう、object に {number} を入れてください。例: object={municipality}-{number}"
        )
    begin = at.replace(microsecond=0)
    with open_session(token, writing=True) as session:
        number = max(*numbers_in_token(session, token.label), _highest(folder, municipality), 0) + 1
        label = token.label.replace(NUMBER, str(number))
        public = _new_key(session, label)
        _put(session, label, certify(folder, municipality, number, public, begin, begin + KEY_LIFE))
    return label


def _highest(folder: Path, municipality: str) -> int:
    """The number of the last certificate given to the municipality, also for keys that were in files."""
    given = (folder / "certificates").glob(f"{municipality}-*.crt")
    return max((int(path.stem.partition("-")[2]) for path in given), default=0)


def _new_key(session: Any, label: str) -> RSAPublicKey:
    public, private = session.generate_keypair(
        pkcs11.KeyType.RSA,
        KEY_BITS,
        label=label,
        store=True,
        private_template={Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True},
    )
    if not (private[Attribute.NEVER_EXTRACTABLE] and private[Attribute.ALWAYS_SENSITIVE]):
        private.destroy()
        raise BadKeySetting("この HSM は、取り出せない鍵を作れません。")
    loaded = load_der_public_key(encode_rsa_public_key(public))
    assert isinstance(loaded, RSAPublicKey)
    return loaded


def _put(session: Any, label: str, certificate: x509.Certificate) -> None:
    session.create_object(
        {
            Attribute.CLASS: ObjectClass.CERTIFICATE,
            Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
            Attribute.TOKEN: True,
            Attribute.LABEL: label,
            Attribute.VALUE: certificate.public_bytes(Encoding.DER),
            Attribute.SUBJECT: certificate.subject.public_bytes(),
        }
    )
