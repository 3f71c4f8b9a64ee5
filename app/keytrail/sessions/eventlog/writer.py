"""The log's writer (group commit): one thread stores all waiting batches in one transaction, and answers after the
commit.

A commit waits for the disk, which allows about a hundred a second, but one commit can hold many batches. While one
group is being committed the next one gathers.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import SimpleQueue

from sqlalchemy.exc import OperationalError

from keytrail.db import Database, storage_error
from keytrail.errors import Unavailable
from keytrail.metrics import BATCHES, EVENTS, GROUP_BATCHES, GROUP_SECONDS, GROUP_WAITING
from keytrail.sessions.eventlog.appending import Append, append_all
from keytrail.sessions.eventlog.chain import Chain
from keytrail.sessions.eventlog.limits import LogLimits

_log = logging.getLogger("keytrail")


@dataclass(frozen=True)
class WriterLimits:
    """Limits on waiting batches and bytes of their bodies, and on batches per transaction.

    `gather_seconds` pass between two transactions, so that the next group gathers and other writers get the database. A
    batch that arrives later than that is stored at once.
    """

    waiting: int = 2000
    waiting_bytes: int = 64 * 2**20
    group: int = 256
    gather_seconds: float = 0.008


@dataclass(slots=True)
class _Pending:
    append: Append
    loop: asyncio.AbstractEventLoop
    answer: "asyncio.Future[int]" = field(repr=False)


class GroupWriter:
    """Store batches from an event loop. The thread starts with the first batch and ends with `close`."""

    def __init__(
        self, database: Database, chain: Chain, limits: WriterLimits | None = None, of_a_log: LogLimits | None = None
    ) -> None:
        self._database = database
        self._chain = chain
        self._limits = limits or WriterLimits()
        self._of_a_log = of_a_log or LogLimits()
        self._queue: SimpleQueue[_Pending | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._ended = False
        # Only the event loop touches these two, so they need no lock.
        self._waiting = 0
        self._waiting_bytes = 0

    async def append(self, append: Append) -> int:
        """Store one batch; after the commit, return up to which number its epoch is complete.

        Raises the errors of `append_all`, or Unavailable if too much waits or the database cannot store at the moment;
        the batch may then be sent again.
        """
        size = len(append.batch.body)
        limits = self._limits
        if self._closed or self._waiting >= limits.waiting or self._waiting_bytes + size > limits.waiting_bytes:
            raise Unavailable("The server is busy. Please try again in a moment.")
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="keytrail-writer", daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        pending = _Pending(append, loop, loop.create_future())
        self._waiting += 1
        self._waiting_bytes += size
        GROUP_WAITING.inc()
        self._queue.put(pending)
        try:
            return await pending.answer
        finally:
            self._waiting -= 1
            self._waiting_bytes -= size
            GROUP_WAITING.dec()

    def close(self) -> None:
        """Refuse new batches, store the waiting ones, and end the thread."""
        self._closed = True
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()

    def _run(self) -> None:
        waiting: list[_Pending] = []
        while True:
            self._gather(waiting)
            if not waiting:
                return
            group, waiting = _one_each(waiting, self._limits.group)
            _answer(group, self._store([pending.append for pending in group]))
            if not self._ended:
                # After a group, not before it: when a busy event loop lets this thread run, the whole group waits
                # already, and a rest then would leave the server idle.
                time.sleep(self._limits.gather_seconds)

    def _gather(self, waiting: list[_Pending]) -> None:
        """Take all waiting batches; if there are none, wait unless the writer is closing."""
        if not waiting and not self._ended:
            self._take(waiting)
        while not self._ended and not self._queue.empty():
            self._take(waiting)

    def _take(self, waiting: list[_Pending]) -> None:
        pending = self._queue.get()
        if pending is None:
            self._ended = True
        else:
            waiting.append(pending)

    def _store(self, appends: Sequence[Append]) -> Sequence[int | Exception]:
        try:
            with GROUP_SECONDS.time(), self._database.appending() as db:
                outcomes = append_all(db, appends, self._chain, self._of_a_log)
        except OperationalError as error:
            _log.error("%d batches could not be stored: %s", len(appends), error.orig)
            BATCHES.labels("failed").inc(len(appends))
            return [storage_error(error) for _ in appends]
        except Exception as error:  # noqa: BLE001  # the waiting callers must get any error
            if len(appends) == 1:
                _log.exception("a batch could not be stored")
                BATCHES.labels("failed").inc()
                return [error]
        else:
            _count(appends, outcomes)
            return outcomes
        # One of them is at fault; the others must not suffer for it.
        return [self._store([append])[0] for append in appends]


def _count(appends: Sequence[Append], outcomes: Sequence[int | Exception]) -> None:
    refused = sum(isinstance(outcome, Exception) for outcome in outcomes)
    GROUP_BATCHES.observe(len(appends))
    BATCHES.labels("stored").inc(len(appends) - refused)
    BATCHES.labels("refused").inc(refused)
    EVENTS.inc(sum(each.batch.count for each in appends))


def _one_each(waiting: Sequence[_Pending], most: int) -> tuple[list[_Pending], list[_Pending]]:
    """Return the first batch of each epoch, and the others."""
    group: dict[tuple[int, int], _Pending] = {}
    later = []
    for pending in waiting:
        if len(group) < most and pending.append.epoch not in group:
            group[pending.append.epoch] = pending
        else:
            later.append(pending)
    return list(group.values()), later


def _answer(group: Sequence[_Pending], outcomes: Sequence[int | Exception]) -> None:
    answered = list(zip(group, outcomes, strict=True))
    for loop in {pending.loop for pending in group}:
        # If the loop is closed, nobody waits any more.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(
                _settle, [(pending.answer, outcome) for pending, outcome in answered if pending.loop is loop]
            )


def _settle(answers: Sequence[tuple["asyncio.Future[int]", int | Exception]]) -> None:
    for answer, outcome in answers:
        if answer.done():
            continue
        if isinstance(outcome, Exception):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)
