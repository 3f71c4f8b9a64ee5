"""The answer box during replay: its text, what is known of its units, and text that may return to it."""

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
"""Maximum units of text missing from the log, in a session: twice the longest text that can be submitted. A log that
claims more is not believed."""


class Left(NamedTuple):
    """The text of a page load at its end, with its number in the ledger and the ledger's count of placings at that
    time.
    """

    document: Document
    hashes: TextHash
    number: int
    placings: int


class Box:
    """One text with its units. Ledger and memory outlast a page load, everything else is reset with it."""

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
        """Start a page load whose text begins with these units."""
        self.forget()
        self.ledger.begin(units)
        self.document = Document(units)
        self.hashes = TextHash()
        self._opaque = False

    def left(self) -> Left:
        """Return the present text, for a page load that continues with it."""
        return Left(self.document, self.hashes, self.ledger.text_number, self.ledger.placings)

    def resume(self, left: Left) -> bool:
        """Continue a page load with a text that was left and is entirely known; False if its units may be elsewhere."""
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
        """Delete units and remember them."""
        gone = self.document.delete(pos, count)
        self.ledger.remove(gone)
        self.memory.deleted(pos, gone)
        return gone

    def revert(self, cause: str, shown: tuple[int, int, str]) -> Replaced | None:
        """Apply an undo or redo exactly, if it reverts whole edits."""
        change = self.history.revert(cause, shown, self.document)
        if change is not None:
            self.memory.close()
            if change.gone:
                self.memory.deleted(change.pos, change.gone)
        return change

    def place_unread(self, pos: int, count: int, record: Record) -> Sequence[int]:
        """Insert units whose characters are missing from the log; from here on hashes cannot be compared."""
        units = self.ledger.add(UNREAD * count, record)
        self.document.insert(pos, units)
        self._opaque = True
        self.unread_left -= count
        return units

    def compare(self, claim: Checkpoint | End) -> Outcome:
        """Return whether the text matches a checkpoint."""
        return self.hashes.compare(claim, self.document, self.ledger, None if self._opaque else self.budget)
