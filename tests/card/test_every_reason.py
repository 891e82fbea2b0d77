"""Every reason code there is has a case: a new one without a case fails here. They are read from the code itself."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.card import test_certificate_checks, test_every_check, test_message_checks
from tests.card.cast import Pki, not_good
from tests.card.forge import message
from yakuba.card import evidence, evidence_verdict, pdf, pdf_stamp, timestamp, xml, xml_form
from yakuba.card.notice_messages import NoticeCheckCode
from yakuba.card.outcomes import CheckCode, Reason
from yakuba.card.paths import PathReason
from yakuba.card.xml_form import XmlCheckCode

_TESTS = Path(__file__).parents[1]
# Made by tests of their own, not by a table of cases.
_ELSEWHERE = {
    Reason.TOO_LARGE: "test_encoding.py",
    Reason.ON_HOLD: "test_revocation.py",
    Reason.SIGNER_CERTIFICATE_MISSING: "test_message_checks.py",
}


def _reasons_of_the_cases(pki: Pki) -> Iterator[str]:
    for in_message, *_ in test_message_checks.CASES.values():
        yield from not_good(pki.judge(in_message(message(pki.hanako())).encoded())).values()
    for in_certificate, *_ in test_certificate_checks.CASES.values():
        issued = pki.issued("sign", in_certificate(pki, pki.request()))
        yield from not_good(pki.judge(message(issued).encoded())).values()
    for case in test_every_check.CASES.values():
        yield from not_good(case(pki)()).values()


def test_every_reason_of_the_core_comes_out_of_a_case(pki: Pki) -> None:
    found = set(_reasons_of_the_cases(pki))
    assert set(Reason) - found - _ELSEWHERE.keys() == set()
    assert set(test_every_check.CASES) == set(CheckCode)


def _spoken_of(reason: str, name: str = "") -> bool:
    """Whether a test asserts something about it: its value in quotes, or its name as a member."""
    wanted = (f'"{reason}"', f"[{reason}]", *([name] if name else []))
    files = [*_TESTS.glob("card/**/*.py"), *_TESTS.glob("notices/**/*.py")]
    texts = (file.read_text(encoding="utf-8") for file in files if file.name != Path(__file__).name)
    return any(one in text for text in texts for one in wanted)


@pytest.mark.parametrize("reason", _ELSEWHERE)
def test_the_few_without_a_case_have_a_test(reason: Reason) -> None:
    text = (Path(__file__).parent / _ELSEWHERE[reason]).read_text(encoding="utf-8")
    assert reason.value in text or f"Reason.{reason.name}" in text


@pytest.mark.parametrize("reason", PathReason)
def test_every_reason_of_a_path_has_a_test(reason: PathReason) -> None:
    assert _spoken_of(reason.value, f"PathReason.{reason.name}")


# How each module names a reason: the call, and the place of the reason among its arguments.
_NAMED: dict[ModuleType, dict[str, int]] = {
    pdf: {"_Fault": 2},
    pdf_stamp: {"JudgedStamp": 1},
    timestamp: {"BadStamp": 0},
    evidence_verdict: {"_Fails": 2},
    evidence: {"NoEvidence": 0},
    xml: {"XmlCheck": 2},
    xml_form: {"XmlRefused": 1},
}


def _literals(module: ModuleType) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        place = _NAMED[module].get(ast.unparse(node.func)) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and place is not None and place < len(node.args):
            given = ast.walk(node.args[place])
            found |= {
                one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
    return {one for one in found if one.isascii() and one}


@pytest.mark.parametrize("module", _NAMED, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_reason_of_a_container_record_or_stamp_has_a_test(module: ModuleType) -> None:
    reasons = _literals(module)
    assert reasons
    assert {reason for reason in reasons if not _spoken_of(reason)} == set()


@pytest.mark.parametrize("code", [*NoticeCheckCode, *XmlCheckCode])
def test_every_check_of_a_container_has_a_test_that_fails_it(code: NoticeCheckCode | XmlCheckCode) -> None:
    if code in (NoticeCheckCode.ALL, NoticeCheckCode.MESSAGE):
        return
    assert _spoken_of("", f"{type(code).__name__}.{code.name}")
