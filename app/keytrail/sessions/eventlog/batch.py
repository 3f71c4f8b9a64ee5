"""A batch on its way into the log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from keytrail.sessions.codec import encode

_EVENTS: Final = 300
"""Of a batch that is cut from a whole log: as many as a page sends at once on a busy minute."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive events of one epoch in their stored form. `first_seq` is the number of the first.

    `perf_ms` and `wall_ms` are the page's performance and wall clocks when the batch was cut.
    """

    first_seq: int
    count: int
    body: bytes
    perf_ms: float
    wall_ms: int

    @classmethod
    def of(cls, first_seq: int, events: Sequence[Any], perf_ms: float = 0.0, wall_ms: int = 0) -> "Batch":
        """A batch of events that are known to be wire format 1."""
        return cls(first_seq, len(events), encode(events), perf_ms, wall_ms)

    @classmethod
    def cut(cls, events: Sequence[Any]) -> "Iterator[Batch]":
        """A page load's whole log, in batches as they would have come from the page."""
        return (cls.of(first, events[first : first + _EVENTS]) for first in range(0, len(events), _EVENTS))

    @property
    def end_seq(self) -> int:
        """One more than the number of the last event."""
        return self.first_seq + self.count
