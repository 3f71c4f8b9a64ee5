"""The stamp of a stored batch: where it is in its page load's log, the clocks and the link, in about 24 bytes.

As columns of their own these took half as much again. Place, arrival, and the differences of the page's two clocks from
it, which are small where nothing is odd, are varints; a difference's lowest bit is its sign. The rest is the link.
"""

from typing import NamedTuple

from keytrail.sessions.codec.bits import leb128

_NUMBERS = 4
_SEVEN_BITS = 127
_MOST_PLACES = 1 << 63
"""A place beyond is damage; Python prints no number of thousands of digits."""


class Stamp(NamedTuple):
    """`place` counts the batches of a page load from 0 in the order in which they were stored.

    `arrival_ms` is the time of arrival since the page load was opened; `perf_ms` and `wall_ms` are the page's
    performance and wall clocks when the batch was cut. `link` is the batch's in the chain of evidence.
    """

    place: int
    arrival_ms: int
    perf_ms: int
    wall_ms: int
    link: bytes

    def packed(self, opened_ms: int) -> bytes:
        """Return the stored form. `opened_ms` is when the page load was opened, in milliseconds since 1970."""
        place, arrival, perf, wall, link = self
        stored = bytearray()
        for difference in (arrival, perf - arrival, wall - arrival - opened_ms):
            stored += leb128(2 * difference if difference >= 0 else -2 * difference - 1)
        return leb128(place) + stored + link

    @classmethod
    def read(cls, stored: bytes, opened_ms: int) -> "Stamp":
        """Return the stamp of a stored form. What is missing of a damaged one reads as 0, so no link fits it."""
        padded = stored + bytes(_NUMBERS)
        numbers: list[int] = []
        at = 0
        while len(numbers) < _NUMBERS:
            number = shift = 0
            while (byte := padded[at]) > _SEVEN_BITS:
                number |= (byte & _SEVEN_BITS) << shift
                shift += 7
                at += 1
            numbers.append(number | byte << shift)
            at += 1
        place = min(numbers[0], _MOST_PLACES)
        arrival, perf, wall = (-(number + 1) // 2 if number & 1 else number // 2 for number in numbers[1:])
        return cls(place, arrival, perf + arrival, wall + arrival + opened_ms, stored[at:])
