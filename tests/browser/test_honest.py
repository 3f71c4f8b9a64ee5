"""A person who writes honestly (reads, thinks, types with slips, revises) gets a clear verdict."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from keytrail.demo.people.profiles import person
from keytrail.demo.people.styles import Task, plan
from keytrail.demo.recording.playing import Player
from keytrail.provenance import Verdict
from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.review_api import ReviewApi, explained
from tests.browser.texts import FOREIGN, ITEM, SUMMARY
from tests.browser.worker_page import WorkerPage

_MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def window(chromium: Browser) -> Iterator[Chromium]:
    """Minutes of thought pass in no time: the page's clocks are ours. Keys, pointer and events are real."""
    found = Chromium(chromium)
    found.page.clock.install(time=_MORNING)
    yield found
    found.close()
    assert found.failures == []


@pytest.fixture
def worker(window: Chromium, keytrail: Keytrail, market: Marketplace) -> WorkerPage:
    page = WorkerPage(window, keytrail, market).accept()
    window.page.clock.pause_at(datetime(2026, 3, 2, 9, 5, tzinfo=UTC))
    return page


@pytest.mark.parametrize(("style", "temper"), [("typed", "second language"), ("cut", "quick"), ("undone", "rewriter")])
def test_a_text_written_by_hand_is_clear(
    worker: WorkerPage, window: Chromium, review: ReviewApi, style: str, temper: str
) -> None:
    written = plan(style, person(temper, 7), Task("shade", ITEM, SUMMARY, FOREIGN), 7)
    elsewhere = window.context.new_page()
    window.page.bring_to_front()
    Player(window.page, window.frame, elsewhere).play(written)
    submission = explained(review.submission(worker.after_simulated_time().submit()))
    assert submission.text == written.text
    assert submission.came_as("typed") == submission.text
    assert submission.verdict == Verdict.CLEAR, submission.findings
    assert "deleteContentBackward" in submission.causes
