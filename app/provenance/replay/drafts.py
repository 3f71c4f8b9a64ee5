"""Recognises the text an epoch starts with as a state of an earlier epoch, so that it keeps its origins."""

from collections.abc import Sequence

from app.provenance.budget import Budget
from app.provenance.log import EpochLog
from app.provenance.replay.document import Document
from app.provenance.replay.hashing import TextHash
from app.provenance.replay.ledger import UNREAD, Ledger
from app.provenance.units import fnv1a32
from app.provenance.wire.events import Initial


def first_initial(epoch: EpochLog) -> Initial | None:
    """The epoch's statement of what the box held at the start."""
    return next((event for event in epoch.events if type(event) is Initial), None)


class Drafts:
    """States of the text that a later epoch says it starts with, by length and hash."""

    def __init__(self, epochs: Sequence[EpochLog], ledger: Ledger, budget: Budget) -> None:
        self.wanted: dict[int, set[int]] = {}
        for initial in filter(None, map(first_initial, epochs)):
            if initial.length:
                self.wanted.setdefault(initial.length, set()).add(initial.hash)
        self._ledger = ledger
        self._budget = budget
        self._found: dict[tuple[int, int], list[int]] = {}

    def find(self, initial: Initial) -> list[int] | None:
        """The units of the state with this length and hash, the newest if there were several."""
        return self._found.get((initial.length, initial.hash))

    def note(self, document: Document, hashes: TextHash) -> None:
        """The text changed and has a wanted length: keep its units if its hash is wanted too."""
        state = hashes.of(document, self._ledger, self._budget)
        if state is not None and state in self.wanted[document.length] and self._budget.spend(document.length):
            self._found[document.length, state] = document.ids()

    def note_end(self, document: Document) -> None:
        """An epoch ended; its draft is what can be read of the text (text lost in a gap is left out)."""
        units = [unit for unit in document.ids() if self._ledger.chars[unit] != UNREAD]
        hashes = self.wanted.get(len(units))
        if hashes is not None:
            state = fnv1a32(self._ledger.text(units))
            if state in hashes:
                self._found[len(units), state] = units
