"""The one form of XML signature that is read here, taken apart: an enveloped signature over the whole document.

XML Signature 1.1 lets a signature speak for any part of any document after any transformation; every known attack
lives in that freedom (wrapping, external references, XSLT, entity expansion). So the form is pinned, element by
element: no DTD; one ``ds:Signature``, the root's last child; one reference, to the whole document; exactly the
transforms "enveloped" and exclusive C14N; RSA with SHA-256; one certificate. Everything else is refused, not skipped.
"""

import base64
import binascii
import re
from collections.abc import Set
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from lxml import etree

# Canonical XML of the costliest document of this size stays under a quarter second of CPU.
MAX_XML_BYTES: Final = 1024 * 1024
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_XML_SPACE: Final = " \t\r\n"
_DECLARED: Final = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")


class XmlCheckCode(StrEnum):
    """What is asked of a signed XML document before the core is asked, in this order."""

    DOCUMENT = "document"
    ONE_SIGNATURE = "one_signature"
    TEMPLATE = "template"
    CONTENT = "content"


XML_CLAUSES: Final = {
    XmlCheckCode.DOCUMENT: "XML 1.0 2.8; XML Signature Best Practices 2.1, 4",
    XmlCheckCode.ONE_SIGNATURE: "XML Signature 1.1 4.2, 6.6.4",
    XmlCheckCode.TEMPLATE: "XML Signature 1.1 4.3–4.5; Exclusive XML Canonicalization 1.0",
    XmlCheckCode.CONTENT: "XML Signature 1.1 3.2.1, 4.4.3.6",
}


