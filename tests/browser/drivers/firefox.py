"""Stock Firefox, driven by WebDriver BiDi without any helper between."""

import json
import os
import shutil
import signal
from pathlib import Path
from typing import Any

from tests.browser.drivers.bidi import Bidi, BidiError
from tests.browser.drivers.keys import chord, click_at, drag_along, strokes
from tests.browser.processes import start
from tests.waiting import until

_PREFERENCES = {
    # Cookies and storage are refused to frames of other sites.
    "network.cookie.cookieBehavior": 1,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "browser.tabs.closeWindowWithLastTab": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "app.normandy.enabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.server": "",
}
_CENTRE = """(selector) => {
  const element = document.querySelector(selector);
  element.scrollIntoView({ block: "nearest" });
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}"""
_FILL = "(text) => { const box = document.querySelector('textarea'); box.value = text; box.focus(); box.select(); }"
_ELSEWHERE = "data:text/html,<!doctype html><title>Elsewhere</title><textarea></textarea>"
_COMPOSE = """(step, text) => {
  const make = () => Cc["@mozilla.org/text-input-processor;1"].createInstance(Ci.nsITextInputProcessor);
  const method = (globalThis.inputMethod ??= make());
  method.beginInputTransactionForTests(globalThis);
  if (step === "commit") return method.commitCompositionWith(text);
  method.setPendingCompositionString(text);
  method.appendClauseToPendingComposition(text.length, method.ATTR_RAW_CLAUSE);
  method.setCaretInPendingComposition(text.length);
  method.flushPendingComposition();
}"""


class FirefoxBrowser:
    """One browser with its own profile."""

    def __init__(self, folder: Path, *, headless: bool = True, **environment: str) -> None:
        profile = folder / "firefox"
        profile.mkdir()
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines))
        self._log = folder / "firefox.log"
        program = shutil.which("firefox-esr") or "firefox"
        # The last one is for compositions, which only the browser's own scripts can make.
        options = [
            "--no-remote",
            "--profile",
            str(profile),
            "--remote-debugging-port",
            "0",
            "--remote-allow-system-access",
        ]
        command = [program, *(["--headless"] if headless else []), *options]
        self.process = start(command, self._log, os.environ | environment, folder)
        self.bidi = Bidi(until(self._address, "Firefox to listen", seconds=60))

    def _address(self) -> str:
        lines = [line for line in self._log.read_text().splitlines() if "WebDriver BiDi listening on" in line]
        return lines[0].split()[-1] if lines else ""

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def close(self) -> None:
        """End it."""
        if self.process.poll() is None:
            self.bidi.send("browser.close")
            self.process.wait(30)
        self.bidi.close()


class Firefox:
    """One tab."""

    engine = "firefox"

    def __init__(self, browser: FirefoxBrowser) -> None:
        self.browser = browser
        self._bidi = browser.bidi
        self.tab: str = self._bidi.send("browsingContext.create", type="tab")["context"]
        self._open = True

    def resize(self, width: int, height: int) -> None:
        """Give the page a viewport of this size."""
        self._bidi.send("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height})

    @property
    def _frame(self) -> str:
        (tree,) = self._bidi.send("browsingContext.getTree", root=self.tab)["contexts"]
        children = tree["children"]
        found: str = children[0]["context"] if children else self.tab
        return found

    def open(self, url: str) -> None:
        self._bidi.send("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def reload(self) -> None:
        self._bidi.send("browsingContext.reload", context=self.tab, wait="complete")

    def back(self) -> None:
        self._bidi.send("browsingContext.traverseHistory", context=self.tab, delta=-1)

    def run(self, function: str, *arguments: Any) -> Any:
        return self._call(self._frame, function, *arguments)

    def run_outside(self, function: str) -> Any:
        return self._call(self.tab, function)

    def look(self, function: str, *arguments: Any) -> Any:
        try:
            return self.run(function, *arguments)
        except BidiError as error:
            if error.code in {"no such frame", "unknown error"}:
                return None
            raise

    def _call(self, context: str, function: str, *arguments: Any) -> Any:
        answer = self._bidi.send(
            "script.callFunction",
            functionDeclaration=f"(all) => JSON.stringify(({function})(...JSON.parse(all)) ?? null)",
            arguments=[{"type": "string", "value": json.dumps(arguments)}],
            target={"context": context},
            awaitPromise=False,
        )
        if answer["type"] == "exception":
            raise BidiError("javascript error", answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def _keys(self, context: str, actions: list[dict[str, str]]) -> None:
        sequence = {"type": "key", "id": "keyboard", "actions": actions}
        self._bidi.send("input.performActions", context=context, actions=[sequence])

    def _pointer(self, actions: list[dict[str, object]]) -> None:
        sequence = {"type": "pointer", "id": "mouse", "actions": actions}
        self._bidi.send("input.performActions", context=self._frame, actions=[sequence])

    def type(self, text: str) -> None:
        self._keys(self._frame, strokes(text))

    def press(self, keys: str) -> None:
        self._keys(self._frame, chord(keys))

    def compose(self, text: str) -> None:
        """Begin or go on with a composition, as an input method does."""
        self._call(self._chrome, _COMPOSE, "compose", text)

    def commit(self, text: str) -> None:
        """End the composition with this text."""
        self._call(self._chrome, _COMPOSE, "commit", text)

    @property
    def _chrome(self) -> str:
        """The browser's own window, around the tabs."""
        found: str = self._bidi.send("browsingContext.getTree", **{"moz:scope": "chrome"})["contexts"][0]["context"]
        return found

    def click(self, selector: str) -> None:
        self._pointer(click_at(*self.run(_CENTRE, selector)))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self._pointer(drag_along(start, end))

    def put_on_clipboard(self, text: str) -> None:
        elsewhere = self._bidi.send("browsingContext.create", type="tab")["context"]
        self._bidi.send("browsingContext.navigate", context=elsewhere, url=_ELSEWHERE, wait="complete")
        self._call(elsewhere, _FILL, text)
        self._keys(elsewhere, chord("Control+c"))
        self._bidi.send("browsingContext.close", context=elsewhere)
        self._bidi.send("browsingContext.activate", context=self.tab)

    def close_tab(self) -> None:
        self.close()

    def close(self) -> None:
        if self._open:
            self._bidi.send("browsingContext.close", context=self.tab)
        self._open = False
