"""The narrative: a session in sentences, for readers who cannot see the timeline."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keytrail.provenance import Playback, Step
from keytrail.provenance.formatting import count, lasting
from keytrail.provenance.marks import Mark

_MARKED = frozenset({"paste", "drop", "silent", "edit", "gap", "start", "final", "correction"})
_VERBS = {"paste": "Pasted ", "drop": "Dropped ", "silent": "Set ", "edit": "Inserted ", "correction": "Changed "}
# A pause without input longer than this is mentioned.
_STILL_MS = 20_000
# Notes of one kind within this time of each other are told together.
_TOGETHER_MS = 5_000
_HISTORY = frozenset({"undo", "redo"})
_GROUPED = frozenset({"edit", "silent", "correction", "drop"})


@dataclass(frozen=True)
class Line:
    """What happened from `t_ms` until `until_ms` (ms of the session). `kind` is that of a mark, or type, or still."""

    t_ms: int
    until_ms: int
    kind: str
    description: str


@dataclass
class _Burst:
    since_ms: int
    until_ms: int
    came: int = 0
    composed: int = 0
    gone: int = 0
    undone: int = 0

    def add(self, step: Step) -> None:
        """Add a step. Text that undo and redo restore or remove was told before; it was not typed or deleted again."""
        self.until_ms = step.t_ms
        if step.kind in _HISTORY:
            self.undone += 1
            return
        self.gone += step.deleted
        if step.kind == "composition":
            self.composed += len(step.inserted)
        else:
            self.came += len(step.inserted)

    def line(self) -> Line:
        parts = [f"typed {count(self.came, 'character')}"] if self.came else []
        if self.composed:
            parts.append(f"composed {count(self.composed, 'character')}")
        if self.gone:
            parts.append(f"deleted {self.gone:,}")
        if self.undone:
            parts.append(f"used undo or redo {count(self.undone, 'time')}")
        description = " and ".join(parts) or "made an edit"
        length = self.until_ms - self.since_ms
        tail = f" in {lasting(length)}" if length >= 1_000 else ""  # noqa: PLR2004  # a second
        return Line(self.since_ms, self.until_ms, "type", f"{description[0].upper()}{description[1:]}{tail}.")


def narrative_of(playback: Playback) -> Sequence[Line]:
    """Return the whole session, in order."""
    return list(_grouped(_lines(playback)))


def _lines(playback: Playback) -> Iterator[Line]:
    happenings: list[tuple[int, int, Step | Mark]] = [
        *((mark.t_ms, 0, mark) for mark in playback.marks),
        *((step.t_ms, 1, step) for step in playback.steps if step.kind not in _MARKED),
    ]
    burst: _Burst | None = None
    last_ms = 0
    for at_ms, _, happening in sorted(happenings, key=lambda entry: entry[:2]):
        still = at_ms - last_ms >= _STILL_MS
        if burst and (still or isinstance(happening, Mark)):
            yield burst.line()
            burst = None
        if still:
            # A moment later than what came before, so that at that moment it is not this line that counts.
            yield Line(last_ms + 1, at_ms, "still", f"No input for {lasting(at_ms - last_ms)}.")
        if isinstance(happening, Mark):
            yield _sentence(happening)
            last_ms = max(last_ms, happening.until_ms)
            continue
        burst = burst or _Burst(at_ms, at_ms)
        burst.add(happening)
        last_ms = max(last_ms, at_ms)
    if burst:
        yield burst.line()


def _sentence(mark: Mark) -> Line:
    return Line(mark.t_ms, mark.until_ms, mark.kind, _VERBS.get(mark.kind, "") + mark.note)


def _grouped(lines: Iterator[Line]) -> Iterator[Line]:
    """Merge consecutive similar steps into one line."""
    group: list[Line] = []
    for line in lines:
        if group and (line.kind != group[0].kind or line.t_ms - group[-1].until_ms > _TOGETHER_MS):
            yield _together(group)
            group = []
        if line.kind in _GROUPED:
            group.append(line)
        else:
            yield line
    if group:
        yield _together(group)


def _together(group: Sequence[Line]) -> Line:
    first, last = group[0], group[-1]
    if len(group) == 1:
        return first
    description = (
        f"{first.description} {count(len(group) - 1, 'more step')} of this kind follow{'s' if len(group) == 2 else ''}."  # noqa: PLR2004  # one more
    )
    return Line(first.t_ms, last.until_ms, first.kind, description)
