"""The worker's pages from preview to hand-over: accessible, and with a question after the text if the study asks."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.axe import overflow, violations
from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.review_api import ReviewApi
from tests.browser.texts import OWN
from tests.browser.worker_page import WorkerPage
from tests.waiting import until


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory, market: Marketplace) -> Iterator[Keytrail]:
    server = Keytrail(tmp_path_factory.mktemp("asking"), market.origin, asks_model_use=True)
    yield server
    server.close()
    assert "Traceback" not in server.log, server.log


def test_one_answer_by_keyboard_leads_on_to_the_marketplace(
    asking: Keytrail, window: Chromium, market: Marketplace
) -> None:
    worker = WorkerPage(window, asking, market).accept().type(OWN).click("#submit")
    question = window.frame.get_by_role("group", name="Did you use a language model for this text")
    expect(question.get_by_role("radio")).to_have_count(3)
    answer, finish = question.get_by_label("Yes, for ideas"), window.frame.get_by_role("button", name="Answer and")
    # Nobody can finish by answering nothing without saying so.
    finish.click()
    expect(answer).to_be_visible()
    assert worker.assignment not in market.received
    answer.focus()
    window.press("Space")
    expect(answer).to_be_checked()
    window.press("Enter")
    until(lambda: worker.assignment in market.received, "the marketplace to have it")
    with closing(ReviewApi(asking.url, asking.token)) as review:
        assert review.submission(worker.receipt()).text == OWN


def test_a_hand_over_that_comes_to_nothing_can_be_pushed(
    window: Chromium, market: Marketplace, worker: WorkerPage
) -> None:
    """The page's own try gets no page back (with no answer at all, the driver would wait for it too)."""
    tries: list[str] = []

    def answer(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) == 1:
            route.fulfill(status=204)
        else:
            route.continue_()

    window.page.route("**/mturk/externalSubmit", answer)
    worker.accept().type(OWN).click("#submit")
    window.frame.get_by_role("button", name="Press here if nothing happens").click()
    expect(window.frame.locator("#taken")).to_be_visible()
    assert (len(tries), len(market.received[worker.assignment])) == (2, 1)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_every_page_of_the_worker_is_accessible(
    chromium: Browser, asking: Keytrail, market: Marketplace, scheme: str, width: int
) -> None:
    window = Chromium(chromium, color_scheme=scheme, viewport={"width": width, "height": 800})
    found: list[str] = []

    def look(name: str, landmark: str) -> None:
        expect(window.page.locator(landmark)).to_be_visible()
        found.extend(f"{name}: {problem}" for problem in violations(window.page))
        assert overflow(window.page) == 0, name

    window.open(WorkerPage(window, asking, market, assignment="ASSIGNMENT_ID_NOT_AVAILABLE").alone().link)
    look("preview", "#source")
    worker = WorkerPage(window, asking, market).alone().open()
    look("consent", "#consent")
    worker.click("#consent").wait_for_recorder()
    look("task", "#answer")
    worker.click("#answer").type(OWN).click("#submit")
    look("question", ".question")
    window.frame.get_by_role("button", name="Finish without answering").click()
    expect(window.page.locator("#taken")).to_be_visible()
    window.open(worker.link)
    look("finish", "#finish")
    window.close()
    assert found == []
