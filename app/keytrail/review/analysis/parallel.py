"""Analyse many submissions on several cores."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from itertools import islice
from queue import SimpleQueue
from typing import Any, Final

from keytrail.child_process import Helper, HelperKilled
from keytrail.db import Database
from keytrail.review.analysis.analyst import OF_THE_LOG, AnalysisSteps, Analyst

_AHEAD: Final = 2
"""Examinations handed out per helper: one under way and one waiting, so that results do not pile up in memory."""


class ParallelAnalysis:
    """Several helpers examine submissions; one thread, the caller's, writes to the database."""

    def __init__(
        self,
        database: Database,
        helpers: Sequence[Helper],
        clock: Callable[[], datetime],
        steps: AnalysisSteps[Any] = OF_THE_LOG,
    ) -> None:
        self._helpers, self._steps = helpers, steps
        self._analyst = Analyst(database, helpers[0], clock, at_once=True, steps=steps)
        self._free: SimpleQueue[Helper] = SimpleQueue()
        for helper in helpers:
            self._free.put(helper)

    def run(self, submission_ids: Iterable[int]) -> Generator[bool, None, None]:
        """Yield for each submission, in the order in which they are finished, whether it was analysed.

        An examination whose process was killed is repeated at the end, with no other beside it: several together may
        need more memory than the machine has. The helpers cannot be used afterwards.
        """
        repeated = []
        threads = ThreadPoolExecutor(len(self._helpers), "examine")
        try:
            for submission_id, examined in self._examined(threads, submission_ids):
                if isinstance(examined.exception(), HelperKilled):
                    repeated.append(submission_id)
                else:
                    yield self._analyst.conclude(submission_id, examined.result) is not None
            _close(self._helpers[1:])
            for submission_id in repeated:
                yield self._analyst.analyse(submission_id) is not None
        finally:
            _close(self._helpers)  # ends calls under way, if this was interrupted
            threads.shutdown(cancel_futures=True)

    def _examined(
        self, threads: ThreadPoolExecutor, submission_ids: Iterable[int]
    ) -> Iterator[tuple[int, "Future[Any]"]]:
        waiting = iter(submission_ids)
        under_way: dict[Future[Any], int] = {}
        while True:
            for submission_id in islice(waiting, _AHEAD * len(self._helpers) - len(under_way)):
                under_way[threads.submit(self._examine, submission_id)] = submission_id
            if not under_way:
                return
            for examined in wait(under_way, return_when=FIRST_COMPLETED).done:
                yield under_way.pop(examined), examined

    def _examine(self, submission_id: int) -> Any:
        helper = self._free.get()
        try:
            return helper.call(self._steps.examine, submission_id)
        finally:
            self._free.put(helper)


def _close(helpers: Iterable[Helper]) -> None:
    for helper in helpers:
        helper.close()
