"""The server crashes, fails, stalls or is full: the worker continues, and nothing is lost or counted twice."""

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Request, Response

from keytrail.provenance import Verdict
from tests.browser.drivers.chromium import Chromium
from tests.browser.faulty_line import Fault, FaultyLine
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.reliability import Reliability
from tests.browser.review_api import ReviewApi, explained
from tests.browser.worker_page import WorkerPage
from tests.waiting import until


@pytest.fixture
def on_bad_line(window: Chromium, line: FaultyLine, keytrail: Keytrail, market: Marketplace) -> WorkerPage:
    return WorkerPage(window, keytrail, market).at(line.url)


@contextmanager
def requester(server: Keytrail) -> Iterator[ReviewApi]:
    api = ReviewApi(server.url, server.token)
    yield api
    api.close()


def acknowledged(request: Request) -> int:
    """How many events the page has been told are stored."""
    response = request.response()
    try:
        return int(json.loads(response.text())["committed"]) + 1 if response and response.ok else 0
    except (ValueError, KeyError):
        return 0


def test_a_killed_server_loses_nothing_that_it_acknowledged(
    window: Chromium, mortal: Keytrail, market: Marketplace, reliability: Reliability
) -> None:
    sent: list[Request] = []

    def keep(request: Request) -> None:
        if request.url.endswith("/api/worker/events"):
            sent.append(request)

    window.page.on("requestfinished", keep)
    worker = WorkerPage(window, mortal, market).accept()
    for passage, more in (("Trees give ", "shade, "), ("and people ", "walk "), ("where it ", "is cool.")):
        worker.type(passage)
        mortal.kill()
        worker.type(more)
        reached = max(map(acknowledged, sent))
        assert len(worker.stored()[0]) >= reached > 0
        worker.wait_for_status("Offline")
        mortal.start()
        worker.wait_for_status("Saved", seconds=40)
    with requester(mortal) as review:
        submission = explained(review.submission(worker.submit()))
    assert submission.text == "Trees give shade, and people walk where it is cool."
    assert submission.origins == {"typed": len(submission.text)}
    reliability.note(
        "Server killed with SIGKILL during typing and restarted, three times",
        f"{len(submission.events)} events",
    )


@pytest.mark.parametrize("fault", Fault)
def test_a_failing_server_loses_and_doubles_nothing(
    on_bad_line: WorkerPage, line: FaultyLine, review: ReviewApi, reliability: Reliability, fault: Fault
) -> None:
    worker = on_bad_line.accept()
    worker.type("Before it. ").wait_for_status("Saved")
    line.faults = [fault] if fault is Fault.SILENCE else [fault, fault]
    worker.type("During it. ")
    if fault is not Fault.SLOW:
        worker.wait_for_status("Offline", seconds=40)
    worker.type("Still writing. ")
    until(lambda: not line.faults, "the faults to be over", seconds=40)
    worker.wait_for_status("Saved", seconds=40).type("After it.")
    submission = explained(review.submission(worker.submit()))
    assert submission.text == "Before it. During it. Still writing. After it."
    assert submission.origins == {"typed": len(submission.text)}
    reliability.note(f"Failing server: {fault}", f"{len(submission.events)} events")


def test_a_submission_gets_through_a_failing_server(
    on_bad_line: WorkerPage, line: FaultyLine, review: ReviewApi, reliability: Reliability
) -> None:
    """The log cannot be delivered at all: the worker is paid, and the submission says so."""
    worker = on_bad_line.accept()
    worker.type("Before it. ").wait_for_status("Saved")
    line.always = Fault.ERROR
    submission = review.submission(worker.type("Never told.").submit())
    assert submission.text == "Before it. Never told."
    assert not submission.log_complete
    assert "log_incomplete" in submission.findings
    assert submission.verdict == Verdict.UNVERIFIABLE
    assert submission.came_as("typed") == "Before it. "
    assert submission.came_as("unknown") == "Never told."
    reliability.note(
        "Submission while the server accepts no events at all",
        f"the text, and {len(submission.events)} events",
        "the events that could not be sent; their text has unknown origin, and the submission is stored",
    )


def test_a_locked_database_loses_nothing(
    window: Chromium, mortal: Keytrail, market: Marketplace, reliability: Reliability
) -> None:
    worker = WorkerPage(window, mortal, market).accept()
    worker.type("Before it. ").wait_for_status("Saved")
    with closing(sqlite3.connect(mortal.database_file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        worker.type("During it. ").wait_for_status("Offline", seconds=40)
        other.execute("ROLLBACK")
    worker.wait_for_status("Saved", seconds=40)
    with requester(mortal) as review:
        submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"typed": 22}
    reliability.note("Database locked by another program until one request failed", f"{len(submission.events)} events")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Six megabytes, for the server's data and nothing else."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder], check=False).returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield folder
    # A child process of the killed server may hold it for a moment.
    until(lambda: subprocess.run(["umount", folder], check=False).returncode == 0, "the disk to be let go")


def test_a_full_disk_loses_nothing(
    window: Chromium, small_disk: Path, market: Marketplace, reliability: Reliability
) -> None:
    answers: list[Response] = []

    def keep(response: Response) -> None:
        if response.url.endswith("/api/worker/events"):
            answers.append(response)

    window.page.on("response", keep)
    server = Keytrail(small_disk, market.origin)
    try:
        worker = WorkerPage(window, server, market).accept()
        worker.type("Before it. ").wait_for_status("Saved")
        fill(small_disk / "filler")
        worker.type("During it. ").wait_for_status("Offline")
        assert "your text is kept" in worker.status
        assert answers[-1].status == 503
        assert answers[-1].json()["error"]["code"] == "storage_full"
        (small_disk / "filler").unlink()
        worker.wait_for_status("Saved", seconds=40)
        with requester(server) as review:
            submission = explained(review.submission(worker.submit()))
    finally:
        server.close()
    assert submission.origins == {"typed": 22}
    reliability.note("Disk full during typing, then space again", f"{len(submission.events)} events")


def fill(file: Path) -> None:
    """Write until the disk takes no more."""
    with file.open("wb", buffering=0) as filler:
        for size in (65536, 4096, 1):
            try:
                while filler.write(b"." * size):
                    pass
            except OSError:
                continue
