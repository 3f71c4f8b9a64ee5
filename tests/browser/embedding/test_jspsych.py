"""A jsPsych trial of another site (docs/examples/jspsych.html)."""

from tests.browser.embedding.host_page import ChromiumHostPage
from tests.browser.review_api import ReviewApi, Submission, explained
from tests.browser.texts import FOREIGN, OWN


def finished(host_page: ChromiumHostPage, reviewed: ReviewApi) -> Submission:
    host_page.window.page.get_by_role("button", name="Continue").click()
    trial = host_page.trial()
    submission = explained(reviewed.submission(trial["receipt"]))
    assert submission.text == trial["response"]["answer"]
    return submission


def test_a_typed_answer_is_clear(host_page: ChromiumHostPage, reviewed: ReviewApi) -> None:
    host_page.open("jspsych.html").begin().type(OWN)
    submission = finished(host_page, reviewed)
    assert submission.verdict == "clear"
    assert submission.origins == {"typed": len(OWN)}


def test_a_pasted_answer_is_strong(host_page: ChromiumHostPage, reviewed: ReviewApi) -> None:
    host_page.open("jspsych.html").begin().paste(FOREIGN)
    submission = finished(host_page, reviewed)
    assert submission.verdict == "strong"
    assert submission.came_as("external") == FOREIGN
