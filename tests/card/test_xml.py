"""By-laws of XML signatures: one form, and everything else refused."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography.x509 import load_der_x509_certificate
from lxml import etree
from signxml import SignatureConfiguration, SignatureConstructionMethod, XMLSigner, XMLVerifier

from tests.card.cast import NOW, Pki, session
from yakuba.card.outcomes import Outcome, Reason
from yakuba.card.revocation import NotChecked
from yakuba.card.xml import XmlVerdict, verify_xml
from yakuba.card.xml_form import DS, EXCLUSIVE_C14N, XmlCheckCode
from yakuba.card.xml_signing import sign_xml

DOCUMENT = '<a:申請 xmlns:a="urn:yakuba:test" b="1" a:c="2"><!-- 注 --><氏名>葉山 花子</氏名> &amp; <empty/>\n</a:申請>'.encode()


@pytest.fixture(scope="module")
def signed(pki: Pki) -> bytes:
    """Hanako's document."""
    return sign_xml(session(pki.hanako()), DOCUMENT)


def judge(pki: Pki, data: bytes) -> XmlVerdict:
    return verify_xml(data, at=NOW, trust=pki.trust, revocation=pki.as_made)


def test_a_signed_document_is_good_and_only_what_was_signed_is_handed_on(pki: Pki, signed: bytes) -> None:
    found = judge(pki, signed)
    assert found.outcome is Outcome.GOOD
    assert [check.outcome for check in found.checks] == [Outcome.GOOD] * 4
    assert found.core is not None
    assert found.core.signer is not None
    assert found.content is not None
    assert b"Signature" not in found.content
    assert "葉山 花子".encode() in found.content
    assert "注".encode() not in found.content


def test_another_library_reads_our_signature_and_we_read_its(pki: Pki) -> None:
    hanako, plain = pki.hanako(), b'<a:form xmlns:a="urn:yakuba:test"><a:b c="1">x &amp; y</a:b>\n</a:form>'
    signed = sign_xml(session(hanako), plain)
    certificate = load_der_x509_certificate(hanako.certificate)
    seen = XMLVerifier().verify(
        signed, x509_cert=certificate, expect_config=SignatureConfiguration(expect_references=1)
    )
    assert seen.signed_xml.tag == "{urn:yakuba:test}form"
    signer = XMLSigner(method=SignatureConstructionMethod.enveloped, c14n_algorithm=EXCLUSIVE_C14N)  # type: ignore[arg-type]
    theirs = etree.tostring(
        signer.sign(etree.fromstring(plain), key=hanako.key, cert=[certificate]),
        encoding="UTF-8",
    )
    assert judge(pki, theirs).outcome is Outcome.GOOD


def _edited(change: Callable[[etree._Element], None]) -> Callable[[bytes], bytes]:
    def edit(data: bytes) -> bytes:
        root = etree.fromstring(data)
        change(root)
        return etree.tostring(root, encoding="UTF-8")

    return edit


def _ds(root: etree._Element, name: str) -> etree._Element:
    found = root.find(f".//{{{DS}}}{name}")
    assert found is not None
    return found


def _wrapped(root: etree._Element) -> None:
    """The signed document inside another, whose own words a careless reader would take."""
    inner = etree.fromstring(etree.tostring(root, encoding="UTF-8"))
    signature = inner[-1]
    for child in list(root):
        root.remove(child)
    etree.SubElement(root, "氏名").text = "二宮 次郎"
    holder = etree.SubElement(root, "holder")
    holder.append(inner)
    root.append(signature)


def _two_references(root: etree._Element) -> None:
    info = _ds(root, "SignedInfo")
    info.append(etree.fromstring(etree.tostring(_ds(root, "Reference"))))


def _xslt(root: etree._Element) -> None:
    transform = etree.SubElement(_ds(root, "Transforms"), f"{{{DS}}}Transform")
    transform.set("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")


