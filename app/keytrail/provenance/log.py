"""The input of an analysis: the log of one writing session."""

from collections.abc import Sequence
from dataclasses import dataclass

from keytrail.provenance.wire.events import Event


@dataclass(frozen=True, slots=True)
class Gap:
    """Sequence numbers that are missing, first and last inclusive."""

    first_seq: int
    last_seq: int


@dataclass(frozen=True, slots=True)
class EpochLog:
    """One page load: its stored events in order, and what is known to be missing.

    The first event has sequence number 0 unless a gap says otherwise. `anomalies` are the caller's observations
    ("clock", "wall_clock", "overlap", "conflicting_batch", "parallel"). `starts_ms` places epochs on one time line, in
    ms after the first epoch; without it each epoch follows the previous one at once. `ahead_ms` is by how much the
    events claim more time than had passed on the server when they arrived; 0 if they do not. `live` says that a page
    sent the events to this server, so that they claim to be those of our own recorder.
    """

    events: Sequence[Event]
    gaps: Sequence[Gap] = ()
    anomalies: Sequence[str] = ()
    number: int = 0
    starts_ms: int | None = None
    ahead_ms: int = 0
    live: bool = False


@dataclass(frozen=True, slots=True)
class WritingLog:
    """All page loads of one writing session, oldest first; the last one submitted.

    `complete` is False if the page could not deliver everything before it submitted. `copies_prevented` is True if the
    study's rules prevented copying the item: copy events are then attempts, which the log alone cannot show.
    """

    epochs: Sequence[EpochLog]
    final_text: str
    item_text: str
    instructions: str = ""
    complete: bool = True
    copies_prevented: bool = False
