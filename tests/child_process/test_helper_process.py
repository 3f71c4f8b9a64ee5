"""A call that exceeds its limits ends the child process, and nothing else."""

import multiprocessing
import os
from collections.abc import Iterator
from multiprocessing.process import BaseProcess as Process

import pytest

from keytrail.child_process import HelperFailed, HelperProcess
from tests.child_process.work import fail, own_id, take_memory, take_time, vanish


@pytest.fixture
def bench(sqlite_database_url: str) -> Iterator[HelperProcess]:
    found = HelperProcess(sqlite_database_url, memory_mb=200, cpu_seconds=4)
    yield found
    found.close()


def test_one_process_does_one_thing_after_the_other(bench: HelperProcess) -> None:
    first = bench.call(own_id)
    assert first != os.getpid()
    assert bench.call(take_memory, 20) == 20 * 2**20
    with pytest.raises(HelperFailed, match="RuntimeError"):
        bench.call(fail)
    assert bench.call(own_id) == first


def test_what_needs_too_much_memory_is_not_done_and_the_next_thing_is(bench: HelperProcess) -> None:
    with pytest.raises(HelperFailed, match="memory"):
        bench.call(take_memory, 300)
    assert bench.call(own_id)


def test_what_takes_too_long_is_ended(bench: HelperProcess) -> None:
    with pytest.raises(HelperFailed, match="time limit"):
        bench.call(take_time)
    assert bench.call(own_id)


def test_a_process_that_vanishes_is_told_of(bench: HelperProcess) -> None:
    with pytest.raises(HelperFailed, match="exit code 9"):
        bench.call(vanish)
    assert bench.call(own_id)


def test_a_bench_that_is_closed_does_nothing(bench: HelperProcess) -> None:
    bench.call(own_id)
    bench.close()
    with pytest.raises(HelperFailed):
        bench.call(own_id)


def test_a_bench_that_is_closed_while_it_starts_leaves_no_process(
    bench: HelperProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Process] = []

    def start_and_close(process: Process) -> None:
        start(process)
        started.append(process)
        bench.close()

    start = Process.start
    monkeypatch.setattr(multiprocessing.get_context("spawn").Process, "start", start_and_close)
    with pytest.raises(HelperFailed):
        bench.call(own_id)
    [process] = started
    assert not process.is_alive()