def _parameter(root: etree._Element) -> None:
    etree.SubElement(_ds(root, "Transform"), "x")


def _second_certificate(root: etree._Element) -> None:
    _ds(root, "X509Data").append(etree.fromstring(etree.tostring(_ds(root, "X509Certificate"))))


HOSTILE = {
    "an external entity": (
        lambda data: b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + data.split(b"?>", 1)[1],
        XmlCheckCode.DOCUMENT, "has_a_dtd",
    ),
    "entities that expand without end": (
        lambda data: b'<!DOCTYPE a [<!ENTITY x "xxxx"><!ENTITY y "&x;&x;&x;&x;">]>' + data.split(b"?>", 1)[1],
        XmlCheckCode.DOCUMENT, "has_a_dtd",
    ),
    "a DTD from outside": (
        lambda data: b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">' + data.split(b"?>", 1)[1],
        XmlCheckCode.DOCUMENT, "has_a_dtd",
    ),
    "a DTD hidden by another encoding": (
        lambda data: ("\ufeff<!DOCTYPE a>" + data.decode().split("?>", 1)[1]).encode("utf-16-le"),
        XmlCheckCode.DOCUMENT, "not_utf8",
    ),
    "a DTD hidden by a declared encoding": (
        lambda data: b'<?xml version="1.0" encoding="UTF-7"?>' + data.split(b"?>", 1)[1],
        XmlCheckCode.DOCUMENT, "not_utf8",
    ),
    "no XML": (lambda data: data[:-1], XmlCheckCode.DOCUMENT, "not_well_formed"),
    "too deep": (
        lambda data: b"<a>" * 5_000 + b"</a>" * 5_000, XmlCheckCode.DOCUMENT, "not_well_formed",
    ),
    "no signature": (lambda _: DOCUMENT, XmlCheckCode.ONE_SIGNATURE, "no_signature"),
    "two signatures": (
        _edited(lambda root: root.append(etree.fromstring(etree.tostring(root[-1], encoding="UTF-8")))),
        XmlCheckCode.ONE_SIGNATURE, "more_than_one_signature",
    ),
    "the signature elsewhere": (
        _edited(lambda root: root.insert(0, root[-1])), XmlCheckCode.ONE_SIGNATURE, "not_the_last_child_of_the_root",
    ),
    "the signed document wrapped in another": (
        _edited(_wrapped), XmlCheckCode.CONTENT, "content_changed",
    ),
    "two references": (_edited(_two_references), XmlCheckCode.TEMPLATE, "not_one_reference"),
    "no reference": (
        _edited(lambda root: _ds(root, "SignedInfo").remove(_ds(root, "Reference"))),
        XmlCheckCode.TEMPLATE, "not_one_reference",
    ),
    "a reference to the outside": (
        _edited(lambda root: _ds(root, "Reference").set("URI", "http://127.0.0.1:9/x")),
        XmlCheckCode.TEMPLATE, "reference_is_not_the_whole_document",
    ),
    "a reference to a part": (
        _edited(lambda root: _ds(root, "Reference").set("URI", "#part")),
        XmlCheckCode.TEMPLATE, "reference_is_not_the_whole_document",
    ),
    "a stylesheet": (_edited(_xslt), XmlCheckCode.TEMPLATE, "other_elements_than_expected"),
    "a transform with parameters": (
        _edited(_parameter),
        XmlCheckCode.TEMPLATE, "other_algorithm_than_allowed",
    ),
    "the transforms the other way round": (
        _edited(lambda root: _ds(root, "Transform").set("Algorithm", EXCLUSIVE_C14N)),
        XmlCheckCode.TEMPLATE, "other_algorithm_than_allowed",
    ),
    "words between the parts of the signature": (
        _edited(lambda root: setattr(_ds(root, "SignedInfo"), "text", "x")),
        XmlCheckCode.TEMPLATE, "text_between_elements",
    ),
    "an attribute nobody knows": (
        _edited(lambda root: _ds(root, "SignedInfo").set("x", "y")),
        XmlCheckCode.TEMPLATE, "other_attributes_than_expected",
    ),
    "a namespace that has no canonical form": (
        _edited(lambda root: root.insert(0, etree.fromstring('<b xmlns:n="relative" n:x=""/>'))),
        XmlCheckCode.DOCUMENT, "no_canonical_form",
    ),
    "SHA-1": (
        _edited(lambda root: _ds(root, "DigestMethod").set("Algorithm", "http://www.w3.org/2000/09/xmldsig#sha1")),
        XmlCheckCode.TEMPLATE, "other_algorithm_than_allowed",
    ),
    "a MAC in place of a signature": (
        _edited(
            lambda root: _ds(root, "SignatureMethod").set(
                "Algorithm", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
            )
        ),
        XmlCheckCode.TEMPLATE, "other_algorithm_than_allowed",
    ),
    "a bare key": (
        _edited(lambda root: setattr(_ds(root, "X509Data"), "tag", f"{{{DS}}}KeyValue")),
        XmlCheckCode.TEMPLATE, "other_elements_than_expected",
    ),
    "two certificates": (
        _edited(_second_certificate), XmlCheckCode.TEMPLATE, "other_elements_than_expected",
    ),
    "a comment inside the signature's value": (
        _edited(lambda root: _ds(root, "SignatureValue").append(etree.Comment("x"))),
        XmlCheckCode.TEMPLATE, "not_base64",
    ),
    "a word changed": (
        lambda data: data.replace("葉山 花子".encode(), "葉山 太郎".encode()), XmlCheckCode.CONTENT, "content_changed",
    ),
    "an attribute added": (_edited(lambda root: root.set("d", "3")), XmlCheckCode.CONTENT, "content_changed"),
    "text after the signature": (
        _edited(lambda root: setattr(root[-1], "tail", "そして百万円")), XmlCheckCode.CONTENT, "content_changed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_of_the_form_is_bad_and_says_why(pki: Pki, signed: bytes, name: str) -> None:
    make, code, reason = HOSTILE[name]
    found = judge(pki, make(signed))
    assert (found.outcome, found.content) == (Outcome.BAD, None)
    last = found.checks[-1]
    assert (last.code, last.outcome, last.reason) == (code, Outcome.BAD, reason)


def test_the_core_judges_the_certificate_of_an_xml_signature_as_any_other(pki: Pki, signed: bytes) -> None:
    late = verify_xml(signed, at=NOW + timedelta(days=4000), trust=pki.trust, revocation=pki.as_made)
    assert (late.outcome, late.content) == (Outcome.BAD, None)
    unknown = verify_xml(signed, at=NOW, trust=pki.trust, revocation=NotChecked())
    assert (unknown.outcome, unknown.content) == (Outcome.UNKNOWN, None)
    auth = sign_xml(session(pki.hanako("auth")), DOCUMENT)
    found = judge(pki, auth)
    assert found.core is not None
    assert (found.outcome, found.core.reason) == (Outcome.BAD, Reason.WRONG_POLICY)


def test_no_flipped_byte_changes_what_is_handed_on(pki: Pki, signed: bytes) -> None:
    """A seeded sample; where a flip does not matter (between attributes, say), the signed content is the same."""
    content = judge(pki, signed).content
    chosen = random.Random(20261123)
    for place in chosen.sample(range(len(signed)), 400):
        changed = bytearray(signed)
        changed[place] ^= 1 << chosen.randrange(8)
        found = judge(pki, bytes(changed))
        assert found.content in (None, content), place


def test_bytes_of_any_kind_never_raise(pki: Pki) -> None:
    chosen = random.Random(1)
    for size in (0, 1, 10, 1_000):
        assert judge(pki, chosen.randbytes(size)).outcome is Outcome.BAD
    assert judge(pki, b"<a>" + b"x" * 5_000_000 + b"</a>").outcome is Outcome.BAD
