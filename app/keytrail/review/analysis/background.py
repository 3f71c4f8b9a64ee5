"""Analyse a submission in the background, outside the unit of work that stores its report."""

from collections.abc import Callable
from datetime import datetime

from keytrail.db import Database
from keytrail.models import AnalysisFailure, Submission
from keytrail.provenance import Report
from keytrail.review.analysis.bridge import Examined, examine, load_for_analysis, store_report


def examined(database: Database, submission_id: int) -> Examined | None:
    """Read and analyse a submission without writing, possibly in another process; None if the submission was erased."""
    with database.reading() as db:
        submission = load_for_analysis(db, submission_id)
        return None if submission is None else examine(db, submission)


def analyse_stored(database: Database, submission_id: int, clock: Callable[[], datetime]) -> Report | None:
    """Analyse one submission in this process and store its report; None if it was erased, or failed before.

    Recording is not blocked: the log is read and analysed outside the unit of work that stores the report. The cost is
    not limited here, so submissions that failed before are left to the analyst.
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
