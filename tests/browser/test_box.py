"""The answer box is unlocked when the recorder runs, and scripts that replace it cause no unreported loss."""

from playwright.sync_api import Route

from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.review_api import ReviewApi, explained
from tests.browser.texts import OWN
from tests.browser.worker_page import WorkerPage
from tests.waiting import until

_READ_ONLY = "() => document.querySelector('#answer').readOnly"
_REPLACED_BY_A_COPY = """() => {
  const copy = answer.cloneNode(true);
  copy.value = answer.value;
  answer.replaceWith(copy);
  copy.focus();
  copy.setSelectionRange(copy.value.length, copy.value.length);
}"""


def test_nobody_can_write_before_the_recorder_runs(worker: WorkerPage, window: Chromium, review: ReviewApi) -> None:
    held: list[Route] = []
    window.page.route("**/recorder/*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    worker.open().click("#consent")
    until(lambda: worker.has_task and held, "the page to ask for the recorder")
    worker.click("#answer").type("Written too early. ")
    assert window.look(_READ_ONLY)
    assert worker.text == ""
    held[0].continue_()
    worker.wait_for_recorder()
    until(lambda: not window.look(_READ_ONLY), "the box to open")
    submission = explained(review.submission(worker.click("#answer").type(OWN).submit()))
    assert submission.origins == {"typed": len(OWN)}
    assert submission.verdict == "clear"


def test_without_the_recorder_the_box_opens_and_the_text_can_be_handed_in(worker: WorkerPage, window: Chromium) -> None:
    window.page.route("**/recorder/*", lambda route: route.abort())
    worker.open().click("#consent")
    until(lambda: worker.has_task and not window.look(_READ_ONLY), "the box to open")
    assert worker.click("#answer").type(OWN).submit_plainly()


def test_without_the_tasks_own_script_the_box_opens_at_once(worker: WorkerPage, window: Chromium) -> None:
    window.page.route("**/worker/task.js*", lambda route: route.abort())
    worker.open().click("#consent")
    until(lambda: worker.has_task and not window.look(_READ_ONLY), "the box to open", 10)
    assert worker.click("#answer").type(OWN).submit_plainly()


def test_without_any_script_the_box_is_open(worker: WorkerPage, window: Chromium) -> None:
    window.page.route("**/static/**/*.js*", lambda route: route.abort())
    worker.open().click("#consent")
    until(lambda: worker.has_task, "the task")
    assert worker.click("#answer").type(OWN).submit_plainly()


def test_a_box_that_a_script_replaces_by_a_copy_goes_on_being_recorded(
    worker: WorkerPage, window: Chromium, review: ReviewApi
) -> None:
    worker.accept().type("Before it was replaced. ").run_script(f"window.mine = answer; ({_REPLACED_BY_A_COPY})()")
    until(lambda: window.look("() => document.querySelector('#answer') === window.mine"), "the box to be back")
    text = "Before it was replaced. And this came after. "
    submission = explained(review.submission(worker.type("And this came after. ").submit()))
    assert submission.text == text
    assert submission.origins == {"typed": len(text)}
    assert submission.verdict == "clear"


def test_a_box_that_cannot_be_followed_is_said_to_be_lost_and_its_text_still_counts(
    worker: WorkerPage, window: Chromium, review: ReviewApi
) -> None:
    worker.accept().type("Before. ")
    window.run(f"""() => setInterval(() => {{
      const answer = document.querySelector('#answer');
      if (!answer || answer === window.mine) return;
      ({_REPLACED_BY_A_COPY})();
      window.mine = document.querySelector('#answer');
    }}, 50)""")
    worker.wait_for_status("replaced the answer box")
    submission = review.submission(worker.type("After.").submit())
    assert submission.text == "Before. After."
    assert submission.verdict == "unverifiable"


def open_in_sandbox(window: Chromium, market: Marketplace, page: WorkerPage) -> WorkerPage:
    """A frame with sandbox="allow-scripts allow-forms" has no origin; some platforms show tasks in one."""
    window.open(f"{market.origin}/frame?task=about:blank")
    window.page.evaluate(
        "(url) => { const frame = document.querySelector('#task-frame');"
        " frame.sandbox = 'allow-scripts allow-forms'; frame.src = url; }",
        page.task_link,
    )
    until(lambda: window.look("() => !!document.querySelector('#consent')"), "consent")
    return page.click("#consent").wait_for_recorder()


def test_a_text_can_be_handed_in_from_a_sandboxed_frame(
    window: Chromium, keytrail: Keytrail, market: Marketplace, review: ReviewApi
) -> None:
    page = open_in_sandbox(window, market, WorkerPage(window, keytrail, market))
    submission = explained(review.submission(page.click("#answer").type(OWN).submit()))
    assert submission.origins == {"typed": len(OWN)}
    assert submission.verdict == "clear"


def test_where_a_sandboxed_frame_cannot_read_the_answers_the_plain_form_is_sent(
    window: Chromium, keytrail: Keytrail, market: Marketplace, review: ReviewApi
) -> None:
    def without_permission(route: Route) -> None:
        answer = route.fetch()
        # Playwright adds a permission where there is none.
        route.fulfill(response=answer, headers={"access-control-allow-origin": "https://elsewhere.test"})

    page = open_in_sandbox(window, market, WorkerPage(window, keytrail, market)).click("#answer").type(OWN)
    window.page.route("**/api/worker/**", without_permission)
    assert review.submission(page.submit_plainly()).text == OWN
