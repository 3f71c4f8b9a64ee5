"""The facts of one session that the rules read, computed once."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

from keytrail.provenance.kinds import ACCOUNTED, Origin
from keytrail.provenance.replay.trace import Arrived, Checks, Missing
from keytrail.provenance.report import Rewrite, Span, Stretch
from keytrail.provenance.rules.digraph_population import POPULATION
from keytrail.provenance.rules.rhythm import Rhythm

WITHOUT_KEYS: Final = (Origin.REWRITTEN, Origin.EXTERNAL, Origin.NOKEY, Origin.SCRIPT, Origin.SILENT)
"""Origins of text that arrived in the session without keys, except the item's own text."""
UNITS_PER_WORD: Final = 6
"""Units per English word, with its space."""
KEYS_PER_WORD: Final = 5
"""Of typing speed, by convention."""
MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Clip:
    """A paste, drop, copy or cut as the browser reported it.

    `where` is where a copy was made (source, instructions, answer, other), empty for pastes. `away_ms` is the absence
    that ended just before a paste; `item_share` the share of the item that a copy took. A copy that is not `timed`
    was made some unknown time before the log's first entry with a time.
    """

    at_ms: int
    kind: str
    where: str
    units: int
    away_ms: int = 0
    item_share: float = 0.0
    timed: bool = True


@dataclass(frozen=True, slots=True)
class Production:
    """Units that were inserted, deleted, and inserted before the end of the text."""

    produced: int
    deleted: int
    inside: int


@dataclass(frozen=True, slots=True)
class Absence:
    """The page was left, from `from_ms` until `to_ms`."""

    from_ms: int
    to_ms: int

    @property
    def ms(self) -> int:
        """How long the page was left, in milliseconds."""
        return self.to_ms - self.from_ms


@dataclass(frozen=True, slots=True)
class Integrity:
    """How far the log can be relied on."""

    equal: bool = True
    differing: int = 0
    vanished: int = 0
    complete: bool = True
    ended: bool = True
    by_alignment: bool = False
    """Origins come from aligning texts, not from replaying edits."""
    checks: Checks = field(default_factory=Checks)
    missing: Sequence[Missing] = ()
    anomalies: Sequence[str] = ()
    epochs: int = 1
    events: int = 0
    ahead_ms: int = 0
    """The most by which a page load claims more time than had passed on the server when it arrived."""


@dataclass(frozen=True, slots=True)
class Signs:
    """Counts of weak signs (rules/weak_signs.py).

    Keys that make text but have no code; capitals with the flag of Shift where no Shift key went down; pastes that no
    shortcut, click, touch, menu key or other window preceded; and the pointer's totals.
    """

    keys_without_code: int = 0
    shifted_without_shift: int = 0
    pastes_without_gesture: int = 0
    clicks: int = 0
    touches: int = 0
    moves: int = 0


