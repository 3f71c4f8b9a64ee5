"""The trace of a replay: everything but the text, as the input of rules and playback."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from keytrail.provenance.replay.engine import Engine
from keytrail.provenance.wire.events import Event, KeyDown, KeyUp


class Moment(NamedTuple):
    """An event that is neither key nor edit, with its time in the session and the index of its epoch."""

    at_ms: int
    epoch: int
    event: Event


class Down(NamedTuple):
    """A trusted keydown, with its time in the session and the index of its epoch."""

    at_ms: int
    epoch: int
    event: KeyDown


class Up(NamedTuple):
    """A trusted keyup, with its time in the session and the index of its epoch."""

    at_ms: int
    epoch: int
    event: KeyUp


Press = Down | Up


class Arrived(NamedTuple):
    """Trusted text inserted at once that no key, or too few, had been pressed for since the previous text.

    `units` is the growth of the text, `words` the number of inserted words; `composed` by a composition.
    """

    at_ms: int
    units: int
    words: int
    composed: bool = False


class Change(NamedTuple):
    """One change of the text as it was applied; used by playback only.

    `kind` is `edit`, `start` for a page load's initial text, `resume` if that is the text as the previous page load
    left it, `gap` for what a gap is assumed to have changed.
    """

    kind: str
    at_ms: int
    epoch: int
    pos: int
    gone: Sequence[int]
    came: Sequence[int]
    cause: str


class Missing(NamedTuple):
    """Events of one epoch that never arrived, and the time between their neighbours."""

    epoch: int
    first_seq: int
    last_seq: int
    from_ms: int
    to_ms: int


@dataclass(slots=True)
class Checks:
    """Comparisons of the log's own claims with the replay; each is a count."""

    checkpoints: int = 0
    agreed: int = 0
    by_length: int = 0
    """Checkpoints of which only the length could be compared."""
    failed: int = 0
    failed_after_gap: int = 0
    edits_outside: int = 0
    initial: int = 0
    """Initial values that contradict themselves."""
    counts: int = 0
    """End events whose number of events is wrong."""
    clock: int = 0
    """Times that run backward, jump by days, or disagree with the page's own clock at the end."""
    wall_clock: int = 0
    """Ends at which the wall clock had been set back, while the intervals and the page's clock agree."""


@dataclass(slots=True)
class Trace:
    """Everything but the text, in order of occurrence."""

    presses: list[Press] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    typed: list[tuple[int, int]] = field(default_factory=list)
    """Time of every insertion that a key explains, and the number of the key (its index in `presses`, from 1)."""
    composed_ms: list[int] = field(default_factory=list)
    """Times of insertions through an input method."""
    keyless: list[Arrived] = field(default_factory=list)
    changes: list[Change] | None = None
    checks: Checks = field(default_factory=Checks)
    missing: list[Missing] = field(default_factory=list)
    engine: Engine = field(default_factory=Engine)
    """Of the last epoch that reported one."""
    untrusted_keys: int = 0
    produced: int = 0
    deleted: int = 0
    inside: int = 0
    """Units that edits inserted, deleted, and inserted before the end of the text."""
    starts_ms: list[int] = field(default_factory=list)
    ends_ms: list[int] = field(default_factory=list)
    ended: bool = False
    """The last epoch has its end event."""
