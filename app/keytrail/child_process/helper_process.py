"""A long-lived child process with memory and time limits; if a call exceeds them, the child is replaced."""

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
"""Whether the call succeeded, its result or an error message, and whether the child can take another call."""
_STARTING_S: Final = 60
"""Time for the child's start and imports, on a busy machine."""
_WALL_PER_CPU: Final = 4
"""Wall time allowed per second of processor time: the child has low priority, so a call may take several times as long.
"""
_KEPT_MB: Final = 300
"""A child larger than this is replaced after the call."""


class HelperFailed(Exception):
    """The call failed; the message says why."""


class HelperKilled(HelperFailed):
    """The child ended during the call, for example because the machine ran out of memory; the same call may succeed
    later.
    """


class Helper(Protocol):
    """Call a module's function with the database, in this or another process."""

    def call(self, work: Callable[..., _Result], *args: Any) -> _Result:
        """Return `work(database, *args)`. Raises HelperFailed if the call fails."""

    def close(self) -> None:
        """End the current call."""


class InProcessHelper:
    """Call the function in this process, without limits."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def call(self, work: Callable[..., _Result], *args: Any) -> _Result:
        """Return the result, or raise what the function raises."""
        return work(self._database, *args)

    def close(self) -> None:
        """Do nothing: there is no process to end."""


@dataclass(frozen=True)
class _Child:
    process: BaseProcess
    pipe: Connection


class HelperProcess:
    """One child process, started with the first call and reused; one call at a time.

    `memory_mb` is the memory that a call may use in addition to the program itself, `cpu_seconds` the processor time of
    a call.
    """

    def __init__(self, url: str, *, memory_mb: int, cpu_seconds: int) -> None:
        self._url, self._memory_mb, self._cpu_seconds = url, memory_mb, cpu_seconds
        self._one_at_a_time = Lock()
        self._child: _Child | None = None
        self._closed = Event()

    def call(self, work: Callable[..., _Result], *args: Any) -> _Result:
        """Call a module's function with the database in the child, and wait for its result.

        Raises HelperFailed if it failed, took too long or used too much memory; the next call starts a new child.
        """
        with self._one_at_a_time:
            child = self._at_work()
            try:
                child.pipe.send((work, args))
                answered = child.pipe.poll(_STARTING_S + self._cpu_seconds * _WALL_PER_CPU)
                outcome: _Outcome = child.pipe.recv() if answered else (False, "It exceeded the time limit.", False)
            except (EOFError, OSError):
                raise self._why_it_ended(child) from None
            done, result, stays = outcome
            if not stays:
                self._end(child)
        if not done:
            raise HelperFailed(result)
        return cast("_Result", result)

    def close(self) -> None:
        """End the child and the current call."""
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
            if self._closed.is_set():  # during the start: `close` may have run before there was a child to end
                self._end(self._child)
                raise HelperFailed("The server is stopping.")
        return self._child

    def _end(self, child: _Child) -> None:
        self._child = None
        child.process.kill()
        child.process.join()
        child.pipe.close()

    def _why_it_ended(self, child: _Child) -> HelperFailed:
        child.process.join(1)
        code = child.process.exitcode
        self._end(child)
        if self._closed.is_set():
            return HelperFailed("The server was stopped.")
        if code == -signal.SIGXCPU:
            return HelperFailed("It exceeded the time limit.")
        return HelperKilled(
            f"Its process ended unexpectedly (exit code {code}), which it does if the machine runs out of memory."
        )


def _work(pipe: Connection, url: str, memory_mb: int, cpu_seconds: int) -> None:
    """The child's main loop: run calls until the pipe is closed."""
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
            limit_memory(memory_mb)  # after the first call's imports, which count as the program
            limited = True
        limit_time(cpu_seconds)
        outcome = _outcome(work, database, args)
        try:
            pipe.send(outcome)
        except OSError:  # the server was killed in the meantime
            return


def _outcome(work: Callable[..., Any], database: Database, args: tuple[Any, ...]) -> _Outcome:
    try:
        result = work(database, *args)
    except MemoryError:
        return False, "It exceeded the memory limit.", False
    except Exception as error:  # noqa: BLE001  # the waiting caller must get any error
        _log.exception("work in a child process failed")
        return False, f"An error in the program stopped it ({type(error).__name__}).", True
    return True, result, memory_peak_mb() < _KEPT_MB
