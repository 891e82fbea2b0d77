"""By-laws of ``yakuba verify``: which kind, which checks, which outcome, in words and as an exit status."""

import base64
import json
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import Encoding

from tests.card.cast import CONTENT, NOW, Pki, session, signed
from tests.card.forge import message
from tests.card.suites.foreign import Holder, holder
from yakuba.base.texts import LANGUAGES
from yakuba.card.evidence import collect
from yakuba.card.evidence_material import Asked, Material, Proven
from yakuba.card.evidence_verdict import EvidenceCheckCode
from yakuba.card.outcomes import CheckCode
from yakuba.card.testca import Issued
from yakuba.card.tsa import TestTsa
from yakuba.card.verdict import verify_cms_detached
from yakuba.card.verifying.command import verify
from yakuba.card.verifying.reports import say
from yakuba.card.xml_form import XmlCheckCode
from yakuba.card.xml_signing import sign_xml

AT = "2026-11-23T09:00:00Z"


@dataclass(frozen=True)
class Desk:
    """A folder of pins, and the command over it."""

    folder: Path
    trust: Path

    def verify(self, name: str, data: bytes, *options: str) -> Result:
        file = self.folder / name
        file.write_bytes(data)
        words = [
            str(file),
            "--trust",
            str(self.trust),
            "--roots",
            str(self.folder / "none"),
            "--at",
            AT,
            *options,
        ]
        return CliRunner().invoke(verify, words)


@pytest.fixture
def desk(pki: Pki, tmp_path: Path) -> Desk:
    trust = tmp_path / "trust"
    trust.mkdir()
    for name in ("roots", "crls"):
        (trust / name).symlink_to(pki.folder / name)
    (tmp_path / "content").write_bytes(CONTENT)
    (tmp_path / "other").write_bytes(CONTENT + b" ")
    return Desk(tmp_path, trust)


def test_a_signature_needs_its_content_and_is_then_good_bad_or_unknown(desk: Desk, pki: Pki) -> None:
    message, content = signed(pki.hanako()), ("--content", str(desk.folder / "content"))
    good = desk.verify("a.p7s", message, *content)
    assert good.exit_code == 0, good.output
    assert "○ 正しい署名です" in good.output
    assert "葉山 花子" not in good.output
    pem = b"-----BEGIN CMS-----\n" + base64.encodebytes(message) + b"-----END CMS-----\n"
    assert desk.verify("a.pem", pem, *content).exit_code == 0
    changed = desk.verify("a.p7s", message, "--content", str(desk.folder / "other"))
    assert (changed.exit_code, "[content_changed]" in changed.output) == (1, True)
    alone = desk.verify("a.p7s", message)
    assert (alone.exit_code, "--content" in alone.output) == (2, True)
    (desk.trust / "crls").unlink()
    unchecked = desk.verify("a.p7s", message, *content)
    assert (unchecked.exit_code, "[revocation_not_checked]" in unchecked.output) == (2, True)


@dataclass(frozen=True)
class Abroad:
    """Another PKI's files in a folder, and a message signed under it."""

    folder: Path
    message: bytes
    signer: Holder

    def options(self, *names: str) -> list[str]:
        return [word for name in names for word in (_OPTION[name], str(self.folder / name))]


_OPTION = {"anchor": "--anchor", "anchors list": "--list", "offices list": "--list", "content": "--content"}
_ALL = ("content", "anchor", "anchors list", "offices list")


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Abroad:
    folder = tmp_path_factory.mktemp("abroad")
    anchor = holder("anchor", None, authority=True)
    office = holder("office", anchor, authority=True)
    signer = holder("signer", office, authority=False)
    files = {"anchors list": anchor.revokes(), "offices list": office.revokes(), "content": CONTENT}
    files["revoking list"] = office.revokes(signer.certificate.serial_number)
    files["anchor"] = anchor.certificate.public_bytes(Encoding.PEM)
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    made = message(Issued("sign", signer.der, signer.key, "", ""))
    return Abroad(
        folder, replace(made, certificates=tuple(sorted((signer.der, office.der)))).encoded(), signer
    )


def test_a_signature_of_another_pki_is_judged_along_its_whole_path(desk: Desk, abroad: Abroad) -> None:
    good = desk.verify("a.p7s", abroad.message, *abroad.options(*_ALL), "--json")
    told = json.loads(good.output)
    assert (good.exit_code, told["outcome"], told["pki"], len(told["path"])) == (0, "good", "other", 3)
    codes = [check["code"] for check in told["checks"]]
    assert (codes[0], codes[-2:]) == ("encoding", ["signature", "path"])
    assert all(check["clause"] and set(check["words"]) == set(LANGUAGES) for check in told["checks"])
    assert (
        "○ 証明書から信頼するルートまで"
        in desk.verify("a.p7s", abroad.message, *abroad.options(*_ALL)).output
    )


