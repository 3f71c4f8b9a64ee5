"""Analysing a stored submission outside the unit of work that stores its report."""

from collections.abc import Callable
from datetime import datetime

from keytrail.db import Database
from keytrail.models import AnalysisFailure, Submission
from keytrail.provenance import Report
from keytrail.review.analysis.bridge import Examined, examine, load_for_analysis, store_report


def examined(database: Database, submission_id: int) -> Examined | None:
    """The reading half of an analysis, which may be done in another process; None if the submission was erased."""
    with database.reading() as db:
        submission = load_for_analysis(db, submission_id)
        return None if submission is None else examine(db, submission)


def analyse_stored(database: Database, submission_id: int, clock: Callable[[], datetime]) -> Report | None:
    """Analyse one submission here and store its report; None if it was erased, or could not be analysed before.

    Recording waits for nobody: the log is read and judged outside the unit of work that stores the report. Here nothing
    limits what that costs, so what failed is left to the analyst.
    """
    with database.reading() as db:
        if db.get(AnalysisFailure, submission_id) is not None:
            return None
    found = examined(database, submission_id)
    if found is None:
        return None
    with database.writing() as db:
        present = db.get(Submission, submission_id, with_for_update=True)
        return None if present is None else store_report(db, present, found, clock())
