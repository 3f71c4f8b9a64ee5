"""The worker's pages with one or two switches: every control is reached by Tab, and acts by Enter or Space.

What can be operated is read from each page, so a new control fails here until it is reached, acts, and is listed. Words
come without keys, as from a speaking board.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Route, expect

from keytrail.studies.conditions import Condition, Measure
from tests.browser.drivers.base import Driver
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.firefox import Firefox
from tests.browser.drivers.phone import SCREEN
from tests.browser.drivers.webkit import WebKit
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.review_api import ReviewApi
from tests.browser.test_narrow_pages import UNCHANGED, Stage, reject, server, stages
from tests.browser.texts import FOREIGN
from tests.browser.worker_page import WorkerPage
from tests.waiting import until

__all__ = ["server", "stages"]  # fixtures

PLAIN: Final[dict[str, Any]] = UNCHANGED | {"language": "en", "conditions": []}
WORDS: Final = "Shade helps."

CONTROLS: Final = """() => {
  const operable =
    'a[href], area[href], button, input, select, textarea, summary, iframe, audio, video, [tabindex="0"], ' +
    '[contenteditable]';
  const nameOf = (one) =>
    one.id ? `#${one.id}` : one.name ? `${one.name}=${one.value}` : `${one.localName} "${one.textContent.trim()}"`;
  globalThis.nameOf = nameOf;
  const all = [...document.querySelectorAll(operable)];
  return all.filter((one) => one.type !== 'hidden' && one.checkVisibility()).map(nameOf);
}"""
"""The names of everything that can be operated, in the order of the page."""

FOCUSED: Final = (
    "() => document.hasFocus() && document.activeElement !== document.body ? nameOf(document.activeElement) : ''"
)

STATE: Final = """() => ({
  opened: [...document.querySelectorAll('details')].map((one) => one.open).join(),
  ticked: [...document.querySelectorAll('input')].map((one) => one.checked).join(),
  written: [...document.querySelectorAll('textarea')].map((one) => one.value).join('|'),
  relabelled: [...document.querySelectorAll('button')].map((one) => one.textContent).join(),
  moved: location.hash,
})"""
"""What a control can change on its page, by what is then said of it."""

OPEN_ALL: Final = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
WRITING: Final = "() => 'writing' in document.querySelector('#task').dataset"

# What each control does: a request, or a change of the page.
TASK: Final = {
    "#source": "focused",
    "#answer": "written",
    'summary "Where is pasted text from? (optional)"': "opened",
    "text_origins=notes": "ticked",
    "text_origins=editor": "ticked",
    "text_origins=translation": "ticked",
    "text_origins=reference": "ticked",
    "text_origins=language_model": "ticked",
    "text_origins=other": "ticked",
    "#input-aids": "ticked",
    'summary "Anything we should know? (optional)"': "opened",
    "#comment": "written",
    "#submit": "POST submission",
    'summary "Stop and withdraw"': "opened",
    'button "Delete my text and stop"': "POST withdrawal",
}
EXPECTED: Final[Mapping[str, Mapping[str, str]]] = {
    "preview": {'a "What is recorded later"': "moved"},
    "consent": {
        "#consent": "POST consent",
        "#refuse": "POST refusal",
        'summary "What the task will ask of you"': "opened",
    },
    "copying exercise": {"#answer": "written", "#continue": "POST copying", "#skip": "POST copying skip=1"},
    "task": TASK,
    "task with a picture": {"#source": "focused", "#as-text": "POST source", **TASK},
    "question": {
        "model_use=no": "ticked",
        "model_use=partly": "ticked",
        "model_use=mostly": "ticked",
        'button "Answer and finish"': "POST afterwards model_use=no",
        "model_use=unanswered": "POST afterwards model_use=unanswered",
    },
    "finish by a form": {"#finish": "POST externalSubmit", "#copy": "GET copy"},
    "finish by a link": {"#finish": "GET done", "#copy": "GET copy"},
    "finish by a code": {"#copy": "GET copy"},
    "finish by nothing": {"#copy": "GET copy"},
    "exit": {},
    "exit by a link": {"#finish": "GET out"},
    "exit by a code": {},
    "error": {},
    "copy, not decided": {},
    "copy, decided": {"#words": "written", "#object": "POST objection"},
    "copy, answered": {},
    "copy that is none": {},
}
# The page's script makes these itself; the server's pages with the same ends are above.
SAID: Final = {"said": "One step is left.", "button": "Go on", "copy": "/task/writing/copy?key=x"}
MADE: Final[Mapping[str, tuple[dict[str, Any], Mapping[str, str]]]] = {
    "form": ({"kind": "post", "url": "/mturk/externalSubmit", "fields": {}}, {"#finish": "POST externalSubmit"}),
    "link": ({"kind": "redirect", "url": "/done"}, {"#finish": "GET done"}),
    "code": (
        {"kind": "code", "code": "AB12", "url": "/done"},
        {'button "Copy"': "relabelled", "#finish": "GET done"},
    ),
    "nothing": ({"kind": "done"}, {}),
}


class Switch:
    """Tab, and Enter or Space, in a phone's window."""

    def __init__(self, window: Chromium) -> None:
        self.window = window
        self.asked: list[str] = []
        self.holding = False
        self.answer: dict[str, Any] = {}

    def stop_requests(self) -> None:
        """Note what a page asks for when a control is tried; it goes no further, so the page stays as it is."""
        self.window.context.route("**/*", self._meet)

    def _meet(self, route: Route) -> None:
        request = route.request
        path = urlsplit(request.url).path.rpartition("/")[2]
        if path == "submission" and self.answer:
            route.fulfill(json=self.answer)
        elif self.holding and (request.is_navigation_request() or path == "submission"):
            said = dict(parse_qsl(request.post_data or "")) if request.post_data else {}
            told = [f"{name}={said[name]}" for name in ("model_use", "skip") if name in said]
            self.asked.append(" ".join([request.method, path, *told]))
            route.fulfill(status=204)
        else:
            route.continue_()

    def open(self, url: str) -> None:
        """Open a page, and everything on it that can be opened."""
        self.holding = False
        self.window.open(url)
        until(lambda: not self.window.run("() => document.querySelector('#answer')?.readOnly"), "the box to be open")
        self.window.run(OPEN_ALL)

    def controls(self) -> list[str]:
        return list(self.window.run(CONTROLS))

    def step_to(self, control: str) -> bool:
        """Press Tab until this has the focus, doing on the way what the page requires; whether it came."""
        for _ in range(40):
            self.window.press("Tab")
            at = self.window.run(FOCUSED)
            if at == control:
                return True
            if at in {"#answer", "#words"}:
                self.window.commit(WORDS)
            elif at == "model_use=no":
                self.window.press("Space")
        return False

    def effect_of(self, control: str) -> str:
        """What the control with the focus does; fails if it does nothing."""
        before, self.asked, self.holding = self.window.run(STATE), [], True
        kind = self.window.run("() => document.activeElement.type ?? document.activeElement.localName")
        if kind == "div":
            return "focused"
        self.window.press("Space" if kind in {"checkbox", "radio", "textarea"} else "Enter")

        def seen() -> str:
            after = self.window.run(STATE)
            return ", ".join([*(name for name in after if after[name] != before[name]), *self.asked])

        return until(seen, f"{control} to act", seconds=10)


