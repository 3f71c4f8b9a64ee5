"""A session for the replay player: edits to apply in order, and marks for the timeline.

The player only applies these steps; what an event means is decided once, in the replay.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from keytrail.provenance.final_text import explain
from keytrail.provenance.focus_and_clipboard import absences, pastes_of_the_page
from keytrail.provenance.formatting import count
from keytrail.provenance.kinds import Origin
from keytrail.provenance.limits import Limits
from keytrail.provenance.log import WritingLog
from keytrail.provenance.marks import Mark, away_note, marks_of
from keytrail.provenance.replay.ledger import UNREAD, resolved
from keytrail.provenance.replay.replay import Replayed, replay
from keytrail.provenance.replay.trace import Change
from keytrail.provenance.spans import spans_of
from keytrail.provenance.units import from_units, line_ends, to_units

HIDDEN = "\u25a1"
"""Shown for a character that is missing from the log."""

_KINDS = {
    "insertFromPaste": "paste",
    "insertFromPasteAsQuotation": "paste",
    "insertFromYank": "paste",
    "insertFromDrop": "drop",
    "deleteByCut": "cut",
    "deleteByDrag": "drag",
    "historyUndo": "undo",
    "historyRedo": "redo",
    "insertReplacementText": "correction",
    "insertCompositionText": "composition",
    "insertFromComposition": "composition",
    "silent": "silent",
}
_SILENT_KINDS = frozenset({"type", "delete", "composition", "undo", "redo", "cut", "drag"})
_LOADS = frozenset({"start", "resume"})
_LOADED = "The page was loaded anew."
_NAMES: Mapping[str, str] = {
    Origin.TYPED: "typed",
    Origin.IME: "composed",
    Origin.ASSIST: "corrected",
    Origin.REWRITTEN: "in place of own words",
    Origin.MOVED: "moved within the answer",
    Origin.SOURCE: "from the item",
    Origin.EXTERNAL: "from outside this page",
    Origin.NOKEY: "without a key",
    Origin.SCRIPT: "by a script",
    Origin.SILENT: "without any event",
    Origin.INITIAL: "there at the start",
    Origin.UNKNOWN: "of unknown origin",
}


@dataclass(frozen=True, slots=True)
class StepSpan:
    """A stretch of a step's inserted text (UTF-16 units) and its origin; `counts_as` differs for moved text."""

    start: int
    end: int
    origin: str
    counts_as: str