@dataclass(frozen=True)
class Facts:
    """One session for the rules. Lengths are UTF-16 units, times milliseconds since the first epoch."""

    text: str
    spans: Sequence[Span]
    item_text: str
    rhythm: Rhythm
    integrity: Integrity
    copies: Sequence[Clip] = ()
    """Copies that succeeded; not those that the study's rules prevented."""
    pastes: Sequence[Clip] = ()
    absences: Sequence[Absence] = ()
    """Times away from the page; in a log without focus events, times without any key after a copy."""
    ways: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """By page load and time: insertions that came from another field (`field`), for an abbreviation (`expander`) or in
    place of own text that had been copied out (`editor`)."""
    rewrites: Sequence[Rewrite] = ()
    """Passages of the text that replaced other words of the writer's own, with these."""
    composed_ms: Sequence[int] = ()
    """When text came through an input method or a phone's keyboard, in order."""
    focused_ms: Sequence[int] = ()
    """When the answer box first got the focus in each page load, as far as the log shows."""
    foreign: Sequence[str] = ()
    """Texts that were pasted or dropped from outside, or would have been if the study had allowed it."""
    production: Production | None = None
    """None if the log has no edits."""
    refused: int = 0
    """Pastes that the study's rules prevented."""
    copies_refused: int = 0
    """Prevented copies of the item."""
    paste_lags_ms: Sequence[int] = ()
    """From the V of a shortcut to its paste."""
    duration_ms: int = 0
    untrusted_keys: int = 0
    typed_ms: Sequence[int] = ()
    """Time of every unit that was typed once, in order, held keys left out."""
    focus_by: str = ""
    """How the box got the focus: `script` if no gesture ever did, `gesture` if one did, empty if unknown."""
    touch: bool = False
    fine_pointer: bool = False
    webdriver: bool = False
    declared_agent: str = ""
    """The user agent's name for itself if that is a program's name."""
    language: str = ""
    population: Mapping[str, float] = field(default_factory=lambda: POPULATION)
    """Deviation of the log interval of letter pairs among English writers on QWERTY."""
    tick_ms: float | None = None
    environments: Sequence[Mapping[str, object]] = ()
    """The environment reported by each page load that a page sent to this server, by the wire's keys."""
    signs: Signs = field(default_factory=Signs)
    keyless: Sequence[Arrived] = ()
    """Insertions that no key made, in order of time."""

    @property
    def touches(self) -> int:
        """Number of touches on the screen."""
        return self.signs.touches

    @property
    def length(self) -> int:
        """Units of the final text."""
        return len(self.text)

    @cached_property
    def counts(self) -> Mapping[Origin, int]:
        """Units by resolved origin; origins that do not occur are missing."""
        counts: dict[Origin, int] = {}
        for span in self.spans:
            counts[span.counts_as] = counts.get(span.counts_as, 0) + span.end - span.start
        return counts

    def units_of(self, *origins: Origin) -> int:
        """Count units whose resolved origin is one of these."""
        return sum(self.counts.get(origin, 0) for origin in origins)

    def spans_of(self, *origins: Origin) -> tuple[Stretch, ...]:
        """Return stretches whose resolved origin is one of these, joined where they touch."""
        joined: list[Stretch] = []
        for span in self.spans:
            if span.counts_as not in origins:
                continue
            if joined and joined[-1][1] == span.start:
                joined[-1] = (joined[-1][0], span.end)
            else:
                joined.append((span.start, span.end))
        return tuple(joined)

    def times_of(self, *origins: Origin) -> tuple[int, ...]:
        """Return when the surviving text of these origins came, each time once, sorted."""
        return tuple(sorted({span.at_ms for span in self.spans if span.counts_as in origins}))

    @property
    def accounted(self) -> int:
        """Units that the writer's keys explain."""
        return self.units_of(*ACCOUNTED)

    @cached_property
    def arrivals_ms(self) -> Sequence[int]:
        """When surviving text came that no key made, without the item's; sorted."""
        return self.times_of(*WITHOUT_KEYS)

    def arrived_between(self, from_ms: int, to_ms: int) -> bool:
        """Return whether text from outside or without keys came in a period and survives."""
        first = bisect_left(self.arrivals_ms, from_ms)
        return first < len(self.arrivals_ms) and self.arrivals_ms[first] <= to_ms

    def pauses_ms(self, pause_ms: int) -> Sequence[int]:
        """Times of the last key before each longer pause in typing, and of the last key; sorted."""
        ends = [one for one, two in pairwise(self.typed_ms) if two - one > pause_ms]
        return [*ends, *self.typed_ms[-1:]]

    def burst_words(self, from_ms: int, within_ms: int, pauses_ms: Sequence[int]) -> int:
        """Count words typed from the first key after a time until the next pause; 0 if the key came too late."""
        start = bisect_left(self.typed_ms, from_ms)
        if start == len(self.typed_ms) or self.typed_ms[start] > from_ms + within_ms:
            return 0
        end_ms = pauses_ms[bisect_left(pauses_ms, self.typed_ms[start])]
        return (bisect_right(self.typed_ms, end_ms) - start) // UNITS_PER_WORD