@pytest.fixture
def switch(chromium: Browser) -> Iterator[Switch]:
    window = Chromium(chromium, **SCREEN)
    yield Switch(window)
    window.close()
    assert window.failures == []


@pytest.fixture
def pictured(chromium: Browser, server: Keytrail, market: Marketplace) -> Stage:
    """The page of somebody who reads the item as a picture."""
    condition = Condition(name="picture", probability=1.0, measures=frozenset({Measure.SOURCE_AS_IMAGE}))
    study = {"conditions": [condition.as_json()]}
    server.change_study(**PLAIN | study)
    window = Chromium(chromium)
    link = WorkerPage(window, server, market).alone().open().click("#consent").wait_for_recorder().task_link
    window.close()
    return Stage(link.removeprefix(server.url), "#as-text", study)


def acts_of(switch: Switch, begin: Callable[[], None]) -> dict[str, str]:
    """What each control of a page does, each tried on a fresh page."""
    switch.stop_requests()
    begin()
    found = {}
    for control in switch.controls():
        begin()
        assert control in switch.controls()
        found[control] = switch.effect_of(control) if switch.step_to(control) else "not reached by Tab"
    return found


def test_every_control_is_reached_and_acts(
    switch: Switch, server: Keytrail, stages: dict[str, Stage], pictured: Stage
) -> None:
    found = {}
    for name, stage in {**stages, "task with a picture": pictured}.items():
        server.change_study(**PLAIN | stage.study)
        found[name] = acts_of(switch, lambda: switch.open(f"{server.url}{stage.path}"))  # noqa: B023  # called here
    assert found == EXPECTED


@pytest.fixture
def driver(engine: str, request: pytest.FixtureRequest) -> Iterator[Driver]:
    """A window in each engine in turn."""
    windows: dict[str, Callable[[Any], Driver]] = {"chromium": Chromium, "firefox": Firefox, "webkit": WebKit}
    found = windows[engine](request.getfixturevalue(engine))
    yield found
    found.close()


