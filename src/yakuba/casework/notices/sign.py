"""Signing a notice: PAdES baseline B-T (ETSI EN 319 142-1), one certifying signature that allows no change after it;
B-B, without time-stamp, where the town has no time-stamping authority.

The signature field has no appearance: what people see is the note on the page, what programs see is the signature.
The file stays PDF/A: the field is set to print, is empty and stands outside the page.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import BytesIO

from asn1crypto import cms, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.timestamps.api import TimeStamper

FIELD = "TownSignature"
_DIGEST = "sha256"
# Twice the octets, as hexadecimal: a message of RSA-4096 with one certificate stays below 4 KiB, a time-stamp too.
_ROOM = 2 * 6 * 1024
_ROOM_FOR_STAMP = 2 * 5 * 1024
Stamper = Callable[[bytes], bytes]
"""Gives a time-stamp token over a SHA-256 digest."""


class _Writer(IncrementalPdfFileWriter):
    """Leaves Typst's metadata alone: rewriting it would put the clock's time into the file and gain nothing."""

    def _update_meta(self) -> None:
        return


_FIELD = SigFieldSpec(FIELD, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True))


class _TimeStamper(TimeStamper):
    """The town's time-stamping authority, as pyHanko asks for one."""

    def __init__(self, stamp: Stamper) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._stamp = stamp

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token over the digest of the signature's value."""
        if md_algorithm != _DIGEST:
            raise ValueError(md_algorithm)
        return cms.ContentInfo.load(self._stamp(message_digest))


def sign_pdf(pdf: bytes, signer: Signer, at: datetime, reason: str, stamp: Stamper | None = None) -> bytes:
    """``pdf`` with the one signature of ``signer``, dated ``at``, and a time-stamp over it.

    Raises:
        pyhanko.sign.general.SigningError, pkcs11.PKCS11Error: the key could not be used.
    """
    writer = _Writer(BytesIO(pdf))
    steps = PdfCMSEmbedder(_FIELD).write_cms(field_name=FIELD, writer=writer)
    next(steps)
    placeholder = SignatureObject(
        timestamp=at,
        subfilter=SigSeedSubFilter.PADES,
        name=signer_name(signer),
        reason=reason,
        bytes_reserved=_ROOM + (_ROOM_FOR_STAMP if stamp else 0),
    )
    steps.send(SigObjSetup(placeholder, SigMDPSetup(_DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)))
    prepared, output = steps.send(SigIOSetup(md_algorithm=_DIGEST))
    with ThreadPoolExecutor(
        1
    ) as thread:  # pyHanko's signers are coroutines; the caller may run a loop of its own
        signing = signer.async_sign(
            prepared.document_digest,
            _DIGEST,
            use_pades=True,
            timestamper=_TimeStamper(stamp) if stamp else None,
        )
        message = thread.submit(asyncio.run, signing).result()
    assert isinstance(message, cms.ContentInfo)
    steps.send(message)
    signed: bytes = output.getvalue()
    return signed


def signer_name(signer: Signer) -> str:
    """The common name in the signer's certificate: 葉山町長."""
    certificate = signer.signing_cert
    assert isinstance(certificate, x509.Certificate)
    return str(certificate.subject.native["common_name"])
