"""The stamp of a batch is small, and exact whatever the clocks of a page say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keytrail.sessions.eventlog import Stamp

OPENED_MS = 1_767_225_600_123
LINK = b"0123456789abcdef"
ANY_MS = st.integers() | st.integers(-10_000, 10_000)


@given(stamp=st.builds(Stamp, st.integers(0, 1 << 63), ANY_MS, ANY_MS, ANY_MS, st.binary()), opened_ms=ANY_MS)
def test_it_reads_as_it_was_written(stamp: Stamp, opened_ms: int) -> None:
    assert Stamp.read(stamp.packed(opened_ms), opened_ms) == stamp


def test_it_takes_few_bytes_where_nothing_is_odd() -> None:
    """A quarter of an hour after the opening, with a clock that is three seconds late and a quick connection."""
    arrival = 900_000
    stamp = Stamp(99, arrival, arrival - 60, OPENED_MS + arrival - 3_060, LINK)
    assert len(stamp.packed(OPENED_MS)) == len(LINK) + 7


@given(stored=st.binary())
def test_a_damaged_one_reads_as_some_other(stored: bytes) -> None:
    stamp = Stamp.read(stored, OPENED_MS)
    assert stamp.link == b"" or stored.endswith(stamp.link)


@pytest.mark.parametrize("stored", [b"", b"\x05", b"\x80\x80"])
def test_what_is_missing_reads_as_zero(stored: bytes) -> None:
    assert Stamp.read(stored, OPENED_MS)[1:] == (0, 0, OPENED_MS, b"")
