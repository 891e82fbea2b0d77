"""The zone's signature on its messages, receipts and audit heads (Ed25519, RFC 8032), and checking the other zones'."""

from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def seal(data: bytes, purpose: bytes) -> bytes:
    """This zone's signature over ``data`` for one purpose (``message``, ``slip``, ``transit``): 64 bytes.

    The purpose is signed along, so that a signature given for one thing is worth nothing for another.
    """
    # unit tests play several zones in one process: there the path says {zone}
    return _private(settings.ZONE_KEY.replace("{zone}", settings.ZONE)).sign(purpose + b"\0" + data)


def public_key() -> bytes:
    """This zone's public key (32 bytes), for whoever checks its signatures outside."""
    return _private(settings.ZONE_KEY.replace("{zone}", settings.ZONE)).public_key().public_bytes_raw()


def holds(zone: str, data: bytes, purpose: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is that of ``zone`` over ``data`` for this purpose."""
    try:
        _public(Path(settings.ZONE_PEERS) / f"{zone}.pub").verify(signature, purpose + b"\0" + data)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=8)
def _private(path: str) -> Ed25519PrivateKey:
    if not path:
        raise ImproperlyConfigured("YAKUBA_ZONE_KEY names the file with this zone's Ed25519 key (PEM)")
    key = load_pem_private_key(Path(path).read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"{path} holds another kind of key; a zone key is Ed25519")
    return key


@lru_cache(maxsize=8)
def _public(path: Path) -> Ed25519PublicKey:
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ImproperlyConfigured(f"{path} holds another kind of key; a zone key is Ed25519")
    return key
