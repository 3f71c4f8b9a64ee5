"""A participant of a panel in a browser: comes by a link, agrees, writes, submits, and is sent back."""

from collections.abc import Callable

from tests.browser.drivers.chromium import Chromium


class Participant:
    """One person whom a platform sends with a link of their own."""

    def __init__(self, window: Chromium, link: str) -> None:
        self._window = window
        self._link = link

    def agree(self) -> None:
        """Come by the link, and agree to the recording."""
        self._window.open(self._link)
        self._window.page.click("#consent")
        self._window.page.locator("#answer:not([readonly])").wait_for()

    def submit(self, write: Callable[[Chromium], None]) -> None:
        """Come back by the link, write and submit."""
        self._window.open(self._link)
        # The page holds the box until it records.
        self._window.page.locator("#answer:not([readonly])").click()
        write(self._window)
        self._window.page.click("#submit")

    def completion_code(self) -> str:
        """The code that the page shows to whoever has submitted."""
        return self._window.page.locator("#result #code").inner_text()

    def wait_at(self, address: str) -> str:
        """Wait until the page has sent the participant back to the platform; where to exactly."""
        self._window.page.wait_for_url(f"{address}**")
        return self._window.page.url


def type_text(text: str) -> Callable[[Chromium], None]:
    """Write a text key by key."""
    return lambda window: window.type(text)


def paste_text(text: str) -> Callable[[Chromium], None]:
    """Copy a text elsewhere and paste it."""

    def paste(window: Chromium) -> None:
        window.put_on_clipboard(text)
        window.press("Control+v")

    return paste
