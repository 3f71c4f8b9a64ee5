"""Write wire events as the recorder would send them."""

import random
from typing import Any

from keytrail.provenance import fnv1a32, to_units

_BEFOREINPUT = 2
_CTRL = 8


class Hand:
    """Keeps the text with the caret at its end; every action appends events. Gaps are drawn from a fixed seed."""

    def __init__(self, item: str, seed: int = 1) -> None:
        self.item = item
        self.text = ""
        self.events: list[Any] = []
        self._random = random.Random(seed)
        self.add(0, "E", {"v": "1", "ua": "Mozilla/5.0", "touch": 0, "pointer": "fine", "webdriver": False})
        self.add(1, "i", "empty", 0, fnv1a32(""))
        self.add(900, "f", 1, "window", 1)
        self.add(40, "g", 0, 400, 900)

    def add(self, dt: int, kind: str, *fields: Any) -> "Hand":
        self.events.append([dt, kind, *fields])
        return self

    def wait(self, ms: int) -> "Hand":
        return self.add(ms, "s", self.length, self.length)

    @property
    def length(self) -> int:
        return len(to_units(self.text))

    def types(self, text: str) -> "Hand":
        if not self.text:
            self.add(6000, "a", "pointer").add(1, "f", 1, "answer", 1)
        for character in text:
            self._key(character)
        return self

    def erases(self, count: int) -> "Hand":
        for _ in range(count):
            self.add(self._gap(), "k", "Backspace", "Backspace", 0)
            self._edit(1, self.length - 1, 1, "", "deleteContentBackward", _BEFOREINPUT)
            self.add(70, "u", "Backspace", 0)
            self.text = self.text[:-1]
        return self

    def pastes(self, text: str) -> "Hand":
        units = to_units(text)
        self.add(300, "k", "KeyV", "v", _CTRL)
        self.add(4, "p", len(units), fnv1a32(units), text[:4000], ["text/plain"], 0)
        self._edit(1, self.length, 0, text, "insertFromPaste", _BEFOREINPUT)
        self.add(60, "u", "KeyV", _CTRL)
        self.text += text
        return self

    def copies_item(self, start: int, end: int) -> "Hand":
        units = to_units(self.item)[start:end]
        return self.add(700, "c", "source", start, end, len(units), fnv1a32(units))

    def leaves(self, ms: int) -> "Hand":
        self.add(500, "f", 0, "window", 0).add(3, "v", "hidden")
        return self.add(ms, "v", "visible").add(2, "f", 1, "window", 1)

    def inserts(self, text: str) -> "Hand":
        """Trusted text without a key, as the DevTools protocol does it."""
        self._edit(200, self.length, 0, text, "insertText", _BEFOREINPUT)
        self.text += text
        return self

    def sets(self, text: str) -> "Hand":
        """`answer.value = …` by a script: no event tells."""
        self._edit(400, self.length, 0, text, "silent", 0)
        self.text += text
        return self

    def replaces(self, old: str, new: str) -> "Hand":
        """An assistant puts other words in the place of some that stand there."""
        at = len(to_units(self.text[: self.text.index(old)]))
        self._edit(400, at, len(to_units(old)), new, "silent", 0)
        self.text = self.text.replace(old, new, 1)
        return self

    def done(self) -> "Hand":
        units = to_units(self.text)
        elapsed = sum(event[0] for event in self.events) + 900
        self.add(900, "n", len(units), fnv1a32(units))
        return self.add(0, "z", len(self.events), len(units), fnv1a32(units), elapsed, elapsed)

    def _key(self, character: str) -> None:
        code = "Space" if character == " " else f"Key{character.upper()}" if character.isascii() else "KeyA"
        shift = 4 if character.isupper() else 0
        if shift:
            self.add(self._gap(), "k", "ShiftLeft", "Shift", shift)
        key = "Enter" if character == "\n" else character
        self.add(self._gap(), "k", "Enter" if character == "\n" else code, key, shift)
        cause = "insertLineBreak" if character == "\n" else "insertText"
        self._edit(1, self.length, 0, character, cause, _BEFOREINPUT)
        self.add(self._random.randint(55, 120), "u", code, shift)
        if shift:
            self.add(9, "u", "ShiftLeft", 0)
        self.text += character

    def _edit(self, dt: int, pos: int, deleted: int, inserted: str, cause: str, flags: int) -> None:
        self.add(dt, "e", pos, deleted, inserted, cause, flags)

    def _gap(self) -> int:
        return int(self._random.lognormvariate(4.6, 0.6)) + (900 if self._random.random() < 0.06 else 0)
