"""A person who uses the dashboard in a real browser."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page

from keytrail.requester.people.access import COOKIE
from tests.browser.axe import overflow, violations
from tests.requester.site import Site


class Reader:
    """One signed-in window. Errors in it are collected in `failures`."""

    def __init__(self, browser: Browser, site: Site, url: str, name: str, **options: Any) -> None:
        self.url = url
        self._context = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | options))
        host = urlsplit(url).hostname or ""
        self._context.add_cookies([{"name": COOKIE, "value": site.cookie(name), "domain": host, "path": "/"}])
        self.page: Page = self._context.new_page()
        self.failures: list[str] = []
        self.page.on("pageerror", lambda error: self.failures.append(str(error)))
        self.page.on("console", self._record_message)

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    @property
    def path(self) -> str:
        """Where the window is now, without host and query."""
        return urlsplit(self.page.url).path

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def violations(self) -> list[str]:
        """What axe-core finds, one line a kind."""
        return violations(self.page)

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return overflow(self.page)

    def close(self) -> None:
        self._context.close()

    def _record_message(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.failures.append(message.text)
