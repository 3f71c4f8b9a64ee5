"""Rebuild a log in wire format 1 from another logger's keys (with times) and changes (with positions)."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Any, Final

from keytrail.provenance import fnv1a32, from_units, to_units
from keytrail.provenance.wire.events import CLIPBOARD_MOST, EditFlag, KeyFlag

REBUILT_BY: Final = frozenset({"inputlog", "coauthor", "keystroke-table"})
"""The recorder that a rebuilt log names."""
REPEAT_MS: Final = 55
"""The same key again within this time is held: systems repeat every 30 to 50 ms, fingers take longer."""
_FEWEST_VALUES: Final = 10
WORD_MOST: Final = 32
"""Longest word that a keyboard completes, as `Limits.mobile_word`."""


class Rebuilt:
    """Collect keys and changes in any order of time and keep the text that the changes make.

    Times are milliseconds on any fixed clock; positions are UTF-16 units. A position beyond the text means its end.
    """

    def __init__(self, recorder: str, **environment: Any) -> None:
        self.units = ""
        self._recorder = recorder
        self._environment = environment
        self._events: list[tuple[float, str, list[Any]]] = []
        self._last_down: tuple[float, str] = (-1e9, "")

    @property
    def text(self) -> str:
        """The text as far as the log was read."""
        return from_units(self.units)

    @property
    def length(self) -> int:
        """The units of the present text."""
        return len(self.units)

    def down(self, at_ms: float, key: str, code: str = "", flags: int = 0) -> None:
        """Record a keydown; the same key again within `REPEAT_MS` is marked as held."""
        before_ms, before = self._last_down
        if before == (code or key) and at_ms - before_ms < REPEAT_MS:
            flags |= KeyFlag.REPEAT
        self._last_down = (at_ms, code or key)
        self._add(at_ms, "k", code, key, flags)

    def up(self, at_ms: float, code: str, flags: int = 0) -> None:
        """Record a keyup."""
        self._add(at_ms, "u", code, flags)

    def change(self, at_ms: float, pos: int, deleted: int, inserted: str, cause: str) -> None:
        """Record that at `pos`, `deleted` units were replaced by a text."""
        came = to_units(inserted)
        pos = max(0, min(pos, self.length))
        deleted = max(0, min(deleted, self.length - pos))
        if not deleted and not came:
            return
        self.units = self.units[:pos] + came + self.units[pos + deleted :]
        self._add(at_ms, "e", pos, deleted, from_units(came), cause, EditFlag.BEFOREINPUT)

    def complete(self, at_ms: float, pos: int, deleted: int, inserted: str) -> None:
        """Record a word that the keyboard inserted or replaced itself: its key is hidden, as on a phone."""
        self._add(at_ms, "k", "", "Unidentified", 0)
        self.change(at_ms, pos, deleted, inserted, "insertText")

    def paste(self, at_ms: float, pos: int, deleted: int, inserted: str) -> None:
        """Record a paste."""
        units = to_units(inserted)
        self._add(at_ms, "p", len(units), fnv1a32(units), from_units(units[:CLIPBOARD_MOST]), [], 0)
        self.change(at_ms, pos, deleted, inserted, "insertFromPaste")

    def events(self) -> list[list[Any]]:
        """Return all events in order of time, the first at 0, between an environment and an end."""
        ordered = sorted(self._events, key=lambda event: event[0])
        start_ms = ordered[0][0] if ordered else 0.0
        times = [round(at_ms - start_ms) for at_ms, _, _ in ordered]
        log: list[list[Any]] = [
            [0, "E", {"v": self._recorder, **self._environment}],
            [0, "i", "empty", 0, fnv1a32("")],
        ]
        log += [
            [later - earlier, kind, *fields]
            for (earlier, later), (_, kind, fields) in zip(pairwise([0, *times]), ordered, strict=True)
        ]
        last = times[-1] if times else 0
        return [*log, [0, "z", len(log), self.length, fnv1a32(self.units), last, last]]

    def _add(self, at_ms: float, kind: str, *fields: Any) -> None:
        self._events.append((at_ms, kind, list(fields)))


def is_word(text: str) -> bool:
    """Return whether a keyboard may have completed this: one word, with or without a space after it."""
    return len(text) <= WORD_MOST and len(text.split()) <= 1


def tick_of(durations_ms: Sequence[float]) -> dict[str, float]:
    """Return the resolution of a logger's clock as part of an environment: the median step between holds that differ.

    Empty if too few differ to tell.
    """
    values = sorted(set(durations_ms))
    if len(values) < _FEWEST_VALUES:
        return {}
    return {"tick": float(median([two - one for one, two in pairwise(values)]))}
