"""The share of a text that arrived without typing, for lists, means and filters; None where the log cannot tell."""

from sqlalchemy import ColumnElement, case

from keytrail.models import StoredReport
from keytrail.provenance import Verdict

IS_KNOWN: ColumnElement[bool] = StoredReport.verdict != Verdict.UNVERIFIABLE
"""Whether a report knows the origins. Without a log all text is of unknown origin, which is not the worker's doing."""

ARRIVED_SHARE: ColumnElement[float | None] = case((IS_KNOWN, StoredReport.arrived_share))
"""The share from 0 to 1, None where unknown."""


def arrived_share(report: StoredReport | None) -> float | None:
    """Like `ARRIVED_SHARE`, of a loaded report; None before the analysis too."""
    return report.arrived_share if report is not None and report.verdict != Verdict.UNVERIFIABLE else None
