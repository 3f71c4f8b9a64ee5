"""What has been typed reaches the server, whatever becomes of the page, and reaches it once."""

import os
import signal
from datetime import UTC, datetime, timedelta

import httpx2
from playwright.sync_api import Browser, Playwright, Request

from tests.browser.drivers.chromium import Chromium, launch
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.review_api import ReviewApi
from tests.browser.texts import OWN
from tests.browser.waiting import until
from tests.browser.worker_page import WorkerPage

FLUSH_MS = 2000
"""The recorder sends what there is every two seconds."""


def test_a_thousand_keys_in_one_focus_survive_the_tab(worker: WorkerPage, window: Chromium) -> None:
    thousand = ("the shade of trees " * 53)[:1000]
    worker.accept().type(thousand)
    window.page.close()
    until(lambda: worker.typed() == thousand, "all keystrokes to be stored")
    (events,) = worker.stored()
    assert sum(event[1] == "k" for event in events) == 1000
    assert sum(event[1] == "u" for event in events) == 1000
    assert sum(event[1:3] == ["f", 0] for event in events) <= 2  # the tab's own end, and no earlier blur


def test_three_identical_posts_store_one(worker: WorkerPage, window: Chromium, review: ReviewApi) -> None:
    sent: list[Request] = []
    window.page.on("request", lambda request: sent.append(request) if request.url.endswith("/events") else None)
    worker.accept().type(OWN)
    until(lambda: worker.typed() == OWN, "the text to be stored")
    before = worker.stored_batches()
    for request in sent:
        answers = [httpx2.post(request.url, content=request.post_data or "") for _ in range(3)]
        assert {answer.status_code for answer in answers} == {200}
        assert {answer.json()["committed"] for answer in answers} == {len(worker.stored()[0]) - 1}
    assert worker.stored_batches() == before
    submission = review.submission(worker.submit())
    assert submission.origins == {"typed": len(OWN)}
    assert submission.integrity["anomalies"] == []


def test_a_killed_browser_loses_at_most_one_flush_interval(
    playwright: Playwright, keytrail: Keytrail, market: Marketplace
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
        until(lambda: worker.typed() == before + passage, "what was typed one flush interval ago")  # noqa: B023
    stored = worker.text
    worker.type(" and this is lost")
    with window.context.expect_event("close"):
        kill(browser)
    assert worker.typed() == stored


def kill(browser: Browser) -> None:
    """End the whole browser as a crash would."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    (main,) = (process["id"] for process in processes if process["type"] == "browser")
    os.kill(main, signal.SIGKILL)