@dataclass(frozen=True, slots=True)
class Step:
    """At `t_ms` since the first epoch began, `deleted` units at `pos` are replaced by `inserted`.

    `kind` says what the person or the browser did: type, delete, paste, drop, cut, drag, undo, redo, correction,
    composition, silent, gap, start (a page load: the whole text is replaced, or nothing if it is unchanged), final (the
    submitted text differs from the log), or edit. `note` is a sentence for steps that need one, else empty.
    """

    t_ms: int
    epoch: int
    kind: str
    pos: int
    deleted: int
    inserted: str
    spans: tuple[StepSpan, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Playback:
    """Steps and marks in order of time. Applying all steps to an empty text gives the submitted text."""

    steps: tuple[Step, ...]
    marks: tuple[Mark, ...]
    duration_ms: int

    def as_json(self) -> dict[str, Any]:
        """Return plain values. Strings may contain lone surrogates; encode them with ASCII escapes."""
        return {
            "duration_ms": self.duration_ms,
            "steps": [_plain(step) for step in self.steps],
            "marks": [_plain(mark) for mark in self.marks],
        }


def _plain(value: Any) -> dict[str, Any]:
    plain = {name: getattr(value, name) for name in value.__slots__}
    if "spans" in plain:
        plain["spans"] = [_plain(span) for span in plain["spans"]]
    return plain


def playback(log: WritingLog) -> Playback:
    """Return the session's steps and marks. The same log gives the same playback; never raises on decoded events."""
    replayed = replay(log, Limits(), keep_changes=True)
    end_ms = max(replayed.trace.ends_ms, default=0)
    player = _Player(log, replayed, end_ms)
    steps = tuple(player.steps())
    return Playback(steps, tuple(marks_of(replayed.trace, steps, copies_prevented=log.copies_prevented)), end_ms)


class _Player:
    def __init__(self, log: WritingLog, replayed: Replayed, end_ms: int) -> None:
        self._replayed = replayed
        self._ledger = replayed.attribution.ledger
        self._final = to_units(line_ends(log.final_text))
        self._end_ms = end_ms
        self._away = absences(replayed.trace.moments, end_ms)
        self._from_page = pastes_of_the_page(replayed.trace.moments)
        explained = explain(replayed, self._final, end_ms)
        self._records = explained.records
        self._equal = explained.equal
        self._read: Mapping[int, str] = dict(zip(replayed.units, self._final, strict=True)) if explained.equal else {}

    def steps(self) -> Iterator[Step]:
        """Return every change, the page loads between them, and the submitted text if it differs."""
        changes: dict[int, list[Change]] = {}
        for change in self._replayed.trace.changes or ():
            changes.setdefault(change.epoch, []).append(change)
        length = 0
        for epoch, start_ms in enumerate(self._replayed.trace.starts_ms):
            own = changes.get(epoch, [])
            if length and not (own and own[0].kind in _LOADS):
                yield Step(start_ms, epoch, "start", 0, length, "", (), _LOADED)
                length = 0
            for change in own:
                step = self._step(change, length)
                length += len(change.came) - step.deleted
                yield step
        if not self._equal:
            yield self._corrected(length)

    def _step(self, change: Change, length: int) -> Step:
        kind = self._kind(change)
        text = self._ledger.text(change.came)
        if UNREAD in text:
            text = "".join(map(self._char, change.came))
        deleted = length if change.kind == "start" else len(change.gone)
        spans = tuple(self._spans(change.came))
        note = self._note(kind, change, spans)
        return Step(change.at_ms, change.epoch, kind, change.pos, deleted, from_units(text), spans, note)

    def _kind(self, change: Change) -> str:
        if change.kind != "edit":
            return "start" if change.kind in _LOADS else change.kind
        if change.cause in _KINDS:
            return _KINDS[change.cause]
        if not change.came:
            return "delete"
        return "type" if self._ledger.records[change.came[0]].origin == Origin.TYPED else "edit"

    def _char(self, unit: int) -> str:
        char = self._ledger.chars[unit]
        return self._read.get(unit, HIDDEN) if char == UNREAD else char

    def _spans(self, units: Sequence[int]) -> Iterator[StepSpan]:
        """Return the spans of an insertion. Units of one insertion share a record, so most are compared by identity."""
        records = groupby(map(self._ledger.records.__getitem__, units))
        sizes = ((record.origin.value, resolved(record).value, len(list(group))) for record, group in records)
        at = 0
        for (origin, counts_as), parts in groupby(sizes, key=itemgetter(0, 1)):
            size = sum(size for _, _, size in parts)
            yield StepSpan(at, at + size, origin, counts_as)
            at += size

    def _note(self, kind: str, change: Change, spans: Sequence[StepSpan]) -> str:
        if kind == "start":
            return _LOADED
        if kind in _SILENT_KINDS or not change.came:
            return ""
        amounts: dict[str, int] = {}
        for span in spans:
            name = _NAMES[span.origin]
            if span.origin == Origin.EXTERNAL and self._is_of_the_page(change):
                name = "from elsewhere on this page"
            amounts[name] = amounts.get(name, 0) + span.end - span.start
        parts = ", ".join(f"{count(units, 'character')} {name}" for name, units in amounts.items())
        return f"{parts}{away_note(change.at_ms, self._away)}."

    def _is_of_the_page(self, change: Change) -> bool:
        """Return whether the log contains the copy that the last paste or drop before this change inserted."""
        last = bisect_right(self._from_page, (change.at_ms, True)) - 1
        return last >= 0 and self._from_page[last][1]

    def _corrected(self, length: int) -> Step:
        spans = tuple(
            StepSpan(span.start, span.end, span.origin.value, span.counts_as.value) for span in spans_of(self._records)
        )
        note = "The submitted text differs from what the log gives."
        epoch = max(0, len(self._replayed.trace.starts_ms) - 1)
        return Step(self._end_ms, epoch, "final", 0, length, from_units(self._final), spans, note)
