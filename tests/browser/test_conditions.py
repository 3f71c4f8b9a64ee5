"""One worker in a condition with prevention measures, from the assignment to the requester's comparison."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from keytrail.studies.conditions import Condition, Measure
from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import STUDY, Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.review_api import ReviewApi, explained
from tests.browser.texts import FOREIGN, OWN
from tests.browser.worker_page import WorkerPage
from tests.waiting import until

HURDLES = frozenset({Measure.SOURCE_AS_IMAGE, Measure.REFUSE_COPY, Measure.REFUSE_PASTE})
# Whichever is drawn, the hurdles hold.
CONDITIONS = [
    Condition(name="hurdles", measures=HURDLES),
    Condition(name="hurdles and plea", measures=HURDLES | {Measure.DIRECT_REQUEST}),
]
PASSAGE = "Older adults made the largest detours."


@pytest.fixture
def hurdles(tmp_path: Path, market: Marketplace) -> Iterator[Keytrail]:
    server = Keytrail(tmp_path, market.origin, conditions=CONDITIONS)
    yield server
    server.close()
    assert "Traceback" not in server.log, server.log


def test_hurdles_hold_and_attempts_are_recorded(hurdles: Keytrail, window: Chromium, market: Marketplace) -> None:
    worker = WorkerPage(window, hurdles, market).accept()
    source = window.frame.locator("#source")
    assert source.inner_text().strip() == ""
    until(lambda: source.locator("img").evaluate("(image) => image.complete && image.naturalWidth > 0"), "the picture")
    asked = "Do not use ChatGPT" in window.frame.locator("#instructions").inner_text()

    worker.paste(FOREIGN)
    until(lambda: "pasting is switched off" in window.frame.locator("#problem").inner_text(), "the reason")
    assert worker.text == ""
    worker.type(OWN)

    window.frame.locator("#as-text").click()
    until(lambda: PASSAGE in (source.text_content() or ""), "the text in the picture's place")
    worker.wait_for_recorder(page_loads=2)
    until(lambda: worker.text == OWN, "the draft")
    worker.copy_from_item(PASSAGE)
    until(
        lambda: "Copying from the text is switched off" in window.frame.locator("#problem").inner_text(), "the reason"
    )

    review = ReviewApi(hurdles.url, hurdles.token)
    submission = explained(review.submission(worker.submit()))
    assert submission.text == OWN
    assert submission.origins == {"typed": len(OWN)}
    ((_, _, tried, _, flags),) = submission.events_of("p")
    assert (tried, flags) == (FOREIGN, 2)
    compared = review.conditions(STUDY)
    review.close()
    (counts,) = (one for one in compared["counts"] if one["begun"])
    assert counts["condition"] == ("hurdles and plea" if asked else "hurdles")
    assert (counts["submitted"], counts["pastes_prevented"], counts["copies_tried"], counts["asked_for_text"]) == (
        1,
        1,
        1,
        1,
    )
