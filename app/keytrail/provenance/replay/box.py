"""The answer box as the replay has it: the text, what is known of its units, and what may come back into it."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from keytrail.provenance.budget import Budget
from keytrail.provenance.replay.document import Document
from keytrail.provenance.replay.hashing import Outcome, TextHash
from keytrail.provenance.replay.history import History, Replaced
from keytrail.provenance.replay.ledger import UNREAD, Ledger, Record
from keytrail.provenance.replay.memory import Memory
from keytrail.provenance.wire.events import Checkpoint, End

UNREAD_MOST: Final = 400_000
"""Units of text not told by the log that are made room for, in a session: twice the longest text that is taken. A log
that claims more is not believed."""


class Left(NamedTuple):
    """The text of a page load as it stood at the end, with its number in the ledger and the ledger's placings then."""

    document: Document
    hashes: TextHash
    number: int
    placings: int


class Box:
    """One text with its units. The ledger and the memory outlast a page load, all else begins anew with it."""

    def __init__(self) -> None:
        self.budget = Budget()
        self.ledger = Ledger()
        self.memory = Memory(self.ledger, self.budget)
        self.history = History(self.ledger, self.budget)
        self.document = Document()
        self.hashes = TextHash()
        self.unread_left = UNREAD_MOST
        self._opaque = False

    def begin(self, units: Sequence[int]) -> None:
        """A page load whose text begins with these units."""
        self.forget()
        self.ledger.begin(units)
        self.document = Document(units)
        self.hashes = TextHash()
        self._opaque = False

    def left(self) -> Left:
        """The present text, for a page load that goes on with it."""
        return Left(self.document, self.hashes, self.ledger.text_number, self.ledger.placings)

    def resume(self, left: Left) -> bool:
        """A page load goes on with a text that was left and can all be read; False if its units may stand elsewhere."""
        if left.placings != self.ledger.placings:
            return False
        self.forget()
        self.document, self.hashes, self.ledger.text_number, _ = left
        self._opaque = False
        return True

    def forget(self) -> None:
        """Edits may be missing from here on: the next does not follow the last."""
        self.memory.close()
        self.history.forget()

    def delete(self, pos: int, count: int) -> Sequence[int]:
        """Take units out and remember them."""
        gone = self.document.delete(pos, count)
        self.ledger.remove(gone)
        self.memory.deleted(pos, gone)
        return gone

    def revert(self, cause: str, shown: tuple[int, int, str]) -> Replaced | None:
        """Carry an undo or redo out exactly, if it takes back whole edits."""
        change = self.history.revert(cause, shown, self.document)
        if change is not None:
            self.memory.close()
            if change.gone:
                self.memory.deleted(change.pos, change.gone)
        return change

    def place_unread(self, pos: int, count: int, record: Record) -> Sequence[int]:
        """Put units in whose characters the log does not tell; from here on hashes cannot be compared."""
        units = self.ledger.add(UNREAD * count, record)
        self.document.insert(pos, units)
        self._opaque = True
        self.unread_left -= count
        return units

    def compare(self, claim: Checkpoint | End) -> Outcome:
        """Whether the text is what a checkpoint claims."""
        return self.hashes.compare(claim, self.document, self.ledger, None if self._opaque else self.budget)
