"""The second factor: time-based codes (TOTP, RFC 6238) and recovery codes."""

import hashlib
import io
import secrets
from datetime import datetime

import pyotp
import segno

from yakuba.casework.staff.models import RecoveryCode, Staff
from yakuba.casework.staff.sealing import seal, unseal

_STEP = 30  # seconds, RFC 6238 section 5.2
_SKEW = 1  # steps either way: telephones' clocks
RECOVERY_CODES = 10
_LETTERS = 10
_SCRYPT = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024, "dklen": 32}  # some 80 ms and 32 MiB a try
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_totp_secret(staff: Staff) -> str:
    """Give ``staff`` a new secret (not yet confirmed); returned once, stored sealed."""
    secret = pyotp.random_base32()
    set_totp_secret(staff, secret, confirmed=False)
    return secret


def set_totp_secret(staff: Staff, secret: str, *, confirmed: bool) -> None:
    """Store ``secret`` sealed for ``staff``."""
    staff.sealed_totp = seal(secret, str(staff.id))
    staff.totp_confirmed = confirmed
    staff.totp_last_step = 0
    staff.save(update_fields=["sealed_totp", "totp_confirmed", "totp_last_step"])


def totp_secret(staff: Staff) -> str | None:
    """The account's secret, for its own enrolment page."""
    return unseal(bytes(staff.sealed_totp), str(staff.id)) if staff.sealed_totp else None


def accept_totp(staff: Staff, code: str, at: datetime) -> bool:
    """Whether ``code`` is right at ``at`` and was not used before; a step is good for one sign-in only."""
    secret = totp_secret(staff)
    if secret is None or not (code.isascii() and code.isdigit() and len(code) == 6):
        return False
    now_step = int(at.timestamp()) // _STEP
    totp = pyotp.TOTP(secret)
    for step in range(now_step - _SKEW, now_step + _SKEW + 1):
        if secrets.compare_digest(totp.at(step * _STEP), code):
            # one UPDATE decides who was first: the same code entered twice at once signs in once
            return bool(
                Staff.objects.filter(pk=staff.pk, totp_last_step__lt=step).update(totp_last_step=step)
            )
    return False


def enrolment_qr(staff: Staff, town: str) -> bytes:
    """The QR code an authenticator app reads, as SVG."""
    secret = totp_secret(staff)
    if secret is None:
        raise LookupError("this account has no secret to enrol")
    uri = pyotp.TOTP(secret).provisioning_uri(name=staff.login, issuer_name=f"yakuba {town}")
    out = io.BytesIO()
    segno.make(uri, error="m").save(out, kind="svg", scale=5, border=4, xmldecl=False, light="#fff")
    return out.getvalue()


def new_recovery_codes(staff: Staff) -> list[str]:
    """Ten new codes in the form ``XXXXX-XXXXX``; older ones stop working. Shown once, kept as hashes."""
    codes, salt = [_recovery_code() for _ in range(RECOVERY_CODES)], secrets.token_hex(16)
    RecoveryCode.objects.filter(staff=staff).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(
            municipality=staff.municipality, staff=staff, salt=salt, code_hash=_hash(staff, salt, code)
        )
        for code in codes
    )
    return codes


def accept_recovery_code(staff: Staff, code: str, at: datetime) -> bool:
    """Whether ``code`` is one of the account's unused codes; using it spends it."""
    tidy = code.strip().upper().replace("-", "").replace(" ", "")
    unused = RecoveryCode.objects.filter(staff=staff, used_at=None)
    salt = unused.values_list("salt", flat=True).first()
    if salt is None or len(tidy) != _LETTERS or not set(tidy) <= set(_ALPHABET):
        return False
    return bool(unused.filter(code_hash=_hash(staff, salt, tidy)).update(used_at=at))


def _recovery_code() -> str:
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))  # 49 bits; guesses are slowed down
    return f"{drawn[:5]}-{drawn[5:]}"


def _hash(staff: Staff, salt: str, code: str) -> str:
    """scrypt (RFC 7914), as a password: 49 bits are few. One salt a set, so that a try costs one such hash and not ten.

    Codes made before there were salts were kept as SHA-256 and stay good, each once.
    """
    said = code.replace("-", "").encode()
    if not salt:
        return hashlib.sha256(f"{staff.id}:".encode() + said).hexdigest()
    return hashlib.scrypt(said, salt=salt.encode(), **_SCRYPT).hex()
