"""A child process that stays, for work that may cost more than the server has: it dies, and the server goes on."""

import logging
import multiprocessing
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Event, Lock
from typing import Any, Final, Protocol, TypeVar, cast

from keytrail.child_process.resource_limits import go_first, limit_memory, limit_time, memory_peak_mb
from keytrail.db import Database

_log = logging.getLogger("keytrail")

_Result = TypeVar("_Result")
_Outcome = tuple[bool, Any, bool]
"""Whether the work was done, its result or why not, and whether the child can go on."""
_STARTING_S: Final = 60
"""For the child's start and imports, on a busy machine."""
_WALL_PER_CPU: Final = 4
"""The child yields to everything else, so its work may take several times as long as the processor is at it."""
_KEPT_MB: Final = 300
"""A child that has grown beyond this is replaced after its work."""


class HelperFailed(Exception):
    """The work was not done; the message is a sentence that says why."""


class Helper(Protocol):
    """Does a module's function with the database, here or elsewhere."""

    def call(self, work: Callable[..., _Result], *args: Any) -> _Result:
        """The result of `work(database, *args)`. Raises Died if it cannot be done."""

    def close(self) -> None:
        """End what it is at."""


class InProcessHelper:
    """Does the work right here, without limits."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def call(self, work: Callable[..., _Result], *args: Any) -> _Result:
        """The result of the work, or what it raises."""
        return work(self._database, *args)

    def close(self) -> None:
        """There is nothing to end."""


@dataclass(frozen=True)
class _Child:
    process: BaseProcess
    pipe: Connection


class HelperProcess:
    """One child process, started with the first piece of work and used for the next ones; one at a time.

    `memory_mb` is what the work may use beside the program itself, `cpu_seconds` how long the processor may be at it.
    """

    def __init__(self, url: str, *, memory_mb: int, cpu_seconds: int) -> None:
        self._url, self._memory_mb, self._cpu_seconds = url, memory_mb, cpu_seconds
        self._one_at_a_time = Lock()
        self._child: _Child | None = None
        self._closed = Event()

    def call(self, work: Callable[..., _Result], *args: Any) -> _Result:
        """Call a module's function in the child, with the database, and wait for its result.

        Raises Died if it failed, took too long or too much memory; the next call has a new child.
        """
        with self._one_at_a_time:
            child = self._at_work()
            try:
                child.pipe.send((work, args))
                answered = child.pipe.poll(_STARTING_S + self._cpu_seconds * _WALL_PER_CPU)
                outcome: _Outcome = child.pipe.recv() if answered else (False, "It took too long.", False)
            except (EOFError, OSError):
                raise HelperFailed(self._last_words(child)) from None
            done, result, stays = outcome
            if not stays:
                self._end(child)
        if not done:
            raise HelperFailed(result)
        return cast("_Result", result)

    def close(self) -> None:
        """End the child, whatever it is at."""
        self._closed.set()
        child = self._child
        if child is not None:
            child.process.kill()
            child.process.join()

    def _at_work(self) -> _Child:
        if self._closed.is_set():
            raise HelperFailed("The server is stopping.")
        if self._child is None:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            limits = self._memory_mb, self._cpu_seconds
            process = context.Process(target=_work, args=(theirs, self._url, *limits), daemon=True)
            process.start()
            theirs.close()
            self._child = _Child(process, ours)
            if self._closed.is_set():  # while it started: `close` may have looked before there was anything to end
                self._end(self._child)
                raise HelperFailed("The server is stopping.")
        return self._child

    def _end(self, child: _Child) -> None:
        self._child = None
        child.process.kill()
        child.process.join()
        child.pipe.close()

    def _last_words(self, child: _Child) -> str:
        child.process.join(1)
        code = child.process.exitcode
        self._end(child)
        if self._closed.is_set():
            return "The server was stopped."
        if code == -signal.SIGXCPU:
            return "It took too long."
        return f"Its process ended unexpectedly (exit code {code}), which it does if the machine runs out of memory."


def _work(pipe: Connection, url: str, memory_mb: int, cpu_seconds: int) -> None:
    """The child: does what it is sent until nobody sends any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which then ends this process
    go_first()
    database = Database(url)
    limited = False
    while True:
        try:
            work, args = pipe.recv()
        except (EOFError, OSError):
            return
        if not limited:
            limit_memory(memory_mb)  # after the first work's modules are there, which count as the program
            limited = True
        limit_time(cpu_seconds)
        outcome = _outcome(work, database, args)
        try:
            pipe.send(outcome)
        except OSError:  # the server was killed meanwhile
            return


def _outcome(work: Callable[..., Any], database: Database, args: tuple[Any, ...]) -> _Outcome:
    try:
        result = work(database, *args)
    except MemoryError:
        return False, "It needed too much memory.", False
    except Exception as error:  # noqa: BLE001  # whatever it was, whoever waits has to be told
        _log.exception("work in a child process failed")
        return False, f"An error in the program stopped it ({type(error).__name__}).", True
    return True, result, memory_peak_mb() < _KEPT_MB
