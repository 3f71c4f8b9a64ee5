"""A participant on another site's page."""

import json
import secrets
from typing import Any, Self
from urllib.parse import urlencode

from tests.browser.drivers.base import Driver
from tests.browser.drivers.chromium import Chromium
from tests.browser.embedding.host_site import HostSite
from tests.browser.keytrail import Keytrail
from tests.waiting import until

_BOX = "textarea"
_THANKS = "() => !!document.getElementById('thanks')"
_IS_THERE = "(selector) => !!document.querySelector(selector)"
_WAITING = "() => document.querySelector('.keytrail-wait')?.textContent"
_STOPPED = "() => document.querySelector('.keytrail-stop')?.textContent.includes('what was recorded is deleted')"
_AGREE, _DECLINE = ".keytrail-consent button:first-of-type", ".keytrail-consent button:last-of-type"


class HostPage:
    """One page. Every action returns the page, so that calls can be chained."""

    window: Driver

    def __init__(self, window: Driver, site: HostSite, keytrail: Keytrail) -> None:
        self.window = window
        self.participant = f"P{secrets.token_hex(6)}"
        self._site = site
        self._keytrail = keytrail

    def open(self, name: str = "form.html", *, origin: str = "", **query: str) -> Self:
        """Open one of the examples with the participant's own link."""
        parameters = urlencode({"participant": self.participant} | query)
        self.window.open(f"{origin or self._site.origin}/{name}?{parameters}")
        return self

    def agree(self) -> Self:
        """Agree to the recording and click into the box."""
        return self._choose(_AGREE).begin()

    def decline(self) -> Self:
        """Do not agree."""
        return self._choose(_DECLINE).begin()

    @property
    def asked(self) -> bool:
        """Whether the question for consent stands above the box."""
        return bool(self.window.look(_IS_THERE, _AGREE))

    @property
    def waiting(self) -> str:
        """What the page says while nothing can be written yet."""
        return str(self.window.look(_WAITING) or "")

    def wait_until_writable(self) -> Self:
        """Wait until the box takes keys."""
        until(lambda: self.window.look(f"() => !document.querySelector('{_BOX}').readOnly"), "a writable box", 60)
        return self

    def _choose(self, button: str) -> Self:
        until(lambda: self.window.look(_IS_THERE, button), "the question for consent")
        self.window.click(button)
        return self

    def stop(self) -> Self:
        """Stop the recording and have it deleted."""
        self.window.click(".keytrail-stop button")
        until(lambda: self.window.look(_STOPPED), "the page to say that it is deleted")
        return self

    def wait_until_recorded(self) -> Self:
        """Wait until the server has agreed too; from then on the page does not move any more."""
        until(lambda: self.window.look(_IS_THERE, ".keytrail-stop button"), "the recording to begin")
        return self

    def begin(self) -> Self:
        """Click into the box, as soon as there is one."""
        until(lambda: self.window.look(_IS_THERE, _BOX), "the box")
        self.window.click(_BOX)
        return self

    def type(self, text: str) -> Self:
        """Type, key by key."""
        self.window.type(text)
        return self

    def paste(self, text: str) -> Self:
        """Copy a text in another window and paste it."""
        self.window.put_on_clipboard(text)
        self.window.press("Control+v")
        return self

    def send(self) -> Self:
        """Send the page's form."""
        self.window.click("#send")
        return self

    @property
    def text(self) -> str:
        """What stands in the box."""
        return str(self.window.run(f"() => document.querySelector('{_BOX}').value"))

    @property
    def problem(self) -> str:
        """What the browser says of the box."""
        return str(self.window.run(f"() => document.querySelector('{_BOX}').validationMessage"))

    def wait_for_text(self, text: str) -> Self:
        """Wait until this stands in the box."""
        until(lambda: self.text == text, f"the text {text!r}")
        return self

    def form(self) -> dict[str, str]:
        """The fields that the site got."""
        return until(lambda: self._site.received, "the site to get the form")[0]

    def trial(self) -> dict[str, Any]:
        """The data of the jsPsych trial, once the experiment has ended."""
        shown = until(
            lambda: self.window.look("() => document.getElementById('data')?.textContent"), "the trial's data"
        )
        (data,) = json.loads(shown)
        return dict(data)

    def stored(self) -> int:
        """How many page loads of this participant the server has events of."""
        return sum(bool(batches) for batches in self._keytrail.stored_batches(f"{self.participant}/shade"))


class ChromiumHostPage(HostPage):
    """With what only Playwright can do. `complaints` are the lines of the page's console."""

    window: Chromium

    def __init__(self, window: Chromium, site: HostSite, keytrail: Keytrail) -> None:
        super().__init__(window, site, keytrail)
        self.complaints: list[str] = []
        window.page.on("console", lambda message: self.complaints.append(message.text))

    def wait_for_complaint(self, words: str) -> Self:
        """Wait until the console says this. Playwright hears of its lines only while it asks the page something."""
        until(lambda: self.window.look("() => true") and any(words in line for line in self.complaints), words)
        return self

    def lose_the_server(self) -> Self:
        """From now on no request to the server arrives."""
        self.window.page.route("**/api/worker/**", lambda route: route.abort())
        return self

    def wait_for_thanks(self) -> Self:
        """Let the page's own time run fast until the site has thanked. The page's clock must be under control."""

        def look() -> Any:
            self.window.page.clock.fast_forward(2000)
            return self.window.look(_THANKS)

        until(look, "the site to thank")
        return self
