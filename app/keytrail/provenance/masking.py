"""Mask the text in a log, so that times, positions, lengths and kinds stay and what was written cannot be read.

Letters become `x`, digits `0`, spaces and punctuation stay. Every unit keeps its place, so all lengths stay true.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from keytrail.provenance.replay.keys import HIDDEN_KEYS, is_shortcut
from keytrail.provenance.wire.events import (
    Checkpoint,
    Copy,
    Cut,
    Drop,
    Edit,
    End,
    Event,
    Initial,
    KeyDown,
    KeyFlag,
    KeyUp,
    Paste,
)

NO_HASH: Final = 0
"""Stands for every hash of a text: of a short one, the text could be found by trying."""
_LETTER, _DIGIT = "x", "0"
_PUBLIC: Final = frozenset({"source", "instructions"})
_HIDDEN: Final = HIDDEN_KEYS | {"Dead", "Compose"}
"""Keys whose name hides the letter that the physical key shows."""
# fmt: off
_WITHOUT_TEXT: Final = frozenset({
    "Alt", "AltGraph", "ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp", "Backspace", "CapsLock", "ContextMenu",
    "Control", "Delete", "End", "Enter", "Escape", "Fn", "Home", "Insert", "Meta", "NumLock", "PageDown", "PageUp",
    "Pause", "ScrollLock", "Shift", "Tab",
})
# fmt: on
"""Named keys that say nothing of the text (UI Events KeyboardEvent key Values, W3C)."""


def mask_text(units: str) -> str:
    """Return UTF-16 units with letters, digits and everything unknown replaced by their class."""
    return "".join(map(_class_of, units))


def _class_of(unit: str) -> str:
    if unit.isspace():
        return unit
    if unit.isdecimal():
        return _DIGIT
    if unit.isalnum() or not unit.isprintable():
        return _LETTER
    return unit if unit.isascii() or unicodedata.category(unit).startswith("P") else _LETTER


class Masker:
    """Mask the events of one page load, in order.

    The physical keys of masked letters are numbered by their order among the keys held at the time (`Masked1`, …):
    presses and releases can still be paired, and nothing says which key it was.
    """

    def __init__(self) -> None:
        self._held: dict[str, str] = {}
        """What the log says instead of each physical key that is down."""
        self._handlers: Mapping[type[Event], Callable[[Any], Event]] = {
            KeyDown: self._key_down,
            KeyUp: self._key_up,
            Edit: lambda event: event._replace(inserted=mask_text(event.inserted)),
            Paste: lambda event: event._replace(text=mask_text(event.text), hash=NO_HASH),
            Drop: lambda event: event._replace(text=mask_text(event.text), hash=NO_HASH),
            Copy: _copied,
            Cut: _copied,
            Initial: _hashed,
            Checkpoint: _hashed,
            End: _hashed,
        }

    def mask(self, event: Event) -> Event:
        """Return the event without the text in it."""
        handler = self._handlers.get(type(event))
        return event if handler is None else handler(event)

    def _key_down(self, event: KeyDown) -> KeyDown:
        code, hidden = event.code, event.key in _HIDDEN
        if event.key in _WITHOUT_TEXT or is_shortcut(event.flags) or not (hidden or _is_masked(event.key)):
            self._held[code] = code
            return event
        if code and not (event.flags & KeyFlag.REPEAT and code in self._held):
            self._held.pop(code, None)
            self._held[code] = self._free_name()
        return event._replace(code=self._held.get(code, ""), key=event.key if hidden else mask_text(event.key))

    def _key_up(self, event: KeyUp) -> KeyUp:
        # A key that was not pressed here has no number.
        return event._replace(code=self._held.pop(event.code, "Masked0") if event.code else "")

    def _free_name(self) -> str:
        taken = set(self._held.values())
        number = 1
        while f"Masked{number}" in taken:
            number += 1
        return f"Masked{number}"


def _is_masked(text: str) -> bool:
    return any(unit.isalnum() or _class_of(unit) != unit for unit in text)


def _copied(event: Event) -> Event:
    copied = cast("Copy | Cut", event)
    return copied if copied.where in _PUBLIC else copied._replace(hash=NO_HASH)


def _hashed(event: Event) -> Event:
    hashed = cast("Initial | Checkpoint | End", event)
    return hashed._replace(hash=NO_HASH) if hashed.length else hashed
