"""Signing an XML document with a card: the one form :mod:`yakuba.card.xml_form` reads."""

import hashlib
from base64 import b64encode
from typing import Any, Final

from lxml import etree

from yakuba.card.interface import Session
from yakuba.card.xml_form import DS, ENVELOPED, EXCLUSIVE_C14N, RSA_SHA256, SHA256, canonical

_SIGNED_INFO: Final = (
    f'<SignedInfo xmlns="{DS}"><CanonicalizationMethod Algorithm="{EXCLUSIVE_C14N}"/>'
    f'<SignatureMethod Algorithm="{RSA_SHA256}"/><Reference URI=""><Transforms>'
    f'<Transform Algorithm="{ENVELOPED}"/><Transform Algorithm="{EXCLUSIVE_C14N}"/></Transforms>'
    f'<DigestMethod Algorithm="{SHA256}"/><DigestValue>{{digest}}</DigestValue></Reference></SignedInfo>'
)


def sign_xml(session: Session, document: bytes) -> bytes:
    """``document`` with an enveloped signature as the root's last child.

    Raises:
        lxml.etree.XMLSyntaxError: ``document`` is no XML.
        CardError: the card would not sign.
    """
    root = etree.fromstring(
        document, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    )
    digest = hashlib.sha256(canonical(root.getroottree())).digest()
    info = etree.fromstring(_SIGNED_INFO.format(digest=b64encode(digest).decode()))
    value = session.sign_digest(hashlib.sha256(canonical(info)).digest())
    signature = etree.SubElement(root, f"{{{DS}}}Signature", nsmap={None: DS})
    signature.append(info)
    _text(signature, "SignatureValue", value)
    data = etree.SubElement(etree.SubElement(signature, f"{{{DS}}}KeyInfo"), f"{{{DS}}}X509Data")
    _text(data, "X509Certificate", session.certificate)
    return bytes(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8"))


def _text(parent: Any, name: str, octets: bytes) -> None:
    etree.SubElement(parent, f"{{{DS}}}{name}").text = b64encode(octets).decode()
