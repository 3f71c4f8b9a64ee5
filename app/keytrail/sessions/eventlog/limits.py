"""Limits on the stored log of a page load and a writing session, against abuse; no honest writer comes near them.

The cost of replaying a log depends on its events and on the characters that they insert, not on its stored bytes: a
thousand pages of one letter are stored in a few hundred bytes. docs/configuration.md compares the defaults with the
longest honest sessions.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from keytrail.sessions.eventlog.batch import Batch

_PLAIN_BYTES_AN_EVENT: Final = 80
"""Allowed on average: a keystroke has about 30 as JSON, a step of a composition 60."""
_EVENTS_A_BATCH: Final = 5
"""A page sends every three seconds, so smaller batches are typical only of slow writing."""


class LogCounts(Protocol):
    """The counts of a log that its limits apply to."""

    @property
    def events(self) -> int: ...  # noqa: D102  # named by what they count
    @property
    def characters(self) -> int: ...  # noqa: D102
    @property
    def plain_bytes(self) -> int: ...  # noqa: D102
    @property
    def batches(self) -> int: ...  # noqa: D102


class Logged(NamedTuple):
    """The sum of the counts of several page loads."""

    events: int = 0
    characters: int = 0
    plain_bytes: int = 0
    batches: int = 0

    def without(self, other: LogCounts) -> "Logged":
        """Return the sums without one of the page loads."""
        return Logged(
            self.events - other.events,
            self.characters - other.characters,
            self.plain_bytes - other.plain_bytes,
            self.batches - other.batches,
        )


@dataclass(frozen=True)
class LogLimits:
    """The maximum that is stored: events of a page load and of a session, and characters that their edits insert.

    The limits on JSON size and number of batches follow from the number of events. The text is never longer than what
    was inserted plus what a page load claims to begin with, which the replay accepts up to a limit
    (keytrail/provenance/replay/box.py).
    """

    page_load_events: int = 100_000
    page_load_characters: int = 500_000
    session_events: int = 200_000
    session_characters: int = 1_000_000

    def allows(self, batch: Batch, page_load: LogCounts, elsewhere: LogCounts) -> bool:
        """Return whether a batch may be stored, given what its page load and the session's others have stored."""
        events = page_load.events + batch.count
        characters = page_load.characters + batch.characters
        plain_bytes = page_load.plain_bytes + batch.plain_bytes
        least_events = (page_load.batches + 1) * _EVENTS_A_BATCH
        return (
            max(events, least_events) <= self.page_load_events
            and characters <= self.page_load_characters
            and plain_bytes <= self.page_load_events * _PLAIN_BYTES_AN_EVENT
            and max(events + elsewhere.events, least_events + elsewhere.batches * _EVENTS_A_BATCH)
            <= self.session_events
            and characters + elsewhere.characters <= self.session_characters
            and plain_bytes + elsewhere.plain_bytes <= self.session_events * _PLAIN_BYTES_AN_EVENT
        )


UNLIMITED: Final = LogLimits(*[2**62] * 4)
"""For logs imported by an operator."""
