"""Turn the estimates of a prevalence report into the rows of one table."""

from keytrail.text.prevalence.intervals import Estimate
from keytrail.text.prevalence.report import PrevalenceReport


def report_rows(report: PrevalenceReport) -> list[tuple[str, Estimate]]:
    """Return every estimate with its kind."""
    two = report.two_tests
    groups = {
        "raw share": report.raw,
        "corrected count": report.corrected,
        "two tests": () if two is None else two.prevalence,
        "two tests, clustered": report.two_tests_clustered,
        "errors of the tests": () if two is None else (*two.sensitivity, *two.specificity),
        "the paper's thresholds": report.thresholds,
    }
    return [(kind, estimate) for kind, estimates in groups.items() for estimate in estimates]


def joint_rows(report: PrevalenceReport) -> list[tuple[str, Estimate]]:
    """Like `report_rows`, for several populations: all together, then each by itself."""
    rows = report_rows(report)
    two = report.two_tests
    if two is not None and two.together is not None:
        rows.insert([kind for kind, _ in rows].index("two tests"), ("two tests", two.together))
    return rows
