"""A worker who returns to the page finds the text unchanged, with its origins."""

import pytest

from keytrail.provenance import Verdict
from tests.browser.faulty_line import FaultyLine
from tests.browser.reliability import Reliability
from tests.browser.review_api import ReviewApi, explained
from tests.browser.texts import FOREIGN, OWN
from tests.browser.worker_page import WorkerPage
from tests.waiting import until


def test_after_a_reload_typed_text_is_still_typed(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().type(OWN).wait_for_status("Saved")
    anywhere.driver.reload()
    anywhere.wait_for_recorder(page_loads=2).wait_for_status("Your text from before is here")
    assert anywhere.text == OWN
    anywhere.click("#answer").press("Control+End").type(" now")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == f"{OWN} now"
    assert submission.came_as("typed") == submission.text
    assert submission.verdict == Verdict.CLEAR
    assert [start[:2] for start in submission.events_of("i")] == [["empty", 0], ["server", len(OWN)]]


def test_after_a_reload_pasted_text_is_still_pasted(
    anywhere: WorkerPage, review: ReviewApi, reliability: Reliability
) -> None:
    anywhere.accept().type("Look: ").paste(FOREIGN).wait_for_status("Saved")
    anywhere.driver.reload()
    anywhere.wait_for_recorder(page_loads=2).click("#answer").press("Control+Home").type("Well. ")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == f"Well. Look: {FOREIGN}"
    assert submission.came_as("external") == FOREIGN
    assert submission.came_as("typed") == "Well. Look: "
    assert submission.verdict == Verdict.STRONG
    reliability.note(
        "Reload of a text with a pasted part, then more typing: origins of its parts",
        f"{len(submission.events)} events in two page loads",
        browser=anywhere.driver.engine,
    )


def test_after_going_away_and_back_the_text_is_there(anywhere: WorkerPage, review: ReviewApi) -> None:
    """Whether the browser kept the page or loads it again is its own affair."""
    anywhere.alone().accept().type(OWN).leave()
    until(lambda: anywhere.typed() == OWN, "what was typed before leaving")
    assert anywhere.go_back().text == OWN
    submission = explained(review.submission(anywhere.click("#answer").press("Control+End").type(" now").submit()))
    assert submission.text == f"{OWN} now"
    assert submission.came_as("typed") == submission.text


@pytest.mark.parametrize("framed", [True, False])
def test_a_reload_in_the_middle_of_typing_keeps_every_key(
    anywhere: WorkerPage, review: ReviewApi, reliability: Reliability, *, framed: bool
) -> None:
    """A browser asks for the page before the old one ends and sends its last keys: the draft catches up."""
    worker = anywhere if framed else anywhere.alone()
    worker.accept().type(OWN).wait_for_text(OWN).driver.reload()
    anywhere.wait_for_recorder(page_loads=2)
    until(lambda: sum(event[1] == "k" for event in anywhere.stored()[0]) == len(OWN), "the first page load's keys")
    assert anywhere.text == OWN
    submission = explained(review.submission(anywhere.submit()))
    assert submission.came_as("typed") == OWN
    where = "in a frame" if framed else "in its own window"
    reliability.note(f"Reload at once after the last key, {where}", f"{len(OWN)} keys", browser=anywhere.driver.engine)


def test_a_draft_waits_for_a_batch_that_the_last_words_overtook(
    anywhere: WorkerPage, line: FaultyLine, review: ReviewApi, reliability: Reliability
) -> None:
    """A page that goes sends what is left in several requests at once; the first of them may be the last to arrive."""
    line.overtaken = late = b'"helps"'
    worker = anywhere.at(line.url).accept().type("Shade ").wait_for_status("Saved").paste("helps")
    until(lambda: any(late in batch for batch in line.batches), "the batch to be on its way")
    worker.driver.reload()
    anywhere.wait_for_recorder(page_loads=2)
    assert anywhere.text == "Shade helps"
    submission = explained(review.submission(anywhere.click("#answer").press("Control+End").type(" a lot.").submit()))
    assert submission.text == "Shade helps a lot."
    assert submission.came_as("external") == "helps"
    assert submission.came_as("typed") == "Shade  a lot."
    reliability.note(
        "Reload while the last batch overtakes the one before it",
        f"{len(submission.events)} events in two page loads",
        browser=anywhere.driver.engine,
    )
