"""A worker in a browser at the sandbox: signs up, previews, accepts, writes in the frame, submits."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import FrameLocator

from tests.browser.drivers.chromium import Chromium
from tests.sandbox.people import PASSWORD


class MarketWorker:
    """One person with an account at the marketplace and a separate browser."""

    def __init__(self, window: Chromium, origin: str) -> None:
        self._window = window
        self._origin = origin
        self.assignment_id = ""

    @property
    def _task(self) -> FrameLocator:
        return self._window.page.frame_locator("iframe")

    def sign_up(self, email: str) -> None:
        """Make an account."""
        page = self._window.page
        page.goto(f"{self._origin}/sign-up")
        page.fill('input[name="email"]', email)
        page.fill('input[name="password"]', PASSWORD)
        page.fill('input[name="country"]', "DE")
        page.get_by_role("button", name="Sign up").click()
        page.wait_for_url(f"{self._origin}/")

    def sign_in(self, email: str) -> None:
        """Use the account on one more device."""
        page = self._window.page
        page.goto(f"{self._origin}/sign-in")
        page.fill('input[name="email"]', email)
        page.fill('input[name="password"]', PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self._origin}/")

    def preview(self, title: str) -> str:
        """Open the HIT from the list; the text that its preview shows."""
        self._window.page.goto(self._origin)
        self._window.page.get_by_role("link", name=title).click()
        self._task.get_by_text("This is a preview.").wait_for()
        return self._task.locator("#source").text_content() or ""

    def accept(self) -> None:
        """Accept the HIT that is previewed, and agree to the recording."""
        page = self._window.page
        page.get_by_role("button", name="Accept").click()
        page.wait_for_url(f"{self._origin}/work/**")
        self._task.locator("#consent").click()
        self._task.locator("#answer").wait_for()
        self.assignment_id = page.url.rpartition("/")[2]

    def accept_again(self) -> str:
        """Accept the HIT that is previewed, having agreed before; the text that stands in the box."""
        self._window.page.get_by_role("button", name="Accept").click()
        self._window.page.wait_for_url(f"{self._origin}/work/**")
        # It is read-only until the draft is whole, so that no key is lost.
        self._task.locator("#answer:not([readonly])").wait_for()
        self.assignment_id = self._window.page.url.rpartition("/")[2]
        return self.text

    def begin(self, text: str) -> None:
        """Write, and wait until it is saved."""
        self._task.locator("#answer").click()
        self._window.page.keyboard.type(text)
        self._task.get_by_text("Saved").wait_for()

    def give_back(self) -> None:
        """Return the HIT."""
        self._window.page.click("#return")
        self._window.page.wait_for_url(f"{self._origin}/queue")

    def give_back_from_queue(self) -> None:
        """Return the HIT that another device has open."""
        self._window.page.goto(f"{self._origin}/queue")
        self._window.page.get_by_role("link", name="Continue").click()
        self.give_back()

    def go_on(self, text: str) -> None:
        """Write at the end of what is there, and wait until it is saved."""
        self._task.locator("#answer").press("Control+End")
        self._window.page.keyboard.type(text)
        self._task.get_by_text("Saved").wait_for()

    def submit(self) -> None:
        """Submit what was written."""
        self._task.locator("#submit").click()
        self._task.get_by_role("heading", name="Thank you").wait_for()

    @property
    def text(self) -> str:
        """What stands in the answer box."""
        return self._task.locator("#answer").input_value()

    def write(self, how: Callable[[Chromium], Any]) -> None:
        """Come back from the queue, write, and submit."""
        page = self._window.page
        page.goto(f"{self._origin}/queue")
        page.get_by_role("link", name="Continue").click()
        self._task.locator("#answer").click()
        how(self._window)
        self._task.locator("#submit").click()
        # The frame then shows the marketplace's own answer: it has the form.
        self._task.get_by_role("heading", name="Thank you").wait_for()

    def earnings(self) -> tuple[dict[str, str], list[str]]:
        """What the marketplace says was earned, and what requesters said about the work."""
        page = self._window.page
        page.goto(f"{self._origin}/earnings")
        names, amounts = (page.locator(f".sums {part}").all_inner_texts() for part in ("dt", "dd"))
        return dict(zip(names, amounts, strict=True)), page.locator(".feedback").all_inner_texts()
