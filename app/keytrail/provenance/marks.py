"""Marks on a session's timeline."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from keytrail.provenance.focus_and_clipboard import absences, away_before, takes_item
from keytrail.provenance.formatting import count, lasting
from keytrail.provenance.replay.trace import Trace
from keytrail.provenance.rules.facts import Absence
from keytrail.provenance.wire.events import Copy, Cut, End, Event, Paste, PasteFlag

_NOTED = frozenset({"paste", "drop", "silent", "edit", "gap", "start", "final", "correction"})
_PLACES = {"source": "the item", "instructions": "the instructions", "answer": "the answer", "other": "the page"}
_AWAY_LEAST_MS = 1_000


class Noted(Protocol):
    """The fields of a step from which marks are made."""

    @property
    def t_ms(self) -> int: ...  # noqa: D102 - as Step
    @property
    def epoch(self) -> int: ...  # noqa: D102 - as Step
    @property
    def kind(self) -> str: ...  # noqa: D102 - as Step
    @property
    def note(self) -> str: ...  # noqa: D102 - as Step


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on the timeline, at a time or over a period (`until_ms` > `t_ms`).

    Kinds are those of steps, and: away, copy, cut, refused (a paste or copy that the study's rules prevented), submit.
    """

    t_ms: int
    until_ms: int
    epoch: int
    kind: str
    note: str


def away_note(at_ms: int, away: Sequence[Absence]) -> str:
    """Return ", after 41 s away" if the page was left within the minute before, else nothing."""
    ms = away_before(at_ms, away)
    return f", after {lasting(ms)} away" if ms >= _AWAY_LEAST_MS else ""


def marks_of(trace: Trace, steps: Sequence[Noted], *, copies_prevented: bool = False) -> list[Mark]:
    """Return all marks, sorted by time. With `copies_prevented` the study's rules let nothing of the item be copied."""
    marks = [Mark(step.t_ms, step.t_ms, step.epoch, step.kind, step.note) for step in steps if step.kind in _NOTED]
    end_ms = max(trace.ends_ms, default=0)
    for gone in absences(trace.moments, end_ms):
        if gone.ms >= _AWAY_LEAST_MS:
            epoch = max(0, bisect_right(trace.starts_ms, gone.from_ms) - 1)
            marks.append(Mark(gone.from_ms, gone.to_ms, epoch, "away", f"Away from the page for {lasting(gone.ms)}."))
    for at_ms, epoch, event in trace.moments:
        marks += [Mark(at_ms, at_ms, epoch, kind, note) for kind, note in _events(event, copies_prevented)]
    return sorted(marks, key=lambda mark: (mark.t_ms, mark.until_ms, mark.kind))


def _events(event: Event, copies_prevented: bool) -> Iterator[tuple[str, str]]:  # noqa: FBT001 - passed on
    if copies_prevented and (type(event) is Copy or type(event) is Cut) and takes_item(event):
        yield "refused", f"A copy of {count(event.length, 'character')} from the item was not let through."
    elif type(event) is Copy or type(event) is Cut:
        kind, verb = ("cut", "Cut") if type(event) is Cut else ("copy", "Copied")
        yield kind, f"{verb} {count(event.length, 'character')} from {_PLACES[event.where]}."
    elif type(event) is Paste and event.flags & PasteFlag.PREVENTED:
        yield "refused", f"A paste of {count(event.length, 'character')} was not let through."
    elif type(event) is End:
        yield "submit", "Submitted."
