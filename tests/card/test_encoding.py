"""Only the one DER encoding of a value is read; anything else costs little and is refused."""

import contextlib
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.card.cast import CONTENT, NOW, Pki, not_good, signed
from yakuba.card import der
from yakuba.card import derwrite as w
from yakuba.card.outcomes import Outcome
from yakuba.card.policy import SIGN_POLICY
from yakuba.card.revocation import NotChecked
from yakuba.card.trust import TrustStore
from yakuba.card.verdict import verify_challenge, verify_cms_detached

NOT_DER = {
    "nothing": b"",
    "a tag alone": b"\x02",
    "cut off": b"\x04\x05abc",
    "bytes after the end": w.integer(1) + b"\x00",
    "indefinite length": b"\x30\x80\x00\x00",
    "length in two octets where one would do": b"\x04\x81\x01a",
    "length with a leading zero": b"\x04\x82\x00\x80" + bytes(128),
    "length of five octets": b"\x04\x85\x00\x00\x00\x00\x01a",
    "tag number above 30": b"\x1f\x81\x00\x01a",
    "integer without octets": b"\x02\x00",
    "integer with a leading zero": b"\x02\x02\x00\x7f",
    "integer with leading ones": b"\x02\x02\xff\x80",
    "true as 01": b"\x01\x01\x01",
    "truth of two octets": b"\x01\x02\xff\xff",
    "NULL with content": b"\x05\x01\x00",
    "identifier without octets": b"\x06\x00",
    "identifier cut off": b"\x06\x02\x2a\x86",
    "identifier with padding": b"\x06\x03\x2a\x80\x01",
    "bit string without its first octet": b"\x03\x00",
    "bit string with eight unused bits": b"\x03\x02\x08\x00",
    "bit string with unused bits set": b"\x03\x02\x01\xff",
    "unused bits of nothing": b"\x03\x01\x01",
    "octet string in pieces": b"\x24\x03\x04\x01a",
    "sequence as primitive": b"\x10\x00",
    "set as primitive": b"\x11\x00",
    "end of contents": b"\x30\x02\x00\x00",
    "set out of order": b"\x31\x06\x02\x01\x02\x02\x01\x01",
    "text that is not UTF-8": b"\x0c\x01\xff",
    "an asterisk in PrintableString": b"\x13\x01*",
    "time without Z": w.value(der.UTC_TIME, b"261123090000"),
    "time with an offset": w.value(der.UTC_TIME, b"261123090000+0900"),
    "time without seconds": w.value(der.UTC_TIME, b"2611230900Z"),
    "time with a fraction": w.value(der.GENERALIZED_TIME, b"20261123090000.5Z"),
    "the 30th of February": w.value(der.UTC_TIME, b"260230090000Z"),
    "a leap second": w.value(der.UTC_TIME, b"261231235960Z"),
    "members reaching beyond the whole": b"\x30\x03\x04\x05a",
}


@pytest.mark.parametrize("case", NOT_DER)
def test_what_is_not_der_is_not_read(case: str) -> None:
    with pytest.raises(der.NotDer):
        der.check(NOT_DER[case])


@given(st.binary(max_size=200))
@example(b"\x30\x80\x00\x00")
def test_the_reader_of_any_bytes_says_yes_or_not_der(data: bytes) -> None:
    with contextlib.suppress(der.NotDer):
        der.check(data)


@given(st.integers(-(2**200), 2**200))
def test_integers_come_back_as_written(number: int) -> None:
    raw = w.integer(number)
    der.check(raw)
    assert der.Reader(raw).integer() == number


@given(st.lists(st.binary(max_size=300).map(w.octets), max_size=20))
def test_sets_are_written_in_the_order_that_is_read(members: list[bytes]) -> None:
    der.check(w.set_of(*members))


@given(st.sets(st.integers(0, 8), min_size=1))
def test_named_bits_are_written_without_trailing_zeros(positions: set[int]) -> None:
    raw = w.named_bits(*positions)
    der.check(raw)
    content = der.Reader(raw).content(der.BIT_STRING)[1:]
    found = {place for place in range(len(content) * 8) if content[place // 8] & 0x80 >> place % 8}
    assert found == positions


def test_nesting_and_number_of_values_are_capped() -> None:
    deep = b""
    for _ in range(der.MAX_DEPTH + 2):
        deep = w.sequence(deep)
    for hostile in (deep, w.sequence(b"\x05\x00" * (der.MAX_VALUES + 1))):
        with pytest.raises(der.NotDer, match="too many"):
            der.check(hostile)


def test_a_message_with_a_byte_more_is_refused(pki: Pki) -> None:
    verdict = pki.judge(signed(pki.hanako()) + b"\x00")
    assert not_good(verdict) == {"encoding": "not_der"}


def test_a_message_over_its_cap_is_not_even_read(pki: Pki) -> None:
    verdict = pki.judge(b"\x30" * (SIGN_POLICY.max_message + 1))
    assert not_good(verdict) == {"encoding": "too_large"}


_SHAPES = {
    "deep": b"\x30\x80" * 30_000,
    "wide": b"\x30\x83\x00\xff\xfb" + b"\x05\x00" * 32_000,
    "one huge number": w.value(der.INTEGER, b"\x7f" * 65_000),
    "sets of sets": w.value(der.SET, w.value(der.SET, b"\x05\x00") * 15_000),
    "ones": b"\xff" * 65_536,
    "zeros": bytes(65_536),
}


@pytest.mark.parametrize("shape", _SHAPES)
def test_hostile_input_is_bad_and_costs_less_than_a_quarter_second(shape: str) -> None:
    hostile, nobody = _SHAPES[shape], TrustStore(())
    begin = time.process_time()
    for verdict in (
        verify_cms_detached(CONTENT, hostile, at=NOW, trust=nobody, revocation=NotChecked()),
        verify_challenge(bytes(32), bytes(256), hostile, at=NOW, trust=nobody, revocation=NotChecked()),
    ):
        assert verdict.outcome is Outcome.BAD
    assert time.process_time() - begin < 0.25


@given(st.binary(max_size=400), st.binary(max_size=64), st.binary(max_size=300))
def test_no_bytes_make_the_core_raise_or_say_good(message: bytes, content: bytes, signature: bytes) -> None:
    nobody = TrustStore(())
    for verdict in (
        verify_cms_detached(content, message, at=NOW, trust=nobody, revocation=NotChecked()),
        verify_challenge(content, signature, message, at=NOW, trust=nobody, revocation=NotChecked()),
    ):
        assert verdict.outcome is Outcome.BAD
        assert verdict.reason is not None
