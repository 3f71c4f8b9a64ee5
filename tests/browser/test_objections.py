"""An honest worker who pasted their own notes: says so, sees the finding, objects, and is answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import overflow, violations
from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import STUDY, Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.requester_page import RequesterPage
from tests.browser.texts import FOREIGN
from tests.browser.worker_page import WorkerPage

OBJECTION = "These are my own notes. I wrote them on paper first, then in another window."


@pytest.fixture
def listening(tmp_path: Path, market: Marketplace) -> Iterator[Keytrail]:
    server = Keytrail(tmp_path, market.origin, copy_days=30, copy_shows_decision=True, asks_text_origin=True)
    yield server
    server.close()
    assert "Traceback" not in server.log, server.log


def test_pasted_notes_are_explained_objected_to_and_answered(
    chromium: Browser, window: Chromium, listening: Keytrail, market: Marketplace
) -> None:
    worker = WorkerPage(window, listening, market).alone().accept()
    mine, question = window.page, window.page.locator("#text-origin")
    worker.type("So I think: ")
    expect(question).not_to_have_attribute("open", "")
    worker.paste(FOREIGN)
    question.get_by_label("My own notes").check()
    worker.click("#submit")
    url = f"{listening.url}{mine.locator('#copy').get_attribute('href')}"
    worker.click("#finish")
    receipt = worker.receipt()
    expect(mine.locator("#taken")).to_be_visible()
    mine.goto(url)
    expect(mine.get_by_text("Nothing is decided yet")).to_be_visible()
    expect(mine.locator(".terms div").filter(has_text="as you said")).to_contain_text("My own notes")

    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    theirs = context.new_page()
    requester = RequesterPage(theirs, listening.url)
    requester.sign_in()
    requester.decide(receipt, "propose_rejection", "text_from_elsewhere")
    expect(theirs.get_by_text("Pasted text is from, says the worker: my own notes")).to_be_visible()

    mine.reload()
    expect(mine.locator("blockquote").first).to_contain_text("pivotal role")
    assert violations(mine) == []
    mine.fill("#words", OBJECTION)
    mine.click("#object")
    expect(mine.locator("#objection-words")).to_have_text(OBJECTION)

    theirs.goto(f"{listening.url}/studies/{STUDY}/queue")
    theirs.get_by_role("region", name="1 objection to answer").get_by_role("link").click()
    expect(theirs.get_by_text(OBJECTION)).to_be_visible()
    theirs.get_by_label("Your answer").fill("Thank you. We should have asked you.")
    assert (violations(theirs), overflow(theirs)) == ([], 0)
    theirs.get_by_role("button", name="Send answer").click()
    expect(theirs.locator("#objection")).to_contain_text("We should have asked you.")

    mine.reload()
    expect(mine.locator("#objection-answer")).to_have_text("Thank you. We should have asked you.")
    expect(mine.locator("#words")).to_have_count(0)
    context.close()
