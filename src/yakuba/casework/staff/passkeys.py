"""Passkeys: signing in with a WebAuthn discoverable credential (W3C Web Authentication Level 2).

The user handle carries the municipality, so that a credential alone says where its account lies. User verification
is required: possession and PIN (or fingerprint) together are two factors.
"""

import json
from datetime import datetime

from django.http import HttpRequest
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from yakuba.base.municipality import InvalidMunicipalityCode
from yakuba.base.tenancy import under
from yakuba.casework.staff.models import Passkey, Staff

_CHALLENGE = "passkey_challenge"


class PasskeyRefused(Exception):
    """The browser's answer does not prove what it should; the message is for the log, not for the screen."""


def registration_options(request: HttpRequest, staff: Staff) -> str:
    """What ``navigator.credentials.create`` needs, as JSON. The challenge is kept in the session."""
    known = [PublicKeyCredentialDescriptor(id=bytes(key.credential_id)) for key in staff.passkeys.all()]
    options = generate_registration_options(
        rp_id=rp_id(request),
        rp_name="yakuba",
        user_id=user_handle(staff),
        user_name=staff.login,
        user_display_name=staff.display_name,
        exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    request.session[_CHALLENGE] = bytes_to_base64url(options.challenge)
    return options_to_json(options)


def register(request: HttpRequest, staff: Staff, credential: str, name: str) -> Passkey:
    """Keep the new credential of ``staff``.

    Raises:
        PasskeyRefused: it does not answer our challenge, or is of another site.
    """
    try:
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=_challenge(request),
            expected_rp_id=rp_id(request),
            expected_origin=_origin(request),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused(str(error)) from error
    return Passkey.objects.create(
        municipality=staff.municipality,
        staff=staff,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        name=name[:80],
    )


def authentication_options(request: HttpRequest) -> str:
    """What ``navigator.credentials.get`` needs; no account is named, the authenticator offers its own."""
    options = generate_authentication_options(
        rp_id=rp_id(request), user_verification=UserVerificationRequirement.REQUIRED
    )
    request.session[_CHALLENGE] = bytes_to_base64url(options.challenge)
    return options_to_json(options)


def authenticate(request: HttpRequest, credential: str, at: datetime) -> Staff:
    """The account the credential belongs to.

    Raises:
        PasskeyRefused: unknown or closed account, wrong signature, no user verification, or a cloned key.
    """
    try:
        answer = json.loads(credential)
        raw_id = base64url_to_bytes(answer["rawId"])
        municipality = _municipality_in(base64url_to_bytes(answer["response"]["userHandle"]))
    except (ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused("not a credential") from error
    with under(municipality):
        key = Passkey.objects.select_related("staff").filter(credential_id=raw_id).first()
        if key is None or not key.staff.active:
            raise PasskeyRefused("unknown passkey")
        _verify(request, credential, key, at)
        return key.staff


def _verify(request: HttpRequest, credential: str, key: Passkey, at: datetime) -> None:
    try:
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=_challenge(request),
            expected_rp_id=rp_id(request),
            expected_origin=_origin(request),
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused(str(error)) from error
    key.sign_count, key.last_used_at = verified.new_sign_count, at
    key.save(update_fields=["sign_count", "last_used_at"])


def user_handle(staff: Staff) -> bytes:
    """Municipality code and account id: opaque to the authenticator (WebAuthn section 5.4.3), no personal data."""
    return staff.municipality.encode() + staff.id.bytes


def _municipality_in(handle: bytes) -> str:
    text = handle[:6].decode("ascii", "replace")
    if len(handle) != 22 or not text.isdigit():
        raise InvalidMunicipalityCode(text)
    return text


def _challenge(request: HttpRequest) -> bytes:
    kept = request.session.pop(_CHALLENGE, None)  # good for one answer
    if kept is None:
        raise PasskeyRefused("no challenge was given to this browser")
    return base64url_to_bytes(kept)


def rp_id(request: HttpRequest) -> str:
    """The site's name for WebAuthn: a host name (``localhost``), never an IP address, which browsers refuse."""
    return request.get_host().rsplit(":", 1)[0]


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