class XmlRefused(ValueError):
    """The document fails ``code``; ``reason`` names the rule, never anything the sender wrote."""

    def __init__(self, code: XmlCheckCode, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(f"{code}: {reason}")


@dataclass(frozen=True, slots=True)
class SignedXml:
    """A document of the form: what it says without its signature (canonical), and the signature's parts."""

    content: bytes
    digest: bytes
    signed_info: bytes
    signature: bytes
    certificate: bytes


def read_signed_xml(data: bytes) -> SignedXml:
    """Take ``data`` apart.

    Raises:
        XmlRefused: it is not of the form.
    """
    root = _parsed(data)
    signature = _the_one_signature(root)
    info, value, key_info = _children(signature, "SignedInfo", "SignatureValue", "KeyInfo", allowed={"Id"})
    digest = _digest(info)
    (x509,) = _children(key_info, "X509Data")
    (certificate,) = _children(x509, "X509Certificate")
    return SignedXml(
        _without(root, signature),
        digest,
        canonical(info),
        _octets(value, allowed={"Id"}),
        _octets(certificate),
    )


def canonical(node: Any) -> bytes:
    """Exclusive canonical XML without comments.

    Raises:
        XmlRefused: there is none: a namespace with a relative name, say (Canonical XML 1.0 section 1.3).
    """
    try:
        return bytes(etree.tostring(node, method="c14n", exclusive=True, with_comments=False))
    except etree.C14NError as problem:
        raise XmlRefused(XmlCheckCode.DOCUMENT, "no_canonical_form") from problem


def _parsed(data: bytes) -> Any:
    if len(data) > MAX_XML_BYTES:
        raise XmlRefused(XmlCheckCode.DOCUMENT, "too_large")
    # Entities cannot expand where there is no DTD; seen to before the parser sees the document at all.
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise XmlRefused(XmlCheckCode.DOCUMENT, "not_utf8") from problem
    declared = _DECLARED.match(text.removeprefix("\ufeff"))
    if "\0" in text or (declared and declared[1].lower() != "utf-8"):
        raise XmlRefused(XmlCheckCode.DOCUMENT, "not_utf8")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise XmlRefused(XmlCheckCode.DOCUMENT, "has_a_dtd")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        recover=False, attribute_defaults=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        raise XmlRefused(XmlCheckCode.DOCUMENT, "not_well_formed") from problem
    if root.getroottree().docinfo.doctype:
        raise XmlRefused(XmlCheckCode.DOCUMENT, "has_a_dtd")
    return root


def _the_one_signature(root: Any) -> Any:
    found = list(root.iter(f"{{{DS}}}Signature"))
    if len(found) != 1:
        raise XmlRefused(XmlCheckCode.ONE_SIGNATURE, "more_than_one_signature" if found else "no_signature")
    (signature,) = found
    if signature.getparent() is not root or signature.getnext() is not None:
        raise XmlRefused(XmlCheckCode.ONE_SIGNATURE, "not_the_last_child_of_the_root")
    return signature


def _children(parent: Any, *names: str, allowed: Set[str] = frozenset()) -> list[Any]:
    """Exactly these children in this order, with nothing but white space between (comments are something)."""
    _only_attributes(parent, allowed)
    found = list(parent)
    if [child.tag for child in found] != [f"{{{DS}}}{name}" for name in names]:
        raise XmlRefused(XmlCheckCode.TEMPLATE, "other_elements_than_expected")
    between = (parent.text or "") + "".join(child.tail or "" for child in found)
    if between.strip(_XML_SPACE):
        raise XmlRefused(XmlCheckCode.TEMPLATE, "text_between_elements")
    return found


def _only_attributes(element: Any, allowed: Set[str]) -> None:
    if set(element.attrib) - allowed:
        raise XmlRefused(XmlCheckCode.TEMPLATE, "other_attributes_than_expected")


def _digest(info: Any) -> bytes:
    """The digest in SignedInfo, after every algorithm, transform and reference there was seen to be ours."""
    if len(info.findall(f"{{{DS}}}Reference")) != 1:
        raise XmlRefused(XmlCheckCode.TEMPLATE, "not_one_reference")
    method, algorithm, reference = _children(
        info, "CanonicalizationMethod", "SignatureMethod", "Reference", allowed={"Id"}
    )
    _algorithm(method, EXCLUSIVE_C14N)
    _algorithm(algorithm, RSA_SHA256)
    if reference.get("URI") != "":  # absent means "known to the application"
        raise XmlRefused(XmlCheckCode.TEMPLATE, "reference_is_not_the_whole_document")
    transforms, digest_method, value = _children(
        reference, "Transforms", "DigestMethod", "DigestValue", allowed={"URI"}
    )
    first, second = _children(transforms, "Transform", "Transform")
    _algorithm(first, ENVELOPED)
    _algorithm(second, EXCLUSIVE_C14N)
    _algorithm(digest_method, SHA256)
    return _octets(value)


def _algorithm(element: Any, expected: str) -> None:
    """Exactly this algorithm, without parameters (an InclusiveNamespaces list or a stylesheet is one)."""
    if element.attrib != {"Algorithm": expected} or len(element) or (element.text or "").strip(_XML_SPACE):
        raise XmlRefused(XmlCheckCode.TEMPLATE, "other_algorithm_than_allowed")


def _octets(element: Any, *, allowed: Set[str] = frozenset()) -> bytes:
    _only_attributes(element, allowed)
    text = (element.text or "").translate({ord(space): None for space in _XML_SPACE})
    if len(element) or not _BASE64.fullmatch(text):
        raise XmlRefused(XmlCheckCode.TEMPLATE, "not_base64")
    try:
        found = base64.b64decode(text, validate=True)
    except binascii.Error as problem:
        raise XmlRefused(XmlCheckCode.TEMPLATE, "not_base64") from problem
    if not found or base64.b64encode(found).decode() != text:
        raise XmlRefused(XmlCheckCode.TEMPLATE, "not_base64")
    return found


def _without(root: Any, signature: Any) -> bytes:
    """The document without its signature (section 6.6.4); the text after the signature stays."""
    place = root.index(signature)
    tree = deepcopy(root.getroottree())
    copy = tree.getroot()
    gone = copy[place]
    before = gone.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (gone.tail or "")
    else:
        copy.text = (copy.text or "") + (gone.tail or "")
    copy.remove(gone)
    return canonical(tree)
