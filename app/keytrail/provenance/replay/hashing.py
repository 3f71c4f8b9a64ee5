"""Hash a changing text, recomputing only from the first change."""

from typing import Final, Literal

from keytrail.provenance.budget import Budget
from keytrail.provenance.replay.document import Document
from keytrail.provenance.replay.ledger import UNREAD, Ledger
from keytrail.provenance.units import FNV_OFFSET, fnv1a32
from keytrail.provenance.wire.events import Checkpoint, End

Outcome = Literal["agreed", "by_length", "failed"]
"""Result of a checkpoint: compared by hash, by length only, or not equal."""

_STEP = 256
HASHING: Final = 6
"""Hashing one unit costs as much as searching about six."""


class TextHash:
    """FNV-1a of a document, with the states at every 256th unit cached."""

    __slots__ = ("_last", "_states", "unread")

    def __init__(self) -> None:
        self._states = [FNV_OFFSET]
        self._last = (0, FNV_OFFSET)
        self.unread = False
        """A hashed text contained a character that is missing from the log."""

    def known(self, document: Document) -> int | None:
        """Return the hash if the text did not change since the last request."""
        length, state = self._last
        return state if document.changed_from == document.length == length else None

    def of(self, document: Document, ledger: Ledger, budget: Budget) -> int | None:
        """Return the hash of the present text, or None if the budget does not allow it."""
        states = self._states
        del states[min(document.changed_from, document.length) // _STEP + 1 :]
        start = (len(states) - 1) * _STEP
        todo = document.length - start
        if not budget.spend(HASHING * todo):
            return None
        text = ledger.text(document.read(start, todo))
        self.unread |= UNREAD in text
        state = states[-1]
        for at in range(0, todo, _STEP):
            piece = text[at : at + _STEP]
            state = fnv1a32(piece, state)
            if len(piece) == _STEP:
                states.append(state)
        document.changed_from = document.length
        self._last = (document.length, state)
        return state

    def compare(self, claim: Checkpoint | End, document: Document, ledger: Ledger, budget: Budget | None) -> Outcome:
        """Return whether the text matches a checkpoint; without a budget only its length is compared."""
        if claim.length != document.length:
            return "failed"
        state = None if budget is None else self.of(document, ledger, budget)
        if state is None:
            return "by_length"
        return "agreed" if state == claim.hash else "failed"
