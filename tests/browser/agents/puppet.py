"""A browser driven by a tool: keys with a stream's times, and other ways of inserting text."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from random import Random
from typing import Any

from keytrail.demo.people.actions import PressKey, ReleaseKey
from keytrail.demo.people.keyboard import layout
from keytrail.demo.recording.playing import key_event
from tests.browser.agents.clockwork import CLOCKWORK, PASS, QUEUE
from tests.browser.agents.streams import Stream, Stroke
from tests.browser.drivers.chromium import Chromium
from tests.browser.worker_page import WorkerPage

_BATCH = 60
"""Strokes whose times are handed to the page at once."""


class Puppet:
    """One session: `chance` varies it, `text` is what it has to write."""

    def __init__(self, window: Chromium, worker: WorkerPage, text: str, chance: Random) -> None:
        self.window, self.worker, self.text, self.chance = window, worker, text, chance

    @staticmethod
    def prepare(window: Chromium) -> None:
        """Before the page is opened."""
        window.page.add_init_script(CLOCKWORK)

    def wait(self, ms: float) -> None:
        """Let time pass between two events that are no keys."""
        self.window.run(PASS, ms)

    def type(self, stream: Stream, *, shift: bool = False, **others: str) -> None:
        """Press the keys of a stream; with `shift` capitals get a Shift key of their own, as careful tools do.

        Other fields of the protocol's event, such as `code` and `key`, are replaced by those given.
        """
        strokes = list(stream(self.text, self.chance))
        for first in range(0, len(strokes), _BATCH):
            self._strike(strokes[first : first + _BATCH], shift=shift, others=others)

    def _strike(self, strokes: Iterable[Stroke], *, shift: bool, others: Mapping[str, str]) -> None:
        timed = list(_in_time(strokes, shift=shift))
        self.window.run(QUEUE, [wait for wait, _ in timed])
        for _, action in timed:
            self.window.protocol.send("Input.dispatchKeyEvent", {**key_event(action), **others})

    def insert(self, pieces: Iterable[str], wait_ms: tuple[float, float]) -> None:
        """The protocol's insertText, piece by piece."""
        for piece in pieces:
            self.wait(self.chance.uniform(*wait_ms))
            self.window.protocol.send("Input.insertText", {"text": piece})

    def compose(self, pieces: Iterable[str], wait_ms: tuple[float, float], key: str = "") -> None:
        """Compositions, piece by piece, each after a press of `key` if one is given."""
        for piece in pieces:
            self.wait(self.chance.uniform(*wait_ms))
            if key:
                self.window.page.keyboard.press(key)
            self.window.compose(piece)
            self.window.commit(piece)

    def script(self, script: str, pieces: Iterable[str] | None = None, wait_ms: tuple[float, float] = (0, 0)) -> None:
        """Run a script in the page for the whole text or for each piece of it; it knows `answer` and `text`."""
        for piece in [self.text] if pieces is None else pieces:
            self.wait(self.chance.uniform(*wait_ms))
            self.window.run(f"(text) => {{ const answer = document.querySelector('#answer'); {script} }}", piece)

    def paste(self) -> None:
        """A real paste with its shortcut."""
        self.worker.paste(self.text)

    def fill(self) -> None:
        """Playwright's own way."""
        self.window.frame.locator("#answer").fill(self.text)


def _in_time(strokes: Iterable[Stroke], *, shift: bool) -> list[tuple[float, Any]]:
    """Waits and key events in order of time. Keys may overlap, as a person's do; none is pressed while it is down."""
    now = 0.0
    events: list[tuple[float, Any]] = []
    released: dict[str, float] = {}
    for stroke in strokes:
        key = layout()[" " if stroke.erases else stroke.char]
        code, name = ("Backspace", "Backspace") if stroke.erases else (key.code, stroke.char)
        shifted = shift and key.shift and not stroke.erases
        now = max(now + stroke.wait_ms, released.get(code, 0.0) + 1)
        if shifted:
            events.append((now - 0.4 * stroke.wait_ms, PressKey(code="ShiftLeft", key="Shift", shift=True)))
            events.append((now + stroke.hold_ms + 12, ReleaseKey(code="ShiftLeft", key="Shift")))
        text = "" if stroke.erases else stroke.char
        events.append((now, PressKey(code=code, key=name, text=text, shift=shifted)))
        released[code] = now + stroke.hold_ms
        events.append((released[code], ReleaseKey(code=code, key=name, shift=shifted)))
    events.sort(key=itemgetter(0))
    times = [0.0, *(at for at, _ in events)]
    return [(max(0.0, at - before), action) for before, (at, action) in zip(times, events, strict=False)]
