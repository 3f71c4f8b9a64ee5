"""Prevalence by parts of the study (condition, platform, time): a plot for each split, and its figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keytrail.requester.synthetic.estimators import ESTIMATOR_TEXTS
from keytrail.requester.synthetic.forest import ForestLine, ForestPlot, forest_plot, share_words
from keytrail.synthetic.prevalence.study import StudyPart
from keytrail.text.prevalence.recommendation import Estimator, estimates_by_estimator
from keytrail.text.prevalence.report import PrevalenceReport

SHOWN = (Estimator.EXTERNAL, Estimator.READS_SYNTHETIC, Estimator.CORRECTED, Estimator.TWO_TESTS)
NO_ESTIMATE = "no estimate"


@dataclass(frozen=True)
class PartRow:
    """One part of the study by submission or by worker; `shares` correspond to SHOWN and are empty if unknown."""

    name: str
    unit: str
    number: int
    shares: Sequence[str]


@dataclass(frozen=True)
class PartSection:
    """One way to split the study. `shown` is the estimate that the plot shows for every part; `note` may be empty."""

    title: str
    shown: str
    note: str
    plot: ForestPlot | None
    columns: Sequence[str]
    rows: Sequence[PartRow]


def part_sections(parts: Mapping[str, Sequence[StudyPart]]) -> Sequence[PartSection]:
    """Return a section for each split, in the study's order."""
    return [_section(way, split) for way, split in parts.items()]


def _section(way: str, parts: Sequence[StudyPart]) -> PartSection:
    estimator = _plotted(parts)
    shown = ESTIMATOR_TEXTS[estimator].name
    lines = [
        ForestLine(
            part.name,
            estimates_by_estimator(part.by_submission).get(estimator),
            estimates_by_estimator(part.by_worker).get(estimator),
            note=NO_ESTIMATE,
        )
        for part in parts
    ]
    return PartSection(
        title=f"By {way}",
        shown=shown,
        # These estimates are cached for all readers, so their days cannot be in the reader's time zone.
        note="Days are counted in UTC, the same for all readers." if way == "time" else "",
        plot=forest_plot(f"by-{way}", f"{shown}, by {way}", [("", lines)]),
        columns=[ESTIMATOR_TEXTS[one].name for one in SHOWN],
        rows=[_row(part.name, report) for part in parts for report in (part.by_submission, part.by_worker)],
    )


def _plotted(parts: Sequence[StudyPart]) -> Estimator:
    """Return the corrected count if any part has one: it is valid whether or not the log could record how a text was
    made.
    """
    corrected = any(Estimator.CORRECTED in estimates_by_estimator(part.by_submission) for part in parts)
    return Estimator.CORRECTED if corrected else Estimator.EXTERNAL


def _row(name: str, report: PrevalenceReport) -> PartRow:
    found = estimates_by_estimator(report)
    shares = [
        "" if (one := found.get(estimator)) is None else share_words(one.value, one.interval) for estimator in SHOWN
    ]
    return PartRow(name, report.unit, report.submissions if report.unit == "submissions" else report.workers, shares)
