"""Analyses that nobody waits for: after a submission, and of what a stopped server left."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event

from sqlalchemy import select

from keytrail.db import Database
from keytrail.models import StoredReport, Submission
from keytrail.provenance import Report
from keytrail.review.analysing.analysis import examine, keep, load_for_analysis

_log = logging.getLogger("keytrail")


def analyse_stored(database: Database, submission_id: int, clock: Callable[[], datetime]) -> Report | None:
    """Analyse one submission and store its report; None if the submission was erased.

    Recording waits for nobody: the log is read and judged outside the unit of work that stores the report.
    """
    with database.reading() as db:
        submission = load_for_analysis(db, submission_id)
        if submission is None:
            return None
        examined = examine(db, submission)
    with database.writing() as db:
        present = db.get(Submission, submission_id, with_for_update=True)
        return None if present is None else keep(db, present, examined, clock())


def analyse_in_background(database: Database, submission_id: int, clock: Callable[[], datetime]) -> None:
    """Analyse after the answer was sent. A failure leaves the submission without a report, to be analysed later."""
    try:
        analyse_stored(database, submission_id, clock)
    except Exception:  # noqa: BLE001  # whatever it was, the submission is in and stays in
        _log.exception("submission %s could not be analysed; 'keytrail analyse' tries again", submission_id)


def catch_up(database: Database, clock: Callable[[], datetime], stopping: Event) -> None:
    """Analyse every submission that has no report, because the server stopped before it came to it.

    Reports of an earlier analysis version stay: reviewers have decided by them. `keytrail analyse` makes them anew.
    """
    with database.reading() as db:
        left = list(
            db.scalars(
                select(Submission.id)
                .outerjoin(StoredReport)
                .where(StoredReport.submission_id.is_(None))
                .order_by(Submission.id)
            )
        )
    for submission_id in left:
        if stopping.is_set():
            return
        analyse_in_background(database, submission_id, clock)
