"""The session's timeline as shapes of an SVG whose x is the shown time in ms and whose y runs from 0 to 100."""

from collections.abc import Sequence
from dataclasses import dataclass

from keytrail.provenance import Playback
from keytrail.provenance.formatting import clock, count, lasting
from keytrail.review.replay.session_replay import SessionReplay
from keytrail.review.replay.timescale import TimeScale

_BINS = 160
# Lanes, from the top: typing speed up to the base line, deletions below it, marks over both.
_BASE, _TOP, _BOTTOM = 64.0, 8.0, 92.0
# A bin this fast fills the lane; faster ones are cut off. About 150 words a minute.
_FULL_PER_SECOND = 12.5
# Below each tick stands its time: more or closer ones would run into each other on a phone.
_TICK_STEPS_MS = (5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 14_400_000)
_MOST_TICKS = 12
_LEAST_APART = 14.0
_LINES = frozenset({"paste", "drop", "copy", "cut", "silent", "edit", "refused", "submit", "gap", "start", "final"})


@dataclass(frozen=True)
class TimelineStroke:
    """A mark at one time."""

    x: float
    kind: str
    description: str


@dataclass(frozen=True)
class Band:
    """A mark over a period."""

    x: float
    width: float
    kind: str
    description: str


@dataclass(frozen=True)
class AxisTick:
    """A moment of the session on the axis below the timeline; `x` is in per cent of its width."""

    x: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """`typed` and `deleted` are the outlines of the two lanes; `width` is the length of the session as shown."""

    width: int
    base: float
    typed: str
    deleted: str
    strokes: Sequence[TimelineStroke]
    bands: Sequence[Band]
    findings: Sequence[TimelineStroke]
    kinds: Sequence[str]
    ticks: Sequence[AxisTick]
    summary: str


def timeline_of(replayed: SessionReplay, findings: Sequence[tuple[str, Sequence[int]]]) -> Timeline:
    """Build the timeline of a session; `findings` are titles with their times in ms of the session."""
    scale = replayed.scale
    typed, deleted = _series(replayed.playback, scale)
    strokes = [
        TimelineStroke(round(scale.shown(mark.t_ms), 1), mark.kind, f"{clock(mark.t_ms)} {mark.note}")
        for mark in replayed.playback.marks
        if mark.kind in _LINES
    ]
    bands = _bands(replayed)
    return Timeline(
        width=scale.shown_ms,
        base=_BASE,
        typed=_outline(typed, scale.shown_ms, _TOP - _BASE),
        deleted=_outline(deleted, scale.shown_ms, _BOTTOM - _BASE),
        strokes=strokes,
        bands=bands,
        findings=[
            TimelineStroke(round(scale.shown(ms), 1), "finding", f"{clock(ms)} {title}")
            for title, times in findings
            for ms in times
        ],
        kinds=list(dict.fromkeys([*(band.kind for band in bands), *(stroke.kind for stroke in strokes)])),
        ticks=_ticks(scale, replayed.playback.duration_ms),
        summary=_summary(replayed),
    )


def _ticks(scale: TimeScale, duration_ms: int) -> list[AxisTick]:
    """Round moments, of which those are left out that a shortened pause puts too close to the one before."""
    step = next((step for step in _TICK_STEPS_MS if duration_ms / step <= _MOST_TICKS), _TICK_STEPS_MS[-1])
    ticks: list[AxisTick] = []
    for ms in range(0, duration_ms + 1, step):
        x = 100 * scale.shown(ms) / max(scale.shown_ms, 1)
        if not ticks or x - ticks[-1].x >= _LEAST_APART:
            ticks.append(AxisTick(round(x, 2), clock(ms)))
    return ticks


def _series(playback: Playback, scale: TimeScale) -> tuple[list[float], list[float]]:
    """Return characters typed and deleted in each bin of shown time, as a share of what fills a lane."""
    typed, deleted = [0.0] * _BINS, [0.0] * _BINS
    width = max(scale.shown_ms, 1)
    full = _FULL_PER_SECOND * width / _BINS / 1000
    for step in playback.steps:
        if step.kind in {"start", "final", "gap"}:
            continue
        at = min(int(scale.shown(step.t_ms) / width * _BINS), _BINS - 1)
        deleted[at] += step.deleted / full
        if step.kind in {"type", "composition", "correction"}:
            typed[at] += len(step.inserted) / full
    return [min(v, 1.0) for v in typed], [min(v, 1.0) for v in deleted]


def _outline(values: Sequence[float], width: int, height: float) -> str:
    """Return a closed path of steps from the base line."""
    step = width / len(values)
    parts = [f"M0 {_BASE:g}"]
    for at, value in enumerate(values):
        if value or (at and values[at - 1]):
            parts.append(f"V{_BASE + value * height:.1f}H{(at + 1) * step:.0f}")
        else:
            parts.append(f"H{(at + 1) * step:.0f}")
    return "".join([*parts, f"V{_BASE:g}Z"])


def _bands(replayed: SessionReplay) -> list[Band]:
    scale = replayed.scale
    spans = [
        (mark.t_ms, mark.until_ms, mark.kind, mark.note) for mark in replayed.playback.marks if mark.kind == "away"
    ]
    spans += [(p.from_ms, p.until_ms, "pause", f"Pause of {lasting(p.ms)}, shown shortened.") for p in scale.pauses]
    bands = []
    for from_ms, until_ms, kind, note in spans:
        x = scale.shown(from_ms)
        bands.append(Band(round(x, 1), round(scale.shown(until_ms) - x, 1), kind, f"{clock(from_ms)} {note}"))
    return bands


def _summary(replayed: SessionReplay) -> str:
    pauses = len(replayed.scale.pauses)
    are = "is" if pauses == 1 else "are"
    shortened = f"; {count(pauses, 'long pause')} {are} shown shortened" if pauses else ""
    length = clock(replayed.playback.duration_ms)
    return f'Timeline of the session, {length} long{shortened}. "The session in sentences" says the same.'
