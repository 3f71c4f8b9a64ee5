"""What is known of every unit that ever stood in the text: its character and the record of how it came."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.provenance.kinds import Origin

UNREAD = "\uffff"
"""Stands for a character that the log does not tell (text that was there at the start, or came in a gap)."""


_STANDS: Final = b"\1"


class Record(NamedTuple):
    """How one insertion came into being; every unit of the insertion shares it.

    `at_ms` counts from the start of the epoch; `inherited` is set on moved text only, and is never itself `moved`;
    `key` is the number of the keydown that a typed unit consumed.
    """

    origin: Origin
    at_ms: int
    cause: str
    epoch: int
    inherited: Origin | None = None
    key: int | None = None


def resolved(record: Record) -> Origin:
    """The origin that counts: for moved text the one it had before it moved."""
    return record.inherited or record.origin


class Ledger:
    """Append-only table of units by id, and which of them stand in the present text."""

    __slots__ = ("_present", "chars", "records")

    def __init__(self) -> None:
        self.chars: list[str] = []
        self.records: list[Record] = []
        self._present = bytearray()

    def add_one(self, char: str, record: Record) -> int:
        """A new unit that stands in the text."""
        unit = len(self.chars)
        self.chars.append(char)
        self.records.append(record)
        self._present.append(1)
        return unit

    def add(self, text: str, record: Record) -> range:
        """New units of one insertion."""
        first = len(self.chars)
        self.chars.extend(text)
        self.records.extend([record] * len(text))
        self._present += _STANDS * len(text)
        return range(first, len(self.chars))

    def move(self, units: Sequence[int], at_ms: int, cause: str, epoch: int) -> list[int]:
        """New units with the characters of `units`, marked as moved from them."""
        records: dict[Origin, Record] = {}
        first = len(self.chars)
        for unit in units:
            old = resolved(self.records[unit])
            new = records.get(old)
            if new is None:
                new = records[old] = Record(Origin.MOVED, at_ms, cause, epoch, old)
            self.records.append(new)
        self.chars.extend([self.chars[unit] for unit in units])
        self._present += _STANDS * len(units)
        return list(range(first, len(self.chars)))

    def remove(self, units: Sequence[int]) -> None:
        """The units no longer stand in the text."""
        present = self._present
        for unit in units:
            present[unit] = 0

    def restore(self, units: Sequence[int]) -> bool:
        """Put removed units back as they were; False (and nothing done) if one of them stands in the text."""
        present = self._present
        if any(map(present.__getitem__, units)):
            return False
        for unit in units:
            present[unit] = 1
        return True

    def begin(self, units: Sequence[int]) -> None:
        """A new page load whose text begins with these units, and no others stand in it."""
        self._present = bytearray(len(self.chars))
        for unit in units:
            self._present[unit] = 1

    def text(self, units: Sequence[int]) -> str:
        """The characters of the units."""
        return "".join(map(self.chars.__getitem__, units))
