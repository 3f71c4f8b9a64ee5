"""The share of a text that arrived without typing, for lists, means and exports; None where the log cannot tell."""

from keytrail.models import StoredReport
from keytrail.provenance import Report, Verdict


def arrived_share(report: StoredReport | Report | None) -> float | None:
    """Return the share from 0 to 1, None before the analysis.

    Without a log all text is of unknown origin, which is not the worker's doing.
    """
    return report.arrived_share if report is not None and report.verdict != Verdict.UNVERIFIABLE else None
