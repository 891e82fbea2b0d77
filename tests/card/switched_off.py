"""One check of the verdict core switched off, for tests only: what would be let through without it?

A check that writes its finding down is made to always write "good". One that refuses by raising is cut out of a
copy of its module's syntax tree. One that finds something (a root, a key, a list) is made to take whatever is
there. The product itself has no such switch.
"""

import ast
import inspect
import types
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import pytest

from yakuba.card import certificate, certificate_checks, checklist, cms, extension_values, verdict
from yakuba.card.certificate import rsa_public_key
from yakuba.card.checklist import Checklist
from yakuba.card.outcomes import CheckCode, Reason
from yakuba.card.revocation import Answer, NoAnswer, Revocations
from yakuba.card.trust import Root


class _Cut(ast.NodeTransformer):
    """Leaves every ``raise`` of the exception ``name`` out, if its first argument names ``code``."""

    def __init__(self, name: str, code: CheckCode | None) -> None:
        self._name, self._code = name, code
        self.cut = 0

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        raised = node.exc
        if not isinstance(raised, ast.Call) or ast.unparse(raised.func) != self._name:
            return node
        if self._code is not None and ast.unparse(raised.args[0]) != f"CheckCode.{self._code.name}":
            return node
        self.cut += 1
        return ast.copy_location(ast.Pass(), node)


def without_raises(module: ModuleType, name: str, code: CheckCode | None = None) -> ModuleType:
    """A copy of ``module`` in which those refusals are not made."""
    tree, cutter = ast.parse(inspect.getsource(module)), _Cut(name, code)
    tree = ast.fix_missing_locations(cutter.visit(tree))
    assert cutter.cut, f"{module.__name__} refuses nothing with {name} {code}"
    copy = types.ModuleType(module.__name__)
    # What both copies exchange stays one type: exceptions raised there must be caught here.
    exec(compile(tree, module.__name__, "exec"), copy.__dict__)
    for shared in ("Refused", "SignedData", "SignerInfo", "Certificate", "Extension", "WrongForm"):
        if hasattr(copy, shared):
            setattr(copy, shared, getattr(module, shared))
    return copy


def switch_off(code: CheckCode, patch: pytest.MonkeyPatch) -> None:
    """Switch ``code`` off until ``patch`` is undone."""
    _always_good(code, patch)
    _OFF.get(code, lambda _patch: None)(patch)
    if any(f"Refused(CheckCode.{code.name}" in line for line in inspect.getsource(cms).splitlines()):
        patch.setattr(verdict, "parse_signed_data", without_raises(cms, "Refused", code).parse_signed_data)


def _always_good(code: CheckCode, patch: pytest.MonkeyPatch) -> None:
    add, judge = Checklist.add, Checklist.verdict

    def lenient(self: Checklist, found: CheckCode, reason: Reason | None, **facts: str | int) -> None:
        add(self, found, None if found is code else reason, **facts)

    def not_needed(self: Checklist) -> Any:
        self._needed = {*self._needed, code} & {check.code for check in self._checks} | self._needed - {code}
        return judge(self)

    patch.setattr(checklist.Checklist, "add", lenient)
    patch.setattr(checklist.Checklist, "verdict", not_needed)


def _encoding(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(verdict.der, "check", lambda _data: None)


def _certificate_form(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(verdict, "parse_certificate", without_raises(certificate, "WrongForm").parse_certificate)


def _signer_certificate(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(verdict, "_signer_certificate", lambda signed: next(iter(signed.certificates), None))


def _issuer(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(certificate_checks, "_roots_named", lambda _certificate, _authority, trust: trust.roots)


def _certificate_signature(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Root, "signed", lambda _root, _signature, _signed: True)


def _public_key(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        certificate_checks,
        "_key",
        lambda one, _policy: rsa_public_key(one.public_key_info, smallest=512, largest=16_384),
    )


def _distribution_point(patch: pytest.MonkeyPatch) -> None:
    cut = without_undone(extension_values)
    patch.setattr(certificate_checks.extension_values, "distribution_point", cut)


def without_undone(module: ModuleType) -> Callable[[bytes], bytes]:
    """``distribution_point`` that does not look at what comes after the first name."""
    tree = ast.parse(inspect.getsource(module))
    function = next(
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "distribution_point"
    )
    function.body = [line for line in function.body if not ast.unparse(line).endswith(".done()")]
    scope = dict(module.__dict__)
    exec(compile(ast.fix_missing_locations(tree), module.__name__, "exec"), scope)
    found: Callable[[bytes], bytes] = scope["distribution_point"]
    return found


def _revocation_scope(patch: pytest.MonkeyPatch) -> None:
    def any_list(self: Revocations, issuer: bytes, _point: bytes, serial: int) -> Answer | NoAnswer:
        for (key_id, _), one in self._by_scope.items():
            if key_id == issuer:
                head = one.head
                return Answer(one.table.find(serial), head.number, head.this_update, head.next_update)
        return NoAnswer(Reason.REVOCATION_NOT_CHECKED)

    patch.setattr(Revocations, "look_up", any_list)


_OFF: Mapping[CheckCode, Callable[[pytest.MonkeyPatch], None]] = {
    CheckCode.ENCODING: _encoding,
    CheckCode.CERTIFICATE: _certificate_form,
    CheckCode.SIGNER_CERTIFICATE: _signer_certificate,
    CheckCode.ISSUER: _issuer,
    CheckCode.CERTIFICATE_SIGNATURE: _certificate_signature,
    CheckCode.PUBLIC_KEY: _public_key,
    CheckCode.DISTRIBUTION_POINT: _distribution_point,
    CheckCode.REVOCATION_SCOPE: _revocation_scope,
}
