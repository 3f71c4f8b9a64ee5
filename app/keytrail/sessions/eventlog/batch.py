"""A batch of events to be stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from keytrail.sessions.codec import Packed, encode

_EVENTS: Final = 300
"""Events per batch when a whole log is cut: as many as a page sends in a busy minute."""
_CHARACTERS: Final = 1_000_000
"""Inserted characters after which such a batch ends, to stay within the codec's limit."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive events of one epoch in their stored form. `first_seq` is the number of the first.

    `perf_ms` and `wall_ms` are the page's performance and wall clocks in whole milliseconds when the batch was cut. The
    other fields count towards the limits of a log: `characters` is a lower bound of what its edits insert,
    `plain_bytes` its size when read.
    """

    first_seq: int
    count: int
    body: bytes
    perf_ms: int
    wall_ms: int
    characters: int = 0
    plain_bytes: int = 0

    @classmethod
    def packed(cls, first_seq: int, count: int, packed: Packed, perf_ms: int, wall_ms: int) -> "Batch":
        """Return a batch from a page, whose events are valid wire format 1, with its counts."""
        # A typical keystroke is a key and its edit, of one character at most, so keystrokes need not be counted one by
        # one.
        characters = (count - len(packed.odd)) // 2
        characters += sum(len(event[4]) for _, event in packed.odd if event[1] == "e")
        return cls(first_seq, count, packed.body, perf_ms, wall_ms, characters, packed.plain_bytes)

    @classmethod
    def from_events(cls, first_seq: int, events: Sequence[Any], perf_ms: int = 0, wall_ms: int = 0) -> "Batch":
        """Return a batch of events that are valid wire format 1."""
        return cls(first_seq, len(events), encode(events), perf_ms, wall_ms)

    @classmethod
    def cut(cls, events: Sequence[Any]) -> "Iterator[Batch]":
        """Cut a page load's whole log into batches like those of a page."""
        first = characters = 0
        for number, event in enumerate(events):
            characters += sum(len(field) for field in event if isinstance(field, str))
            if number + 1 - first >= _EVENTS or characters >= _CHARACTERS or number + 1 == len(events):
                yield cls.from_events(first, events[first : number + 1])
                first, characters = number + 1, 0

    @property
    def end_seq(self) -> int:
        """One more than the number of the last event."""
        return self.first_seq + self.count
