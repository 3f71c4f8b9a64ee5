"""Writing sessions to send: what the recorder would log of the demo's simulated typists."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from keytrail.demo.people.actions import (
    Action,
    Drag,
    Insert,
    Leave,
    PressKey,
    ReleaseKey,
    Return,
    Script,
    Scroll,
    SelectText,
)
from keytrail.demo.people.composing import compose
from keytrail.demo.people.profiles import TEMPERS, person
from keytrail.demo.people.textbox import TextBox
from keytrail.demo.people.typist import Typist
from keytrail.demo.people.writings import WritingKind, read_writings
from keytrail.provenance import fnv1a32

_ENVIRONMENT = {
    "v": "1.0",
    "ua": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 "
    "Safari/537.36 Edg/138.0.3351.95",
    "lang": "en-US",
    "tz": "Asia/Kolkata",
    "vw": 1519,
    "vh": 695,
    "touch": 0,
    "pointer": "fine",
    "webdriver": False,
    "tick": 0.09999999403953552,
    "nav": "navigate",
    "visible": True,
    "focused": True,
    "framed": True,
}
_CHECK_EDITS, _CHECK_MS = 50, 10_000
_CAUSES = {"Backspace": "deleteContentBackward", "Enter": "insertLineBreak"}


@dataclass(frozen=True)
class Batch:
    """The events of one flush; `first_seq` is the number of the first."""

    first_seq: int
    events: list[Any]


def written(temper: str, seed: int, keys: int) -> list[Any]:
    """Return the wire events of one page load with `keys` keydowns, by a simulated person."""
    typist = typist_writing(temper, seed, keys)
    return list(_first_keys(_Page(typist.rng).log(typist.actions()), keys))


def typist_writing(temper: str, seed: int, keys: int) -> Typist:
    """Return a simulated person who has written texts with at least this many keys."""
    rng = Random(f"{temper} {seed}")
    texts = [writing.text for writing in read_writings() if writing.kind is WritingKind.HUMAN]
    typist = Typist(person(temper, seed), rng)
    for text in rng.sample(texts, len(texts)):
        compose(typist, text)
        if sum(isinstance(action, PressKey) for action in typist.actions()) >= keys:
            break
        typist.type("\n")
    return typist


def sessions(count: int, keys: int) -> list[list[Any]]:
    """Return this many sessions, with all temperaments in turn."""
    tempers = list(TEMPERS)
    return [written(tempers[number % len(tempers)], number, keys) for number in range(count)]


def batches(events: Sequence[Any], flush_ms: int = 3000, most: int = 300) -> Iterator[Batch]:
    """Return the session as the recorder cuts it: the events within `flush_ms` of the first unsent event."""
    first, waited = 0, 0
    held: list[Any] = []
    for number, event in enumerate(events):
        waited = waited + event[0] if held else 0
        if held and (waited > flush_ms or len(held) >= most):
            yield Batch(first, held)
            first, waited, held = number, 0, []
        held.append(event)
    if held:
        yield Batch(first, held)


def keystrokes(events: Sequence[Any]) -> int:
    """Count the keydowns."""
    return sum(event[1] == "k" for event in events)


def _first_keys(events: Sequence[Any], keys: int) -> Iterator[Any]:
    left = keys
    for event in events:
        left -= event[1] == "k"
        if left < 0:
            return
        yield event


class _Page:
    """Turns a typist's actions into what the recorder would log. Edits follow their keys by 1 to 6 ms."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._box = TextBox()
        self._events: list[Any] = []
        self._last = 0
        self._unchecked = 0
        self._checked_at = 0

    def log(self, actions: Sequence[Action]) -> list[Any]:
        self._add(0, "E", _ENVIRONMENT)
        self._add(0, "i", "empty", 0, fnv1a32(""))
        now = 0
        for action in actions:
            now += action.wait_ms
            self._see(now, action)
            if now > self._checked_at + _CHECK_MS or self._unchecked >= _CHECK_EDITS:
                self._checkpoint(now)
        return self._events

    def _see(self, now: int, action: Action) -> None:
        match action:
            case PressKey():
                self._add(now, "k", action.code, action.key, _flags(action) | 2 * action.repeat)
                self._change(now + self._rng.choice((1, 1, 1, 2, 2, 3, 4, 6)), action)
            case ReleaseKey():
                self._add(now, "u", action.code, _flags(action))
            case SelectText():
                self._box.apply(action)
                self._add(now, "s", action.start, action.end)
                self._add(now + 300, "q", 14, self._rng.randint(50, 900), 1, 0, 0, self._rng.randint(5, 90))
            case Scroll():
                self._add(now, "g", self._rng.randint(0, 600), 420, 1000)
            case Leave() | Return():
                self._add(now, "f", int(isinstance(action, Return)), "window", int(isinstance(action, Return)))
            case Drag() | Insert() | Script():
                self._change(now, action)

    def _change(self, now: int, action: Action) -> None:
        before, start, end = self._box.text, self._box.start, self._box.end
        self._box.apply(action)
        text = self._box.text
        if text == before:
            if isinstance(action, PressKey) and (self._box.start, self._box.end) != (start, end):
                self._add(now, "s", self._box.start, self._box.end)
            return
        pos = min(start, self._box.start)
        deleted = len(before) - (len(text) - self._box.end) - pos
        cause = _CAUSES.get(getattr(action, "key", ""), "insertText")
        selection = [[start, end]] if start != end else []
        self._add(now, "e", pos, deleted, text[pos : self._box.end], cause, 2, *selection)
        self._unchecked += 1

    def _checkpoint(self, now: int) -> None:
        if self._unchecked:
            self._add(now, "n", len(self._box.text), fnv1a32(self._box.text))
        self._checked_at, self._unchecked = now, 0

    def _add(self, now: int, *entry: Any) -> None:
        now = max(now, self._last)
        self._events.append([now - self._last, *entry])
        self._last = now


def _flags(action: PressKey | ReleaseKey) -> int:
    return 4 * action.shift + 8 * action.ctrl
