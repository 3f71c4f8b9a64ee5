"""Split a text into runs of one origin, for display."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keytrail.provenance import Origin

# Two adjacent pastes are two arrivals; neighbours of any other origin are one run.
_SEPARATE = frozenset({Origin.EXTERNAL, Origin.SOURCE, Origin.MOVED, Origin.INITIAL})
_UNIT = 2
_LOW_FIRST, _LOW_LAST = 0xDC00, 0xDFFF
_HIGH_FIRST, _HIGH_LAST = 0xD800, 0xDBFF


@dataclass(frozen=True)
class OriginRun:
    """A stretch of text with one origin. `start` and `end` are UTF-16 units of the whole text.

    `first_ms` and `last_ms` say when its parts came, in ms of their page load `epoch`; None if the log cannot tell.
    `inherited` is the origin that moved text had before.
    """

    start: int
    end: int
    origin: str
    text: str
    first_ms: int | None = None
    last_ms: int | None = None
    cause: str | None = None
    epoch: int | None = None
    inherited: str | None = None

    @property
    def units(self) -> int:
        """Length in UTF-16 units."""
        return self.end - self.start


def runs_of(text: str, spans: Iterable[Mapping[str, Any]]) -> list[OriginRun]:
    """Return the whole text in order. Text without a span is `unknown`; a surrogate pair is never split."""
    units = text.encode("utf-16-le", "surrogatepass")
    merged: list[OriginRun] = []
    for run in _covering(spans, len(units) // _UNIT):
        start, end = _whole(units, run.start), _whole(units, run.end)
        if start == end:
            continue
        if merged and _one_arrival(merged[-1], run):
            merged[-1] = _join(merged[-1], run, end)
        else:
            merged.append(replace(run, start=start, end=end))
    return [replace(run, text=cut(units, run.start, run.end)) for run in merged]


def cut(units: bytes, start: int, end: int) -> str:
    """Return units `start` to `end` of a UTF-16-LE text; lone surrogates stay as they are."""
    return units[start * _UNIT : end * _UNIT].decode("utf-16-le", "surrogatepass")


def _covering(spans: Iterable[Mapping[str, Any]], length: int) -> Iterator[OriginRun]:
    reached = 0
    for span in sorted(spans, key=lambda span: int(span["start"])):
        start, end = max(reached, int(span["start"])), min(length, int(span["end"]))
        if end <= start:
            continue
        if start > reached:
            yield OriginRun(reached, start, Origin.UNKNOWN, "")
        at = span.get("at_ms")
        yield OriginRun(
            start, end, str(span["origin"]), "", at, at, span.get("cause"), span.get("epoch"), span.get("inherited")
        )
        reached = end
    if reached < length:
        yield OriginRun(reached, length, Origin.UNKNOWN, "")


def _whole(units: bytes, position: int) -> int:
    """Return the position, or the one after it if it splits a surrogate pair."""
    at = position * _UNIT
    if not 0 < at < len(units):
        return position
    before = int.from_bytes(units[at - _UNIT : at], "little")
    after = int.from_bytes(units[at : at + _UNIT], "little")
    inside = _HIGH_FIRST <= before <= _HIGH_LAST and _LOW_FIRST <= after <= _LOW_LAST
    return position + 1 if inside else position


def _one_arrival(left: OriginRun, right: OriginRun) -> bool:
    if (left.origin, left.epoch, left.inherited) != (right.origin, right.epoch, right.inherited):
        return False
    return left.origin not in _SEPARATE or left.first_ms == right.first_ms


def _join(left: OriginRun, right: OriginRun, end: int) -> OriginRun:
    times: Sequence[int] = [t for t in (left.first_ms, left.last_ms, right.first_ms) if t is not None]
    return replace(left, end=end, first_ms=min(times, default=None), last_ms=max(times, default=None))
