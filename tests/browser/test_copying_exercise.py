"""The copying exercise in a real browser: recorded by itself, and no part of the answer's log."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from keytrail.db import Database
from keytrail.language import ENGLISH
from keytrail.models import CopyingExercise
from keytrail.sessions.copying_exercise import SENTENCES
from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.review_api import ReviewApi
from tests.browser.texts import OWN
from tests.browser.worker_page import WorkerPage
from tests.waiting import until

SHOWN = ENGLISH.text(SENTENCES)


@pytest.fixture
def asking(tmp_path_factory: pytest.TempPathFactory, market: Marketplace) -> Iterator[Keytrail]:
    server = Keytrail(tmp_path_factory.mktemp("asking"), market.origin, asks_copying_exercise=True)
    yield server
    server.close()
    assert "Traceback" not in server.log, server.log


def test_the_exercise_is_kept_apart_from_the_answer(asking: Keytrail, chromium: Browser, market: Marketplace) -> None:
    window = Chromium(chromium)
    page = WorkerPage(window, asking, market).open().click("#consent")
    until(lambda: window.look("() => !!document.querySelector('#sentences')"), "the exercise")
    page.click("#answer")
    window.page.keyboard.type(SHOWN, delay=20)  # a person's intervals have at least 10 ms
    page.click("#continue").wait_for_recorder()
    page.click("#answer").type(OWN)
    review = ReviewApi(asking.url, asking.token)
    submission = review.submission(page.submit())
    review.close()
    window.close()
    assert window.failures == []
    assert submission.text == OWN
    assert set(submission.origins) == {"typed"}
    assert len(submission.events_of("k")) < len(SHOWN)
    database = Database(f"sqlite:///{asking.database_file}")
    with database.reading() as db:
        measures = db.scalars(select(CopyingExercise)).one().measures
    database.close()
    assert measures["keys"] == len(SHOWN)
    assert measures["interval_log_sd"] is not None
    # Likeness to copying out needs pauses, and this typist makes none.
    assert "copying_likeness" in measures
