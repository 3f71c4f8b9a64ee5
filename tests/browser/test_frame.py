"""The page in a marketplace's frame: without cookies, without the recorder, by keyboard, on a phone, under 30 kB."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.review_api import ReviewApi
from tests.browser.texts import FOREIGN, OWN
from tests.browser.worker_page import WorkerPage

_STORAGE = """() => {
  try { localStorage.x = "1"; return localStorage.x } catch (error) { return error.name }
}"""


def test_all_of_it_works_without_cookies_and_storage(worker: WorkerPage, window: Chromium, review: ReviewApi) -> None:
    worker.accept()
    assert window.run(_STORAGE) == "SecurityError"
    assert window.run("() => { document.cookie = 'a=1; SameSite=None; Secure'; return document.cookie }") == ""
    submission = review.submission(worker.type(OWN).paste(FOREIGN).submit())
    assert submission.text == OWN + FOREIGN
    assert submission.origins == {"typed": len(OWN), "external": len(FOREIGN)}
    assert window.context.cookies() == []


def test_with_the_recorder_blocked_the_worker_still_submits(
    worker: WorkerPage, window: Chromium, review: ReviewApi
) -> None:
    window.page.route("**/recorder/*.js", lambda route: route.abort())
    worker.open().click("#consent")
    expect(window.frame.locator("#answer")).to_be_visible()
    worker.click("#answer").type(OWN)
    submission = review.submission(worker.submit_plainly())
    assert submission.text == OWN
    assert submission.verdict == "unverifiable"
    assert submission.origins == {"unknown": len(OWN)}
    assert not submission.log_complete


def test_with_every_script_blocked_the_worker_still_submits(
    chromium: Browser, keytrail: Keytrail, market: Marketplace, review: ReviewApi
) -> None:
    window = Chromium(chromium, java_script_enabled=False)
    worker = WorkerPage(window, keytrail, market)
    task = window.page.frame_locator("#task-frame")
    window.open(worker.link)
    task.locator("#consent").click()
    task.locator("#answer").fill(OWN)
    task.locator("#submit").click()
    task.locator("#finish").click()
    expect(task.locator("#taken")).to_be_visible()
    window.close()
    assert review.submission(worker.receipt()).text == OWN


def test_the_page_is_light_and_asks_nobody_else(worker: WorkerPage, window: Chromium) -> None:
    requests: list[Request] = []

    def keep(request: Request) -> None:
        requests.append(request)

    window.page.on("requestfinished", keep)
    worker.accept()
    ours = [request for request in requests if urlsplit(request.url).port != urlsplit(window.page.url).port]
    hosts = {urlsplit(request.url).netloc for request in requests}
    assert hosts == {urlsplit(window.page.url).netloc, urlsplit(window.frame.url).netloc}
    sizes = [request.sizes() for request in ours]
    loaded = {urlsplit(request.url).path.rsplit("/", 1)[-1] for request in ours}
    assert loaded >= {"writing", "task.css", "task.js", "recorder.js"}
    assert sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) < 30_000


def test_the_task_can_be_done_by_keyboard_alone(worker: WorkerPage, window: Chromium, review: ReviewApi) -> None:
    focused = "() => document.activeElement.id"

    def tab_to(name: str) -> None:
        for _ in range(8):
            if window.run(focused) == name:
                return
            worker.press("Tab")
        pytest.fail(f"{name} cannot be reached with the Tab key")

    worker.open()
    tab_to("consent")
    worker.press("Enter").wait_for_recorder()
    tab_to("answer")
    worker.type(OWN)
    tab_to("submit")
    worker.press("Enter")
    submission = review.submission(worker.receipt())
    assert submission.origins == {"typed": len(OWN)}
    assert submission.events_of("a")[0] == ["tab"]


def test_at_phone_width_nothing_is_cut_off(
    chromium: Browser, keytrail: Keytrail, market: Marketplace, review: ReviewApi
) -> None:
    window = Chromium(chromium, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    worker = WorkerPage(window, keytrail, market)
    worker.accept().type(OWN)
    room = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    wide, shown = window.run(room)
    assert wide <= shown
    for name in ("#source", "#answer", "#submit"):
        left, right = window.run(
            "(name) => { const r = document.querySelector(name).getBoundingClientRect(); return [r.left, r.right] }",
            name,
        )
        assert 0 <= left < right <= shown
    submission = review.submission(worker.submit())
    window.close()
    assert submission.origins == {"typed": len(OWN)}
