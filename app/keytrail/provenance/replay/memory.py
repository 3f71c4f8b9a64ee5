"""The memory of text that was deleted or copied from the answer box, which an undo or a paste may bring back."""

from collections.abc import Iterator, Sequence
from typing import Final

from keytrail.provenance.budget import Budget
from keytrail.provenance.replay.document import Document
from keytrail.provenance.replay.ledger import Ledger

_RECENT = 24
"""Passages that are searched for a part; an exact whole is found however old it is."""
_LATELY = 4
"""Passages that are compared with a revised text word by word."""
_TRIED = 64
"""Positions of a short text that are tried in one passage."""
_NONE: Final[list[int]] = []
"""Shared by passages that did not grow, which is most of them; never changed."""


class _Passage:
    """Deleted or copied units; a run of adjacent deletions is one passage."""

    __slots__ = ("_after", "_before", "_units", "forward", "pos")

    def __init__(self, pos: int, units: Sequence[int]) -> None:
        self.pos = pos
        self.forward = False
        """It grew to the right: deletions in place, of which an undo restores the last first."""
        self._units = units
        self._before: list[int] = _NONE
        self._after: list[int] = _NONE

    def append(self, units: Sequence[int]) -> None:
        self._after = self._after or []
        self._after += units
        self.forward = True

    def prepend(self, pos: int, units: Sequence[int]) -> None:
        self._before = self._before or []
        self._before += reversed(units)
        self.pos = pos
        self.forward = False

    def units(self) -> Sequence[int]:
        if self._before or self._after:
            self._units = [*reversed(self._before), *self._units, *self._after]
            self._before = self._after = _NONE
        return self._units


class Memory:
    """Remembers passages of own text by their content."""

    def __init__(self, ledger: Ledger, budget: Budget) -> None:
        self._ledger = ledger
        self._budget = budget
        self._passages: list[_Passage] = []
        self._texts: dict[int, str] = {}
        self._by_text: dict[str, int] = {}
        self._indexed = 0
        self._open: _Passage | None = None

    def deleted(self, pos: int, units: Sequence[int]) -> None:
        """Record units removed at `pos`; backspaces in a row, or deletions in place, extend one passage."""
        last = self._open
        if last is None or pos not in (last.pos, last.pos - len(units)):
            self._open = _Passage(pos, units)
            self._passages.append(self._open)
        elif pos == last.pos:
            last.append(units)
        else:
            last.prepend(pos, units)

    def close(self) -> None:
        """Something was inserted: the next deletion starts a new passage."""
        self._open = None

    def copied(self, pos: int, count: int, document: Document) -> None:
        """Record copied units, which a paste may bring back."""
        self._open = None
        if self._budget.spend(count):
            self._passages.append(_Passage(pos, document.read(pos, count)))

    def exact(self, text: str) -> Sequence[int] | None:
        """Return the newest passage that equals this text."""
        self._index()
        found = self._by_text.get(text)
        return None if found is None else self._passages[found].units()

    def restored(self, text: str, pos: int) -> Sequence[int] | None:
        """Restore units of a recent passage with this text that are nowhere now: what an undo at `pos` does."""
        return next((units for units in self._parts(text, pos) if self._ledger.restore(units)), None)

    def part(self, text: str) -> Sequence[int] | None:
        """Return units of a recent passage that contains the text, whether or not they are still somewhere."""
        return next(self._parts(text, 0), None)

    def _parts(self, text: str, pos: int) -> Iterator[Sequence[int]]:
        """Search the newest passage first, and within one the position that fits `pos` first."""
        self._index()
        for number in range(len(self._passages) - 1, max(-1, len(self._passages) - 1 - _RECENT), -1):
            whole = self._texts[number]
            if len(whole) < len(text) or not self._budget.spend(len(whole) // 4 + len(text)):
                continue
            passage = self._passages[number]
            for at in _places(whole, text, passage.forward, pos - passage.pos):
                yield passage.units()[at : at + len(text)]

    def comparable(self, least: int, most: int) -> list[Sequence[int]]:
        """Return the last passages of such a length, newest first."""
        self._index()
        lately = range(len(self._passages) - 1, max(-1, len(self._passages) - 1 - _LATELY), -1)
        return [self._passages[number].units() for number in lately if least <= len(self._texts[number]) <= most]

    def recent_size(self) -> int:
        """Return the number of units in the newest passages."""
        self._index()
        newest = range(max(0, len(self._passages) - _RECENT), len(self._passages))
        return sum(len(self._texts[number]) for number in newest)

    def recent(self) -> list[int]:
        """Return the units of the newest passages, oldest passage first."""
        return [unit for passage in self._passages[-_RECENT:] for unit in passage.units()]

    def _index(self) -> None:
        """Index passages that can no longer grow (all of them, for a search)."""
        self._open = None
        for number in range(self._indexed, len(self._passages)):
            text = self._ledger.text(self._passages[number].units())
            self._texts[number] = text
            self._by_text[text] = number
        self._indexed = len(self._passages)


def _places(whole: str, text: str, forward: bool, likely: int) -> Iterator[int]:  # noqa: FBT001 - a property of `whole`
    """Return positions of a text in a passage: the likely one, then from the right."""
    if not forward and likely >= 0 and whole.startswith(text, likely):
        yield likely
    at = whole.rfind(text)
    for _ in range(_TRIED):
        if at < 0:
            return
        yield at
        at = whole.rfind(text, 0, at + len(text) - 1)
