"""Records cross a link unchanged, and bytes that are no records are never taken for some."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.gateway.errors import BrokenMessage
from yakuba.gateway.message import SealedMessage
from yakuba.gateway.slips import SealedSlip
from yakuba.gateway.wire import Parcel, pack, unpack

_numbers = st.integers(0, 2**63 - 1)
_ids = st.uuids()
_parcels = st.builds(
    Parcel,
    messages=st.lists(
        st.builds(SealedMessage, st.binary(), st.binary(), st.binary(), st.binary()), max_size=4
    ),
    slips=st.lists(st.tuples(_numbers, st.builds(SealedSlip, st.binary(), st.binary())), max_size=4),
    taken_messages=st.lists(_ids, max_size=4),
    taken_slips=st.lists(_numbers, max_size=4),
    refused=st.lists(st.tuples(_ids, st.text(max_size=20)), max_size=3),
    later=st.lists(st.tuples(_ids, st.text(max_size=20)), max_size=3),
)


@given(_parcels)
def test_a_parcel_comes_out_as_it_went_in(parcel: Parcel) -> None:
    assert unpack(pack(parcel)) == parcel


@given(st.binary(max_size=200))
def test_any_bytes_are_a_parcel_or_refused(data: bytes) -> None:
    try:
        unpack(data)
    except BrokenMessage:
        return


@given(_parcels.filter(bool), st.data())
def test_a_parcel_cut_short_is_noticed_or_is_a_shorter_one(parcel: Parcel, data: st.DataObject) -> None:
    packed = pack(parcel)
    cut = packed[: data.draw(st.integers(0, len(packed) - 1))]
    try:
        assert unpack(cut) != parcel
    except BrokenMessage:
        return


def test_an_empty_parcel_says_so() -> None:
    assert not Parcel()
    assert Parcel(taken_messages=[uuid.uuid4()])
    with pytest.raises(BrokenMessage):
        unpack(b"Q\x00")