def test_what_is_wrong_with_a_signature_of_another_pki_is_said(desk: Desk, abroad: Abroad) -> None:
    def judged(raw: bytes, *options: str) -> tuple[int, str]:
        found = desk.verify("a.p7s", raw, *options)
        return found.exit_code, found.output

    status, said = judged(abroad.message, *abroad.options("content", "anchor", "anchors list"))
    assert (status, "[revocation_not_checked]" in said, "--list" in said) == (2, True, True)
    revoking = ("--list", str(abroad.folder / "revoking list"))
    status, said = judged(abroad.message, *abroad.options("content", "anchor", "anchors list"), *revoking)
    assert (status, "[revoked]" in said) == (1, True)
    other = ("--content", str(desk.folder / "other"))
    status, said = judged(abroad.message, *abroad.options(*_ALL[1:]), *other)
    assert (status, "[content_changed]" in said, "信頼するルートまで" in said) == (1, True, False)
    broken = abroad.message[:-1] + bytes((abroad.message[-1] ^ 1,))
    status, said = judged(broken, *abroad.options(*_ALL))
    assert (status, "[signature_wrong]" in said) == (1, True)
    status, said = judged(abroad.message, *abroad.options(*_ALL), "--policy", "2.999.1")
    assert (status, "[policy]" in said) == (1, True)
    status, said = judged(abroad.message, *abroad.options(*_ALL), "--list", str(abroad.folder / "content"))
    assert (status, "content を読めません" in said) == (1, True)


def test_other_pkis_pinned_in_the_trust_folder_are_asked_only_about_strangers(
    desk: Desk, abroad: Abroad, pki: Pki
) -> None:
    content = abroad.options("content")
    assert "[issuer_not_trusted]" in desk.verify("a.p7s", abroad.message, *content).output
    for part, names in {"roots": ["anchor"], "crls": ["anchors list", "offices list"]}.items():
        (desk.trust / "others" / part).mkdir(parents=True)
        for name in names:
            file = desk.trust / "others" / part / f"{name}.{'crt' if part == 'roots' else 'crl'}"
            file.write_bytes((abroad.folder / name).read_bytes())
    assert json.loads(desk.verify("a.p7s", abroad.message, *content, "--json").output)["pki"] == "other"
    mine = json.loads(desk.verify("b.p7s", signed(pki.hanako()), *content, "--json").output)
    assert (mine["outcome"], "pki" in mine) == ("good", False)


def test_signed_xml_is_judged(desk: Desk, pki: Pki) -> None:
    document = sign_xml(session(pki.hanako()), "<申請>内容</申請>".encode())
    assert desk.verify("a.xml", document).exit_code == 0
    changed = desk.verify("a.xml", document.replace("内容".encode(), "内密".encode()))
    assert (changed.exit_code, "× 文書全体" in changed.output) == (1, True)


def test_an_evidence_record_shows_its_verdict_again(desk: Desk, pki: Pki) -> None:
    tsa = TestTsa.create(desk.folder / "tsa", now=NOW)
    (desk.trust / "stamps").symlink_to(tsa.roots_folder)
    asked, message = Asked(pki.revocations()), signed(pki.hanako())
    verdict = verify_cms_detached(CONTENT, message, at=NOW, trust=pki.trust, revocation=asked)
    stamped = NOW + timedelta(seconds=1)
    record = collect(
        Proven("cms", "sign", NOW, CONTENT, message), verdict, asked=asked, material=Material(pki.folder),
        collected_at=NOW, stamp=lambda digest: tsa.stamp(digest, at=stamped),
    )  # fmt: skip
    found = desk.verify("a.evidence", record, "--at", "2031-01-01T00:00:00Z")
    assert found.exit_code == 0, found.output
    assert "2026-11-23T09:00:01Z" in found.output
    told = json.loads(desk.verify("a.evidence", record, "--json").output)
    assert (told["kind"], told["outcome"], told["record"]) == ("evidence", "good", "good")
    assert [check["code"] for check in told["checks"]][:6] == [code.value for code in EvidenceCheckCode]
    assert all(check["clause"] and set(check["words"]) == set(LANGUAGES) for check in told["checks"])
    assert desk.verify("a.evidence", record.replace(b'"good"', b'"hood"')).exit_code == 1


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff", b"hello", b"-----BEGIN CMS-----\nA\n-----END CMS-----\n"]
)
def test_a_file_of_another_kind_cannot_be_told_and_says_what_can(desk: Desk, data: bytes) -> None:
    found = desk.verify("a", data)
    assert (found.exit_code, "確かめられるのは" in found.output) == (2, True)


def test_a_root_that_is_none_is_named(desk: Desk, pki: Pki) -> None:
    (desk.trust / "roots").unlink()
    (desk.trust / "roots").mkdir()
    (desk.trust / "roots" / "x.crt").write_bytes(b"x")
    found = desk.verify("a.xml", b"<a/>")
    assert (found.exit_code, "x.crt" in found.output) == (1, True)


def test_every_check_has_words_in_every_language() -> None:
    keys = [f"codes.{code.value}" for code in CheckCode] + [f"xml.{code.value}" for code in XmlCheckCode]
    keys += [f"evidence.{code.value}" for code in EvidenceCheckCode]
    keys += ["path.asked", "path.bad", "path.unknown"]
    for key in keys:
        words = say(key)
        assert words.ja
        assert words.en
        unread = re.sub(r"\{[^}]*\}", "", words.easy)
        assert not re.search(r"[\u4e00-\u9fff]", unread), f"{key}: a character without its reading"
