"""Small charts: bars that are links, with the same figures in a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class BarSegment:
    """A part of a bar; `start` and `size` are per cent of the chart's full length, `look` chooses the colour."""

    look: str
    start: float
    size: float


@dataclass(frozen=True)
class Bar:
    """One bar with its label, its value in words, and a link to its submissions.

    `tick` is the label under the bar and `top` the figure over it, where there is room for them, else empty.
    """

    label: str
    description: str
    url: str
    segments: Sequence[BarSegment]
    tick: str = ""
    top: str = ""


@dataclass(frozen=True)
class Chart:
    """Bars with a title and an explanation. `key` is the legend, `columns` and `rows` are the table."""

    id: str
    title: str
    explanation: str
    bars: Sequence[Bar]
    key: Sequence[tuple[str, str]]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def stacked(parts: Mapping[str, int], most: int) -> Sequence[BarSegment]:
    """Stack segments; `most` is the value that fills the chart."""
    segments = []
    start = 0.0
    for look, count in parts.items():
        if count:
            size = 100 * count / max(most, 1)
            segments.append(BarSegment(look, round(start, 2), round(size, 2)))
            start += size
    return segments


def ticks(count: int, most: int = 9) -> Sequence[bool]:
    """Return which of so many bars have a label: evenly spread, always including the first."""
    every = max(1, -(-count // most))
    return [at % every == 0 for at in range(count)]
