"""What the card agent brings back for a challenge: the certificate and the signature, as JSON."""

import base64
import binascii
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoginAnswer:
    """What the card gave for a challenge: certificate and signature, as bytes."""

    certificate: bytes
    signature: bytes


class UnreadableAnswer(ValueError):
    """The agent's result is not the JSON it should be."""


def read_login_answer(result: bytes) -> LoginAnswer:
    """The agent's ``{"certificate": base64, "signature": base64}``.

    Raises:
        UnreadableAnswer: anything else.
    """
    try:
        found = json.loads(result)
        certificate = base64.b64decode(found["certificate"], validate=True)
        return LoginAnswer(certificate, base64.b64decode(found["signature"], validate=True))
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise UnreadableAnswer from error
