"""Recognise restored drafts: an epoch's initial text that is a state of an earlier epoch keeps its origins."""

from collections.abc import Sequence
from typing import Final

from keytrail.provenance.budget import Budget
from keytrail.provenance.log import EpochLog
from keytrail.provenance.replay.box import Box, Left
from keytrail.provenance.replay.hashing import HASHING
from keytrail.provenance.replay.ledger import UNREAD
from keytrail.provenance.units import fnv1a32
from keytrail.provenance.wire.events import Initial

_ALLOWANCE: Final = 4_000_000
"""A separate allowance, so that many checkpoints cannot make a draft unknown: a hundred reloads of a text of 5,000
units."""
_READING: Final = 2
_COPIED_AT_ONCE: Final = 4


def first_initial(epoch: EpochLog) -> Initial | None:
    """Return the epoch's event about the box's initial text."""
    return next((event for event in epoch.events if type(event) is Initial), None)


class Drafts:
    """States of the text with which a later epoch says it starts, by length and hash.

    A text that is as the last epoch left it is taken over whole, which costs nothing however long it is; other states
    are copied, and copies are paid from the allowance.
    """

    def __init__(self, epochs: Sequence[EpochLog], box: Box) -> None:
        self.wanted: dict[int, set[int]] = {}
        for initial in filter(None, map(first_initial, epochs)):
            if initial.length:
                self.wanted.setdefault(initial.length, set()).add(initial.hash)
        self._box = box
        self._budget = Budget(_ALLOWANCE)
        self._budget.earn(sum(len(epoch.events) for epoch in epochs), 0)
        self._found: dict[tuple[int, int], Sequence[int] | Left] = {}

    def begin(self, initial: Initial) -> bool:
        """Make the state with this length and hash the box's text, the newest if there are several."""
        state = initial.length, initial.hash
        draft = self._found.get(state)
        units: Sequence[int] = ()
        if isinstance(draft, Left):
            # It will change now, and another window may begin with it too.
            copied = self._budget.spend(initial.length // _COPIED_AT_ONCE)
            units = self._found[state] = draft.document.ids() if copied else ()
            if self._box.resume(draft):
                return True
        elif draft is not None:
            units = draft
        if not units or not self._budget.spend(initial.length):
            return False
        self._box.begin(units)
        return True

    def record(self) -> None:
        """Record a changed text of a wanted length: keep its units if its hash is wanted too."""
        document = self._box.document
        state = self._box.hashes.of(document, self._box.ledger, self._budget)
        if state is not None and state in self.wanted[document.length] and self._budget.spend(document.length):
            self._found[document.length, state] = document.ids()

    def record_end(self) -> None:
        """Record the end of an epoch; its draft is the known part of the text (text lost in a gap is left out)."""
        left = self._box.left()
        length = left.document.length
        if length in self.wanted and not left.hashes.unread:
            state = left.hashes.known(left.document)
            if state is None:
                state = left.hashes.of(left.document, self._box.ledger, self._budget)
            if state is not None and not left.hashes.unread:
                if state in self.wanted[length]:
                    self._found[length, state] = left
                return
        if self._budget.spend(_READING * length):
            self._record_read(left.document.ids())

    def _record_read(self, units: Sequence[int]) -> None:
        ledger = self._box.ledger
        units = [unit for unit in units if ledger.chars[unit] != UNREAD]
        hashes = self.wanted.get(len(units))
        if hashes is not None and self._budget.spend(HASHING * len(units)):
            state = fnv1a32(ledger.text(units))
            if state in hashes:
                self._found[len(units), state] = units
