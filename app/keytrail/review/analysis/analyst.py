"""Analyses that nobody waits for: after a submission, of what a stopped server left, and again where one failed."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Event
from typing import Final

from keytrail.child_process import Helper, HelperFailed
from keytrail.db import Database
from keytrail.locks import Locks
from keytrail.metrics import ANALYSIS_SECONDS
from keytrail.models import Submission
from keytrail.provenance import Report
from keytrail.review.analysis.background import examined
from keytrail.review.analysis.bridge import store_report
from keytrail.review.analysis.failures import begin_try, due, is_untried, never_tried, note_failure

_LOOK_S: Final = 15.0
"""How often it looks for analyses that are to be tried again, or that a process which ended had not come to."""

_log = logging.getLogger("keytrail")


def _name(submission_id: int) -> str:
    """Of the lock that whoever analyses it holds."""
    return f"analysis {submission_id}"


class Analyst:
    """Has submissions analysed, one after the other, by a helper that may die of one without harm to the server."""

    def __init__(
        self,
        database: Database,
        helper: Helper,
        clock: Callable[[], datetime],
        *,
        at_once: bool,
        elsewhere: bool = False,
        look_s: float = _LOOK_S,
    ) -> None:
        """With `at_once` nothing waits in a queue: `soon` returns when the analysis is over; `elsewhere`, at once.

        `look_s` is how often `run` looks for what others were told of, left behind or could not do.
        """
        self._database, self._helper, self._clock, self._at_once = database, helper, clock, at_once
        self._elsewhere, self._look_s = elsewhere, look_s
        self._locks = Locks(database.engine)
        self._waiting: SimpleQueue[int | None] = SimpleQueue()
        self._stopping = Event()
        self._looked = time.monotonic()
        self._idle = Event()
        self._idle.set()

    def soon(self, submission_id: int) -> None:
        """Analyse a submission after the answer was sent. A failure is noted, and tried again later."""
        if self._at_once:
            self.analyse(submission_id)
        elif not self._elsewhere:
            self._waiting.put(submission_id)

    def run(self) -> None:
        """Analyse until `stop`: first what an earlier server left, then what comes, and what failed when it is due."""
        self._idle.clear()
        self._go_on_after(self.catch_up)
        while not self._stopping.is_set():
            self._go_on_after(self._next)
        self._idle.set()

    def stop(self, patience_s: float = 0) -> None:
        """End `run` after what it is at, or after so many seconds. What was not analysed is left to the next server."""
        self._stopping.set()
        self._waiting.put(None)
        self._idle.wait(patience_s)
        self._helper.close()

    def catch_up(self) -> None:
        """Try each submission that has no report, unless its analysis has failed and is not to be tried now.

        Reports of an earlier analysis version stay: reviewers have decided by them. `keytrail analyse` makes them anew.
        """
        with self._database.reading() as db:
            left = [*never_tried(db), *due(db, self._clock())]
        for submission_id in left:
            self._retry(submission_id)

    def analyse(self, submission_id: int) -> Report | None:
        """Analyse one submission now; None if that failed, which is noted, or if the submission was erased."""
        began = time.monotonic()
        try:
            report = self._report(submission_id)
        except HelperFailed as end:
            reason = str(end)
        except Exception as error:  # noqa: BLE001  # whatever it was, the submission is in and stays in
            _log.exception("submission %s: its analysis failed", submission_id)
            reason = f"An error in the program stopped it ({type(error).__name__})."
        else:
            ANALYSIS_SECONDS.labels("done").observe(time.monotonic() - began)
            return report
        ANALYSIS_SECONDS.labels("failed").observe(time.monotonic() - began)
        if not self._stopping.is_set():
            self._note(submission_id, reason)
        return None

    def _report(self, submission_id: int) -> Report | None:
        found = self._helper.call(examined, submission_id)
        if found is None:
            return None
        with self._database.writing() as db:
            present = db.get(Submission, submission_id, with_for_update=True)
            return None if present is None else store_report(db, present, found, self._clock())

    def _go_on_after(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:  # noqa: BLE001  # a locked database or a full disk must not end it for good
            _log.exception("analysing failed; it goes on")
            self._stopping.wait(1)

    def _next(self) -> None:
        with suppress(Empty):
            submission_id = self._waiting.get(timeout=self._look_s)
            if submission_id is not None and not self._stopping.is_set():
                self._first_try(submission_id)
        if time.monotonic() - self._looked >= self._look_s:  # however much comes meanwhile
            self._looked = time.monotonic()
            self.catch_up()

    def _first_try(self, submission_id: int) -> None:
        """Unless another process has found it meanwhile."""
        with self._locks.held(_name(submission_id)) as mine:
            if mine:
                with self._database.reading() as db:
                    untried = is_untried(db, submission_id)
                if untried:
                    self.analyse(submission_id)

    def _retry(self, submission_id: int) -> None:
        if self._stopping.is_set():
            return
        with self._locks.held(_name(submission_id)) as mine:
            if not mine:
                return
            with self._database.writing() as db:
                wanted = begin_try(db, submission_id, self._clock())
            if wanted:
                self.analyse(submission_id)

    def _note(self, submission_id: int, reason: str) -> None:
        _log.error("submission %s could not be analysed: %s", submission_id, reason)
        try:
            with self._database.writing() as db:
                note_failure(db, submission_id, reason, self._clock())
        except Exception:  # noqa: BLE001  # a full disk must not end the analyst
            _log.exception("submission %s: that its analysis failed could not be noted", submission_id)
