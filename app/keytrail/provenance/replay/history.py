"""The undo history: revert the edits that undo and redo take back, so that every unit returns with its earlier origin.

An undo's own event shows only what differs between two values: after a paste over "world" that began with "wo", undoing
it shows "rld" come back, and the two unchanged letters would keep the paste's origin. So the last edits are inverted
here, one by one, until the text is the one that the event led to; then exactly the units of that state are restored.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

from keytrail.provenance.budget import Budget
from keytrail.provenance.replay.document import Document
from keytrail.provenance.replay.ledger import Ledger

_KEPT: Final = 5_000
"""Edits that can be reverted; browsers keep a thousand steps, of which one may be a long run of keys."""
_STEP_COST: Final = 4
_SLACK: Final = 64
"""Repeated characters let an event show a change this far from where it was made."""


class Replaced(NamedTuple):
    """At `pos` the units `gone` were replaced by the units `came`."""

    pos: int
    gone: Sequence[int]
    came: Sequence[int]


class _Inverse(NamedTuple):
    """Replacing the document's `start` to `stop` by `units` reverts the last `depth` edits."""

    start: int
    stop: int
    units: Sequence[int]
    depth: int


class History:
    """Two stacks of edits, as a browser keeps them for one text box."""

    def __init__(self, ledger: Ledger, budget: Budget) -> None:
        self._ledger = ledger
        self._budget = budget
        self._done: deque[Replaced] = deque(maxlen=_KEPT)
        self._undone: deque[Replaced] = deque(maxlen=_KEPT)

    def note(self, pos: int, gone: Sequence[int], came: Sequence[int]) -> None:
        """Record an edit that is neither undo nor redo."""
        self._done.append(Replaced(pos, gone, came))
        if self._undone:
            self._undone.clear()

    def forget(self) -> None:
        """Clear the history after a page load, a gap, or an undo that fits no edit."""
        self._done.clear()
        self._undone.clear()

    def revert(self, cause: str, shown: tuple[int, int, str], document: Document) -> Replaced | None:
        """Apply an undo or redo if it reverts whole edits; `shown` is what its event shows (pos, deleted, text).

        Returns None and leaves the document unchanged if no run of last edits leads to the same text.
        """
        taken, other = (self._done, self._undone) if cause == "historyUndo" else (self._undone, self._done)
        inverse = self._inverse(taken, shown, document)
        if inverse is None:
            return None
        start, stop, units, depth = inverse
        gone = document.delete(start, stop - start)
        self._ledger.remove(gone)
        if not self._ledger.restore(units):
            self._ledger.restore(gone)
            document.insert(start, gone)
            return None
        document.insert(start, units)
        for _ in range(depth):
            taken.pop()
        change = Replaced(start, gone, units)
        other.append(change)
        return change

    def _inverse(self, taken: deque[Replaced], shown: tuple[int, int, str], document: Document) -> _Inverse | None:
        pos, count, text = shown
        if not taken:
            return None
        last_edit = taken[-1]
        if last_edit.pos == pos and len(last_edit.came) == count and self._ledger.text(last_edit.gone) == text:
            return _Inverse(pos, pos + count, last_edit.gone, 1)
        growth = len(text) - count
        start = stop = 0
        units: list[int] = []
        for depth, edit in enumerate(reversed(taken), 1):
            first, last, end = edit.pos, edit.pos + len(edit.came), start + len(units)
            if depth == 1:
                start, stop, units = first, last, list(edit.gone)
            elif last < start or first > end:
                return None
            else:
                stop += max(0, last - end)
                units = [*units[: max(0, first - start)], *edit.gone, *units[max(0, last - start) :]]
                start = min(start, first)
            if not self._budget.spend(_STEP_COST + len(units) // _STEP_COST):
                return None
            found = _Inverse(start, stop, units, depth)
            if len(units) - (stop - start) == growth and self._leads_there(found, shown, document):
                return found
        return None

    def _leads_there(self, inverse: _Inverse, shown: tuple[int, int, str], document: Document) -> bool:
        """Return whether the inverse and the event give the same text; both change the document in one place."""
        pos, count, text = shown
        low, high = min(inverse.start, pos), max(inverse.stop, pos + count)
        near = pos <= inverse.stop + _SLACK and inverse.start <= pos + count + _SLACK
        if not near or not self._budget.spend(high - low + len(text)):
            return False
        before = self._ledger.text(document.read(low, high - low))
        inverted = before[: inverse.start - low] + self._ledger.text(inverse.units) + before[inverse.stop - low :]
        return inverted == before[: pos - low] + text + before[pos + count - low :]
