"""A worker in a browser: accepts the task in the marketplace's frame, writes, and submits."""

import secrets
from collections.abc import Sequence
from typing import Any, Self

from keytrail.demo.recording.page_scripts import MARK, POINTS_IN_BOX, SELECTION
from tests.browser.drivers.base import Driver
from tests.browser.keytrail import STUDY, Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.texts import FOREIGN
from tests.waiting import until

_TEXT_OF = "(selector) => document.querySelector(selector)?.textContent"
_SPOT_OF_MARK = """(selector) => {
  document.querySelector(selector).scrollIntoView({ block: "nearest" });
  const { left, top, height } = getSelection().getRangeAt(0).getClientRects()[0];
  return [left + 8, top + height / 2];
}"""
_UNMARK = "() => getSelection().removeAllRanges()"


class WorkerPage:
    """One worker with one assignment. Every action returns the page, so that calls can be chained."""

    def __init__(self, driver: Driver, keytrail: Keytrail, market: Marketplace, *, assignment: str = "") -> None:
        self.driver = driver
        self.assignment = assignment or f"A{secrets.token_hex(6)}"
        self._framed = True
        self._market = market
        self._keytrail = keytrail
        self._task_url = f"{keytrail.url}/task/{STUDY}"

    def at(self, url: str) -> Self:
        """Reach the server under another address."""
        self._task_url = f"{url}/task/{STUDY}"
        return self

    def alone(self) -> Self:
        """Open the task in a window of its own, as a panel's link does."""
        self._framed = False
        return self

    @property
    def link(self) -> str:
        """The marketplace's page with the task in its frame, or the task alone."""
        make = self._market.frame_link if self._framed else self._market.task_link
        return make(self._task_url, self.assignment)

    @property
    def task_link(self) -> str:
        """The task's own address, as the marketplace's page puts it into its frame."""
        return self._market.task_link(self._task_url, self.assignment)

    def open(self) -> Self:
        """Open the assignment at the marketplace."""
        self.driver.open(self.link)
        until(lambda: self._text_of("#consent") or self.has_task, "the task's first page")
        return self

    def leave(self) -> Self:
        """Go to another page in the same window."""
        self.driver.open(f"{self._market.origin}/elsewhere")
        return self

    def accept(self) -> Self:
        """Open the assignment, agree, wait until the recorder has reached the server, and click into the box."""
        self.open().click("#consent").wait_for_recorder()
        return self.click("#answer")

    def wait_for_recorder(self, page_loads: int = 1) -> Self:
        """Wait until the server has the first events of this page load."""
        until(lambda: len(list(filter(None, self.stored()))) >= page_loads, "the recorder to start")
        return self

    def go_back(self) -> Self:
        """Go back in the window's history, and wait until the page records again, be it kept or loaded anew.

        A page that is loaded anew lets nobody write before it has the whole draft.
        """
        self.driver.back()
        until(lambda: self.has_task and self._records_again(), "the page to be back")
        return self

    def _records_again(self) -> bool:
        loads = list(filter(None, self.stored()))
        return len(loads) > 1 or any(event[1:] == ["v", "pageshow-persisted"] for event in loads[0])

    def stored(self) -> list[list[Any]]:
        """The events of each page load that the server has by now."""
        return [[event for batch in batches for event in batch] for batches in self.stored_batches()]

    def stored_batches(self) -> Sequence[Sequence[list[Any]]]:
        """As `stored`, batch by batch."""
        return self._keytrail.stored_batches(self.assignment)

    @property
    def has_task(self) -> bool:
        """Whether the answer box is there."""
        return bool(self.driver.look("() => !!document.querySelector('#answer')"))

    @property
    def text(self) -> str:
        """What stands in the answer box."""
        return str(self.driver.run("() => document.querySelector('#answer').value"))

    @property
    def status(self) -> str:
        """What the page says about saving."""
        return self._text_of("#status")

    @property
    def selection(self) -> tuple[int, int]:
        """Start and end of the selection in the answer box."""
        start, end = self.run_on_box(SELECTION)
        return start, end

    def wait_for_status(self, words: str, seconds: float = 20) -> Self:
        """Wait until the page says this about saving."""
        until(lambda: words in self.status, f"the status {words!r}", seconds)
        return self

    def wait_for_text(self, text: str) -> Self:
        """Wait until this stands in the answer box. Drivers may come back before the last key has."""
        until(lambda: self.text == text, f"the text {text!r}")
        return self

    def click(self, selector: str) -> Self:
        """Click the middle of an element."""
        self.driver.click(selector)
        return self

    def type(self, text: str) -> Self:
        """Type, key by key, evenly and fast."""
        self.driver.type(text)
        return self

    def press(self, *chords: str) -> Self:
        """Press keys, one after the other."""
        for chord in chords:
            self.driver.press(chord)
        return self

    def select(self, start: int, end: int | None = None) -> Self:
        """Put the selection, or the caret, into the answer box."""
        self.run_on_box(f"(box) => {{ box.focus(); box.setSelectionRange({start}, {start if end is None else end}); }}")
        return self

    def paste(self, text: str) -> Self:
        """Copy a text in another window and paste it at the caret."""
        self.driver.put_on_clipboard(text)
        return self.press("Control+v")

    def copy_from_item(self, text: str) -> Self:
        """Mark a text of the item and copy it."""
        return self.click("#source").mark_in_item(text).press("Control+c")

    def mark_in_item(self, text: str) -> Self:
        """Select a text of the item."""
        assert self.driver.run(f"(text) => ({MARK})(document.querySelector('#source'), text)", text) == text
        return self

    def drag(self, start: int, end: int, to: int) -> Self:
        """Select a stretch of the answer and drag it to another place."""
        origin, target = self.select(start, end).points(start + 1, to)
        self.driver.drag(origin, target)
        return self

    def drag_from_item(self, text: str, to: int) -> Self:
        """Mark a text of the item and drag it into the answer box."""
        self.driver.drag(*self.spots_to_drag(text, to))
        return self

    def spots_to_drag(self, text: str, to: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """Mark a text of the item; where to take hold of it, and where an offset of the answer is."""
        (target,) = self.points(to)
        self.driver.run(_UNMARK)
        x, y = self.mark_in_item(text).driver.run(_SPOT_OF_MARK, "#source")
        return (x, y), target

    def points(self, *offsets: int) -> list[tuple[float, float]]:
        """Where offsets of the answer are in the frame."""
        return [(x, y) for x, y in self.run_on_box(f"(box) => ({POINTS_IN_BOX})(box, {list(offsets)})")]

    def run_on_box(self, function: str) -> Any:
        """Call a JavaScript function with the answer box."""
        return self.driver.run(f"() => ({function})(document.querySelector('#answer'))")

    def run_script(self, script: str) -> Self:
        """Run a script in the task's page, as an extension would; it knows `answer` and `foreignText`."""
        self.driver.run(f"(foreignText) => {{ const answer = document.querySelector('#answer'); {script} }}", FOREIGN)
        return self

    def after_simulated_time(self) -> Self:
        """Say that the server, too, saw the time pass that a test let pass in the page alone."""
        self._keytrail.open_earlier(self.assignment)
        return self

    def submit(self) -> str:
        """Submit, and return the receipt that the marketplace got."""
        return self.click("#submit").receipt()

    def submit_plainly(self) -> str:
        """Submit without the page's script: the server's own page hands over to the marketplace."""
        self.click("#submit")
        until(lambda: self._text_of("#finish"), "the page that hands over")
        return self.click("#finish").receipt()

    def receipt(self) -> str:
        """The receipt that the marketplace got, once it has it."""
        received = self._market.received
        return until(lambda: received.get(self.assignment, []), "the marketplace to get the form")[0]["receipt"]

    def typed(self, page_load: int = -1) -> str:
        """The text that the stored edits of a page load make, if it began with an empty box."""
        text = ""
        for event in self.stored()[page_load]:
            if event[1] == "e":
                _, _, pos, deleted, inserted, *_ = event
                text = text[:pos] + inserted + text[pos + deleted :]
        return text

    def wait_until_recorded(self) -> Self:
        """Wait until the server has the text that stands in the box, also where no event told of a change.

        The page sends at once what it has recorded, as when its connection is back.
        """

        def stored() -> bool:
            self.driver.run("() => { window.dispatchEvent(new Event('online')); }")
            return self.typed() == self.text

        until(stored, "the text in the box to be stored")
        return self

    def _text_of(self, selector: str) -> str:
        return str(self.driver.look(_TEXT_OF, selector) or "")
