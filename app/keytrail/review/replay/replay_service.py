"""The replay service of the dashboard: short logs in the server, long ones in a child process, one at a time."""

import logging
from threading import Lock
from typing import Final

from sqlalchemy.orm import Session

from keytrail.child_process import Helper, HelperFailed
from keytrail.db import Database
from keytrail.errors import Unavailable
from keytrail.models import Submission
from keytrail.review.analysis.bridge import load_for_analysis
from keytrail.review.replay.session_replay import SessionReplay, load_session_replay

SHORT_EVENTS: Final = 15_000
"""A session of this many events takes about 100 ms to replay."""
_PATIENCE_S: Final = 5.0

_log = logging.getLogger("keytrail")


class ReplayService:
    """Replays logs within the limits of the server's child processes."""

    def __init__(self, helper: Helper) -> None:
        self._helper = helper
        self._long = Lock()

    def of(self, db: Session, submission: Submission) -> SessionReplay:
        """Return the replay of a stored session. Raises Unavailable if it takes too long now, or always."""
        return load_session_replay(db, submission) if is_short(submission) else self._of_long(submission.id)

    def close(self) -> None:
        """End the child process, even while it works."""
        self._helper.close()

    def _of_long(self, submission_id: int) -> SessionReplay:
        if not self._long.acquire(timeout=_PATIENCE_S):
            raise Unavailable("The server is replaying another long session. Please try again in a moment.")
        try:
            found = self._helper.call(_stored_replay, submission_id)
        except HelperFailed as end:
            _log.error("submission %s could not be replayed: %s", submission_id, end)
            raise Unavailable(f"This session could not be replayed. {end}") from None
        finally:
            self._long.release()
        if found is None:
            raise Unavailable("This submission was deleted while its replay was made.")
        return found


def is_short(submission: Submission) -> bool:
    """Return whether the analysed log is short enough to be replayed with every view of its page."""
    report = submission.report
    return report is not None and report.body["integrity"].get("events", 0) <= SHORT_EVENTS


def _stored_replay(database: Database, submission_id: int) -> SessionReplay | None:
    with database.reading() as db:
        submission = load_for_analysis(db, submission_id)
        return None if submission is None else load_session_replay(db, submission)
