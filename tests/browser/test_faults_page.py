"""The page or the network goes away in every possible way: everything typed is still stored."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from keytrail.provenance import Verdict
from tests.browser.drivers.chromium import Chromium, launch
from tests.browser.drivers.firefox import Firefox, FirefoxBrowser
from tests.browser.faulty_line import Fault, FaultyLine
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.reliability import Reliability
from tests.browser.review_api import ReviewApi, explained
from tests.browser.texts import OWN
from tests.browser.worker_page import WorkerPage
from tests.waiting import until

FLUSH_MS = 3000
"""The recorder sends what there is every three seconds."""
MINUTE_MS = 60_000
LAST_WORDS = {"chromium": ["pagehide", "hidden", "freeze"], "firefox": ["pagehide", "hidden"]}
"""What a page tells, each in a request of its own, when the browser puts it into its cache."""


def test_a_closed_tab_keeps_the_last_key(anywhere: WorkerPage, reliability: Reliability) -> None:
    anywhere.accept().type(OWN).wait_for_text(OWN).driver.close_tab()
    until(lambda: anywhere.typed() == OWN, "all keystrokes to be stored")
    reliability.note("Tab closed at once after the last key", f"{len(OWN)} keys", browser=anywhere.driver.engine)


def test_a_thousand_keys_in_one_focus_survive_the_tab(
    worker: WorkerPage, window: Chromium, reliability: Reliability
) -> None:
    thousand = ("the shade of trees " * 53)[:1000]
    worker.accept().type(thousand).wait_for_text(thousand)
    window.close_tab()
    until(lambda: worker.typed() == thousand, "all keystrokes to be stored")
    (events,) = worker.stored()
    assert sum(event[1] == "k" for event in events) == 1000
    assert sum(event[1] == "u" for event in events) == 1000
    assert sum(event[1:3] == ["f", 0] for event in events) <= 2  # the tab's own end, and no earlier blur
    reliability.note("1,000 keystrokes in one focus, then the tab closed", f"{len(events)} events")


def test_a_removed_frame_keeps_the_last_key(anywhere: WorkerPage, reliability: Reliability) -> None:
    driver = anywhere.accept().type(OWN).wait_for_text(OWN).driver
    driver.run_outside("() => document.querySelector('#task-frame').remove()")
    until(lambda: anywhere.typed() == OWN, "all keystrokes to be stored")
    reliability.note("Frame removed by the marketplace's page", f"{len(OWN)} keys", browser=anywhere.driver.engine)


def test_a_tab_closed_with_more_than_a_beacon_may_carry_keeps_the_beginning_whole(
    window: Chromium, line: FaultyLine, keytrail: Keytrail, market: Marketplace, reliability: Reliability
) -> None:
    worker = WorkerPage(window, keytrail, market).at(line.url).accept()
    line.always = Fault.CUT
    worker.paste("".join(f"{number:05} some words of a long text " for number in range(3000)))
    worker.wait_for_status("Offline")
    pasted = worker.text
    line.always = None
    window.close_tab()
    until(lambda: len(worker.typed()) > 40_000, "what beacons may carry")
    stored = worker.typed()
    assert pasted.startswith(stored)
    reliability.note(
        "Tab closed with over 64 KiB unsent, after the server was unreachable",
        f"{len(pasted) // 1000} kB of text",
        f"what exceeds the browser's beacon limit: the first {len(stored) // 1000} kB are stored, without a gap",
    )


def test_a_killed_browser_loses_at_most_one_flush_interval(
    playwright: Playwright, keytrail: Keytrail, market: Marketplace, reliability: Reliability
) -> None:
    browser = launch(playwright)
    window = Chromium(browser)
    window.page.clock.install()
    worker = WorkerPage(window, keytrail, market).accept()
    window.page.clock.pause_at(datetime.now(tz=UTC) + timedelta(minutes=1))
    for passage in ("People walk ", "in the shade ", "on hot days"):
        before = worker.typed()
        worker.type(passage)
        window.page.clock.run_for(FLUSH_MS)
        until(stored(worker, before + passage), "what was typed one flush interval ago")
    written = worker.text
    worker.type(" and this is lost")
    with window.context.expect_event("close"):
        kill(browser)
    assert worker.typed() == written
    reliability.note("Browser killed while typing", f"{len(written) + 17} keys", "the last 3 s at most (17 of 17 keys)")


def test_a_killed_firefox_loses_at_most_one_flush_interval(
    tmp_path: Path, keytrail: Keytrail, market: Marketplace, reliability: Reliability
) -> None:
    browser = FirefoxBrowser(tmp_path)
    worker = WorkerPage(Firefox(browser), keytrail, market).accept()
    worker.type("People walk ").wait_for_status("Saved").type("in the shade")
    worker.wait_for_status("Saved").type(" and this may be lost")
    browser.kill()
    browser.close()
    assert worker.typed().startswith("People walk in the shade")
    reliability.note("Browser killed while typing", "45 keys", "the last 3 s at most", browser="Firefox")


def test_ten_minutes_offline_lose_nothing(
    worker: WorkerPage, window: Chromium, review: ReviewApi, reliability: Reliability
) -> None:
    window.page.clock.install()
    worker.accept().type("Before. ").wait_for_status("Saved")
    window.page.clock.pause_at(datetime.now(tz=UTC) + timedelta(minutes=1))
    window.context.set_offline(True)
    for minute in range(10):
        worker.type(f"{minute} ")
        window.page.clock.run_for(MINUTE_MS)
    worker.wait_for_status("Offline")
    assert worker.typed() == "Before. "
    window.context.set_offline(False)
    window.page.clock.run_for(MINUTE_MS)
    until(lambda: worker.typed() == worker.text, "everything to be stored")
    window.page.clock.resume()
    submission = explained(review.submission(worker.wait_for_status("Saved").after_simulated_time().submit()))
    assert submission.text == "Before. 0 1 2 3 4 5 6 7 8 9 "
    assert submission.origins == {"typed": len(submission.text)}
    assert submission.verdict == Verdict.CLEAR
    reliability.note("Ten minutes offline while typing (simulated clock)", f"{len(submission.events)} events")


def test_two_tabs_on_one_assignment_keep_both_logs(
    worker: WorkerPage, window: Chromium, keytrail: Keytrail, market: Marketplace, review: ReviewApi,
    reliability: Reliability,
) -> None:  # fmt: skip
    window.page.clock.install()
    worker.accept().type("First tab. ").wait_for_status("Saved")
    other = WorkerPage(Chromium.beside(window), keytrail, market, assignment=worker.assignment)
    other.open().wait_for_recorder(page_loads=2).click("#answer").press("Control+End").type("Second tab. ")
    window.page.clock.run_for(MINUTE_MS)
    worker.type("First again.").wait_for_status("Saved")
    assert worker.text == "First tab. First again."
    submission = review.submission(other.after_simulated_time().submit())
    assert submission.text == "First tab. Second tab. "
    assert submission.came_as("typed") == submission.text
    assert submission.integrity["replay_equals_text"]
    assert len(submission.epochs) == 2
    assert worker.typed(0) == "First tab. First again."
    assert "parallel_epochs" in submission.findings
    assert submission.verdict == Verdict.UNVERIFIABLE
    reliability.note("Two tabs on one assignment, used alternately", f"{len(submission.events)} events")


@pytest.mark.parametrize(("engine", "framed"), [("chromium", False), ("firefox", False), ("firefox", True)])
def test_a_page_that_comes_back_from_the_cache_goes_on_recording(
    anywhere: WorkerPage, line: FaultyLine, review: ReviewApi, reliability: Reliability, *, framed: bool
) -> None:
    """Playwright loses sight of frames in Chromium's cache; the page there is the same."""
    line.cacheable = True
    worker = anywhere.at(line.url) if framed else anywhere.at(line.url).alone()
    worker.accept().type("Before. ").leave()
    until(posted_states(anywhere, LAST_WORDS[anywhere.driver.engine]), "the last words before leaving")
    assert anywhere.typed() == "Before. "
    sent = len(line.batches)
    assert anywhere.go_back().text == "Before. "
    submission = explained(review.submission(anywhere.click("#answer").press("End").type("After.").submit()))
    assert submission.text == "Before. After."
    assert submission.origins == {"typed": len(submission.text)}
    assert ["pageshow-persisted"] in submission.events_of("v")
    assert len(submission.epochs) == 1
    assert max(Counter(line.batches[sent:]).values()) == 1, "a batch is sent once after coming back"
    where = "task in a frame" if framed else "task in its own window"
    reliability.note(
        f"Return from the browser's page cache, {where}",
        f"{len(submission.events)} events",
        browser=anywhere.driver.engine,
    )


def stored(worker: WorkerPage, text: str) -> Callable[[], bool]:
    """Whether this text has reached the server."""
    return lambda: worker.typed() == text


def posted_states(worker: WorkerPage, states: list[str]) -> Callable[[], bool]:
    """Whether the first page load has told that it came into these states, and no others."""
    return lambda: [event[2] for event in worker.stored()[0] if event[1] == "v"] == states


def kill(browser: Browser) -> None:
    """End the whole browser as a crash would."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    (main,) = (process["id"] for process in processes if process["type"] == "browser")
    os.kill(main, signal.SIGKILL)
