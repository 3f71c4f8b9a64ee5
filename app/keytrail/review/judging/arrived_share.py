"""How much of a text arrived without typing, for lists, means and filters: nothing where the log cannot tell."""

from sqlalchemy import ColumnElement, case

from keytrail.models import StoredReport
from keytrail.provenance import Verdict

IS_KNOWN: ColumnElement[bool] = StoredReport.verdict != Verdict.UNVERIFIABLE
"""Whether a report says how the text came. Without a log all of it is of unknown origin, which is nobody's doing."""

ARRIVED_SHARE: ColumnElement[float | None] = case((IS_KNOWN, StoredReport.arrived_share))
"""The share from 0 to 1, None where it is not told."""


def arrived_share(report: StoredReport | None) -> float | None:
    """As `ARRIVED`, of a report already loaded; None before the analysis too."""
    return report.arrived_share if report is not None and report.verdict != Verdict.UNVERIFIABLE else None
