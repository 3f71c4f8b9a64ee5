"""Real input: a keyboard and a pointer of the X server, which a browser cannot tell from a person's."""

import os
import subprocess
from typing import Self

from tests.browser.drivers.base import Driver
from tests.waiting import until

_WATCH = """() => addEventListener("mousemove", (event) => {
  document.documentElement.dataset.offset = `${event.screenX - event.clientX} ${event.screenY - event.clientY}`;
}, { once: true })"""
_OFFSET = "() => document.documentElement.dataset.offset"
_WATCH_DRAG = """() => {
  const seen = [];
  addEventListener("dragover", (event) => {
    seen.push(event.clientX, event.clientY);
    document.documentElement.dataset.over = seen.slice(-6).join(" ");
  }, { capture: true });
  for (const kind of ["drop", "dragend"]) {
    addEventListener(kind, () => { document.documentElement.dataset[kind] = "1"; }, { capture: true });
  }
}"""
_FORGET_DRAG = (
    "() => { for (const kind of ['over', 'drop', 'dragend']) delete document.documentElement.dataset[kind]; }"
)
_ENDED = "() => document.documentElement.dataset.dragend"
_DROPPED = "() => document.documentElement.dataset.drop"
_DRAGS = 3
_OVER = "() => document.documentElement.dataset.over"
_NEAR = 3
_STEADY = 6
"""Coordinates of the last three events."""
_CENTRE = """(selector) => {
  const element = document.querySelector(selector);
  element.scrollIntoView({ block: "nearest" });
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}"""


class OsHands:
    """Hands on the keyboard and the mouse of one display, at the task that `driver` shows there."""

    def __init__(self, display: str, driver: Driver) -> None:
        self._environment = os.environ | {"DISPLAY": display}
        self._driver = driver
        self._left = self._top = 0.0

    def find_task(self) -> Self:
        """Give the browser's window the keyboard, and find out where on the screen the task's frame is."""
        window = self._xdotool("search", "--onlyvisible", "--name", "Marketplace").split()[-1]
        self._xdotool("windowfocus", "--sync", window)
        left, top = until(self._offset, "the pointer to move over the task").split()
        self._left, self._top = float(left), float(top)
        return self

    def _offset(self) -> str:
        """Move the pointer anew: a busy browser may have shown the page only after the last movement."""
        self._driver.run(_WATCH)
        self._xdotool("mousemove", "500", "500", "mousemove", "510", "510")
        return str(self._driver.run(_OFFSET) or "")

    def type(self, text: str, gap_ms: int = 30) -> Self:
        """Type a text, key by key."""
        self._xdotool("type", "--delay", str(gap_ms), text)
        return self

    def press(self, *chords: str) -> Self:
        """Press keys, named as X does: `ctrl+v`, `shift+Insert`."""
        self._xdotool("key", "--delay", "30", *chords)
        return self

    def hold(self, key: str, until_text: str) -> Self:
        """Keep a key down until the keyboard's own repetition has filled the box that far."""
        self._xdotool("keydown", key)
        box = "() => document.querySelector('#answer').value"
        until(lambda: until_text in self._driver.run(box), "the key to repeat")
        self._xdotool("keyup", key)
        return self

    def click(self, selector: str, button: int = 1) -> Self:
        """Click the middle of an element; button 2 is the middle one, 3 the right one."""
        return self.click_at(self._driver.run(_CENTRE, selector), button)

    def click_at(self, point: tuple[float, float], button: int = 1) -> Self:
        """Click a spot of the task's frame."""
        self._move(point)
        self._xdotool("click", str(button))
        return self

    def open_menu(self, point: tuple[float, float]) -> Self:
        """Click a spot of the task's frame with the right button and wait until the menu is on the screen."""
        before = self._windows()
        self.click_at(point, button=3)
        until(lambda: self._windows() - before, "the context menu")
        return self

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> Self:
        """Press at one spot, move in small steps, and let go once the page sees the pointer stay at the other.

        A busy browser that has not heard yet what the page thinks of the place drops nothing; then it drags again.
        """
        self._driver.run(_WATCH_DRAG)
        for _ in range(_DRAGS):
            self._drag_once(start, end)
            if self._driver.run(_DROPPED):
                break
        return self

    def _drag_once(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self._driver.run(_FORGET_DRAG)
        self._move(start)
        self._xdotool("mousedown", "1")
        for step in range(1, 11):
            share = step / 10
            self._move((start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
        try:
            until(lambda: self._dragged_to(end), "the drag to arrive")
        finally:
            self._xdotool("mouseup", "1")
        until(lambda: self._driver.run(_ENDED) or self._driver.run(_DROPPED), "the drag to end")

    def _dragged_to(self, end: tuple[float, float]) -> bool:
        seen = str(self._driver.run(_OVER) or "").split()
        if len(seen) == _STEADY and all(abs(float(at) - to) <= _NEAR for at, to in zip(seen, end * 3, strict=True)):
            return True
        self._move((end[0] + 1, end[1]))
        self._move(end)
        return False

    def _windows(self) -> set[str]:
        return set(self._xdotool("search", "--onlyvisible", "--name", ".*").split())

    def put_on_clipboard(self, text: str, selection: str = "clipboard") -> Self:
        """Own the clipboard, or the `primary` selection that the middle button pastes, as another program."""
        subprocess.run(
            ["xclip", "-selection", selection, "-in"],
            input=text.encode(),
            env=self._environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return self

    def _move(self, point: tuple[float, float]) -> None:
        self._xdotool("mousemove", str(round(self._left + point[0])), str(round(self._top + point[1])))

    def _xdotool(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments], env=self._environment, check=True, capture_output=True, text=True, timeout=60
        )
        return done.stdout
