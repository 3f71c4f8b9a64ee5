"""Recall own text in an insertion: text that was deleted, cut or copied, or that is in the answer now."""

from collections.abc import Sequence
from typing import NamedTuple

from keytrail.provenance.budget import Budget
from keytrail.provenance.limits import Limits
from keytrail.provenance.matching.tiling import TiledText
from keytrail.provenance.replay.document import Document
from keytrail.provenance.replay.ledger import Ledger
from keytrail.provenance.replay.memory import Memory

_READING = 2
"""Cost of reading a unit of the present text, or preparing it for a look-up, in units of the budget."""


class Piece(NamedTuple):
    """`units` are own text equal to the inserted text from `start`."""

    start: int
    units: Sequence[int]


class Recall:
    """Look up an inserted text in what the writer had before."""

    def __init__(self, ledger: Ledger, memory: Memory, budget: Budget, limits: Limits) -> None:
        self._ledger = ledger
        self._memory = memory
        self._budget = budget
        self._limits = limits

    def own(self, text: str, document: Document) -> list[Piece]:
        """Return own passages in `text`, left to right.

        The whole text if it equals a deleted or copied passage, a part of a recent one, or a stretch of the present
        text (at least `moved_units`). Otherwise passages of at least `moved_run`, so that an answer that was edited
        elsewhere and pasted back keeps what was not changed.
        """
        whole = self.whole(text, document)
        if whole:
            return [Piece(0, whole)]
        return self.passages(text, document)

    def passages(self, text: str, document: Document) -> list[Piece]:
        """Return own passages of at least `moved_run` in `text`, left to right."""
        if len(text) < self._limits.moved_run or not self._budget.spend(_READING * document.length):
            return []
        present = document.ids()
        return self._passages(text, present, self._ledger.text(present))

    def whole(self, text: str, document: Document) -> Sequence[int] | None:
        """Return own units that equal this text, if it was deleted or copied as a whole or in part, or is in the answer
        now.
        """
        if len(text) < self._limits.moved_units:
            return None
        known = self._memory.exact(text) or self._memory.part(text)
        if known or not self._budget.spend(_READING * document.length):
            return known
        present = document.ids()
        at = self._ledger.text(present).find(text)
        return present[at : at + len(text)] if at >= 0 else None

    def deleted(self, text: str) -> Sequence[int] | None:
        """Return own units that equal this text and were deleted or copied as a whole."""
        return self._memory.exact(text) if len(text) >= self._limits.moved_units else None

    def comparable(self, text: str) -> list[Sequence[int]]:
        """Return the last deleted or copied passages that this text may be a revision of."""
        if len(text) < self._limits.moved_run:
            return []
        return self._memory.comparable(len(text) // 2, 2 * len(text))

    def _passages(self, text: str, present: Sequence[int], standing: str) -> list[Piece]:
        if len(text) < self._limits.moved_run or not len(present) + self._memory.recent_size():
            return []
        cost = _READING * (len(standing) + 2 * self._memory.recent_size())
        if not self._budget.spend(len(text) + cost):
            return []
        recent = self._memory.recent()
        units = [*recent, *present]
        runs = TiledText(self._ledger.text(recent) + standing, self._limits.moved_run).runs(text)
        return [Piece(run.start, units[run.at : run.at + run.end - run.start]) for run in runs]
