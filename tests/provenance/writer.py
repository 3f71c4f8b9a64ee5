"""A simulated writer for tests: actions become the wire events that the recorder would send."""

from collections.abc import Sequence
from typing import Any, Self

from keytrail.provenance import EpochLog, Gap, WritingLog, decode_all, fnv1a32, from_units, to_units
from keytrail.provenance.matching.tiling import common

CHROMIUM = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
WEBKIT = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0"
SHIFT, CTRL = 4, 8
ITEM = (
    "Tea drinking and sleep in older adults. We followed 412 people for nine months and asked them each week how many "
    "cups they drank after noon. Those who stopped at lunch slept on average 23 minutes longer. The difference was "
    "smaller in people who had always drunk tea late. We found no effect on blood pressure or on mood."
)


class Writer:
    """Keeps the text and the events; each action advances the writer's clock."""

    def __init__(self, agent: str = CHROMIUM, text: str = "", source: str = "empty", **environment: Any) -> None:
        self.text = to_units(text)
        self.caret = len(self.text)
        self.events: list[list[Any]] = []
        self._undo: list[tuple[int, str, str]] = []
        self._redo: list[tuple[int, str, str]] = []
        self._beat = 0
        self.log("E", {"v": "test", "ua": agent, "pointer": "fine", "tick": 0.1, **environment}, dt=0)
        self.log("i", source, len(self.text), fnv1a32(self.text), dt=0)

    def log(self, kind: str, *fields: Any, dt: int = 1) -> Self:
        self.events.append([dt, kind, *fields])
        return self

    def wait(self, ms: int) -> Self:
        return self.log("q", 1, 1, 0, 0, 0, 1, dt=ms)

    def edit(self, pos: int, gone: int, came: str, cause: str, flags: int = 2) -> Self:
        """Any change of the text, with its event."""
        came = to_units(came)
        if self.text[pos : pos + gone] == came:
            return self  # a value that did not change is no edit
        self._undo.append((pos, self.text[pos : pos + gone], came))
        self._redo.clear()
        return self._change(pos, gone, came, cause, flags)

    def _change(self, pos: int, gone: int, came: str, cause: str, flags: int) -> Self:
        self.text = self.text[:pos] + came + self.text[pos + gone :]
        self.caret = pos + len(came)
        return self.log("e", pos, gone, from_units(came), cause, flags)

    def at(self, pos: int) -> Self:
        self.caret = pos
        return self.log("s", pos, pos, dt=300)

    def key(self, char: str, flags: int = 0) -> Self:
        """One key down, its text, and up again, in an uneven human rhythm."""
        self._beat += 1
        gap = 60 + (self._beat * 7919) % 190 + (900 if self._beat % 23 == 0 else 0)
        hold = 55 + (self._beat * 104729) % 70
        shift = SHIFT if char.isupper() else 0
        name = "Enter" if char == "\n" else char
        code = f"Key{char.upper()}" if char.isalpha() else "Space"
        self.log("k", code, name, flags | shift, dt=gap)
        self.edit(self.caret, 0, char, "insertLineBreak" if char == "\n" else "insertText")
        return self.log("u", code, shift, dt=hold)

    def type(self, text: str) -> Self:
        for char in text:
            self.key(char)
        return self

    def backspace(self, times: int = 1) -> Self:
        for _ in range(times):
            self.log("k", "Backspace", "Backspace", 0, dt=120)
            self.edit(self.caret - 1, 1, "", "deleteContentBackward")
            self.log("u", "Backspace", 0, dt=60)
        return self

    def copy(self, start: int, end: int) -> Self:
        part = self.text[start:end]
        return self.log("c", "answer", start, end, len(part), fnv1a32(part), dt=500)

    def copy_item(self, text: str, where: str = "source") -> Self:
        units = to_units(text)
        return self.log("c", where, 0, len(units), len(units), fnv1a32(units), dt=500)

    def cut(self, start: int, end: int) -> Self:
        part = self.text[start:end]
        self.log("x", "answer", start, end, len(part), fnv1a32(part), dt=500)
        return self.edit(start, end - start, "", "deleteByCut")

    def paste(self, text: str, gone: int = 0) -> Self:
        units = to_units(text)
        self.log("k", "KeyV", "v", CTRL, dt=400)
        self.log("p", len(units), fnv1a32(units), from_units(units)[:4000], ["text/plain"], 0, dt=30)
        self.edit(self.caret, gone, text, "insertFromPaste")
        return self.log("u", "KeyV", CTRL, dt=80)

    def drag(self, start: int, end: int, to: int) -> Self:
        """Own text dragged to a place outside it."""
        part = self.text[start:end]
        self.edit(start, end - start, "", "deleteByDrag")
        self.log("d", len(part), fnv1a32(part), from_units(part)[:4000], 1)
        return self.edit(to if to <= start else to - (end - start), 0, part, "insertFromDrop")

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    def undo(self) -> Self:
        if not self._undo:
            return self
        pos, gone, came = self._undo.pop()
        self._redo.append((pos, gone, came))
        return self._revert(pos, came, gone, "historyUndo")

    def redo(self) -> Self:
        if not self._redo:
            return self
        pos, gone, came = self._redo.pop()
        self._undo.append((pos, gone, came))
        return self._revert(pos, gone, came, "historyRedo")

    def _revert(self, pos: int, gone: str, came: str, cause: str) -> Self:
        """As the recorder shows it: only what differs between the two values, and nothing if they are equal."""
        start = common(gone, 0, came, 0)
        gone, came = gone[start:], came[start:]
        end = common(gone[::-1], 0, came[::-1], 0)
        gone, came = gone[: len(gone) - end], came[: len(came) - end]
        return self._change(pos + start, len(gone), came, cause, 2) if gone or came else self

    def away(self, ms: int) -> Self:
        self.log("f", 0, "window", 0, dt=200)
        return self.log("f", 1, "window", 1, dt=ms)

    def checkpoint(self) -> Self:
        return self.log("n", len(self.text), fnv1a32(self.text))

    def finish(self) -> Self:
        elapsed = sum(event[0] for event in self.events) + 1
        return self.log("z", len(self.events), len(self.text), fnv1a32(self.text), elapsed, elapsed)

    def epoch(self, gaps: Sequence[tuple[int, int]] = (), **others: Any) -> EpochLog:
        """The epoch as stored; events in the gaps (sequence numbers, inclusive) are missing."""
        received = [
            event for seq, event in enumerate(self.events) if not any(first <= seq <= last for first, last in gaps)
        ]
        return EpochLog(decode_all(received), tuple(Gap(first, last) for first, last in gaps), **others)

    def session(self, item: str = ITEM, **others: Any) -> WritingLog:
        """A session of this one epoch that submits the text as it is."""
        return WritingLog([self.epoch()], from_units(self.text), item, **others)
