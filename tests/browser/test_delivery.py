"""Batches that are sent twice are stored once."""

import httpx2
from playwright.sync_api import Request

from tests.browser.drivers.chromium import Chromium
from tests.browser.reliability import Reliability
from tests.browser.review_api import ReviewApi
from tests.browser.texts import OWN
from tests.browser.worker_page import WorkerPage
from tests.waiting import until


def test_three_identical_posts_store_one(
    worker: WorkerPage, window: Chromium, review: ReviewApi, reliability: Reliability
) -> None:
    sent: list[Request] = []
    window.page.on("request", lambda request: sent.append(request) if request.url.endswith("/events") else None)
    worker.accept().type(OWN)
    until(lambda: worker.typed() == OWN, "the text to be stored")
    before = worker.stored_batches()
    for request in sent:
        answers = [httpx2.post(request.url, content=request.post_data or "", timeout=60) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {200}
        assert {answer.json()["committed"] for answer in answers} == {len(worker.stored()[0]) - 1}
    assert worker.stored_batches() == before
    submission = review.submission(worker.submit())
    assert submission.origins == {"typed": len(OWN)}
    assert submission.integrity["anomalies"] == []
    reliability.note("Every batch posted three more times", f"{len(submission.events)} events")
