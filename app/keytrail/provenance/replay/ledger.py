"""The ledger of every unit that was ever in the text: its character and the record of its insertion."""

from array import array
from collections.abc import Sequence
from typing import Final, NamedTuple

from keytrail.provenance.kinds import Origin

UNREAD = "\uffff"
"""Stands for a character that is missing from the log (text that was there at the start, or came in a gap)."""

_NOWHERE: Final = 0


class Record(NamedTuple):
    """One insertion; all of its units share the record.

    `at_ms` counts from the start of the session, like all times of a replay; `epoch` is the index of the page load;
    `inherited` is set on moved text only, and is never itself `moved`; `key` is the number of the keydown that a typed
    unit consumed; `rewrite` the number of the passage that a rewritten unit replaced.
    """

    origin: Origin
    at_ms: int
    cause: str
    epoch: int
    inherited: Origin | None = None
    key: int | None = None
    rewrite: int | None = None


def resolved(record: Record) -> Origin:
    """The origin that counts: for moved text the one it had before it moved."""
    return record.inherited or record.origin


class Ledger:
    """Append-only table of units by id, and which of them are in the present text.

    Each page load has a text with a number; a unit is marked with the number of its text. So a new text, or one that
    was left and comes back, costs nothing, however many units there are.
    """

    __slots__ = ("_stands_in", "_texts", "chars", "placings", "records", "text_number")

    def __init__(self) -> None:
        self.chars: list[str] = []
        self.records: list[Record] = []
        self._stands_in = array("L")
        self._texts = self.text_number = _NOWHERE + 1
        self.placings = 0
        """How often known units were inserted into a text; since then, units of a text left before may be marked as in
        another."""

    def add_one(self, char: str, record: Record) -> int:
        """Add a new unit to the text."""
        unit = len(self.chars)
        self.chars.append(char)
        self.records.append(record)
        self._stands_in.append(self.text_number)
        return unit

    def add(self, text: str, record: Record) -> range:
        """Add the new units of one insertion."""
        first = len(self.chars)
        self.chars.extend(text)
        self.records.extend([record] * len(text))
        self._stand(len(text))
        return range(first, len(self.chars))

    def move(self, units: Sequence[int], at_ms: int, cause: str, epoch: int) -> list[int]:
        """Add new units with the characters of `units`, marked as moved from them."""
        records: dict[tuple[Origin, int | None], Record] = {}
        first = len(self.chars)
        for unit in units:
            record = self.records[unit]
            old = resolved(record), record.rewrite
            new = records.get(old)
            if new is None:
                new = records[old] = Record(Origin.MOVED, at_ms, cause, epoch, old[0], None, old[1])
            self.records.append(new)
        self.chars.extend([self.chars[unit] for unit in units])
        self._stand(len(units))
        return list(range(first, len(self.chars)))

    def remove(self, units: Sequence[int]) -> None:
        """Mark units as removed from the text."""
        stands_in = self._stands_in
        for unit in units:
            stands_in[unit] = _NOWHERE

    def _stand(self, count: int) -> None:
        self._stands_in += array("L", (self.text_number,)) * count

    def restore(self, units: Sequence[int]) -> bool:
        """Put removed units back as they were; False (and nothing done) if one of them is in the text."""
        if self.text_number in map(self._stands_in.__getitem__, units):
            return False
        self._place(units)
        return True

    def _place(self, units: Sequence[int]) -> None:
        stands_in, number = self._stands_in, self.text_number
        self.placings += 1
        for unit in units:
            stands_in[unit] = number

    def begin(self, units: Sequence[int]) -> None:
        """Start a new text that consists of these units."""
        self._texts += 1
        self.text_number = self._texts
        if units:
            self._place(units)

    def text(self, units: Sequence[int]) -> str:
        """Return the characters of the units."""
        return "".join(map(self.chars.__getitem__, units))
