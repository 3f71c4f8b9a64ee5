"""Rows of all estimates, for the table behind the plot and for the file."""

from collections.abc import Sequence
from dataclasses import dataclass

from keytrail.synthetic.prevalence.estimates import joint_rows
from keytrail.text.prevalence.intervals import Estimate
from keytrail.text.prevalence.report import PrevalenceReport
from keytrail.web.formatting import percent_range, percent_within


@dataclass(frozen=True)
class EstimateRow:
    """One estimate in words. `unit` is "submissions" or "workers"; `name` is empty if it repeats `kind`."""

    kind: str
    name: str
    unit: str
    share: str
    interval: str
    units: int
    method: str


@dataclass(frozen=True)
class ErrorRow:
    """How often one of the two tests is right, according to the model of both."""

    test: str
    unit: str
    sensitivity: str
    specificity: str


def estimate_rows(*reports: PrevalenceReport | None) -> Sequence[EstimateRow]:
    """Return every estimate of these reports except the tests' error rates."""
    return [
        _row(kind, estimate, report.unit)
        for report in reports
        if report is not None
        for kind, estimate in joint_rows(report)
        if kind != "errors of the tests"
    ]


def _row(kind: str, estimate: Estimate, unit: str) -> EstimateRow:
    low, high = estimate.interval.low, estimate.interval.high
    return EstimateRow(
        kind=kind,
        name="" if estimate.name == kind else estimate.name,
        unit=unit,
        share=percent_within(estimate.value, low, high),
        interval=percent_range(low, high),
        units=estimate.units,
        method=estimate.method,
    )


def error_rows(*reports: PrevalenceReport | None) -> Sequence[ErrorRow]:
    """Return the tests' error rates from reports in which the two tests could be compared."""
    return [
        ErrorRow(test, report.unit, _rate(sensitivity), _rate(specificity))
        for report in reports
        if report is not None and (two := report.two_tests) is not None
        for test, sensitivity, specificity in zip(("log", "text"), two.sensitivity, two.specificity, strict=True)
    ]


def _rate(estimate: Estimate) -> str:
    low, high = estimate.interval.low, estimate.interval.high
    return f"{percent_within(estimate.value, low, high)} ({percent_range(low, high)})"
