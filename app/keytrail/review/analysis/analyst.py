"""Run analyses in the background: of new submissions, of those that a stopped server left, and retries."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Event
from typing import Any, Final, Generic, TypeVar

from sqlalchemy.orm import Session

from keytrail.child_process import Helper, HelperFailed
from keytrail.db import Database
from keytrail.locks import Locks
from keytrail.metrics import ANALYSIS_SECONDS
from keytrail.models import Submission
from keytrail.provenance import Report
from keytrail.review.analysis.analysis_queue import AnalysisQueue, Queued
from keytrail.review.analysis.background import examined
from keytrail.review.analysis.bridge import store_report
from keytrail.review.analysis.failures import begin_try, due, is_untried, never_tried, record_failure

LOOK_S: Final = 15.0
"""How often it looks for analyses to be retried, or left behind by a process that ended."""

_log = logging.getLogger("keytrail")
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class AnalysisSteps(Generic[_Found]):
    """The two halves of an analysis: `examine` reads, possibly in another process, and `store` writes the result."""

    examine: Callable[[Database, int], _Found | None]
    store: Callable[[Session, Submission, _Found, datetime], Report]


OF_THE_LOG: Final = AnalysisSteps(examined, store_report)
"""An analysis of the log alone."""


def _name(submission_id: int) -> str:
    """Of the lock that whoever analyses it holds."""
    return f"analysis {submission_id}"


class Analyst:
    """Analyse submissions one after the other with a helper that may crash without harm to the server.

    In the order of AnalysisQueue: a usual log waits for the analysis under way, whatever else waits.
    """

    def __init__(
        self,
        database: Database,
        helper: Helper,
        clock: Callable[[], datetime],
        *,
        at_once: bool,
        steps: AnalysisSteps[Any] = OF_THE_LOG,
        elsewhere: bool = False,
    ) -> None:
        """With `at_once`, `soon` returns when the analysis is over; with `elsewhere`, another process does it."""
        self._database, self._helper, self._clock, self._at_once = database, helper, clock, at_once
        self._steps = steps
        self._elsewhere, self._look_s = elsewhere, LOOK_S
        self._locks = Locks(database.engine)
        self._handed_over: SimpleQueue[int | None] = SimpleQueue()
        self._queue = AnalysisQueue()
        self._stopping = Event()
        self._looked = time.monotonic()
        self._idle = Event()
        self._idle.set()

    def soon(self, submission_id: int) -> None:
        """Queue a submission for analysis. A failure is recorded, and retried later."""
        if self._at_once:
            self.analyse(submission_id)
        elif not self._elsewhere:
            self._handed_over.put(submission_id)

    def run(self, look_s: float = LOOK_S) -> None:
        """Analyse until `stop`: what an earlier server left, what comes, and what failed when it is due.

        `look_s` is how often to look for analyses that other processes were told of, left behind or failed at.
        """
        self._look_s = look_s
        self._idle.clear()
        self._go_on_after(self._look)
        while not self._stopping.is_set():
            self._go_on_after(self._next)
        self._idle.set()

    def stop(self, patience_s: float = 0) -> None:
        """End `run` after what it is at, or after so many seconds. What was not analysed is left to the next server."""
        self._stopping.set()
        self._handed_over.put(None)
        self._idle.wait(patience_s)
        self._helper.close()

    def catch_up(self) -> None:
        """Analyse each submission without a report, unless its analysis has failed and is not due.

        Reports of an earlier analysis version are kept, because reviewers have decided by them; `keytrail analyse`
        recomputes them.
        """
        self._look()
        while not self._stopping.is_set() and (queued := self._queue.take()):
            self._try(queued)

    def analyse(self, submission_id: int) -> Report | None:
        """Analyse one submission now; None if that failed, which is noted, or if the submission was erased."""
        return self.conclude(submission_id, lambda: self._helper.call(self._steps.examine, submission_id))

    def conclude(self, submission_id: int, examined: Callable[[], Any]) -> Report | None:
        """Store what `examined` returns as the report; if it raises an error, note the failure and return None."""
        began = time.monotonic()
        try:
            report = self._stored(submission_id, examined())
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

    def _stored(self, submission_id: int, found: Any) -> Report | None:
        if found is None:
            return None
        with self._database.writing() as db:
            present = db.get(Submission, submission_id, with_for_update=True)
            return None if present is None else self._steps.store(db, present, found, self._clock())

    def _go_on_after(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:  # noqa: BLE001  # a locked database or a full disk must not end the thread
            _log.exception("analysing failed; it goes on")
            self._stopping.wait(1)

    def _next(self) -> None:
        """Analyse the next in the queue; if there is none, wait for one."""
        self._receive(0 if self._queue else self._look_s)
        if queued := self._queue.take():
            self._try(queued)
        if time.monotonic() - self._looked >= self._look_s:  # however much comes meanwhile
            self._look()

    def _look(self) -> None:
        """Queue what has no report: never tried, or due for another try."""
        self._looked = time.monotonic()
        with self._database.reading() as db:
            self._queue.add(db, never_tried(db), new=False)
            self._queue.add_again(due(db, self._clock()))

    def _receive(self, wait_s: float) -> None:
        """Queue all that was handed over, and wait so long for the first. If that fails, `_look` finds them."""
        received: list[int | None] = []
        try:
            received.append(self._handed_over.get(timeout=wait_s) if wait_s else self._handed_over.get_nowait())
            while True:
                received.append(self._handed_over.get_nowait())
        except Empty:
            pass
        if new := [submission_id for submission_id in received if submission_id is not None]:
            with self._database.reading() as db:
                self._queue.add(db, new, new=True)

    def _try(self, queued: Queued) -> None:
        if self._stopping.is_set():
            return
        if queued.new:
            self._first_try(queued.submission_id)
        else:
            self._retry(queued.submission_id)

    def _first_try(self, submission_id: int) -> None:
        """Analyse a submission for the first time, unless another process has done it meanwhile."""
        with self._locks.held(_name(submission_id)) as mine:
            if mine:
                with self._database.reading() as db:
                    untried = is_untried(db, submission_id)
                if untried:
                    self.analyse(submission_id)

    def _retry(self, submission_id: int) -> None:
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
                record_failure(db, submission_id, reason, self._clock())
        except Exception:  # noqa: BLE001  # a full disk must not end the analyst
            _log.exception("submission %s: that its analysis failed could not be noted", submission_id)
