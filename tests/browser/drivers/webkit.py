"""WebKitGTK through its own WebDriver: the nearest thing to Safari that runs on Debian.

It shares the engine of Safari (events, editing), not its user interface, input methods, storage policy or clipboard.
"""

import json
import os
from pathlib import Path
from typing import Any

import httpx2

from tests.browser.drivers.keys import chord, drag_along, strokes
from tests.browser.processes import end, start
from tests.waiting import free_port, until

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_FILL = "(text) => { const box = document.querySelector('textarea'); box.value = text; box.focus(); box.select(); }"
_ELSEWHERE = "data:text/html,<!doctype html><title>Elsewhere</title><textarea></textarea>"


class WebDriverError(Exception):
    """The driver refused a command. `code` is the protocol's name of the error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class WebKitBrowser:
    """One driver with one browser."""

    def __init__(self, folder: Path, display: str) -> None:
        port = free_port()
        environment = os.environ | {"DISPLAY": display, "NO_AT_BRIDGE": "1", "HOME": str(folder)}
        self._process = start(["WebKitWebDriver", f"--port={port}"], folder / "webkit.log", environment, folder)
        self._client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
        until(self._ready, "WebKit's driver to answer")
        wanted = {"webkitgtk:browserOptions": {"binary": str(_mini_browser()), "args": ["--automation"]}}
        self._session = self._ask("POST", "/session", capabilities={"alwaysMatch": wanted})["sessionId"]

    def send(self, path: str, **parameters: Any) -> Any:
        """POST a command of the session."""
        return self._ask("POST", f"/session/{self._session}{path}", **parameters)

    def get(self, path: str) -> Any:
        """GET a property of the session."""
        return self._ask("GET", f"/session/{self._session}{path}")

    def delete(self, path: str = "") -> Any:
        """DELETE a part of the session, or all of it."""
        return self._ask("DELETE", f"/session/{self._session}{path}")

    def close(self) -> None:
        """End browser and driver."""
        self.delete()
        self._client.close()
        end(self._process)

    def _ready(self) -> bool:
        try:
            return bool(self._ask("GET", "/status")["ready"])
        except httpx2.TransportError:
            return False

    def _ask(self, method: str, path: str, **parameters: Any) -> Any:
        answer = self._client.request(method, path, json=parameters if method == "POST" else None)
        value = answer.json()["value"]
        if answer.status_code >= 400:
            raise WebDriverError(value["error"], value["message"])
        return value


class WebKit:
    """One window."""

    engine = "webkit"

    def __init__(self, browser: WebKitBrowser) -> None:
        self._browser = browser
        self._send = browser.send

    def open(self, url: str) -> None:
        self._send("/frame", id=None)
        self._send("/url", url=url)

    def resize(self, width: int, height: int) -> None:
        """Give the window this width and at least this height."""
        self._send("/window/rect", width=width, height=height)

    def reload(self) -> None:
        self._send("/frame", id=None)
        self._send("/refresh")

    def back(self) -> None:
        self._send("/frame", id=None)
        self._send("/back")

    def run(self, function: str, *arguments: Any) -> Any:
        self._enter()
        return self._call(function, *arguments)

    def run_outside(self, function: str) -> Any:
        self._send("/frame", id=None)
        return self._call(function)

    def look(self, function: str, *arguments: Any) -> Any:
        try:
            return self.run(function, *arguments)
        except WebDriverError as error:
            if error.code in {"no such frame", "no such window", "javascript error"}:
                return None
            raise

    def type(self, text: str) -> None:
        self._actions("key", strokes(text))

    def press(self, keys: str) -> None:
        self._actions("key", chord(keys))

    def click(self, selector: str) -> None:
        self._enter()
        found = self._send("/element", using="css selector", value=selector)
        self._send(f"/element/{found[_ELEMENT]}/click")

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self._actions("pointer", drag_along(start, end))

    def put_on_clipboard(self, text: str) -> None:
        task = self._browser.get("/window")
        self._send("/window", handle=self._send("/window/new", type="tab")["handle"])
        self._send("/url", url=_ELSEWHERE)
        self._call(_FILL, text)
        self._perform("key", chord("Control+c"))
        self._browser.delete("/window")
        self._send("/window", handle=task)

    def close_tab(self) -> None:
        task = self._browser.get("/window")
        other = self._send("/window/new", type="tab")["handle"]
        self._send("/window", handle=task)
        self._browser.delete("/window")
        self._send("/window", handle=other)

    def close(self) -> None:
        self.open("about:blank")

    def _enter(self) -> None:
        """Go into the task's frame, where there is one. Its document may have changed since."""
        self._send("/frame", id=None)
        if self._call("() => frames.length"):
            self._send("/frame", id=0)

    def _actions(self, kind: str, actions: Any) -> None:
        self._enter()
        self._perform(kind, actions)

    def _perform(self, kind: str, actions: Any) -> None:
        self._send("/actions", actions=[{"type": kind, "id": kind, "actions": actions}])

    def _call(self, function: str, *arguments: Any) -> Any:
        script = f"return JSON.stringify(({function})(...JSON.parse(arguments[0])) ?? null)"
        return json.loads(self._send("/execute/sync", script=script, args=[json.dumps(arguments)]))


def _mini_browser() -> Path:
    return next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
