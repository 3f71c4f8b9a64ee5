"""Replay a writing session: every event once, in order, into a document of attributed units."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from keytrail.provenance.kinds import Origin
from keytrail.provenance.limits import Limits
from keytrail.provenance.log import EpochLog, WritingLog
from keytrail.provenance.matching.passages import Passages
from keytrail.provenance.replay.codes import without_false_codes
from keytrail.provenance.replay.engine import Engine
from keytrail.provenance.replay.gaps import Segment, loss, segments
from keytrail.provenance.replay.history import Replaced
from keytrail.provenance.replay.keys import makes_text
from keytrail.provenance.replay.ledger import Record
from keytrail.provenance.replay.origins import HISTORY, Attribution
from keytrail.provenance.replay.restored_text import Drafts
from keytrail.provenance.replay.revising import Insertion
from keytrail.provenance.replay.trace import Arrived, Change, Down, Missing, Moment, Trace, Up
from keytrail.provenance.units import line_ends, to_units
from keytrail.provenance.wire.events import (
    Checkpoint,
    Copy,
    Cut,
    Drop,
    Edit,
    EditFlag,
    End,
    Event,
    Initial,
    KeyDown,
    KeyFlag,
    KeyUp,
    Paste,
    PasteFlag,
    Select,
    Start,
)

_UNEXPLAINED: Final = frozenset({Origin.NOKEY, Origin.IME, Origin.ASSIST})
"""Possible origins of trusted text without a key: an insertion, a composition or a phone's word, a correction."""
_AFTER_END: Final = 50
"""Number of last events among which the end event of an epoch is searched."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """The text at the end of the last epoch, as units of the ledger, and the trace of the replay."""

    attribution: Attribution
    trace: Trace
    units: Sequence[int]


def replay(log: WritingLog, limits: Limits, *, keep_changes: bool = False) -> Replayed:
    """Replay all epochs. Never raises on events that passed `decode`, whatever they claim."""
    replayer = Replayer(log, limits, Trace(changes=[] if keep_changes else None))
    replayer.run()
    without_false_codes(replayer.trace.presses)
    return Replayed(replayer.attribution, replayer.trace, replayer.box.document.ids())


class Replayer:
    """One pass over the epochs; `box` has the text of the current epoch."""

    def __init__(self, log: WritingLog, limits: Limits, trace: Trace) -> None:
        self.attribution = Attribution(
            Passages(line_ends(log.item_text), line_ends(log.instructions), limits), limits, trace.presses
        )
        self.trace = trace
        self.box = self.attribution.box
        self._log = log
        self._now = 0
        self._epoch = 0
        self._limits = limits
        self._keys = self.attribution.keys
        self._drafts = Drafts(log.epochs, self.box)
        self._left = self.box.document
        self._after_gap = False
        self._edited = False
        self._presses = 0
        """Trusted keys that may make text, pressed since the last text came in."""
        self._handlers: dict[type[Event], Callable[[Any], None]] = {
            KeyDown: self._key_down,
            KeyUp: self._key_up,
            Edit: self._edit,
            Select: lambda _: None,
            Start: self._start,
            Initial: self._initial,
            Checkpoint: self._checkpoint,
            End: self._end,
            Copy: self._copy,
            Cut: self._copy,
            Paste: self._clipboard,
            Drop: self._clipboard,
        }

    def run(self) -> None:
        """Replay the epochs in order."""
        for number, epoch in enumerate(self._log.epochs):
            self._epoch = number
            self.attribution.begin(number)
            self._now = self._now if epoch.starts_ms is None else max(0, epoch.starts_ms)
            self.trace.starts_ms.append(self._now)
            self.box.budget.earn(len(epoch.events), 0)
            self._begin()
            self._run_epoch(epoch, last=number == len(self._log.epochs) - 1)
            self.trace.ends_ms.append(self._now)
            if number < len(self._log.epochs) - 1:
                self._left = self.box.document
                self._drafts.record_end()
                self.box.memory.copied(0, self.box.document.length, self.box.document)

    def _begin(self) -> None:
        self._keys.clear()
        self.box.begin(())
        self._after_gap = self._edited = False

    def _run_epoch(self, epoch: EpochLog, *, last: bool) -> None:
        missing = 0
        for segment in segments(epoch):
            if segment.gap is not None:
                missing += max(0, segment.gap.last_seq - segment.gap.first_seq + 1)
                self._bridge(epoch, segment, last=last)
            self._run_events(epoch.events[segment.start : segment.stop])
        # Events of leaving the page may follow the end event.
        for place in range(len(epoch.events) - 1, max(-1, len(epoch.events) - 1 - _AFTER_END), -1):
            event = epoch.events[place]
            if type(event) is End:
                self.trace.ended = last
                self.trace.checks.counts += event.events != place + missing
                break

    def _run_events(self, events: Sequence[Event]) -> None:
        handlers, most, other = self._handlers, self._limits.clock_jump_ms, self._moment
        for event in events:
            dt = event[0]
            if 0 <= dt <= most:
                self._now += dt
            else:
                self.trace.checks.clock += 1
            handlers.get(event.__class__, other)(event)

    def _moment(self, event: Event) -> None:
        self.trace.moments.append(Moment(self._now, self._epoch, event))

    def _start(self, event: Start) -> None:
        self.attribution.engine = self.trace.engine = Engine.from_environment(event.environment)
        self._moment(event)

    def _key_down(self, event: KeyDown) -> None:
        trace = self.trace
        if event.flags & KeyFlag.UNTRUSTED:
            trace.untrusted_keys += 1
            return
        trace.presses.append(Down(self._now, self._epoch, event))
        self._presses += makes_text(event.key, event.flags)
        self.attribution.lost_input = False
        self._keys.press(self._now, event.key, event.flags, len(trace.presses))

    def _key_up(self, event: KeyUp) -> None:
        if not event.flags & KeyFlag.UNTRUSTED:
            self.trace.presses.append(Up(self._now, self._epoch, event))

    def _edit(self, event: Edit) -> None:
        _, pos, deleted, text, cause, flags, _ = event
        document = self.box.document
        if pos + deleted > document.length:
            pos = min(pos, document.length)
            deleted = min(deleted, document.length - pos)
            self._outside()
        history = cause in HISTORY and not flags & EditFlag.UNTRUSTED
        change = self.box.revert(cause, (pos, deleted, line_ends(text))) if history else None
        if change is None:
            change = self._replace(pos, deleted, text, cause, flags)
            if history or cause == "silent":
                self.box.history.forget()
            else:
                self.box.history.note(*change)
        pos, gone, came = change
        self._edited = True
        trace = self.trace
        self.attribution.pressed_before = len(trace.presses)
        trace.deleted += len(gone)
        trace.produced += len(came)
        if pos + len(came) < document.length:
            trace.inside += len(came)
        if trace.changes is not None:
            trace.changes.append(Change("edit", self._now, self._epoch, pos, gone, came, cause))
        if document.length in self._drafts.wanted:
            self._drafts.record()

    def _replace(self, pos: int, deleted: int, text: str, cause: str, flags: int) -> Replaced:
        gone: Sequence[int] = ()
        if deleted:
            gone = self.box.delete(pos, deleted)
            if not text:
                self.attribution.deleted(pos, gone, self._now)
        return Replaced(pos, gone, self._insert(pos, text, gone, cause, flags) if text else ())

    def _insert(self, pos: int, text: str, gone: Sequence[int], cause: str, flags: int) -> Sequence[int]:
        now = self._now
        self.box.memory.close()
        if len(text) == 1 and flags == EditFlag.BEFOREINPUT and cause == "insertText":
            key = self._keys.take(text, now)
            if key is not None:
                self._presses = 0
                unit = self.box.ledger.add_one(text, Record(Origin.TYPED, now, cause, self._epoch, None, key))
                self.box.document.insert_one(pos, unit)
                self.trace.typed.append((now, key))
                return (unit,)
        text = line_ends(text)
        self.box.budget.earn(0, len(text))
        ledger = self.box.ledger
        known = len(ledger.chars)
        came = self.attribution.units(Insertion(text, pos, gone, cause, flags, now))
        self.box.document.insert(pos, came)
        # What an undo or a correction put back as it was came earlier.
        record = next((ledger.records[unit] for unit in came if unit >= known), None)
        if record is not None and record.origin is Origin.IME:
            self.trace.composed_ms.append(now)
        if record is not None and record.key is not None and cause not in HISTORY:
            self.trace.typed.append((now, record.key))
        elif record is not None and record.origin in _UNEXPLAINED:
            grown = len(text) - len(gone)
            if not self._presses or grown > self._limits.composed_units_per_key * self._presses:
                composed = bool(flags & EditFlag.COMPOSING)
                self.trace.keyless.append(Arrived(now, grown, len(text.split()), composed))
        self._presses = 0
        return came

    def _outside(self) -> None:
        if not self._after_gap:
            self.trace.checks.edits_outside += 1

    def _initial(self, event: Initial) -> None:
        self._moment(event)
        if self._edited or (event.source == "empty") != (event.length == 0) or event.length > self.box.unread_left:
            self.trace.checks.initial += 1
            return
        if event.length:
            self._begin()
            if not self._drafts.begin(event):
                self.box.place_unread(0, event.length, Record(Origin.INITIAL, self._now, event.source, self._epoch))
        self._edited = True
        if self.trace.changes is not None and self.box.document.length:
            self._record_start(self.trace.changes, event.source)

    def _record_start(self, changes: list[Change], source: str) -> None:
        """Record the initial text; an unchanged one is not recorded again, or a log of many page loads would grow
        without bound.
        """
        document = self.box.document
        if document is self._left and not (changes and changes[-1].epoch == self._epoch):
            changes.append(Change("resume", self._now, self._epoch, 0, (), (), source))
        else:
            changes.append(Change("start", self._now, self._epoch, 0, (), document.ids(), source))

    def _bridge(self, epoch: EpochLog, segment: Segment, *, last: bool) -> None:
        """Insert what came in a gap, or remove what went, as far as lengths show."""
        gap = segment.gap
        if gap is None:
            return
        after = epoch.events[segment.start].dt if segment.start < len(epoch.events) else 0
        upto = self._now + max(0, after)
        self.trace.missing.append(Missing(self._epoch, gap.first_seq, gap.last_seq, self._now, upto))
        self._keys.clear()
        self.box.forget()
        self._after_gap = self.attribution.lost_input = True
        document = self.box.document
        final = len(to_units(line_ends(self._log.final_text))) if last and segment.stop == len(epoch.events) else None
        units, caret = loss(epoch.events, segment, document.length, final)
        at = document.length if caret is None else min(max(0, caret - max(0, units)), document.length)
        came: Sequence[int] = ()
        gone: Sequence[int] = ()
        if 0 < units <= self.box.unread_left:
            came = self.box.place_unread(at, units, Record(Origin.UNKNOWN, self._now, "gap", self._epoch))
        elif units < 0:
            gone = self.box.delete(at, min(-units, document.length - at))
        if self.trace.changes is not None and (came or gone):
            self.trace.changes.append(Change("gap", self._now, self._epoch, at, gone, came, ""))

    def _checkpoint(self, event: Checkpoint | End) -> None:
        self._moment(event)
        checks = self.trace.checks
        checks.checkpoints += 1
        outcome = self.box.compare(event)
        checks.agreed += outcome == "agreed"
        checks.by_length += outcome == "by_length"
        checks.failed += outcome == "failed" and not self._after_gap
        checks.failed_after_gap += outcome == "failed" and self._after_gap

    def _end(self, event: End) -> None:
        """Check the clocks at the end: intervals must add up to the page's clock. The wall clock may be set by anybody
        and advances during sleep.
        """
        self._checkpoint(event)
        elapsed = self._now - self.trace.starts_ms[-1]
        perf = abs(event.perf_ms - elapsed) > self._limits.clock_drift_ms
        set_back = event.wall_ms < event.perf_ms - self._limits.clock_drift_ms
        self.trace.checks.clock += not self._after_gap and perf
        self.trace.checks.wall_clock += not perf and set_back

    def _copy(self, event: Copy | Cut) -> None:
        self._moment(event)
        self.attribution.copied(event)

    def _clipboard(self, event: Paste | Drop) -> None:
        self._moment(event)
        if type(event) is Paste and event.flags & PasteFlag.PREVENTED:
            self.attribution.prevented(line_ends(event.text))
        else:
            self.attribution.clipboard(event)
