"""A forest plot: estimates with their intervals on one axis, as numbers that a template draws.

Widths are per cent of the figure's own width and heights are pixels, so that the same drawing fits a phone and a page
without shrinking its text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keytrail.text.prevalence.intervals import Estimate, Interval
from keytrail.web.formatting import percent_range, percent_within

_LEFT, _RIGHT = 2.0, 66.0
"""The axis's ends; the figures are to its right."""
_TOP, _GROUP, _LABEL, _MARK, _GAP, _FOOT = 30, 24, 18, 20, 8, 44
"""Heights: the key, a group's heading, a label, the line of a mark, the space between rows, the axis."""
_AXES = ((0.1, 0.02), (0.2, 0.05), (0.3, 0.05), (0.4, 0.1), (0.5, 0.1), (0.6, 0.1), (0.8, 0.2), (1.0, 0.2))
"""Possible ends of the axis, each with the distance between ticks."""


@dataclass(frozen=True)
class ForestLine:
    """One estimate to draw, by submission and by worker if available; `note` gives the reason if there is none."""

    label: str
    by_submission: Estimate | None
    by_worker: Estimate | None = None
    recommended: bool = False
    note: str = ""


@dataclass(frozen=True)
class ForestMark:
    """A point with its interval; `words` are its figures and `unit` is "submissions" or "workers"."""

    unit: str
    y: int
    at: float
    low: float
    high: float
    words: str


@dataclass(frozen=True)
class ForestRow:
    """A label with its marks below it."""

    label: str
    recommended: bool
    note: str
    y: int
    marks: Sequence[ForestMark]


@dataclass(frozen=True)
class ForestGroup:
    """Rows under a heading, which may be empty."""

    title: str
    y: int
    rows: Sequence[ForestRow]


@dataclass(frozen=True)
class ForestTick:
    """A tick of the axis with its label."""

    x: float
    label: str


@dataclass(frozen=True)
class ForestPlot:
    """The plot as the template draws it; `description` says the same in sentences."""

    id: str
    title: str
    description: str
    height: int
    axis_y: int
    units: Sequence[str]
    ticks: Sequence[ForestTick]
    groups: Sequence[ForestGroup]


def forest_plot(plot_id: str, title: str, groups: Sequence[tuple[str, Sequence[ForestLine]]]) -> ForestPlot | None:
    """Return the plot of these groups of lines; None if none has an estimate."""
    lines = [line for _, group in groups for line in group]
    drawn = [estimate for line in lines for estimate in _both(line)]
    if not drawn:
        return None
    end, step = next((axis for axis in _AXES if axis[0] >= max(one.interval.high for _, one in drawn)), _AXES[-1])
    placed, height = _placed(groups, end)
    return ForestPlot(
        id=plot_id,
        title=title,
        description=" ".join([f"95 % intervals on an axis from 0 to {100 * end:.0f} %.", *map(_sentence, lines)]),
        height=height + _FOOT,
        axis_y=height,
        units=list(dict.fromkeys(unit for unit, _ in drawn)),
        ticks=[_tick(number * step, end) for number in range(round(end / step) + 1)],
        groups=placed,
    )


def _placed(groups: Sequence[tuple[str, Sequence[ForestLine]]], end: float) -> tuple[Sequence[ForestGroup], int]:
    """Return the groups one below the other, and the height at which they end."""
    y = _TOP
    placed = []
    for title, lines in groups:
        heading = y + _GROUP - 8
        y += _GROUP if title else 0
        rows = []
        for line in lines:
            marks = [
                _mark(unit, one, y + _LABEL + _MARK * number + _MARK // 2, end)
                for number, (unit, one) in enumerate(_both(line))
            ]
            rows.append(ForestRow(line.label, line.recommended, line.note, y + _LABEL - 4, marks))
            y += _LABEL + _MARK * len(marks) + _GAP
        placed.append(ForestGroup(title, heading, rows))
    return placed, y


def _both(line: ForestLine) -> Iterator[tuple[str, Estimate]]:
    for unit, one in (("submissions", line.by_submission), ("workers", line.by_worker)):
        if one is not None:
            yield unit, one


def _mark(unit: str, one: Estimate, y: int, end: float) -> ForestMark:
    at, low, high = (_place(value, end) for value in (one.value, one.interval.low, one.interval.high))
    return ForestMark(unit, y, at, low, high, share_words(one.value, one.interval))


def _tick(share: float, end: float) -> ForestTick:
    return ForestTick(_place(share, end), f"{100 * share:.0f}")


def _place(share: float, end: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * share / end, 2)


def share_words(value: float, interval: Interval) -> str:
    """Format a share with its interval, with the digits that the interval supports."""
    low, high = interval.low, interval.high
    return f"{percent_within(value, low, high)} ({percent_range(low, high)})"


def _sentence(line: ForestLine) -> str:
    marks = [f"{share_words(one.value, one.interval)} of {unit}" for unit, one in _both(line)]
    return f"{line.label}: {', '.join(marks) or line.note}."
