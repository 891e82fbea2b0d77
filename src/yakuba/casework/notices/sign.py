"""Signing a notice: PAdES baseline B-B (ETSI EN 319 142-1), one certifying signature that allows no change after it.

The signature field has no appearance: what people see is the note on the page, what programs see is the signature.
The file stays PDF/A: the field is set to print, is empty and stands outside the page.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import BytesIO

from asn1crypto import cms, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.signers.pdf_cms import Signer

FIELD = "TownSignature"
_DIGEST = "sha256"
# Twice the message's octets, as hexadecimal; RSA-4096 with one certificate stays below 4 KiB.
_ROOM = 2 * 6 * 1024


class _Writer(IncrementalPdfFileWriter):
    """Leaves Typst's metadata alone: rewriting it would put the clock's time into the file and gain nothing."""

    def _update_meta(self) -> None:
        return


_FIELD = SigFieldSpec(FIELD, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True))


def sign_pdf(pdf: bytes, signer: Signer, at: datetime, reason: str) -> bytes:
    """``pdf`` with the one signature of ``signer``, dated ``at``.

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
        bytes_reserved=_ROOM,
    )
    steps.send(SigObjSetup(placeholder, SigMDPSetup(_DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)))
    prepared, output = steps.send(SigIOSetup(md_algorithm=_DIGEST))
    with ThreadPoolExecutor(
        1
    ) as thread:  # pyHanko's signers are coroutines; the caller may run a loop of its own
        signing = signer.async_sign(prepared.document_digest, _DIGEST, use_pades=True)
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
