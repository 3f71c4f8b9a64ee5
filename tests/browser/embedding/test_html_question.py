"""The recorder in an HTMLQuestion that the sandbox serves, on the origin that the sandbox keeps for such pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import STUDY, Keytrail
from tests.browser.market_worker import MarketWorker
from tests.browser.review_api import ReviewApi, explained
from tests.browser.sandbox_process import Sandbox
from tests.browser.texts import OWN
from tests.sandbox.people import hit_parameters
from tests.sandbox.test_html_question import html_question


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    found = Sandbox(tmp_path)
    yield found
    found.close()
    assert "Traceback" not in found.log, found.log


@pytest.fixture
def server(tmp_path: Path, sandbox: Sandbox) -> Iterator[Keytrail]:
    found = Keytrail(tmp_path, f"{sandbox.origin} {sandbox.content_origin}")
    yield found
    found.close()
    assert "Traceback" not in found.log, found.log


def test_a_text_is_recorded_and_its_receipt_is_in_the_answer(
    window: Chromium, sandbox: Sandbox, server: Keytrail
) -> None:
    page = f"""<!DOCTYPE html><script src="https://s3.amazonaws.com/mturk-public/externalHIT_v1.js"></script>
    <form method="post" action="https://www.mturk.com/mturk/externalSubmit">
    <input type="hidden" name="assignmentId" id="assignmentId"><textarea id="answer" name="answer"></textarea>
    <input type="submit" id="submitButton"></form><script>turkSetAssignmentID();</script>
    <script type="module" src="{server.url}/static/embed.js" data-study="{STUDY}" data-box="#answer"></script>"""
    requester = sandbox.requester()
    hit_id = requester.create_hit(**hit_parameters(Question=html_question(page)))["HIT"]["HITId"]
    worker = MarketWorker(window, sandbox.origin)
    worker.sign_up("ada@example.org")
    window.page.goto(f"{sandbox.origin}/hits/{hit_id}")
    window.page.get_by_role("button", name="Accept").click()
    window.page.wait_for_url(f"{sandbox.origin}/work/**")
    task = window.page.frame_locator("iframe")
    task.get_by_role("button", name="I agree").click()
    task.locator("#answer").click()
    window.type(OWN)
    task.locator("#submitButton").click()
    task.get_by_role("heading", name="Submitted. Thank you.").wait_for()
    (done,) = requester.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    receipt = done["Answer"].split("<QuestionIdentifier>receipt</QuestionIdentifier><FreeText>")[1].split("<")[0]
    api = ReviewApi(server.url, server.token)
    submission = explained(api.submission(receipt))
    api.close()
    assert submission.text == OWN
    assert submission.origins == {"typed": len(OWN)}