def test_tab_goes_through_all_answers_and_on_in_every_engine(
    driver: Driver, server: Keytrail, stages: dict[str, Stage]
) -> None:
    """Forwards from the first answer, backwards from the chosen one; browsers by themselves stop at one of them."""
    stage = stages["question"]
    server.change_study(**PLAIN | stage.study)
    driver.open(f"{server.url}{stage.path}")
    # Keys that come before the page has the window's focus go nowhere.
    ready = "() => document.readyState === 'complete' && document.hasFocus() && !!document.querySelector('.question')"
    until(lambda: driver.look(ready), "the question")
    driver.run(CONTROLS)

    def press(key: str) -> str:
        driver.press(key)
        return str(driver.run(FOCUSED))

    assert [press("Tab") for _ in range(2)] == ["model_use=no", "model_use=partly"]
    driver.press("Space" if driver.engine == "chromium" else " ")
    until(lambda: driver.run("() => document.querySelector(':checked')?.value") == "partly", "the answer to be chosen")
    answer, passing = 'button "Answer and finish"', "model_use=unanswered"
    assert [press("Tab") for _ in range(3)] == ["model_use=mostly", answer, passing]
    back = [press("Shift+Tab") for _ in range(4)]
    assert back == [answer, "model_use=partly", "model_use=no", "model_use=mostly"]
    assert press("Shift+Tab") not in back[1:]


@pytest.mark.parametrize("way", MADE)
def test_so_it_is_on_the_last_page_that_the_script_makes(
    switch: Switch, server: Keytrail, stages: dict[str, Stage], way: str
) -> None:
    step, expected = MADE[way]
    server.change_study(**PLAIN)

    def finish() -> None:
        switch.answer = {}
        switch.open(f"{server.url}{stages['task'].path}")
        switch.controls()
        switch.answer = {"receipt": "R1", "finish": step | SAID}
        assert switch.step_to("#submit")
        switch.window.press("Enter")
        expect(switch.window.page.locator("#result")).to_be_focused()

    assert acts_of(switch, finish) == {**expected, "#copy": "GET copy"}


def test_a_whole_task_with_one_switch_up_to_the_objection(
    switch: Switch, server: Keytrail, market: Marketplace
) -> None:
    """Consent, item and answer in turn, statements, submission, question, hand-over, copy, objection."""
    server.change_study(**PLAIN | {"asks_model_use": True})
    window, page = switch.window, switch.window.page
    worker = WorkerPage(window, server, market).alone().open()

    def go_to(control: str) -> None:
        switch.controls()
        assert switch.step_to(control), control

    def press(control: str, key: str = "Enter") -> None:
        go_to(control)
        window.press(key)

    press("#consent")
    worker.wait_for_recorder()
    go_to("#answer")
    assert window.run(WRITING)
    go_to("#source")
    assert not window.run(WRITING)
    go_to("#answer")
    assert window.run(WRITING)
    window.commit(FOREIGN)
    worker.wait_for_text(FOREIGN)
    press('summary "Where is pasted text from? (optional)"')
    press("text_origins=notes", "Space")
    press("#input-aids", "Space")
    press('summary "Anything we should know? (optional)"')
    go_to("#comment")
    window.commit("I speak by a board.")
    press("#submit")
    page.locator(".question").wait_for()
    press("model_use=partly", "Space")
    press('button "Answer and finish"')
    copy = until(lambda: page.locator("#copy").get_attribute("href"), "the link to the copy")
    press("#finish")
    receipt = worker.receipt()
    with closing(ReviewApi(server.url, server.token)) as review:
        assert review.submission(receipt).text == FOREIGN
    reject(server, receipt)
    window.open(f"{server.url}{copy}")
    expect(page.get_by_text("I speak by a board.")).to_be_visible()
    go_to("#words")
    window.commit("I chose each word.")
    press("#object")
    expect(page.locator("#objection-words")).to_have_text("I chose each word.")


def test_whoever_leaves_needs_no_more(switch: Switch, server: Keytrail, market: Marketplace) -> None:
    server.change_study(**PLAIN)
    worker = WorkerPage(switch.window, server, market).alone().open()
    switch.controls()
    assert switch.step_to("#consent")
    switch.window.press("Enter")
    worker.wait_for_recorder()
    for control in ('summary "Stop and withdraw"', 'button "Delete my text and stop"'):
        switch.controls()
        assert switch.step_to(control)
        switch.window.press("Enter")
    expect(switch.window.page.get_by_role("heading", level=1)).to_have_text("You have stopped")
