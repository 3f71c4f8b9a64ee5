"""The marketplace in a real Chromium, with a task on another site that gets only MTurk's parameters."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from keytrail.sandbox import SandboxConfig
from tests.sandbox.people import PASSWORD, QUESTION, TASK_URL, create_hit
from tests.sandbox.test_html_question import QUESTION as HTML_QUESTION
from tests.sandbox.test_html_question import html_question
from tests.sandbox.test_question_form import SURVEY

pytestmark = pytest.mark.browser

TASK = b"""<!doctype html><meta charset="utf-8"><title>Task</title>
<form method="post"><input type="hidden" name="assignmentId"><textarea id="answer" name="answer"></textarea>
<button id="submit">Submit</button></form>
<script>
const given = new URLSearchParams(location.search), form = document.forms[0];
form.assignmentId.value = given.get("assignmentId");
form.action = given.get("turkSubmitTo") + "/mturk/externalSubmit";
document.querySelector("#submit").disabled = !given.has("workerId");
</script>"""
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--test-third-party-cookie-phaseout")
Steps = Callable[[Page], None]


class _Task(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(TASK)

    def log_message(self, *_details: Any) -> None:
        pass


@pytest.fixture
def task_url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Task) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/task/demo"
        server.shutdown()


@pytest.fixture
def config(config: SandboxConfig, task_url: str) -> SandboxConfig:
    object.__setattr__(config, "try_urls", {"demo": task_url})
    return config


@pytest.fixture
def browse(server: None, origin: str) -> Callable[[Steps], None]:
    """Runs steps in a page of our own browser; complaints in its console fail the test.

    In a thread of its own, because other tests of the same process may have a Playwright running.
    """

    def visit(browser: Browser, steps: Steps) -> list[str]:
        page = browser.new_context(base_url=origin).new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        steps(page)
        return complaints

    def run(steps: Steps) -> list[str]:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
            try:
                return visit(browser, steps)
            finally:
                browser.close()

    def browse(steps: Steps) -> None:
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(run, steps).result() == []

    return browse


def submit_in_frame(page: Page, answer: str) -> None:
    frame = page.frame_locator("#task-frame")
    frame.locator("#answer").fill(answer)
    frame.locator("#submit").click()
    frame.get_by_role("heading", name="Submitted. Thank you.").wait_for()


def sign_up(page: Page) -> None:
    page.goto("/sign-up")
    for name, value in (("email", "ada@example.org"), ("password", PASSWORD), ("country", "de")):
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    page.get_by_role("heading", name="Open HITs").wait_for()


def test_trying_a_task(browse: Callable[[Steps], None], origin: str) -> None:
    def steps(page: Page) -> None:
        page.goto("/try/demo")
        first = page.locator("#worker-id").inner_text()
        submit_in_frame(page, "a summary")
        page.frame_locator("#task-frame").get_by_role("link").click()
        page.frame_locator("#task-frame").locator("#answer").wait_for()
        assert page.url == f"{origin}/try/demo"
        assert page.locator("#worker-id").inner_text() != first
        page.get_by_role("link", name="Preview").click()
        assert page.frame_locator("#task-frame").locator("#submit").is_disabled()

    browse(steps)


def test_a_hit_from_the_list_to_the_earnings(browse: Callable[[Steps], None], requester: Any, task_url: str) -> None:
    hit_id = create_hit(requester, Question=QUESTION.replace(TASK_URL, task_url))["HITId"]

    def steps(page: Page) -> None:
        sign_up(page)
        page.get_by_role("link", name="Summarise an abstract").click()
        page.get_by_role("button", name="Accept").click()
        page.locator("#return").wait_for()
        page.get_by_role("link", name="Queue").click()
        page.get_by_role("link", name="Continue").click()
        page.locator("time").get_by_text("none, the time is over").wait_for()  # the tests' clock is long past
        submit_in_frame(page, "my own words")
        page.locator("#return").wait_for(state="detached")
        page.goto("/earnings")
        assert page.locator("tbody tr").count() == 1

    browse(steps)
    (done,) = requester.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    assert "my own words" in done["Answer"]


def test_a_page_of_the_requesters(browse: Callable[[Steps], None], requester: Any, origin: str) -> None:
    hit_id = create_hit(requester, Question=HTML_QUESTION)["HITId"]

    def steps(page: Page) -> None:
        sign_up(page)
        page.goto(f"/hits/{hit_id}")
        assert page.frame_locator("#task-frame").locator("#submitButton").is_disabled()
        page.get_by_role("button", name="Accept").click()
        page.locator("#return").wait_for()
        frame = page.frame_locator("#task-frame")
        frame.locator("[name=answer]").fill("forty-two")
        where = frame.locator("html").evaluate("() => self.origin")
        assert where == origin.replace("localhost", "content.localhost")
        reached = "() => { try { return parent.document.title } catch { return 'refused' } }"
        assert frame.locator("html").evaluate(reached) == "refused"
        frame.locator("#submitButton").click()
        frame.get_by_role("link").click()
        page.get_by_text("No further HIT of this kind is open to you").wait_for()

    browse(steps)
    (done,) = requester.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    assert "forty-two" in done["Answer"]


CROWD = """<!DOCTYPE html><script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<crowd-form answer-format="flatten-objects">
<crowd-input name="title" label="Title" required></crowd-input>
<crowd-text-area name="text" label="Summary" rows="4"></crowd-text-area>
<crowd-radio-group><crowd-radio-button name="yes" value="yes">Yes</crowd-radio-button>
<crowd-radio-button name="no" value="no">No</crowd-radio-button></crowd-radio-group>
<crowd-checkbox name="sure" value="really">Sure</crowd-checkbox>
<label><input type="radio" name="plain" value="a"> Apple</label>
<label><input type="radio" name="plain" value="b"> Berry</label>
<input name="more" aria-label="More" value="m"><p id="said"></p>
<crowd-button form-action="submit" variant="primary">Hand in</crowd-button></crowd-form>
<script>
let tries = 0;
document.querySelector("crowd-form").onsubmit = (event) => {
  document.querySelector("#said").textContent = document.querySelector("crowd-text-area").value;
  if (++tries === 1) event.preventDefault();
};
</script>"""


def test_a_crowd_form(browse: Callable[[Steps], None], requester: Any) -> None:
    hit_id = create_hit(requester, Question=html_question(CROWD))["HITId"]

    def steps(page: Page) -> None:
        sign_up(page)
        page.goto(f"/hits/{hit_id}")
        frame = page.frame_locator("#task-frame")
        assert frame.get_by_role("button", name="Hand in").is_disabled()
        page.get_by_role("button", name="Accept").click()
        page.locator("#return").wait_for()
        hand_in = frame.get_by_role("button", name="Hand in")
        hand_in.click()  # the browser holds it back: the title is missing
        frame.get_by_label("Title").fill("Shade")
        frame.get_by_label("Summary").fill('a "summary"')
        frame.get_by_label("Yes").check()
        frame.get_by_label("No").check()
        frame.get_by_label("Berry").check()
        hand_in.click()  # the page holds it back, once
        assert frame.locator("#said").inner_text() == 'a "summary"'
        hand_in.click()
        frame.get_by_role("heading", name="Submitted. Thank you.").wait_for()

    browse(steps)
    (done,) = requester.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    ((name, text),) = [[part.text for part in answer] for answer in ET.fromstring(done["Answer"])]
    assert name == "taskAnswers"
    assert json.loads(text or "") == [
        {
            "title": "Shade",
            "text": 'a "summary"',
            "yes": {"yes": False},
            "no": {"no": True},
            "sure": {"really": False},
            "plain": {"a": False, "b": True},
            "more": "m",
        }
    ]


def test_a_question_form(browse: Callable[[Steps], None], requester: Any) -> None:
    hit_id = create_hit(requester, Question=SURVEY)["HITId"]

    def steps(page: Page) -> None:
        sign_up(page)
        page.goto(f"/hits/{hit_id}")
        page.get_by_role("button", name="Accept").click()
        page.locator("#return").wait_for()
        frame = page.frame_locator("#task-frame")
        frame.get_by_label("Reason").fill("for fun")
        frame.get_by_label("A dog").check()
        frame.get_by_role("button", name="Submit").click()
        frame.get_by_role("heading", name="Submitted. Thank you.").wait_for()

    browse(steps)
    (done,) = requester.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    assert "<FreeText>for fun</FreeText>" in done["Answer"]
    assert "<SelectionIdentifier>dog</SelectionIdentifier>" in done["Answer"]
