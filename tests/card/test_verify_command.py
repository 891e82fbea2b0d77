"""By-laws of ``yakuba verify``: which kind, which checks, which outcome, in words and as an exit status."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.card.cast import CONTENT, NOW, Pki, session, signed
from yakuba.base.texts import LANGUAGES
from yakuba.card.evidence import collect
from yakuba.card.evidence_material import Asked, Material, Proven
from yakuba.card.evidence_verdict import EvidenceCheckCode
from yakuba.card.outcomes import CheckCode
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
    for key in keys:
        words = say(key)
        assert words.ja
        assert words.en
        unread = re.sub(r"\{[^}]*\}", "", words.easy)
        assert not re.search(r"[\u4e00-\u9fff]", unread), f"{key}: a character without its reading"
